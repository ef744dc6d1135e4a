# What each algorithm found and how long it took. data: name, fitness, fitness before polishing, seconds
stats data using (valid(3) ? $3 : 0) nooutput
lo = STATS_min < 0 ? STATS_min : 0
stats data using 2 nooutput
lo = STATS_min < lo ? STATS_min : lo; hi = STATS_max > 0 ? STATS_max : 0; count = STATS_records
hi = hi + (hi - lo) * 0.08
stats data using 4 nooutput
slowest = STATS_max
set multiplot layout 2, 1 margins 0.09, 0.97, 0.08, 0.92 spacing 0, 0.14
load 'number_y.gp'
set xrange [-0.6 : count - 0.4]
set boxwidth 0.7
set xtics noenhanced
unset key
set title 'Fitness found by each algorithm (dark: before polishing)'
plot data using 0:2:xtic(1) with boxes fc rgb sky, \
     '' using 0:3 with boxes fc rgb blue, \
     '' using 0:($2 > 0 ? $2 : 0):(sprintf('%.3f', $2)) with labels offset 0,0.7 font ',15' notitle
lo = 0; hi = slowest * 1.12
load 'number_y.gp'
set title 'Seconds'
plot data using 0:4:xtic(1) with boxes fc rgb orange notitle, \
     '' using 0:4:(sprintf('%.2f', $4)) with labels offset 0,0.7 font ',15' notitle
unset multiplot

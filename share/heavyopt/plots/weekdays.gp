# Mean profit of a period by weekday, and how often it is one. data: weekday, periods, winning periods, total
stats data using ($4 / $2) nooutput
lo = STATS_min < 0 ? STATS_min : 0; hi = STATS_max > 0 ? STATS_max : 0
count = STATS_records
hi = hi + (hi - lo) * 0.12
load 'money_y.gp'
set title 'Mean profit by weekday'
set ylabel unit.' a period'
set xzeroaxis lt 1 lc rgb grey
set boxwidth 0.6
set xrange [-0.6 : count - 0.4]
plot data using 0:($4 / $2):xtic(1) with boxes fc rgb blue notitle, \
     '' using 0:($4 / $2 > 0 ? $4 / $2 : 0):(sprintf('%.0f of %.0f won', $3, $2)) with labels offset 0,0.8 notitle

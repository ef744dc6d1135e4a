# Each strategy's own profit, and what the portfolio's fitness would lose without it.
# data: number, name, profit, fitness that it adds
stats data using 3 nooutput
lo = STATS_min < 0 ? STATS_min : 0; hi = STATS_max > 0 ? STATS_max : 0
count = STATS_records
stats data using 4 nooutput
low = STATS_min < 0 ? STATS_min : 0; high = STATS_max > 0 ? STATS_max : 0
set multiplot
set tmargin at screen 1 - 70.0 / height; set bmargin at screen 115.0 / height
set yrange [count + 0.6 : 0.4]
unset grid; set grid xtics lt 1 lc rgb '#dddddd'
set yzeroaxis lt 1 lc rgb grey
set xtics font ',15'
set ytics scale 0 noenhanced font ',15'
set boxwidth 0.7
set style fill solid 0.85 noborder
set lmargin at screen 0.25; set rmargin at screen 0.59
load 'money_x.gp'
set title 'Profit of each strategy'
set xlabel unit
plot data using (($3 + 0) / 2):1:(($3 + 0) / 2):(0.35):ytic(2) with boxxyerror fc rgb blue notitle
set lmargin at screen 0.66; set rmargin at screen 0.97
lo = low; hi = high
load 'number_x.gp'
set title 'Fitness that it adds'
set xlabel 'fitness'
set ytics format ''
unset ytics
plot data using (($4 + 0) / 2):1:(($4 + 0) / 2):(0.35) with boxxyerror fc rgb green notitle
unset multiplot

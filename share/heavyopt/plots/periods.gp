# Profit and loss of each period. data: date, profit
stats data using 2 nooutput
lo = STATS_min < 0 ? STATS_min : 0; hi = STATS_max > 0 ? STATS_max : 0
load 'money_y.gp'
load 'date_x.gp'
set title 'Profit of each period'
set ylabel unit
set xzeroaxis lt 1 lc rgb grey
plot data using 1:2:(signed($2)) with impulses lw (days > 700 ? 1 : days > 200 ? 3 : 7) lc rgb variable notitle

# Profit of each month. data: month, profit
stats data using 2 nooutput
lo = STATS_min < 0 ? STATS_min : 0; hi = STATS_max > 0 ? STATS_max : 0
count = STATS_records
load 'money_y.gp'
set title 'Profit of each month'
set ylabel unit
set xzeroaxis lt 1 lc rgb grey
set boxwidth 0.8
set xrange [-0.6 : count - 0.4]
every_nth = ceil(count / 24.0)
set xtics rotate by (count > 12 ? 45 : 0) right
if (count <= 12) { set xtics norotate center }
label(i, s) = int(i) % every_nth == 0 ? s : ''
plot data using 0:2:(signed($2)):xtic(label($0, strcol(1))) with boxes lc rgb variable notitle

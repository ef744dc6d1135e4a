# How often a period brought how much. data: from, to, periods
# stats leaves out what the ranges leave out: the axes come after it
stats data using 1 nooutput
least = STATS_min
stats data using 2 nooutput
most = STATS_max
stats data using 3 nooutput
lo = 0; hi = STATS_max
load 'number_y.gp'
lo = least; hi = most
load 'money_x.gp'
set title 'Distribution of the profit of a period'
set xlabel unit
set ylabel 'periods'
set arrow from 0, graph 0 to 0, graph 1 nohead lt 1 lw 2 lc rgb grey
plot data using (($1 + $2) / 2):3:(($2 - $1) * 0.92):(signed($1 + $2)) with boxes lc rgb variable notitle

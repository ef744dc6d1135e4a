# Profit and Sharpe ratio of the last periods. data: date, profit, Sharpe ratio
stats data using 2 nooutput
lo = STATS_min < 0 ? STATS_min : 0; hi = STATS_max > 0 ? STATS_max : 0
stats data using 3 nooutput
low = STATS_min < 0 ? STATS_min : 0; high = STATS_max > 0 ? STATS_max : 0
set multiplot layout 2, 1 margins 0.14, 0.97, 0.07, 0.94 spacing 0, 0.13
load 'money_y.gp'
load 'date_x.gp'
set xzeroaxis lt 1 lc rgb grey
set title sprintf('Profit of the last %d periods', window)
set ylabel unit 
plot data using 1:2 with lines lw 3 lc rgb blue notitle
lo = low; hi = high
load 'number_y.gp'
set title sprintf('Sharpe ratio of the last %d periods, a year', window)
set ylabel 'ratio' 
plot data using 1:3 with lines lw 3 lc rgb green notitle
unset multiplot

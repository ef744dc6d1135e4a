# Equity of several runs. data: a block a run, its name first; date, equity
stats data using 2 nooutput
lo = STATS_min < 0 ? STATS_min : 0; hi = STATS_max > 0 ? STATS_max : 0
blocks = STATS_blocks
load 'money_y.gp'
load 'date_x.gp'
set title 'Equity of the best portfolios'
set ylabel 'profit since the start, '.unit
set xzeroaxis lt 1 lc rgb grey
plot for [i = 0 : blocks - 1] data index i using 1:2 with lines lw 3 lc rgb palette10[i % 10 + 1] title columnhead(1)

# The best fitness so far. data: a block an algorithm of the list `names`; evaluations, fitness
stats data using 1 nooutput
most = STATS_max > 10 ? STATS_max : 10
stats data using 2 nooutput
lo = STATS_min > 0 ? 0 : STATS_max > 0 ? (STATS_min < -STATS_max ? -STATS_max : STATS_min) : STATS_min
hi = STATS_max
load 'number_y.gp'
set logscale x
set xrange [1 : most]
set format x '10^{%L}'
set title 'Best fitness so far'
set xlabel 'portfolios and swaps valued'
set ylabel 'fitness'
set rmargin 14
set key outside right center noreverse Right
plot for [i = 0 : words(names) - 1] data index i using 1:2 with steps lw 3 lc rgb palette10[i % 10 + 1] title word(names, i + 1)

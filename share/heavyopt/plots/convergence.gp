# The best fitness so far. data: a block an algorithm of the list `names`; evaluations, fitness
stats data using 1 nooutput
most = STATS_max > 10 ? STATS_max : 10
stats data using 2 nooutput
lo = STATS_min > 0 ? 0 : STATS_max > 0 ? (STATS_min < -STATS_max ? -STATS_max : STATS_min) : STATS_min
hi = STATS_max
bounded = bound == bound && bound > STATS_max && bound < 3 * STATS_max
if (bounded) { hi = bound }
load 'number_y.gp'
set logscale x
set xrange [1 : most]
set format x '10^{%L}'
set title 'Best fitness so far'
set xlabel 'portfolios and swaps valued'
set ylabel 'fitness'
set rmargin 14
set key outside right center noreverse Right
if (bounded) {
    set arrow from graph 0, first bound to graph 1, first bound nohead lw 2 dt 2 lc rgb grey
    set label 'no portfolio can pass this' at graph 0.02, first bound offset 0, -0.7 tc rgb grey
}
plot for [i = 0 : words(names) - 1] data index i using 1:2 with steps lw 3 lc rgb palette10[i % 10 + 1] title word(names, i + 1)

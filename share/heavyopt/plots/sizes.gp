# The best fitness of each size. data: size, fitness, bound
stats data using 1 nooutput
fewest = STATS_min; most = STATS_max
stats data using 2 nooutput
lo = STATS_min; hi = STATS_max
stats data using (valid(3)) nooutput
bounded = STATS_sum > 0
if (bounded) {
    stats data using 3 nooutput
    if (STATS_max < 3 * hi) { hi = STATS_max }
}
load 'number_y.gp'
set title 'The best fitness of each portfolio size'
set xlabel 'strategies in the portfolio'
set ylabel 'fitness'
set xtics ceil((most - fewest) / 15)
set xrange [fewest - 0.02 * (most - fewest) : most + 0.02 * (most - fewest)]
set key top right # both lines begin at the left, and the bound falls
if (bounded) {
    plot data using 1:3 with lines lw 2 dt 2 lc rgb grey title 'no portfolio can pass this', \
         '' using 1:2 with linespoints lw 3 pt 7 ps 1.2 lc rgb blue title 'found'
} else {
    plot data using 1:2 with linespoints lw 3 pt 7 ps 1.2 lc rgb blue title 'found'
}

# Running profit of the portfolio; beside it what luck and choosing one by one would have made.
# data: date, equity, random portfolios at 5 %, 50 %, 95 %, the strategies that are best alone with lots cut to the same drawdown
stats data using 2 nooutput
lo = STATS_min < 0 ? STATS_min : 0; hi = STATS_max > 0 ? STATS_max : 0
stats data using (valid(3) && valid(6)) nooutput
compared = STATS_sum > 0
if (compared) {
    stats data using 6 nooutput
    lo = STATS_min < lo ? STATS_min : lo; hi = STATS_max > hi ? STATS_max : hi
    stats data using 3 nooutput
    lo = STATS_min < lo ? STATS_min : lo
    stats data using 5 nooutput
    hi = STATS_max > hi ? STATS_max : hi
}
load 'money_y.gp'
load 'date_x.gp'
set title sprintf('Equity of the best portfolio of %d strategies', size)
set ylabel 'profit since the start, '.unit
set xzeroaxis lt 1 lc rgb grey
if (compared) {
    plot data using 1:3:5 with filledcurves fc rgb '#e4e4e4' title 'random portfolios, 5 % to 95 %', \
         '' using 1:4 with lines lw 2 dt 2 lc rgb grey title 'their median', \
         '' using 1:6 with lines lw 2.5 lc rgb orange title 'best single strategies at the same drawdown', \
         '' using 1:2 with lines lw 4 lc rgb blue title 'portfolio'
} else {
    plot data using 1:2 with lines lw 4 lc rgb blue notitle
}

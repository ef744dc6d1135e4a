# How far below its last peak the profit was; the worst fall is marked.
# data: date, drawdown, drawdown within the worst fall
stats data using 2 nooutput
lo = -STATS_max; hi = 0
load 'money_y.gp'
load 'date_x.gp'
set title sprintf('Drawdown of the best portfolio of %d strategies', size)
set ylabel 'below the last peak, '.unit
set key bottom left
plot data using 1:(-$2):(0) with filledcurves fc rgb sky title 'drawdown', \
     '' using 1:(-$3):(0) with filledcurves fc rgb red title 'the worst fall', \
     '' using 1:(-$2) with lines lw 2 lc rgb blue notitle

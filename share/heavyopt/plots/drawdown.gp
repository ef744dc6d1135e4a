# How far below its last peak the profit was; the deepest falls are numbered, the deepest is marked.
# data: date, drawdown, drawdown within the worst fall; then a block a fall: its line of the key, date and depth
stats data index 0 using 2 nooutput
lo = STATS_max > 0 ? -STATS_max * 1.06 : -1; hi = 0
stats data nooutput
falls = STATS_blocks - 1
load 'money_y.gp'
load 'date_x.gp'
set title sprintf('Drawdown of the best portfolio of %d strategies', size)
set ylabel 'below the last peak, '.unit
set key bottom right noreverse Right samplen 1
if (falls > 0) {
    plot data index 0 using 1:(-$2):(0) with filledcurves fc rgb sky title 'drawdown', \
         '' index 0 using 1:(-$3):(0) with filledcurves fc rgb red title 'the deepest', \
         '' index 0 using 1:(-$2) with lines lw 2 lc rgb blue notitle, \
         for [i = 1 : falls] '' index i using 1:(-$2):(sprintf('%d', i)) with labels offset 0,-0.8 font ',18' title columnhead(1)
} else {
    plot data index 0 using 1:(-$2) with lines lw 2 lc rgb blue title 'drawdown'
}

# When the strategies are in the market, as their names tell. data: block 0 name, opens, closes (minutes of the day),
# profit; block 1 minutes, and how many are open from then on
stats data index 0 using 2 nooutput
first = STATS_min; count = STATS_records
stats data index 0 using 3 nooutput
last = STATS_max
stats data index 1 using 2 nooutput
lo = 0; hi = STATS_max
apart = last - first > 240 ? 60 : 30
set xrange [first : last]
set xtics ('' first)
do for [t = ceil(first / apart) * apart : last : apart] { set xtics add ('' t) }
set grid xtics ytics lt 1 lc rgb '#dddddd'
unset key
set multiplot
set lmargin at screen 0.25; set rmargin at screen 0.97
set tmargin at screen 1 - 70.0 / height; set bmargin at screen 1 - 300.0 / height
load 'number_y.gp'
set ytics ('0' 0, sprintf('%d', hi) hi)
set title 'Strategies in the market at once'
plot data index 1 using 1:2 with fillsteps fc rgb sky notitle
do for [t = ceil(first / apart) * apart : last : apart] { set xtics add (sprintf('%02d:%02d', t / 60, t % 60) t) }
set title 'From entry to exit (orange: a loss)'
set tmargin at screen 1 - 370.0 / height; set bmargin at screen 60.0 / height
set yrange [count + 0.6 : 0.4]
set grid noytics
tick_font = count > 60 ? ',13' : ',15'
set ytics () scale 0 noenhanced font tick_font
set style fill solid 0.85 noborder
plot data index 0 using (($2 + $3) / 2):($0 + 1):(($3 - $2) / 2):(0.36):(signed($4)):ytic(1) with boxxyerror lc rgb variable notitle
unset multiplot

# A y axis of money from lo to hi, its ends grown to round numbers.
step = nice((hi > lo ? hi - lo : 1) / 6.0)
set yrange [floor(lo / step) * step : ceil(hi / step) * step]
set ytics (money(floor(lo / step) * step) floor(lo / step) * step)
do for [i = floor(lo / step) + 1 : ceil(hi / step)] { set ytics add (money(i * step) i * step) }

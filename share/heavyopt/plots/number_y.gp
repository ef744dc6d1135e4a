# A y axis of plain numbers from lo to hi, its ends grown to round numbers.
step = nice((hi > lo ? hi - lo : 1) / 6.0)
set yrange [floor(lo / step) * step : ceil(hi / step) * step]
set ytics (number(floor(lo / step) * step) floor(lo / step) * step)
do for [i = floor(lo / step) + 1 : ceil(hi / step)] { set ytics add (number(i * step) i * step) }

# A y axis of plain numbers from lo to hi, its ends grown to round numbers.
if (!(hi > lo)) { lo = lo - 0.5; hi = hi + 0.5 }
step = nice((hi - lo) / 6.0)
set yrange [floor(lo / step) * step : ceil(hi / step) * step]
set ytics (number(floor(lo / step) * step) floor(lo / step) * step)
do for [i = floor(lo / step) + 1 : ceil(hi / step)] { set ytics add (number(i * step) i * step) }

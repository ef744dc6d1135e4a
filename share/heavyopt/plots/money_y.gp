# A y axis of money from lo to hi, its ends grown to round numbers.
if (!(hi > lo)) { lo = lo - 0.5; hi = hi + 0.5 }
step = nice((hi - lo) / 6.0)
set yrange [floor(lo / step) * step : ceil(hi / step) * step]
set ytics (money(floor(lo / step) * step) floor(lo / step) * step)
do for [i = floor(lo / step) + 1 : ceil(hi / step)] { set ytics add (money(i * step) i * step) }

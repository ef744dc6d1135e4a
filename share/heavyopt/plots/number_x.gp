# Plain numbers along x.
if (!(hi > lo)) { lo = lo - 0.5; hi = hi + 0.5 }
step = nice((hi - lo) / 6.0)
set xrange [floor(lo / step) * step : ceil(hi / step) * step]
set xtics (number(floor(lo / step) * step) floor(lo / step) * step)
do for [i = floor(lo / step) + 1 : ceil(hi / step)] { set xtics add (number(i * step) i * step) }

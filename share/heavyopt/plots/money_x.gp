# The same along x.
step = nice((hi > lo ? hi - lo : 1) / 6.0)
set xrange [floor(lo / step) * step : ceil(hi / step) * step]
set xtics (money(floor(lo / step) * step) floor(lo / step) * step)
do for [i = floor(lo / step) + 1 : ceil(hi / step)] { set xtics add (money(i * step) i * step) }

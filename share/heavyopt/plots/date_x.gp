# Dates along x, labelled at beginnings of months, or each week where there are few. stats refuses to work after this.
set xdata time
set timefmt '%Y-%m-%d'
day = 86400.0
set xrange [(start - 0.01 * days) * day : (start + 1.01 * days + (days < 1)) * day]
set xtics ('' start * day)
if (days < 75) {
    every_nth = days < 15 ? 1 : 7
    do for [d = 0 : days : every_nth] { set xtics add (strftime('%d %b', (start + d) * day) (start + d) * day) }
} else {
    every_nth = days < 400 ? 1 : days < 800 ? 2 : days < 1100 ? 3 : days < 2200 ? 6 : days < 5000 ? 12 : 60
    first_month = tm_year(start * day) * 12 + tm_mon(start * day)
    do for [m = first_month : first_month + days / 28] {
        if (m % every_nth == 0) {
            at = strptime('%Y-%m-%d', sprintf('%04d-%02d-01', m / 12, m % 12 + 1))
            if (at >= start * day && at <= (start + days) * day) {
                set xtics add (strftime(every_nth < 12 ? '%b %Y' : '%Y', at) at)
            }
        }
    }
}

# Correlations of the members. data: block 0 the matrix, block 1 number and name
set title sprintf('Correlation of the %d strategies', size)
set palette defined (-1 '#2166ac', -0.5 '#92c5de', 0 '#f7f7f7', 0.5 '#f4a582', 1 '#b2182b')
set cbrange [-1:1]
set cbtics 0.5
set cblabel 'correlation'
set xrange [-0.5 : size - 0.5]
set yrange [size - 0.5 : -0.5]
unset grid
unset key
unset border
set lmargin at screen (size <= 50 ? 0.30 : 0.08); set rmargin at screen 0.87
set tics scale 0
every_nth = size <= 20 ? 1 : size <= 60 ? 5 : 10
set xtics ('1' 0) font ',14'
do for [i = 1 : size] { if (i == 1 || i % every_nth == 0) { set xtics add (sprintf('%d', i) i - 1) } }
set ytics ('1' 0) noenhanced font ',14'
if (size > 36) { set ytics font ',12' }
if (size > 50) {
    do for [i = 1 : size] { if (i == 1 || i % every_nth == 0) { set ytics add (sprintf('%d', i) i - 1) } }
    plot data index 0 matrix with image pixels
} else {
    if (size <= 12) {
        plot data index 0 matrix with image pixels, '' index 1 using (-1):($1 - 1):ytic(2) with dots, \
             '' index 0 matrix using 1:2:(sprintf('%.2f', $3)):(abs($3) > 0.6 ? 0xffffff : 0x333333) with labels font ',14' tc rgb variable
    } else {
        plot data index 0 matrix with image pixels, '' index 1 using (-1):($1 - 1):ytic(2) with dots
    }
}

# Correlations of the zones' portfolios. data: block 0 the matrix, block 1 number and name
stats data index 1 using 1 nooutput name 'zones'
count = int(zones_records)
set title 'Correlation of the portfolios of the zones'
set palette defined (-1 '#2166ac', -0.5 '#92c5de', 0 '#f7f7f7', 0.5 '#f4a582', 1 '#b2182b')
set cbrange [-1:1]
set cbtics 0.5
unset cblabel
set xrange [-0.5 : count - 0.5]
set yrange [count - 0.5 : -0.5]
unset grid
unset key
unset border
set lmargin at screen 0.22; set rmargin at screen 0.84
set tics scale 0
set xtics ('' 0) noenhanced
set ytics ('' 0) noenhanced
if (count <= 12) {
    plot data index 0 matrix with image pixels, '' index 1 using (-1):($1 - 1):ytic(2) with dots, \
         '' index 1 using ($1 - 1):(count):xtic(2) with dots, '' index 0 matrix using 1:2:(sprintf('%.2f', $3)) with labels
} else {
    plot data index 0 matrix with image pixels, '' index 1 using (-1):($1 - 1):ytic(2) with dots
}

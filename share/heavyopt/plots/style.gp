# What all charts have in common: fonts, grid, colours that the colour-blind can tell apart (Okabe and Ito), numbers.
set encoding utf8
set datafile separator "\t"
set datafile missing "NaN"
set datafile commentschars "#"
set border 3 lc rgb '#555555'
set tics nomirror out
set grid ytics lt 1 lc rgb '#dddddd' lw 1
set key top left reverse Left samplen 2 noenhanced
set style fill solid 0.85 noborder
set lmargin 17; set rmargin 6; set tmargin 3.5
blue = '#0072b2'; orange = '#e69f00'; red = '#d55e00'; sky = '#56b4e9'; green = '#009e73'; purple = '#cc79a7'; grey = '#888888'
array palette10[10] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#8c6d1f', '#7f3c8d', '#999999']
signed(x) = x < 0 ? 0xd55e00 : 0x0072b2
threes(s) = strlen(s) <= 3 ? s : threes(s[1:strlen(s)-3]).','.s[strlen(s)-2:strlen(s)]
twos(s) = strlen(s) <= 2 ? s : twos(s[1:strlen(s)-2]).','.s[strlen(s)-1:strlen(s)]
digits(s) = strlen(s) <= 3 ? s : indian ? twos(s[1:strlen(s)-3]).','.s[strlen(s)-2:strlen(s)] : threes(s)
minus(x) = x < 0 ? '−' : ''
sum(x) = abs(x) < 1e15 ? digits(sprintf('%.0f', abs(x))) : sprintf('%.2g', abs(x))
money(x) = rupees ? minus(x).'₹'.(x != 0 && abs(x) < 2 ? sprintf('%.3g', abs(x)) : sum(x)) : minus(x).sprintf('%.3g %%', 100 * abs(x))
number(x) = abs(x) >= 1e4 ? minus(x).sum(x) : minus(x).sprintf('%.4g', abs(x))
unit = rupees ? 'rupees' : 'percent of capital'
# The step of an axis: 1, 2 or 5 times a power of ten, six or so of them.
round10(x) = 10 ** floor(log10(x))
nice(x) = x / round10(x) <= 1 ? round10(x) : x / round10(x) <= 2 ? 2 * round10(x) : x / round10(x) <= 5 ? 5 * round10(x) : 10 * round10(x)

# Input that cannot be used: one clear line, the exit code of its kind, and nothing left behind. Then a full disk.
. "$(dirname "$0")/common.sh"
optimize() {
    refuses "$1" "$2" optimize "$3" -p 5 -o out --effort quick --no-cache
}
table good.csv 20 30

optimize 3 'gone.csv' gone.csv
mkdir folder
optimize 3 'folder' folder
: >empty.csv
optimize 3 'empty.csv.*empty' empty.csv
head -n 1 good.csv >header.csv
optimize 3 'header.csv' header.csv
cut -d, -f1 good.csv >one.csv
optimize 3 'one.csv' one.csv
head -n 9 good.csv >ragged.csv
echo '2023-02-01,,Monday,1,2' >>ragged.csv
optimize 3 'ragged.csv: line 10 has 5 fields, the header has 23' ragged.csv
cp good.csv text.csv
with text.csv 12 7 abc
optimize 3 'text.csv: line 12.*abc' text.csv
cp good.csv nan.csv
with nan.csv 5 9 NaN
optimize 3 'nan.csv: line 5' nan.csv
cp good.csv inf.csv
with inf.csv 6 10 -inf
optimize 3 'inf.csv: line 6' inf.csv
printf '\377\376D\000a\000' >wide.csv
optimize 3 'UTF-16' wide.csv
cp good.csv dates.csv
with dates.csv 4 1 yesterday
optimize 3 'dates.csv.*yesterday' dates.csv
if [ "$(id -u)" != 0 ]; then
    cp good.csv shut.csv
    chmod 0 shut.csv
    optimize 3 'shut.csv' shut.csv
    rm -f shut.csv
fi

# A name that stands twice is renamed, and said.
cp good.csv twice.csv
with twice.csv 1 6 "$(head -n 1 good.csv | cut -d, -f5)"
works optimize twice.csv -p 5 -o twice --effort quick --no-cache
grep -q '^heavyopt: warning: .* name that came before' said.err || fault "a name that stands twice goes unsaid"
rm -rf twice

refuses 2 '(25.*20|20.*25)' optimize good.csv -p 25 -o out --effort quick --no-cache
refuses 2 'portfolio-size' optimize good.csv -p 0 -o out --no-cache
refuses 2 'portfolio-size' optimize good.csv -p -3 -o out --no-cache
refuses 2 'portfolio-size' optimize good.csv -p lots -o out --no-cache
refuses 2 'did you mean --effort' optimize good.csv --efort quick
refuses 2 'nobody' optimize good.csv -p 5 -o out --include nobody --no-cache
refuses 2 'tabu-like' optimize good.csv -p 5 -o out --algorithms tabu-like --no-cache

# Names reach a terminal as text, never as its orders.
printf 'Date,Zone,"a\033[31m\nb",c\n2023-01-02,"z\033[31m",1,2\n2023-01-03,y,,-1\n' >orders.csv
works inspect orders.csv
grep -q 'zones .*z?\[31m' said.out || fault "a zone is not shown"
works optimize orders.csv -p 2 -o orders --effort quick --no-cache
cat said.err orders/*/optimization_summary_*.txt >>said.out
! grep -q "$(printf '\033')" said.out || fault "a name can speak to the terminal"
rm -rf orders

# A list of names without an end, and one that is no text.
refuses 3 '/dev/zero: is no regular file' evaluate good.csv /dev/zero --no-cache
printf 'SENSEX 916-1001 SL11%%\0x\n' >nul.txt
refuses 3 'nul.txt: line 1 holds a NUL byte' evaluate good.csv nul.txt --no-cache

# A file where the output folder should be.
echo mine >taken
refuses '[12]' 'taken' optimize good.csv -p 5 -o taken --effort quick --no-cache
[ "$(cat taken)" = mine ] || fault "the file in the place of the output folder was changed"
refuses '[12]' 'taken' optimize good.csv -p 5 -o taken/below --effort quick --no-cache

# A full disk, in a mount of our own that goes away with the shell.
cat >full.sh <<'S'
set -eu
mkdir -p small
mount -t tmpfs -o size="$2" tmpfs small 2>/dev/null || exit 77
cp /dev/zero small/filler 2>/dev/null || :
truncate -s "-$3" small/filler
code=0
"$1" optimize good.csv -p 5 -o small/out --effort quick --no-cache >full.out 2>full.err </dev/null || code=$?
find small -mindepth 1 ! -name filler >full.left
exit "$code"
S
for room in 4096 16384; do
    code=0
    unshare -m sh full.sh "$program" 64k "$room" 2>/dev/null || code=$?
    if [ "$code" = 77 ] || { [ "$code" = 1 ] && [ ! -e full.err ]; }; then
        echo "skipped: no small file system can be mounted here, a full disk is not tried"
    else
        [ "$code" = 1 ] || fault "a full disk ends with $code"
        [ "$(grep -vc '^heavyopt: warning: ' full.err)" = 1 ] || fault "a full disk is not one line"
        grep -qi 'no space left' full.err || fault "a full disk is not named"
        [ ! -s full.left ] || fault "a full disk leaves behind: $(cat full.left)"
        cat full.err
    fi
    rm -rf small full.out full.err full.left
done

# Standard output full or closed.
if [ -c /dev/full ]; then
    code=0
    "$program" inspect good.csv >/dev/full 2>said.err || code=$?
    [ "$code" = 1 ] || fault "a full standard output ends with $code"
    grep -q '^heavyopt: standard output: ' said.err || fault "a full standard output goes unsaid"
fi
"$program" optimize good.csv -p 5 -o closed --effort quick --no-cache --quiet <&- >&- 2>&- || fault "closed descriptors break a quiet run"
rm -rf closed
finish

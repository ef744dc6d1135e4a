# Sourced by the scripts here: the program, a scratch folder, small tables, and the shape of a refusal.
set -eu
program=$HEAVYOPT_BUILD/heavyopt
python=${HEAVYOPT_PYTHON:-python3}
if [ ! -x "$program" ]; then
    echo "skipped: $program is not built"
    exit 77
fi
work=$(mktemp -d)
export HEAVYOPT_CACHE="$work.cache"
trap 'rm -rf "$work" "$work.cache"' EXIT
cd "$work"
failures=0
# What costs many times as much under the sanitizer is tried there once, in the other builds in all its kinds.
case "$HEAVYOPT_BUILD" in */asan) slow=yes ;; *) slow= ;; esac

fault() {
    echo "FAULT: $*"
    failures=$((failures + 1))
}

finish() {
    [ "$failures" = 0 ] || echo "$failures faults"
    [ "$failures" = 0 ]
}

# table FILE STRATEGIES DAYS: a table of whole and broken numbers that looks like a year's beginning.
table() {
    awk -v n="$2" -v days="$3" 'BEGIN {
        printf "Date,Zone,Day"
        for (j = 1; j <= n; j++) printf ",SENSEX %d-%d SL%d%%", 915 + j % 40, 1000 + j % 500, 10 + j
        print ""
        x = 12345
        for (t = 0; t < days; t++) {
            printf "2023-%02d-%02d,,", 1 + int(t / 28), 1 + t % 28
            for (j = 1; j <= n; j++) {
                x = (x * 16807) % 2147483647
                printf ",%.2f", x / 2147483647 * 4000 - 1950 + j
            }
            print ""
        }
    }' >"$1"
}

# with FILE LINE COLUMN TEXT: the cell (header line 1, first column 1) is changed in place.
with() {
    awk -F, -v OFS=, -v line="$2" -v column="$3" -v text="$4" \
        'NR == line { $column = text } { print }' "$1" >"$1.new"
    mv "$1.new" "$1"
}

# refuses CODE WORDS ARGUMENTS...: the program ends with the code, prints nothing on standard output and one line on
# standard error that holds the words, and leaves the folder as it was.
refuses() {
    code=$1 words=$2
    shift 2
    find . ! -name 'said.*' | sort >"$work.before"
    got=0
    "$program" "$@" >"$work.out" 2>"$work.err" </dev/null || got=$?
    find . ! -name 'said.*' | sort >"$work.after"
    expr "$got" : "$code\$" >/dev/null || fault "exit code $got in place of $code: heavyopt $*"
    lines=$(grep -vc '^heavyopt: warning: ' "$work.err" || :)
    [ "$lines" = 1 ] || fault "$lines lines on standard error: heavyopt $*"
    grep -v '^heavyopt: warning: ' "$work.err" | grep -q '^heavyopt: ' || fault "no 'heavyopt: ' before the line: heavyopt $*"
    grep -qiE -e "$words" "$work.err" || fault "no '$words' in the line: heavyopt $*"
    [ ! -s "$work.out" ] || fault "words on standard output: heavyopt $*"
    cmp -s "$work.before" "$work.after" || {
        fault "files were left behind: heavyopt $*"
        diff "$work.before" "$work.after" || :
    }
    cat "$work.err"
    rm -f "$work.before" "$work.after" "$work.out" "$work.err"
}

# works ARGUMENTS...: exit 0; what it said lies in said.out and said.err.
works() {
    got=0
    "$program" "$@" >said.out 2>said.err </dev/null || got=$?
    if [ "$got" != 0 ]; then
        fault "exit code $got: heavyopt $*"
        cat said.err
    fi
}

# value FILE EXPRESSION: of a JSON document d, as Python prints it.
value() {
    "$python" -c 'import json, sys; d = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}

#!/bin/sh
# Work that needs more memory than there is, or than --memory-limit leaves, is refused before it is begun.
. "$(dirname "$0")/common.sh"

table t.csv 3000 40
refuses 1 't.csv: reading about 3003 columns x 4[0-9] rows needs about [0-9]+ MB more memory' \
    optimize t.csv --no-cache --memory-limit 0.001
refuses 1 'MB are left by the memory limit' inspect t.csv --memory-limit 0.001
# Blank lines after the header are no rows to count by.
{ head -1 t.csv; echo; tail -n +2 t.csv; } >blank.csv
refuses 1 'blank.csv: reading about 3003 columns x 4[0-9] rows' inspect blank.csv --memory-limit 0.001
"$program" convert t.csv t.st --quiet
refuses 1 't.st: searching 3000 strategies x 40 periods needs about [0-9]+ MB more' \
    optimize t.st --memory-limit 0.001
# Of a row a date and strategy no more is kept than its cell and its place in the matrix.
"$program" export t.csv tall.csv --layout tall --quiet
refuses 1 'tall.csv: reading about 3 columns x [0-9]+ rows needs about 1[0-9] MB more memory' \
    inspect tall.csv --memory-limit 0.001

# A limit that is wide enough changes nothing, and is no reason to read the table anew.
"$program" inspect t.csv --memory-limit 100 --json >said.json || fault "refused with 100 GB"
"$python" - said.json <<'EOF' || fault "the estimates do not follow the table"
import json, sys
m = json.load(open(sys.argv[1]))["memory"]
assert 1e6 < m["read"] <= m["optimize"] < 1e9, m
EOF
"$program" correlation t.csv --quiet >said.txt
"$program" correlation t.csv --quiet --memory-limit 0.001 >said.txt || fault "the cache was not used"

# The limit is hard: also where nothing is asked before, no large block passes it, in Arrow neither.
"$program" generate -o big.csv -n 3000 -d 400 --quiet
"$program" convert big.csv big.st --quiet
refuses 1 'out of memory: 9[0-9]+ bytes for .* the memory limit is 0.02 GB, where 0.[0-9]+ would do' inspect big.st --memory-limit 0.02
"$program" export big.st wide.arrow --quiet
refuses 1 'memory limit' inspect wide.arrow --memory-limit 0.02

finish

# validate and selftest: a sound program passes, a planted fault is found, old results are compared.
. "$(dirname "$0")/common.sh"
table input.csv 18 40

works selftest ${slow:+--quick}
parts=4
[ -z "$slow" ] || parts=2
[ "$(grep -c '^passed' said.out)" -ge "$parts" ] || fault "selftest: $(cat said.out)"
grep -q '^failed' said.out && fault "selftest fails: $(cat said.out)"
[ -n "$slow" ] || grep -q 'agree bit for bit; engine c' said.out || fault "selftest names no engine: $(cat said.out)"

# With an engine whose device is the processor.
export HEAVYOPT_CUDF="$HEAVYOPT_BUILD/tests/fake_device.so"
works validate input.csv -p 4 --engine cuda -o report.json
unset HEAVYOPT_CUDF
grep -q '^passed  same portfolios' said.out || fault "no comparison of portfolios: $(cat said.out)"
[ "$(value report.json 'd["status"], sum(t["status"] == "failed" for t in d["tests"])')" = "('passed', 0)" ] ||
    fault "the report does not say passed"
[ "$(value report.json 'len([t for t in d["tests"] if t["test"].startswith("portfolio of")]) >= 8')" = True ] ||
    fault "not all algorithms are compared"
cmp -s said.out report_summary.txt || fault "the summary file is not what was printed"

# Other goals, rows of zones, quoted fields, missing cells, dates the other way round and out of order.
for metric in roi 'less max dd' 'win percentage' 'profit factor' expectancy; do
    [ -z "$slow" ] || [ "$metric" = 'profit factor' ] || continue
    works validate input.csv -p 3 -m "$metric" -o report.json
done
works validate input.csv -p 4 -f ratio -o report.json
printf 'Date,Zone,Day,"a, b",c,c,d\n03-02-2024,B,x,1,2,"1,234.5",-4\n02-02-2024,A,x,-1,,3,4\n02-02-2024,B,x,5,\\N,.5,1e1\n01-02-2024,A,x,2,1,-1,0\n' >zones.csv
works validate zones.csv -p 2 -o report.json
[ "$(value report.json 'd["tests"][0]["details"][:22]')" = '4 strategies x 3 days,' ] || fault "zones: $(cat said.out)"

# A run of ours as the baseline; then one whose figures or strategies are not its own.
works optimize input.csv -p 4 -o old -q -e quick
run=$(ls -d old/run_*)
works validate input.csv -p 4 -b "$run" -o report.json
grep -q '^passed  baseline fitness' said.out || fault "the baseline is not compared: $(cat said.out)"
"$python" - "$run/result.json" <<'PY'
import json, sys
d = json.load(open(sys.argv[1]))
d["best"]["fitness"] *= 1.01
json.dump(d, open(sys.argv[1], "w"))
PY
got=0
"$program" validate input.csv -p 4 -b "$run" -o report.json >said.out 2>said.err || got=$?
[ "$got" = 5 ] || fault "a false baseline gives exit code $got"
grep -q '^failed  baseline fitness' said.out || fault "a false baseline passes: $(cat said.out)"

# The old optimizer's text, with the file's name before the strategies' names.
mkdir oldest
"$python" - report.json oldest/Best_Portfolio_Size4_20240101.txt "$run/result.json" <<'PY'
import json, sys
best = json.load(open(sys.argv[3]))["best"]
with open(sys.argv[2], "w") as f:
    f.write(f"Best Portfolio (Size: 4, Method: GA)\r\nFitness: {best['fitness'] / 1.01}\r\n\r\n")
    for i, name in enumerate(best["portfolio"], 1):
        f.write(f"{i}. input_{name}\r\n")
PY
works validate input.csv -p 4 -b oldest -o report.json
grep -q '^passed  baseline fitness' said.out || fault "the old text is not compared: $(cat said.out)"

refuses 3 'holds neither' validate input.csv -p 4 -b . -o report.json
refuses 3 'No such file' validate missing.csv
refuses 3 'no.*Date' validate report.json

# Builds for tests can plant a fault in one coefficient.
got=0
HEAVYOPT_PLANTED_FAULT=1 "$program" validate input.csv -p 4 -o report.json >said.out 2>said.err || got=$?
if grep -q 'HEAVYOPT_INJECT:BOOL=ON' "$HEAVYOPT_BUILD/CMakeCache.txt"; then
    [ "$got" = 5 ] || fault "a planted fault gives exit code $got"
    grep -q '^failed  portfolio of' said.out || fault "a planted fault is not found: $(cat said.out)"
    [ "$(value report.json 'd["status"]')" = failed ] || fault "the report hides a planted fault"
else
    [ "$got" = 0 ] || fault "this build has no planted fault, and fails with $got"
fi
finish

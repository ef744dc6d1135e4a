# --json: standard output is exactly one JSON document, the words go to standard error; what it holds.
. "$(dirname "$0")/common.sh"
table good.csv 30 40
works optimize good.csv -p 5 -o out --effort quick --no-cache --json
"$python" -m json.tool said.out >/dev/null || fault "optimize --json is no JSON document"
[ -s said.err ] || fault "the words are missing on standard error"
for field in "d['input']['strategies'] == 30" "d['input']['periods'] == 40" "d['input']['path'].endswith('good.csv')" \
    "len(d['input']['hash']) == 16" "d['settings']['seed'] is not None" "len(d['algorithms']) >= 1" \
    "all(len(a['portfolio']) == 5 for a in d['algorithms'])" "d['best']['size'] == 5" \
    "len(set(d['best']['portfolio'])) == 5" "d['best']['fitness'] == max(a['fitness'] for a in d['algorithms'])" \
    "'metrics' in d['best']" "'bound' in d" "d['timings']['total'] > 0" "d['peak_memory_bytes'] > 0" \
    "d['version'].count('.') == 2" "'engine' in d and len(d['kernels']) > 0"; do
    [ "$(value said.out "$field" 2>&1)" = True ] || fault "not so: $field"
done
works optimize good.csv -p 5 -o out --effort quick --no-cache --json --quiet
"$python" -m json.tool said.out >/dev/null || fault "optimize --json --quiet is no JSON document"
[ ! -s said.err ] || fault "--quiet speaks: $(cat said.err)"
works optimize good.csv -p 5 -o out --effort quick --no-cache --quiet
[ ! -s said.out ] && [ ! -s said.err ] || fault "--quiet without --json speaks"
works inspect good.csv --json
"$python" -m json.tool said.out >/dev/null || fault "inspect --json is no JSON document"

# The words never hold a terminal's codes when nobody looks on.
works optimize good.csv -p 5 -o out --effort quick --no-cache
! grep -q "$(printf '\033')" said.out said.err || fault "colour codes in a file"
finish

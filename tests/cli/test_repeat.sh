# The same input and seed give the same document on any number of threads, on any instruction set, and again.
. "$(dirname "$0")/common.sh"
table good.csv 60 40

# run NAME OPTIONS...: the document of a run, without what may differ.
run() {
    name=$1
    shift
    works optimize good.csv -p 6 -o out --effort quick --no-cache --json --quiet "$@"
    "$python" - said.out "$name" <<'P'
import json, sys
d = json.load(open(sys.argv[1]))
for gone in ("timings", "peak_memory_bytes", "engine", "kernels"):
    d.pop(gone, None)
d.get("settings", {}).pop("threads", None)
json.dump(d, open(sys.argv[2], "w"), indent=1, sort_keys=True)
P
}

run one --threads 1 --seed 7
for threads in 1 2 5; do
    [ -z "$slow" ] || [ "$threads" = 5 ] || continue
    run other --threads "$threads" --seed 7
    cmp one other || fault "$threads threads find something else"
done
for set in ref sse2 avx2; do
    [ -z "$slow" ] || [ "$set" = ref ] || continue
    export HEAVYOPT_CPU=$set
    if "$program" --version >/dev/null 2>&1; then
        run other --threads 2 --seed 7
        cmp one other || fault "HEAVYOPT_CPU=$set finds something else"
    fi
    unset HEAVYOPT_CPU
done
finish

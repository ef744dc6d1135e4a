# Every include of the tree is one that the rooms allow, and the checker sees one that is not.
set -eu
cd "$HEAVYOPT_SOURCE"
python=${HEAVYOPT_PYTHON:-python3}
"$python" tools/check_rooms
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir -p "$copy/tools"
cp -r src include "$copy/"
cp tools/check_rooms tools/rooms.txt "$copy/tools/"
echo '#include <heavyopt/metrics.h>' >"$copy/src/search/planted.c"
if out=$("$python" "$copy/tools/check_rooms"); then
    echo "a planted include of metrics in search went unseen"
    exit 1
fi
echo "$out" | grep -q 'planted.c:1: search may not include heavyopt/metrics.h'

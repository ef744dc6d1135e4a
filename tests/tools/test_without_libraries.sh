# A build without Arrow, HiGHS, a BLAS, minizip and expat works on CSV, bounds included, says what it lacks, and refuses a store and a
# workbook with exit 4.
set -eu
case "$HEAVYOPT_BUILD" in */asan)
    echo "skipped: one build of this kind is enough, the release run makes it"
    exit 77 ;;
esac
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
export XDG_CACHE_HOME="$room/cache"
cmake -S "$HEAVYOPT_SOURCE" -B "$room/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DHEAVYOPT_WERROR=ON \
    -DHEAVYOPT_ARROW=OFF -DHEAVYOPT_HIGHS=OFF -DHEAVYOPT_BLAS=OFF -DHEAVYOPT_ARCHIVES=OFF -DHEAVYOPT_TESTS=OFF \
    >"$room/log" 2>&1 || { cat "$room/log"; exit 1; }
ninja -C "$room/build" >"$room/log" 2>&1 || { grep -A5 -E 'error|undefined' "$room/log"; exit 1; }
program="$room/build/heavyopt"
"$program" --version | grep -q '^Arrow *not in this build'
"$program" --version | grep -q '^HiGHS *not in this build'
"$program" --version | grep -q '^BLAS *not in this build'
"$program" --version | grep -q '^archives *not in this build'
"$program" generate --strategies 60 --days 30 -o "$room/table.csv" --quiet
"$program" optimize "$room/table.csv" -p 5 --effort quick -o "$room/out" >/dev/null 2>&1
"$program" correlation "$room/table.csv" | grep -q 'with plain loops'
"$program" bound "$room/table.csv" -p 5 | grep -q 'no portfolio of 5 can score above'
code=0
"$program" convert "$room/table.csv" "$room/store" 2>"$room/said" || code=$?
cat "$room/said"
[ "$code" = 4 ]
[ "$(wc -l <"$room/said")" = 1 ]
[ ! -e "$room/store" ]
printf 'PK\003\004' >"$room/book.xlsx"
code=0
"$program" inspect "$room/book.xlsx" 2>"$room/said" || code=$?
cat "$room/said"
[ "$code" = 4 ]
grep -q 'book.xlsx: this build has no minizip and expat' "$room/said"
[ "$(wc -l <"$room/said")" = 1 ]

# The how-to is true: its example, put into a copy of the tree together with one line of the registry, builds without
# a warning, is listed, finds an optimum, and nothing else had to change.
set -eu
cd "$HEAVYOPT_SOURCE"
compiler=${CC:-cc}
for program in "$compiler" cmake ninja; do
    if ! command -v "$program" >/dev/null; then
        echo "skipped: no $program"
        exit 77
    fi
done
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/tree"
cp -r CMakeLists.txt cmake include src tools "$copy/tree/"
cp -r "$copy/tree" "$copy/before"
cd "$copy"

# Step 2: the folder, with the block of code between ```c and ```, its indent of three blanks removed.
mkdir "tree/src/search/ta"
sed -n '/^ *```c$/,/^ *```$/p' "$HEAVYOPT_SOURCE/docs/HOWTO-add-an-algorithm.md" | sed '/^ *```/d; s/^   //' >"tree/src/search/ta/ta.c"
test -s "tree/src/search/ta/ta.c"
# Step 8: the line.
sed -i 's|^\( *\)/\* the next one above this line \*/|\1X(ta) \\\n&|' tree/src/search/registry.c
lines=$(diff before/src/search/registry.c tree/src/search/registry.c | grep -c '^[<>]') || true

changed=$(diff -rq before tree | grep -c .) || true
if [ "$changed" -ne 2 ] || [ "$lines" -ne 1 ]; then
    echo "expected a new folder and a new line, found $changed changes and $lines lines:"
    diff -r before tree
    exit 1
fi

cat >list.c <<'END'
#include <heavyopt/search.h>
#include <stdio.h>
#include <stdlib.h>

static double sum(void *walk, const uint32_t *members, size_t count)
{
    (void)walk;
    double total = 0;
    for (size_t i = 0; i < count; i++)
        total += members[i];
    return total;
}
typedef struct walk { uint32_t members[3]; } walk;
static ho_status start(const void *data, size_t size, void **w, ho_error *err)
{
    (void)data, (void)size, (void)err;
    *w = calloc(1, sizeof(walk));
    return *w != NULL ? HO_OK : HO_ERR_MEMORY;
}
static void end(void **w)
{
    free(*w);
    *w = NULL;
}
static void set(void *w, const uint32_t *members)
{
    for (size_t i = 0; i < 3; i++)
        ((walk *)w)->members[i] = members[i];
}
static void swap(void *w, size_t slot, uint32_t in)
{
    ((walk *)w)->members[slot] = in;
}
static double probe(void *w, size_t slot, uint32_t in)
{
    const uint32_t *m = ((walk *)w)->members;
    return (double)m[0] + m[1] + m[2] - m[slot] + in;
}

int main(void)
{
    for (size_t i = 0; i < ho_algorithm_count(); i++)
        printf("%s: %s\n", ho_algorithm_name(ho_algorithm_at(i)), ho_algorithm_title(ho_algorithm_at(i)));
    const ho_algorithm *a = ho_algorithm_find("ta");
    if (a == NULL) return 1;
    static double room[32];
    const void *params = room;
    ho_error err;
    ho_search_result result = {0};
    ho_objective objective = {.candidates = 50, .open = start, .close = end, .score = sum,
                              .set = set, .swap = swap, .probe = probe};
    ho_problem problem = {.candidates = 50, .size = 3};
    ho_budget budget = {.work = 100000};
    if (ho_options_defaults(ho_algorithm_options(a), room, &err) != HO_OK) return 1;
    if (ho_search_all(&problem, &objective, &a, &params, 1, &budget, 1, 1, NULL, NULL, &result, &err) != HO_OK) {
        puts(err.text);
        return 1;
    }
    printf("best %g\n", result.fitness);
    ho_search_result_clear(&result);
    return 0;
}
END
cmake -S tree -B build -G Ninja -DCMAKE_BUILD_TYPE=Debug -DHEAVYOPT_WERROR=ON -DHEAVYOPT_TESTS=OFF \
    -DHEAVYOPT_ARROW=OFF -DHEAVYOPT_HIGHS=OFF >log 2>&1 || { cat log; exit 1; }
ninja -C build -j2 room_base room_search >log 2>&1 || { cat log; exit 1; }
find build/src/CMakeFiles -name '*.o' >objects
"$compiler" -std=c17 -Itree/include -o list list.c @objects -lm -fopenmp
out=$(./list)
echo "$out"
[ "$(echo "$out" | grep -c ': ')" -eq "$(grep -c '^ *X(' tree/src/search/registry.c)" ]
echo "$out" | grep -q '^ta: threshold accepting$'
echo "$out" | grep -q '^best 144$'

/* The rules and the 124 first windows have the shape of the desk's own table (72 lone stops, 134 pairs; windows of 30
 * minutes to four hours), so that 25,544 columns fill the grid exactly, as there. */
#include "run/generate_grid.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_ENTRY = 9 * 60 + 16, LAST_ENTRY = 14 * 60 + 56, LAST_EXIT = 15 * 60 + 26, USUAL_WINDOWS = 124 };

/* How often each length of a window is met among the usual ones. */
static const struct {
    int minutes, count;
} lengths[] = {{30, 35}, {60, 31}, {120, 25}, {180, 19}, {240, 14}};

/* The take-profits that go with each stop-loss 18, 23, ... 88: a bit for each of 22, 27, ... 67. */
static const uint16_t pairs[15] = {0x3ff, 0x00f, 0x3fe, 0x3ff, 0x3ff, 0x38f, 0x3ff, 0x3ff,
                                   0x3ff, 0x3ff, 0x3ff, 0x3ff, 0x3ff, 0x3ff, 0x00f};

static void make_rules(ho_grid *grid)
{
    size_t stops = 0, rules = 0;
    for (int percent = 7; percent <= 149; percent++) {
        bool lone = percent % 2 == 1, paired = percent >= 18 && percent <= 88 && percent % 5 == 3;
        if (!lone && !paired) continue;
        grid->stops[stops] = percent;
        for (uint8_t take = 0; paired && take < HO_GRID_TAKES - 1; take++) {
            if (pairs[(percent - 18) / 5] >> take & 1)
                grid->rules[rules++] = (ho_grid_rule){.stop = (uint8_t)stops, .take = take};
        }
        if (lone) grid->rules[rules++] = (ho_grid_rule){.stop = (uint8_t)stops, .take = HO_GRID_TAKES - 1};
        stops++;
    }
    for (int take = 0; take < HO_GRID_TAKES - 1; take++)
        grid->takes[take] = 22 + 5 * take;
    grid->takes[HO_GRID_TAKES - 1] = 0;
}

static void shuffle(void *items, size_t count, size_t size, ho_rng *rng)
{
    char *at = items, spare[sizeof(ho_grid_window)];
    for (size_t i = count; i > 1; i--) {
        size_t j = ho_rng_below(rng, (uint32_t)i);
        memcpy(spare, at + (i - 1) * size, size);
        memcpy(at + (i - 1) * size, at + j * size, size);
        memcpy(at + j * size, spare, size);
    }
}

/* All entries of one length, shuffled; returns their number. `out` may be NULL to count. */
static size_t windows_of_length(int minutes, ho_rng *rng, ho_grid_window *out)
{
    size_t count = 0;
    for (int start = FIRST_ENTRY; start <= LAST_ENTRY && start + minutes <= LAST_EXIT; start++, count++) {
        if (out != NULL) out[count] = (ho_grid_window){.start = start, .end = start + minutes};
    }
    if (out != NULL) shuffle(out, count, sizeof *out, rng);
    return count;
}

static bool usual_length(int minutes)
{
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        if (lengths[i].minutes == minutes) return true;
    }
    return false;
}

static size_t all_windows(void)
{
    size_t count = 0;
    for (int minutes = 5; FIRST_ENTRY + minutes <= LAST_EXIT; minutes++)
        count += windows_of_length(minutes, NULL, NULL);
    return count;
}

/* The usual windows first, in their usual shares; then the other windows of those lengths; then any. */
static void order_windows(uint64_t seed, ho_grid_window *all, ho_grid_window *spare)
{
    ho_rng rng = ho_rng_new(seed, "generate windows", 0);
    size_t front = 0, back = USUAL_WINDOWS;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t count = windows_of_length(lengths[i].minutes, &rng, spare), share = (size_t)lengths[i].count;
        memcpy(all + front, spare, share * sizeof *all);
        memcpy(all + back, spare + share, (count - share) * sizeof *all);
        front += share;
        back += count - share;
    }
    shuffle(all + USUAL_WINDOWS, back - USUAL_WINDOWS, sizeof *all, &rng);
    size_t rest = back;
    for (int minutes = 5; FIRST_ENTRY + minutes <= LAST_EXIT; minutes++) {
        if (!usual_length(minutes)) back += windows_of_length(minutes, &rng, all + back);
    }
    shuffle(all + rest, back - rest, sizeof *all, &rng);
}

ho_status ho_grid_make(uint64_t seed, size_t columns, ho_grid *grid, ho_error *err)
{
    size_t all = all_windows(), windows = (columns + HO_GRID_RULES - 1) / HO_GRID_RULES;
    if (windows < USUAL_WINDOWS) windows = USUAL_WINDOWS;
    if (windows > all)
        return ho_fail(err, HO_ERR_USAGE, "--strategies %zu: the windows of a day give %zu at most", columns,
                       all * HO_GRID_RULES);
    size_t cells = windows * HO_GRID_RULES;
    ho_grid made = {.window_count = windows, .column_count = columns};
    ho_grid_window *spare = HO_NEW(ho_grid_window, LAST_ENTRY - FIRST_ENTRY + 1);
    made.windows = HO_NEW(ho_grid_window, all);
    made.columns = HO_NEW(uint32_t, cells);
    bool ready = spare != NULL && made.windows != NULL && made.columns != NULL;
    if (ready) order_windows(seed, made.windows, spare);
    free(spare);
    if (!ready) {
        ho_grid_clear(&made);
        return ho_fail_memory(err, cells * sizeof *made.columns, "the grid of strategies");
    }
    make_rules(&made);
    for (size_t i = 0; i < cells; i++)
        made.columns[i] = (uint32_t)i;
    ho_rng rng = ho_rng_new(seed, "generate columns", 0);
    shuffle(made.columns, cells, sizeof *made.columns, &rng);
    *grid = made;
    return HO_OK;
}

void ho_grid_clear(ho_grid *grid)
{
    free(grid->windows);
    free(grid->columns);
    *grid = (ho_grid){0};
}

size_t ho_grid_name(const ho_grid *grid, size_t column, char out[HO_GRID_NAME])
{
    uint32_t cell = grid->columns[column];
    ho_grid_window w = grid->windows[cell / HO_GRID_RULES];
    ho_grid_rule rule = grid->rules[cell % HO_GRID_RULES];
    int length = snprintf(out, HO_GRID_NAME, "SENSEX %d%02d-%d%02d SL%d%%", w.start / 60, w.start % 60,
                          w.end / 60, w.end % 60, grid->stops[rule.stop]);
    int take = grid->takes[rule.take];
    if (take != 0) length += snprintf(out + length, HO_GRID_NAME - (size_t)length, "TP%d%%", take);
    return (size_t)length;
}

#include "bound/box.h"

#include "base/error.h"
#include "base/memory.h"

#include <heavyopt/rules.h>
#include <math.h>

ho_status ho_chooser_new(size_t columns, size_t size, ho_chooser *chooser, ho_error *err)
{
    /* forced columns, those that clusters must give, and the rest: no more than size + 1 of each */
    ho_chooser c = {.values = HO_NEW(double, columns),
                    .chosen = HO_NEW(ho_chosen, 3 * size + 3),
                    .sorted = HO_NEW(ho_chosen, columns),
                    .heap = HO_NEW(ho_chosen, size + 1),
                    .columns = columns,
                    .size = size};
    if (c.values == NULL || c.chosen == NULL || c.sorted == NULL || c.heap == NULL) {
        ho_chooser_free(&c);
        return ho_fail_memory(err, columns * sizeof *c.sorted, "a bound");
    }
    *chooser = c;
    return HO_OK;
}

void ho_chooser_free(ho_chooser *c)
{
    free(c->values);
    free(c->chosen);
    free(c->sorted);
    free(c->heap);
    *c = (ho_chooser){0};
}

/* The largest free members: a heap with the smallest value on top. */
typedef struct largest {
    ho_chosen *heap;
    size_t entries, held, wanted;
} largest;

static void sift_down(ho_chosen *heap, size_t count, size_t at)
{
    ho_chosen moved = heap[at];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1].value < heap[child].value) child++;
        if (!(heap[child].value < moved.value)) break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
}

static void sift_up(ho_chosen *heap, size_t at)
{
    ho_chosen moved = heap[at];
    for (size_t parent; at > 0 && moved.value < heap[parent = (at - 1) / 2].value; at = parent)
        heap[at] = heap[parent];
    heap[at] = moved;
}

/* False where `count` more of this value change nothing. */
static inline bool is_wanted(const largest *l, double value)
{
    return l->held < l->wanted || value > l->heap[0].value;
}

static void offer(largest *l, double value, uint32_t column, size_t count)
{
    if (count == 0 || l->wanted == 0 || !is_wanted(l, value)) return;
    if (count > l->wanted) count = l->wanted;
    l->heap[l->entries] = (ho_chosen){value, column, (uint32_t)count};
    sift_up(l->heap, l->entries++);
    l->held += count;
    while (l->held - l->heap[0].count >= l->wanted) {
        l->held -= l->heap[0].count;
        l->heap[0] = l->heap[--l->entries];
        sift_down(l->heap, l->entries, 0);
    }
}

static void take(ho_chooser *c, ho_chosen one, size_t count)
{
    if (count > 0) c->chosen[c->count++] = (ho_chosen){one.value, one.column, (uint32_t)count};
}

/* Of members that could be others. */
static void take_free(ho_chooser *c, ho_chosen one, size_t count)
{
    take(c, one, count);
    if (count > 0 && one.value < c->price) c->price = one.value;
}

/* Members of the cluster that are forced one by one. */
static size_t forced_in(const ho_box *box, const ho_chooser *c, uint32_t cluster)
{
    const ho_clusters *cs = box->clusters;
    size_t forced = 0;
    if (c->forced == 0) return 0;
    for (uint32_t i = cs->starts[cluster]; i < cs->starts[cluster + 1]; i++)
        forced += box->least[cs->members[i]];
    return forced;
}

static size_t lacking(ho_range range, size_t forced)
{
    return range.least > forced ? range.least - forced : 0;
}

/* The largest free ones of a cluster, as many as it takes to give `wanted` members, largest first into c->sorted; how many
 * those are. */
static size_t sort_cluster(const ho_box *box, uint32_t cluster, size_t wanted, ho_chooser *c)
{
    const ho_clusters *cs = box->clusters;
    size_t count = 0, held = 0;
    for (uint32_t i = cs->starts[cluster]; i < cs->starts[cluster + 1]; i++) {
        const uint32_t j = cs->members[i];
        const ho_chosen one = {c->values[j], j, box->most[j] - box->least[j]};
        if (one.count == 0 || (held >= wanted && !(one.value > c->sorted[count - 1].value))) continue;
        size_t at = count++;
        for (; at > 0 && c->sorted[at - 1].value < one.value; at--)
            c->sorted[at] = c->sorted[at - 1];
        c->sorted[at] = one;
        held += one.count;
        while (held - c->sorted[count - 1].count >= wanted)
            held -= c->sorted[--count].count;
    }
    return count;
}

/* Takes what a cluster must give beside its forced members, and offers what it may. False: it cannot. */
static bool choose_of_cluster(const ho_box *box, uint32_t cluster, ho_chooser *c, largest *l)
{
    const ho_range range = box->ranges[cluster];
    const size_t forced = forced_in(box, c, cluster);
    size_t must = lacking(range, forced), may = range.most - forced - must;
    if (must + may == 0) return true;
    const size_t count = sort_cluster(box, cluster, must + may, c);
    for (size_t i = 0; i < count && must + may > 0; i++) {
        ho_chosen one = c->sorted[i];
        const size_t now = one.count < must ? one.count : must, rest = one.count - now;
        const size_t offered = rest < may ? rest : may;
        take_free(c, one, now);
        offer(l, one.value, one.column, offered);
        must -= now;
        may -= offered;
    }
    return must == 0;
}

/* Columns are looked at by blocks: most have none of interest, which vectors tell fast. */
enum { BLOCK = 16 };

static bool has_forced(const uint32_t *least, size_t count)
{
    uint32_t any = 0;
    for (size_t i = 0; i < count; i++)
        any |= least[i];
    return any != 0;
}

/* A value above the least wanted one; of a value that is no number, none. */
static bool has_above(const double *values, size_t count, double threshold)
{
    int any = 0;
    for (size_t i = 0; i < count; i++)
        any |= values[i] > threshold;
    return any != 0;
}

static size_t block_at(const ho_chooser *c, size_t from)
{
    return c->columns - from < BLOCK ? c->columns - from : BLOCK;
}

/* Takes the forced members; what is left to choose, or false where too much is asked for. */
static bool begin_choice(const ho_box *box, ho_chooser *c, size_t *wanted)
{
    size_t asked = 0;
    c->count = 0;
    c->price = INFINITY;
    for (uint32_t from = 0; from < c->columns; from += BLOCK) {
        const uint32_t end = from + (uint32_t)block_at(c, from);
        if (!has_forced(box->least + from, end - from)) continue;
        for (uint32_t j = from; j < end; j++) {
            asked += box->least[j];
            if (asked > c->size) return false;
            take(c, (ho_chosen){c->values[j], j, 0}, box->least[j]);
        }
    }
    c->forced = asked;
    for (uint32_t i = 0; box->clusters != NULL && i < box->clusters->count; i++) {
        if (!box->ranges[i].used) continue;
        const size_t forced = forced_in(box, c, i);
        if (forced > box->ranges[i].most) return false;
        asked += lacking(box->ranges[i], forced);
    }
    *wanted = c->size - asked;
    return asked <= c->size;
}

static bool is_ranged(const ho_box *box, uint32_t column)
{
    const uint32_t cluster = box->clusters->of[column];
    return cluster != HO_NOBODY && box->ranges[cluster].used;
}

bool ho_box_choose(const ho_box *box, ho_chooser *c)
{
    largest l = {.heap = c->heap};
    if (!begin_choice(box, c, &l.wanted)) return false;
    for (uint32_t i = 0; box->clusters != NULL && i < box->clusters->count; i++) {
        if (box->ranges[i].used && !choose_of_cluster(box, i, c, &l)) return false;
    }
    for (uint32_t from = 0; from < c->columns && l.wanted > 0; from += BLOCK) {
        const uint32_t end = from + (uint32_t)block_at(c, from);
        if (l.held >= l.wanted && !has_above(c->values + from, end - from, l.heap[0].value)) continue;
        for (uint32_t j = from; j < end; j++) {
            if (!is_wanted(&l, c->values[j])) continue;
            if (box->clusters != NULL && is_ranged(box, j)) continue;
            offer(&l, c->values[j], j, box->most[j] - box->least[j]);
        }
    }
    if (l.held < l.wanted) return false;
    for (size_t i = 0; i < l.entries; i++)
        take_free(c, l.heap[i], l.heap[i].count - (i == 0 ? l.held - l.wanted : 0));
    return true;
}

#include "bound/lane.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Of a node's room, the bound less what is of interest: what the ends of its part of the axis may lose before that is
 * halved; how near a programme comes. */
static const double axis_share = 0.35, tolerance_share = 0.05;
static const double narrow = 1e-7; /* a part of the axis that is parted no more, relative */
static const double wide = 1.25;   /* the ends of a wide part of the axis, one by the other */
static const double whole = 1e-6;  /* a share so near a whole number is one */

enum { ROUNDS = 12, MOST_ROWS = 100 };

ho_status ho_lane_open(const ho_forest *forest, size_t number, ho_lane *lane, ho_error *err)
{
    const size_t columns = forest->base.columns.count, clusters = forest->clusters.count;
    *lane = (ho_lane){.forest = forest, .number = number, .given_up_bound = -INFINITY};
    lane->least = HO_NEW(uint32_t, columns);
    lane->most = HO_NEW(uint32_t, columns);
    lane->ranges = HO_NEW(ho_range, clusters);
    lane->members = HO_NEW(double, clusters);
    lane->leaves = HO_NEW(uint32_t, HO_LANE_STEPS * forest->base.size);
    if (lane->least == NULL || lane->most == NULL || lane->ranges == NULL || lane->members == NULL ||
        lane->leaves == NULL)
        return ho_fail_memory(err, columns * sizeof *lane->most, "a branch and bound");
    HO_TRY(ho_solver_beside(&forest->base, forest->cancel, &lane->solver, err));
    HO_TRY(ho_solver_seed(&lane->solver, err));
    return ho_rounder_new(&forest->base, &lane->rounder, err);
}

void ho_lane_close(ho_lane *lane)
{
    ho_solver_close(&lane->solver);
    ho_rounder_free(&lane->rounder);
    ho_open_clear(&lane->open);
    for (size_t i = 0; i < lane->ended_count; i++)
        ho_node_end(lane->ended[i]);
    free(lane->least);
    free(lane->most);
    free(lane->ranges);
    free(lane->members);
    free(lane->leaves);
    *lane = (ho_lane){0};
}

static void narrow_range(uint32_t *least, uint32_t *most, const ho_cut *cut)
{
    if (cut->least > *least) *least = cut->least;
    if (cut->most < *most) *most = cut->most;
}

/* Makes the lane's box the node's. False: it is empty. */
static bool load_box(ho_lane *lane, const ho_node *node)
{
    const ho_bound_columns *cs = &lane->forest->base.columns;
    bool empty = false;
    memcpy(lane->least, cs->least, cs->count * sizeof *cs->least);
    memcpy(lane->most, cs->most, cs->count * sizeof *cs->most);
    memset(lane->ranges, 0, lane->forest->clusters.count * sizeof *lane->ranges);
    for (; node != NULL; node = node->parent) {
        const ho_cut *cut = &node->cut;
        if (cut->kind == HO_CUT_COLUMN) {
            narrow_range(&lane->least[cut->item], &lane->most[cut->item], cut);
            empty |= lane->least[cut->item] > lane->most[cut->item];
        } else if (cut->kind == HO_CUT_CLUSTER) {
            ho_range *r = &lane->ranges[cut->item];
            if (!r->used) *r = (ho_range){0, UINT32_MAX, true};
            narrow_range(&r->least, &r->most, cut);
            empty |= r->least > r->most;
        }
    }
    for (size_t i = 0; i < lane->forest->clusters.count; i++) {
        if (lane->ranges[i].most > lane->forest->base.size)
            lane->ranges[i].most = (uint32_t)lane->forest->base.size;
    }
    return !empty;
}

static ho_box box_of(const ho_lane *lane)
{
    return (ho_box){lane->least, lane->most, &lane->forest->clusters, lane->ranges};
}

static bool has_axis(const ho_lane *lane, const ho_node *node)
{
    return lane->forest->questions[node->question].cover == HO_COVER_QUOTIENT;
}

static ho_chord chord_of(ho_lane *lane, ho_question *q, const ho_certificate *c, double from, double to)
{
    ho_chord made = {.from = from, .to = to};
    const double rate = q->rate;
    q->rate = from;
    made.left = made.right = ho_question_bound(&lane->solver, q, c);
    if (from != to) {
        q->rate = to;
        made.right = ho_question_bound(&lane->solver, q, c);
    }
    q->rate = rate;
    return made;
}

static ho_status add_child(ho_lane *lane, ho_node *node, const ho_cut *cut, const ho_chord *c, double at,
                           ho_node **added, ho_error *err)
{
    *added = NULL;
    if (!(ho_chord_highest(c) > lane->forest->cutoff)) return HO_OK;
    ho_node *child = ho_node_new(node);
    if (child == NULL) return ho_fail_memory(err, sizeof *child, "the tree of a bound");
    child->cut = *cut;
    child->from = c->from;
    child->to = c->to;
    child->left = c->left;
    child->right = c->right;
    child->at = at;
    child->bound = fmin(ho_chord_highest(c), node->bound);
    child->number = lane->forest->made + lane->number + HO_LANES * lane->made++;
    ho_status status = ho_open_add(&lane->open, child, err);
    if (status == HO_OK)
        *added = child;
    else
        ho_node_end(child);
    return status;
}

/* Where to solve: in a wide part where the certificate at hand proves least, in a narrow one in its middle. */
static double place_of(const ho_chord *c)
{
    if (c->to <= wide * c->from) return ho_middle_rate(c->from, c->to);
    return c->left > c->right ? c->from : c->to;
}

/* Parts the axis at a rate; each part gets the better one of two chords. */
static ho_status part(ho_lane *lane, ho_node *node, ho_question *q, const ho_certificate *c, double at,
                      ho_error *err)
{
    if (!(at > node->from + 0.05 * (node->to - node->from) && at < node->to - 0.05 * (node->to - node->from)))
        at = ho_middle_rate(node->from, node->to);
    const ho_chord before = {node->from, node->to, node->left, node->right};
    const double ends[] = {node->from, at, node->to};
    for (int i = 0; i < 2; i++) {
        ho_node *added;
        const ho_chord old = {ends[i], ends[i + 1], ho_chord_height(&before, ends[i]),
                              ho_chord_height(&before, ends[i + 1])};
        ho_chord now = chord_of(lane, q, c, ends[i], ends[i + 1]);
        if (ho_chord_highest(&old) < ho_chord_highest(&now)) now = old;
        HO_TRY(add_child(lane, node, &(ho_cut){.kind = HO_CUT_AXIS}, &now, place_of(&now), &added, err));
    }
    return HO_OK;
}

/* What can be branched on, and how much that promises. */
typedef struct choice {
    ho_cut_kind kind;
    uint32_t item;
    double members, score;
} choice;

static void consider(const ho_forest *f, ho_cut_kind kind, uint32_t item, double members, choice *best)
{
    const double part = members - floor(members);
    if (part < whole || part > 1 - whole) return;
    const size_t at = item + (kind == HO_CUT_COLUMN ? f->clusters.count : 0);
    const struct ho_lessons *l = f->lessons;
    const double down = part * (l[0].count[at] > 0 ? l[0].cost[at] : l[0].usual);
    const double up = (1 - part) * (l[1].count[at] > 0 ? l[1].cost[at] : l[1].usual);
    const double score = fmax(down, 1e-9) * fmax(up, 1e-9);
    if (!(score > best->score)) return;
    *best = (choice){kind, item, members, score};
}

/* Clusters first; single columns where all clusters have whole numbers of members. */
static choice choose(ho_lane *lane)
{
    const ho_forest *f = lane->forest;
    const ho_programme *p = lane->solver.programme;
    choice best = {.score = -1};
    memset(lane->members, 0, f->clusters.count * sizeof *lane->members);
    for (size_t entry = 0; entry < p->entry_count; entry++) {
        const uint32_t cluster = f->clusters.of[p->entries[entry]];
        if (cluster != HO_NOBODY) lane->members[cluster] += p->values[entry + HO_OWN_COLUMNS];
    }
    for (uint32_t i = 0; i < f->clusters.count; i++)
        consider(f, HO_CUT_CLUSTER, i, lane->members[i], &best);
    if (best.score >= 0) return best;
    for (size_t entry = 0; entry < p->entry_count; entry++)
        consider(f, HO_CUT_COLUMN, p->entries[entry], p->values[entry + HO_OWN_COLUMNS], &best);
    return best;
}

/* A column that is not fixed, the one of largest share in a solution whose shares are all whole. */
static choice choose_any(ho_lane *lane, bool solved)
{
    const ho_programme *p = lane->solver.programme;
    choice best = {.score = -1};
    for (size_t entry = 0; entry < p->entry_count && solved; entry++) {
        const uint32_t j = p->entries[entry];
        const double share = round(p->values[entry + HO_OWN_COLUMNS]);
        if (lane->least[j] == lane->most[j] || !(share > best.score)) continue;
        const double below = share > lane->least[j] ? share - 0.5 : share + 0.5; /* that many, or not */
        best = (choice){HO_CUT_COLUMN, j, below, share};
    }
    for (uint32_t j = 0; j < lane->forest->base.columns.count && best.score < 0; j++) {
        if (lane->least[j] < lane->most[j]) best = (choice){HO_CUT_COLUMN, j, lane->least[j] + 0.5, 0};
    }
    return best;
}

/* Narrows the lane's box by the cut, or widens it again to what it was. */
typedef struct narrowing {
    uint32_t *least, *most;
    ho_range *range, before;
} narrowing;

static narrowing narrow_box(ho_lane *lane, const ho_cut *cut)
{
    ho_range *range = cut->kind == HO_CUT_CLUSTER ? &lane->ranges[cut->item] : NULL;
    narrowing n = {.range = range,
                   .least = range != NULL ? &range->least : &lane->least[cut->item],
                   .most = range != NULL ? &range->most : &lane->most[cut->item]};
    n.before = range != NULL ? *range : (ho_range){*n.least, *n.most, true};
    if (range != NULL && !range->used) *range = (ho_range){0, (uint32_t)lane->forest->base.size, true};
    narrow_range(n.least, n.most, cut);
    return n;
}

static void widen_box(const narrowing *n)
{
    if (n->range != NULL) {
        *n->range = n->before;
        return;
    }
    *n->least = n->before.least;
    *n->most = n->before.most;
}

static ho_status branch(ho_lane *lane, ho_node *node, ho_question *q, const ho_answer *a, choice on,
                        ho_error *err)
{
    const uint32_t below = (uint32_t)floor(on.members);
    for (int up = 0; up < 2; up++) {
        ho_node *added;
        const ho_cut cut = {on.kind, on.item, up ? below + 1 : 0, up ? UINT32_MAX : below};
        const narrowing n = narrow_box(lane, &cut);
        const ho_chord c = chord_of(lane, q, &a->certificate, node->from, node->to);
        widen_box(&n);
        const bool same = node->to <= wide * node->from; /* then the solution is a good beginning */
        HO_TRY(add_child(lane, node, &cut, &c, same ? node->at : place_of(&c), &added, err));
        if (added == NULL || !same) continue;
        added->reached = a->bound;
        added->moved = up ? below + 1 - on.members : on.members - below;
    }
    return HO_OK;
}

/* A box of a single set: that is offered, and nothing is left. */
static bool is_single(ho_lane *lane)
{
    const size_t columns = lane->forest->base.columns.count, size = lane->forest->base.size;
    const uint32_t *held = lane->least;
    size_t least = 0, most = 0, at = 0;
    for (size_t j = 0; j < columns; j++) {
        least += lane->least[j];
        most += lane->most[j];
    }
    if (least != size && most != size) return false;
    if (least != size) held = lane->most;
    uint32_t *members = lane->leaves + lane->leaf_count * size;
    for (uint32_t j = 0; j < columns; j++) {
        for (uint32_t copy = 0; copy < held[j]; copy++)
            members[at++] = j;
    }
    lane->worths[lane->leaf_count++] = ho_rounder_worth(&lane->rounder, members);
    return true;
}

static void learn(ho_lane *lane, const ho_node *node, const ho_answer *a)
{
    if (node->cut.kind == HO_CUT_AXIS || !(node->moved > whole) || !isfinite(a->bound)) return;
    const double lost = node->reached - a->bound;
    const bool column = node->cut.kind == HO_CUT_COLUMN;
    lane->lessons[lane->lesson_count++] =
        (ho_lesson){.item = node->cut.item + (column ? (uint32_t)lane->forest->clusters.count : 0),
                    .up = node->cut.least > 0,
                    .cost = lost > 0 ? lost / node->moved : 0};
}

static void give_up(ho_lane *lane, const ho_node *node)
{
    lane->given_up++;
    if (node->bound > lane->given_up_bound) lane->given_up_bound = node->bound;
}

/* Branches on what the node's answer leaves open; `peak` is where its bound is highest. */
static ho_status go_on(ho_lane *lane, ho_node *node, ho_question *q, const ho_answer *a, double peak,
                       ho_error *err)
{
    const double room = node->bound - lane->forest->cutoff;
    const bool axis = has_axis(lane, node) && node->to > node->from * (1 + narrow);
    const bool solved = lane->solver.programme->state == HO_LP_OPTIMAL;
    const double lost = node->bound - a->bound;
    const bool lossy =
        lost > axis_share * room && (a->bound <= lane->forest->cutoff || lost > lane->forest->trifle);
    if (axis && (!solved || lossy)) return part(lane, node, q, &a->certificate, peak, err);
    choice on = solved ? choose(lane) : (choice){.score = -1};
    if (on.score < 0) on = choose_any(lane, solved);
    if (on.score >= 0) return branch(lane, node, q, a, on, err);
    give_up(lane, node);
    return HO_OK;
}

static ho_question question_of(const ho_lane *lane, const ho_node *node, const ho_box *box)
{
    const ho_forest *f = lane->forest;
    const double room = isfinite(f->cutoff) ? node->bound - f->cutoff : 0.01 * fabs(node->bound);
    ho_question q = f->questions[node->question];
    q.box = box;
    q.enough = f->cutoff;
    q.rounds = ROUNDS;
    q.tolerance = tolerance_share * room / fmax(fabs(node->bound), 1e-300);
    if (has_axis(lane, node)) {
        q.rate = node->at;
        q.low = q.high = 1 / node->at;
    }
    return q;
}

static ho_status expand(ho_lane *lane, ho_node *node, ho_error *err)
{
    const ho_forest *f = lane->forest;
    if (!load_box(lane, node) || is_single(lane)) return HO_OK;
    const ho_box box = box_of(lane);
    ho_question q = question_of(lane, node, &box);
    ho_answer a;
    double peak = node->at;
    HO_TRY(ho_solver_ask(&lane->solver, &q, &a, err));
    learn(lane, node, &a);
    const ho_chord before = {node->from, node->to, node->left, node->right},
                   now = has_axis(lane, node) ? chord_of(lane, &q, &a.certificate, node->from, node->to)
                                              : (ho_chord){node->from, node->to, a.bound, a.bound};
    const double bound = ho_chord_peak(&before, &now, &peak);
    if (bound < node->bound) node->bound = bound;
    ho_status status = HO_OK;
    if (node->bound > f->cutoff && !ho_solver_cancelled(&lane->solver)) {
        ho_rounder_try(&lane->rounder, &lane->solver, node->bound - f->cutoff);
        status = go_on(lane, node, &q, &a, peak, err);
    }
    ho_certificate_free(&a.certificate);
    if (status == HO_OK) status = ho_programme_trim(lane->solver.programme, MOST_ROWS, err);
    return status;
}

void ho_lane_work(ho_lane *lane, size_t steps)
{
    const ho_forest *f = lane->forest;
    lane->status = HO_OK;
    for (size_t i = 0; i < steps && i < HO_LANE_STEPS && !ho_solver_cancelled(&lane->solver); i++) {
        if (!(ho_open_bound(&lane->open) > f->cutoff)) break;
        if (i > 0 && ho_open_bound(&lane->open) < f->waiting) break;
        ho_node *node = ho_open_take(&lane->open);
        lane->status = expand(lane, node, &lane->error);
        if (lane->status == HO_OK && ho_solver_cancelled(&lane->solver)) { /* not done with */
            lane->status = ho_open_add(&lane->open, node, &lane->error);
            if (lane->status == HO_OK) break;
        }
        lane->nodes++;
        lane->ended[lane->ended_count++] = node;
        if (lane->status != HO_OK) break;
    }
}

#include "bound/branch.h"

#include "base/error.h"

#include <math.h>
#include <string.h>

static const double wide = 1.25;  /* the ends of a wide part of the axis, one by the other */
static const double whole = 1e-6; /* a share so near a whole number is one */

/* Items that are probed: of those that promise most, those of which nothing is known yet. */
enum { LOOKED_AT = 8, PROBED = 4 };

ho_chord ho_lane_chord(ho_lane *lane, ho_question *q, const ho_certificate *c, double from, double to)
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

ho_status ho_branch_axis(ho_lane *lane, ho_node *node, ho_question *q, const ho_certificate *c, double at,
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
        ho_chord now = ho_lane_chord(lane, q, c, ends[i], ends[i + 1]);
        if (ho_chord_highest(&old) < ho_chord_highest(&now)) now = old;
        HO_TRY(add_child(lane, node, &(ho_cut){.kind = HO_CUT_AXIS}, &now, place_of(&now), &added, err));
    }
    return HO_OK;
}

/* What can be branched on. */
typedef struct choice {
    ho_cut_kind kind;
    uint32_t item;
    double members; /* in the solution */
    double score;   /* how much it promises */
    bool probed[2]; /* down, up */
    ho_chord chord[2];
} choice;

static ho_cut cut_of(const choice *c, int up)
{
    const uint32_t below = (uint32_t)floor(c->members);
    return (ho_cut){c->kind, c->item, up ? below + 1 : 0, up ? UINT32_MAX : below};
}

/* How far the cut moves the members. */
static double moved_by(const choice *c, int up)
{
    const double part = c->members - floor(c->members);
    return up ? 1 - part : part;
}

static uint32_t lesson_of(const ho_forest *f, const choice *c)
{
    return c->item + (c->kind == HO_CUT_COLUMN ? (uint32_t)f->clusters.count : 0);
}

static double score_of(const ho_forest *f, const choice *c)
{
    const uint32_t at = lesson_of(f, c);
    double score = 1;
    for (int up = 0; up < 2; up++) {
        const struct ho_lessons *l = &f->lessons[up];
        score *= fmax(moved_by(c, up) * (l->count[at] > 0 ? l->cost[at] : l->usual), 1e-9);
    }
    return score;
}

/* The same with what probing has shown. */
static double probed_score(const ho_forest *f, const choice *c, double bound)
{
    const uint32_t at = lesson_of(f, c);
    double score = 1;
    for (int up = 0; up < 2; up++) {
        const struct ho_lessons *l = &f->lessons[up];
        const double cost =
            c->probed[up] ? bound - ho_chord_highest(&c->chord[up]) : moved_by(c, up) * l->cost[at];
        score *= fmax(cost, 1e-9);
    }
    return score;
}

/* The choices of largest score so far, largest first. */
typedef struct choices {
    choice list[LOOKED_AT];
    size_t count;
} choices;

static void consider(const ho_forest *f, ho_cut_kind kind, uint32_t item, double members, choices *all)
{
    choice c = {.kind = kind, .item = item, .members = members};
    const double part = members - floor(members);
    if (part < whole || part > 1 - whole) return;
    c.score = score_of(f, &c);
    if (all->count == LOOKED_AT && !(c.score > all->list[LOOKED_AT - 1].score)) return;
    size_t at = all->count < LOOKED_AT ? all->count++ : LOOKED_AT - 1;
    for (; at > 0 && all->list[at - 1].score < c.score; at--)
        all->list[at] = all->list[at - 1];
    all->list[at] = c;
}

/* Clusters first; single columns where all clusters have whole numbers of members. */
static choices look(ho_lane *lane)
{
    const ho_forest *f = lane->forest;
    const ho_programme *p = lane->solver.programme;
    choices all = {.count = 0};
    memset(lane->members, 0, f->clusters.count * sizeof *lane->members);
    for (size_t entry = 0; entry < p->entry_count; entry++) {
        const uint32_t cluster = f->clusters.of[p->entries[entry]];
        if (cluster != HO_NOBODY) lane->members[cluster] += p->values[entry + HO_OWN_COLUMNS];
    }
    for (uint32_t i = 0; i < f->clusters.count; i++)
        consider(f, HO_CUT_CLUSTER, i, lane->members[i], &all);
    const bool of_clusters = all.count > 0;
    for (size_t entry = 0; entry < p->entry_count && !of_clusters; entry++)
        consider(f, HO_CUT_COLUMN, p->entries[entry], p->values[entry + HO_OWN_COLUMNS], &all);
    return all;
}

/* A column that is not fixed, the one of largest share in a solution whose shares are all whole. */
static bool look_for_any(const ho_lane *lane, bool solved, choice *found)
{
    const ho_programme *p = lane->solver.programme;
    double largest = -1;
    for (size_t entry = 0; entry < p->entry_count && solved; entry++) {
        const uint32_t j = p->entries[entry];
        const double share = round(p->values[entry + HO_OWN_COLUMNS]);
        if (lane->least[j] == lane->most[j] || !(share > largest)) continue;
        const double below = share > lane->least[j] ? share - 0.5 : share + 0.5; /* that many, or not */
        *found = (choice){.kind = HO_CUT_COLUMN, .item = j, .members = below};
        largest = share;
    }
    for (uint32_t j = 0; j < lane->forest->base.columns.count && largest < 0; j++) {
        if (lane->least[j] == lane->most[j]) continue;
        *found = (choice){.kind = HO_CUT_COLUMN, .item = j, .members = lane->least[j] + 0.5};
        largest = 0;
    }
    return largest >= 0;
}

void ho_narrow_range(uint32_t *least, uint32_t *most, const ho_cut *cut)
{
    if (cut->least > *least) *least = cut->least;
    if (cut->most < *most) *most = cut->most;
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
    ho_narrow_range(n.least, n.most, cut);
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

/* Solves once below the cut, to learn what it costs. */
static ho_status probe(ho_lane *lane, const ho_node *node, const ho_question *q, double bound, choice *c,
                       int up, ho_error *err)
{
    const ho_cut cut = cut_of(c, up);
    const narrowing n = narrow_box(lane, &cut);
    ho_question once = *q;
    ho_answer a;
    once.rounds = 1;
    ho_status status = ho_solver_ask(&lane->solver, &once, &a, err);
    if (status == HO_OK) {
        c->chord[up] = ho_lane_chord(lane, &once, &a.certificate, node->from, node->to);
        c->probed[up] = true;
        ho_lane_learn(lane, lesson_of(lane->forest, c), up, bound - a.bound, moved_by(c, up));
        ho_solver_take_back(&lane->solver, &a);
    }
    widen_box(&n);
    return status;
}

/* Probes what nothing is known of, and puts the best first. */
static ho_status probe_some(ho_lane *lane, const ho_node *node, const ho_question *q, double bound,
                            choices *all, ho_error *err)
{
    const ho_forest *f = lane->forest;
    size_t probed = 0, best = 0;
    for (size_t i = 0; i < all->count && probed < PROBED; i++) {
        choice *c = &all->list[i];
        const uint32_t at = lesson_of(f, c);
        bool news = false;
        for (int up = 0; up < 2; up++) {
            if (f->lessons[up].count[at] > 0) continue;
            HO_TRY(probe(lane, node, q, bound, c, up, err));
            news = true;
        }
        if (news) c->score = probed_score(f, c, bound);
        probed += news;
    }
    for (size_t i = 1; i < all->count; i++)
        best = all->list[i].score > all->list[best].score ? i : best;
    const choice first = all->list[best];
    all->list[best] = all->list[0];
    all->list[0] = first;
    return HO_OK;
}

static ho_status split(ho_lane *lane, ho_node *node, ho_question *q, const ho_answer *a, const choice *on,
                       ho_error *err)
{
    for (int up = 0; up < 2; up++) {
        ho_node *added;
        const ho_cut cut = cut_of(on, up);
        const narrowing n = narrow_box(lane, &cut);
        ho_chord c = ho_lane_chord(lane, q, &a->certificate, node->from, node->to);
        widen_box(&n);
        if (on->probed[up] && ho_chord_highest(&on->chord[up]) < ho_chord_highest(&c)) c = on->chord[up];
        const bool same = node->to <= wide * node->from; /* then the solution is a good beginning */
        HO_TRY(add_child(lane, node, &cut, &c, same ? node->at : place_of(&c), &added, err));
        if (added == NULL || !same || on->probed[up]) continue;
        added->reached = a->bound;
        added->moved = moved_by(on, up);
    }
    return HO_OK;
}

ho_status ho_branch(ho_lane *lane, ho_node *node, ho_question *q, const ho_answer *a, bool *possible,
                    ho_error *err)
{
    const bool solved = lane->solver.programme->state == HO_LP_OPTIMAL;
    choices all = {.count = 0};
    if (solved) all = look(lane);
    *possible = all.count > 0 || look_for_any(lane, solved, &all.list[0]);
    if (!*possible) return HO_OK;
    if (all.count > 0) HO_TRY(probe_some(lane, node, q, a->bound, &all, err));
    return split(lane, node, q, a, &all.list[0], err);
}

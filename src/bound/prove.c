/* Branch and bound: A. Land, A. Doig, "An automatic method of solving discrete programming problems", Econometrica 28
 * (1960), best bound first. Roots are the pieces of a bound's proof; a node's bound is a certificate over its box. Lanes
 * work side by side in rounds, and what they found is gathered in their order, so that the tree does not depend on the
 * number of threads. A node that the solver fails at is given up, and its bound stays part of the result. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "bound/lane.h"

#include <math.h>
#include <string.h>

/* Better by less is no better: a part of the best known value, and a little where that is 0. */
static const double slack = 1e-9, least_slack = 1e-12;

typedef struct proving {
    ho_bound *bound;
    const ho_problem *problem;
    const ho_tree_effort *effort;
    ho_forest forest;
    ho_lane lanes[HO_LANES];
    size_t opened;
    ho_open open;
    double known, given_up_bound;
    double started;
    uint32_t *set;
} proving;

static double cutoff_of(double known)
{
    return known == -INFINITY ? known : known + slack * fabs(known) + least_slack;
}

static ho_status plant_root(proving *p, size_t i, ho_error *err)
{
    const ho_root *root = &p->bound->roots[i];
    ho_node *node = ho_node_new(NULL);
    if (node == NULL) return ho_fail_memory(err, sizeof *node, "a branch and bound");
    node->question = (uint32_t)i;
    node->number = p->forest.made++;
    node->bound = p->bound->pieces[root->piece].value;
    node->from = root->from;
    node->to = root->to;
    node->left = node->right = node->bound;
    node->at = root->question.rate;
    ho_status status = ho_open_add(&p->open, node, err);
    if (status != HO_OK) ho_node_end(node);
    return status;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool is_included(const ho_problem *p, uint32_t strategy)
{
    return p->include_count > 0 &&
           bsearch(&strategy, p->include, p->include_count, sizeof strategy, by_number) != NULL;
}

/* Strategies for a set of columns: of equal ones those that must be in, then the smallest. */
static void list_strategies(const proving *p, const uint32_t *columns)
{
    const ho_bound_columns *cs = &p->forest.base.columns;
    const size_t size = p->forest.base.size;
    size_t at = 0;
    for (size_t i = 0, end; i < size; i = end) {
        for (end = i + 1; end < size && columns[end] == columns[i];)
            end++;
        size_t wanted = end - i;
        for (int forced = 1; forced >= 0; forced--) {
            for (uint32_t j = cs->first[columns[i]]; j != HO_NOBODY && wanted > 0; j = cs->next[j]) {
                if (is_included(p->problem, j) != (forced == 1)) continue;
                p->set[at++] = j;
                wanted--;
            }
        }
    }
    qsort(p->set, at, sizeof *p->set, by_number);
}

/* Tells of a set of columns that is worth more than the best known one, and gets what is the best known one then. */
static void offer(proving *p, uint32_t *columns, double worth)
{
    if (!(worth > cutoff_of(p->known))) return;
    qsort(columns, p->forest.base.size, sizeof *columns, by_number);
    list_strategies(p, columns);
    const double known = p->effort->found != NULL ? p->effort->found(p->effort->user, p->set, worth) : worth;
    if (known > p->known) p->known = known;
}

/* What lanes found beside the tree. *risen: the best known set is better now. A leaf's set is offered in any case, since
 * one that is better may break a rule. */
static void gather_sets(proving *p, bool *risen)
{
    const double before = p->known;
    for (size_t i = 0; i < p->opened; i++) {
        ho_lane *lane = &p->lanes[i];
        for (size_t n = 0; n < lane->leaf_count; n++)
            offer(p, lane->leaves + n * p->forest.base.size, lane->worths[n]);
        lane->leaf_count = 0;
        offer(p, lane->rounder.members, lane->rounder.best);
    }
    for (size_t i = 0; i < p->opened; i++)
        p->lanes[i].rounder.best = p->known;
    p->forest.cutoff = cutoff_of(p->known);
    *risen = p->known > before;
}

static ho_status gather_nodes(proving *p, ho_error *err)
{
    size_t made = 0;
    ho_bound_tree *tree = &p->bound->facts.tree;
    for (size_t i = 0; i < p->opened; i++) {
        ho_lane *lane = &p->lanes[i];
        for (size_t n = 0; n < lane->lesson_count; n++)
            ho_forest_learn(&p->forest, &lane->lessons[n]);
        for (ho_node *node; (node = ho_open_take(&lane->open)) != NULL;) {
            const bool wanted = node->bound > p->forest.cutoff;
            ho_status status = wanted ? ho_open_add(&p->open, node, err) : HO_OK;
            if (!wanted || status != HO_OK) ho_node_end(node);
            HO_TRY(status);
        }
        for (size_t n = 0; n < lane->ended_count; n++)
            ho_node_end(lane->ended[n]);
        tree->nodes += (int64_t)lane->nodes;
        tree->given_up += (int64_t)lane->given_up;
        if (lane->given_up_bound > p->given_up_bound) p->given_up_bound = lane->given_up_bound;
        made = lane->made > made ? lane->made : made;
        lane->ended_count = lane->lesson_count = lane->nodes = lane->given_up = lane->made = 0;
    }
    p->forest.made += made * HO_LANES;
    return HO_OK;
}

/* What is proven now. */
static double bound_now(const proving *p)
{
    return fmax(fmax(ho_open_bound(&p->open), p->given_up_bound), p->forest.cutoff);
}

/* A hundredth of the first gap, as it is known now. */
static double trifle_of(const proving *p)
{
    const double gap = p->bound->facts.tree.before - p->forest.cutoff;
    return isfinite(gap) && gap > 0 ? 0.01 * gap : 0;
}

static int by_rate(const void *a, const void *b)
{
    const ho_node *x = *(ho_node *const *)a, *y = *(ho_node *const *)b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* Gives each lane one of the best nodes that are left, in the order of their rates, so that a lane has similar programmes
 * from round to round; and how many steps are left for it. */
static ho_status deal(proving *p, size_t *steps, ho_error *err)
{
    const int64_t limit = p->effort->nodes, left = limit - p->bound->facts.tree.nodes;
    ho_node *nodes[HO_LANES];
    size_t count = 0;
    while (count < p->opened && (limit == 0 || (int64_t)count < left) &&
           ho_open_bound(&p->open) > p->forest.cutoff)
        nodes[count++] = ho_open_take(&p->open);
    qsort(nodes, count, sizeof *nodes, by_rate);
    ho_status status = HO_OK;
    for (size_t i = 0; i < count; i++) {
        if (status == HO_OK) status = ho_open_add(&p->lanes[i].open, nodes[i], err);
        if (status != HO_OK) ho_node_end(nodes[i]);
    }
    p->forest.waiting = ho_open_bound(&p->open);
    p->forest.trifle = trifle_of(p);
    *steps = HO_LANE_STEPS;
    if (limit > 0 && left / (int64_t)count < HO_LANE_STEPS) *steps = (size_t)(left / (int64_t)count);
    return status;
}

static ho_status work_round(proving *p, ho_error *err)
{
    size_t steps = 0;
    bool risen = false;
    HO_TRY(deal(p, &steps, err));
    for (size_t i = 0; i < p->opened; i++) {
        ho_lane *lane = &p->lanes[i];
#pragma omp task default(none) firstprivate(lane, steps)
        ho_lane_work(lane, steps);
    }
#pragma omp taskwait
    for (size_t i = 0; i < p->opened; i++) {
        if (p->lanes[i].status != HO_OK)
            return ho_fail(err, p->lanes[i].status, "%s", p->lanes[i].error.text);
    }
    gather_sets(p, &risen);
    HO_TRY(gather_nodes(p, err));
    return risen ? ho_forest_thin(&p->forest, p->bound, &p->lanes[0].solver, err) : HO_OK;
}

static bool is_over(const proving *p, ho_stop *why)
{
    const ho_tree_effort *e = p->effort;
    *why = HO_STOP_FINISHED;
    if (!(ho_open_bound(&p->open) > p->forest.cutoff)) return true;
    *why = HO_STOP_CANCEL;
    if (e->cancel != NULL && *e->cancel != 0) return true;
    *why = HO_STOP_BUDGET;
    if (e->nodes > 0 && p->bound->facts.tree.nodes >= e->nodes) return true;
    *why = HO_STOP_TIME;
    return e->seconds > 0 && ho_clock_seconds() - p->started >= e->seconds;
}

static void tell(const proving *p)
{
    const ho_tree_effort *e = p->effort;
    if (e->progress == NULL) return;
    double share = e->nodes > 0 ? (double)p->bound->facts.tree.nodes / (double)e->nodes : 0;
    if (e->seconds > 0) share = fmax(share, (ho_clock_seconds() - p->started) / e->seconds);
    e->progress(e->user, fmin(share, 1), bound_now(p));
}

/* False where the columns that are left are too few for a set. */
static bool is_room_left(const ho_bound_base *b)
{
    size_t room = 0;
    for (size_t j = 0; j < b->columns.count && room < b->size; j++)
        room += b->columns.most[j];
    return room >= b->size;
}

static ho_status grow(proving *p, ho_error *err)
{
    if (!is_room_left(&p->forest.base)) return HO_OK;
    for (size_t i = 0; i < p->bound->root_count; i++)
        HO_TRY(plant_root(p, i, err));
    while (!is_over(p, &p->bound->facts.tree.stopped_by)) {
        if (p->opened == 0) {
            for (; p->opened < HO_LANES; p->opened++)
                HO_TRY(ho_lane_open(&p->forest, p->opened, &p->lanes[p->opened], err));
        }
        HO_TRY(work_round(p, err));
        tell(p);
    }
    return HO_OK;
}

/* A quotient without a limit has one where nothing is left of the end of its axis. */
static bool is_useful(const proving *p)
{
    double end = 0;
    for (size_t i = 0; i < p->bound->root_count; i++)
        end = fmax(end, p->bound->roots[i].to);
    for (size_t i = 0; i < p->open.count; i++) {
        const ho_node *node = p->open.nodes[i];
        if (node->bound > p->forest.cutoff && node->to >= end) return false;
    }
    return p->bound->facts.tree.given_up == 0;
}

/* The bound is what the tree leaves; never above what it was. */
static void conclude(proving *p)
{
    ho_bound_facts *f = &p->bound->facts;
    const double now = bound_now(p);
    for (size_t i = 0; i < p->open.count; i++)
        f->tree.open += p->open.nodes[i]->bound > p->forest.cutoff;
    f->tree.proven = f->tree.stopped_by == HO_STOP_FINISHED && !(p->given_up_bound > p->forest.cutoff);
    if (now < f->value) f->value = now;
    if (!f->useful) f->useful = is_useful(p);
    f->tree.seconds = ho_clock_seconds() - p->started;
}

static void clear(proving *p)
{
    for (size_t i = 0; i < HO_LANES; i++)
        ho_lane_close(&p->lanes[i]);
    ho_open_clear(&p->open);
    ho_forest_free(&p->forest);
    free(p->set);
}

/* By one thread of a team, which takes its tasks. */
static ho_status prove(ho_bound *bound, const ho_panel *panel, const ho_problem *problem,
                       const ho_bound_goal *goal, const ho_tree_effort *effort, ho_error *err)
{
    proving p = {.bound = bound,
                 .problem = problem,
                 .effort = effort,
                 .known = effort->known,
                 .given_up_bound = -INFINITY,
                 .started = ho_clock_seconds(),
                 .set = HO_NEW(uint32_t, problem->size)};
    ho_solver s = {0};
    if (p.set == NULL) return ho_fail_memory(err, problem->size * sizeof *p.set, "a branch and bound");
    bound->facts.tree =
        (ho_bound_tree){.grown = true, .stopped_by = HO_STOP_FINISHED, .before = bound->facts.value};
    ho_status status = ho_solver_open(panel, problem, goal, HO_ENGINE_OWN, effort->cancel, &s, err);
    if (status == HO_OK) status = ho_forest_new(bound, &s, cutoff_of(p.known), &p.forest, err);
    ho_solver_close(&s);
    bound->facts.tree.kept = p.forest.base.columns.count;
    if (status == HO_OK) status = grow(&p, err);
    if (status == HO_OK) conclude(&p);
    clear(&p);
    return status;
}

ho_status ho_bound_prove(ho_bound *bound, const ho_panel *panel, const ho_problem *problem,
                         const ho_bound_goal *goal, const ho_tree_effort *effort, ho_error *err)
{
    ho_status status = HO_OK;
#pragma omp parallel num_threads(effort->threads < 1 ? 1 : effort->threads)
#pragma omp single
    status = prove(bound, panel, problem, goal, effort, err);
    return status;
}

ho_status ho_bound_branch(const ho_bound *bound, const ho_panel *panel, const ho_problem *problem,
                          const ho_bound_goal *goal, const ho_tree_effort *effort, int64_t *nodes,
                          ho_error *err)
{
    ho_bound copy = *bound; /* what the tree writes is of the copy alone */
    ho_status status = prove(&copy, panel, problem, goal, effort, err);
    *nodes = copy.facts.tree.nodes;
    return status;
}

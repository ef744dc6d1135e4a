#include "bound/branch.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Of a node's room, the bound less what is of interest: what the ends of its part of the axis may lose before that is
 * halved; how near a programme comes. */
static const double axis_share = 0.35, tolerance_share = 0.05;
static const double narrow = 1e-7; /* a part of the axis that is parted no more, relative */

enum { ROUNDS = 12, MOST_ROWS = 100, ROUNDED = 250 /* of the first nodes each, then every other */ };

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

/* Makes the lane's box the node's. False: it is empty. */
static bool load_box(ho_lane *lane, const ho_node *node)
{
    const ho_bound_columns *cs = &lane->forest->base.columns;
    bool empty = false;
    memcpy(lane->least, cs->least, cs->count * sizeof *cs->least);
    memcpy(lane->most, cs->most, cs->count * sizeof *cs->most);
    if (lane->forest->limits != NULL)
        memcpy(lane->ranges, lane->forest->limits, lane->forest->clusters.count * sizeof *lane->ranges);
    else
        memset(lane->ranges, 0, lane->forest->clusters.count * sizeof *lane->ranges);
    for (; node != NULL; node = node->parent) {
        const ho_cut *cut = &node->cut;
        if (cut->kind == HO_CUT_COLUMN) {
            ho_narrow_range(&lane->least[cut->item], &lane->most[cut->item], cut);
            empty |= lane->least[cut->item] > lane->most[cut->item];
        } else if (cut->kind == HO_CUT_CLUSTER) {
            ho_range *r = &lane->ranges[cut->item];
            if (!r->used) *r = (ho_range){0, UINT32_MAX, true};
            ho_narrow_range(&r->least, &r->most, cut);
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

void ho_lane_learn(ho_lane *lane, uint32_t item, bool up, double lost, double moved)
{
    if (lane->lesson_count == HO_LANE_LESSONS || !(moved > 0) || !isfinite(lost)) return;
    lane->lessons[lane->lesson_count++] =
        (ho_lesson){.item = item, .up = up, .cost = lost > 0 ? lost / moved : 0};
}

/* What the cut that made the node has cost. */
static void learn(ho_lane *lane, const ho_node *node, const ho_answer *a)
{
    const uint32_t clusters = (uint32_t)lane->forest->clusters.count;
    if (node->cut.kind == HO_CUT_AXIS) return;
    ho_lane_learn(lane, node->cut.item + (node->cut.kind == HO_CUT_COLUMN ? clusters : 0),
                  node->cut.least > 0, node->reached - a->bound, node->moved);
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
    if (axis && (!solved || lossy)) return ho_branch_axis(lane, node, q, &a->certificate, peak, err);
    bool possible;
    HO_TRY(ho_branch(lane, node, q, a, &possible, err));
    if (!possible) give_up(lane, node);
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
                   now = has_axis(lane, node) ? ho_lane_chord(lane, &q, &a.certificate, node->from, node->to)
                                              : (ho_chord){node->from, node->to, a.bound, a.bound};
    const double bound = ho_chord_peak(&before, &now, &peak);
    if (bound < node->bound) node->bound = bound;
    ho_status status = HO_OK;
    if (node->bound > f->cutoff && !ho_solver_cancelled(&lane->solver)) {
        if (lane->turn < ROUNDED || lane->turn % 2 == 0)
            ho_rounder_try(&lane->rounder, &lane->solver, node->bound - f->cutoff);
        lane->turn++;
        status = go_on(lane, node, &q, &a, peak, err);
    }
    ho_solver_take_back(&lane->solver, &a);
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

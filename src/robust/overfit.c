#include "robust/overfit.h"

#include "base/error.h"
#include "base/memory.h"
#include "stats/stats.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS_AT_ONCE = 1024 }; /* between looks at the cancel flag */

/* What one thread has found among its columns. */
typedef struct finder {
    double *best;
    uint32_t *winner, *below, *equal;
} finder;

typedef struct tree {
    const ho_overfit_of *of;
    const ho_kernels *kernels;
    ho_blocks blocks;
    finder *finders;
    size_t finder_count, count;
    double *hurdle;  /* of each choice as the other half: its winner's worth there */
    uint8_t *chosen; /* of each choice: its blocks */
} tree;

size_t ho_overfit_count(size_t blocks)
{
    size_t count = 1;
    for (size_t i = 1; i <= blocks / 2; i++)
        count = count * (blocks / 2 + i) / i;
    return count;
}

void ho_overfit_choices(size_t blocks, uint8_t *chosen)
{
    ho_choice_walk w = {.depth = 0};
    bool whole = false;
    while (ho_choice_step(&w, blocks, &whole)) {
        for (; whole && w.next < blocks; w.next++) {
            for (size_t d = 0; d < w.depth; d++)
                *chosen++ = (uint8_t)w.picked[d];
            *chosen++ = (uint8_t)w.next;
        }
    }
}

static void clear(tree *t)
{
    for (size_t i = 0; t->finders != NULL && i < t->finder_count; i++) {
        free(t->finders[i].best);
        free(t->finders[i].winner);
        free(t->finders[i].below);
        free(t->finders[i].equal);
    }
    free(t->finders);
    free(t->hurdle);
    free(t->chosen);
    ho_blocks_clear(&t->blocks);
}

static ho_status make_finder(tree *t, finder *f, ho_error *err)
{
    f->best = HO_NEW(double, t->count);
    f->winner = HO_NEW(uint32_t, t->count);
    f->below = HO_NEW(uint32_t, t->count);
    f->equal = HO_NEW(uint32_t, t->count);
    if (f->best == NULL || f->winner == NULL || f->below == NULL || f->equal == NULL)
        return ho_fail_memory(err, t->count * 20, "choices of blocks");
    for (size_t s = 0; s < t->count; s++)
        f->best[s] = -INFINITY;
    return HO_OK;
}

static ho_status allocate(tree *t, ho_error *err)
{
    const size_t columns = t->of->x->columns, parts = (columns + COLUMNS_AT_ONCE - 1) / COLUMNS_AT_ONCE;
    t->count = ho_overfit_count(t->of->blocks);
    t->finder_count = (size_t)t->of->threads < parts ? (size_t)t->of->threads : parts;
    t->finders = HO_NEW(finder, t->finder_count);
    t->hurdle = HO_NEW(double, t->count);
    t->chosen = ho_new_array(t->count, t->of->blocks / 2);
    if (t->finders == NULL || t->hurdle == NULL || t->chosen == NULL)
        return ho_fail_memory(err, t->count * t->of->blocks, "choices of blocks");
    ho_overfit_choices(t->of->blocks, t->chosen);
    for (size_t i = 0; i < t->finder_count; i++)
        HO_TRY(make_finder(t, &t->finders[i], err));
    HO_TRY(ho_kernels_choose(&t->kernels, err));
    return ho_blocks_make(t->of->x, t->of->measure, t->of->blocks, t->of->threads, &t->blocks, err);
}

static bool cancelled(const tree *t)
{
    return t->of->cancel != NULL && *t->of->cancel != 0;
}

/* One of the two walks: each thread takes neighbouring columns. */
static void walk(const tree *t, bool rank)
{
    const size_t columns = t->blocks.columns, threads = t->finder_count;
    const size_t share = (columns + threads - 1) / threads;
#pragma omp parallel for schedule(static, 1) num_threads((int)threads) if (threads > 1)
    for (size_t i = 0; i < threads; i++) {
        const finder *f = &t->finders[i];
        const size_t last = share * (i + 1) < columns ? share * (i + 1) : columns;
        for (size_t from = share * i; from < last && !cancelled(t); from += COLUMNS_AT_ONCE) {
            const size_t count = last - from < COLUMNS_AT_ONCE ? last - from : COLUMNS_AT_ONCE;
            const ho_choices part = ho_choices_from(&t->blocks.choices, from);
            if (rank)
                t->kernels->choices_rank(&part, count, t->hurdle, f->below, f->equal);
            else
                t->kernels->choices_best(&part, count, (uint32_t)from, f->best, f->winner);
            if (i == 0 && t->of->progress != NULL)
                t->of->progress(t->of->user, (rank ? 0.5 : 0) + 0.5 * (double)(from + count) / (double)last);
        }
    }
}

/* The threads' columns follow each other: the first of equals stays. */
static void join_winners(tree *t)
{
    finder *all = &t->finders[0];
    for (size_t i = 1; i < t->finder_count; i++) {
        const finder *f = &t->finders[i];
        for (size_t s = 0; s < t->count; s++) {
            if (!(f->best[s] > all->best[s])) continue;
            all->best[s] = f->best[s];
            all->winner[s] = f->winner[s];
        }
    }
}

/* What a column is worth in a choice; *n is the number of its periods. */
static double worth_of(const tree *t, size_t choice, size_t column, double *n)
{
    const ho_choices *c = &t->blocks.choices;
    const uint8_t *chosen = t->chosen + choice * (c->blocks / 2);
    ho_choice_state s = {0};
    *n = 0;
    for (size_t d = 0; d < c->blocks / 2; d++) {
        s = ho_choice_add(c, s, chosen[d], column);
        *n += c->length[chosen[d]];
    }
    return ho_choice_worth(c->kind, *n, s.a, s.b, s.drawdown);
}

/* The other half of choice s is choice count - 1 - s: there the winner of s sets the hurdle. */
static void set_hurdles(tree *t, ho_overfit *out)
{
    for (size_t s = 0; s < t->count; s++) {
        const size_t other = t->count - 1 - s;
        ho_overfit_split *split = &out->splits[s];
        double n;
        split->winner = t->finders[0].winner[s];
        split->in = worth_of(t, s, split->winner, &n);
        split->in = ho_blocks_measure(out->measure, n, split->in);
        t->hurdle[other] = worth_of(t, other, split->winner, &n);
        split->out = ho_blocks_measure(out->measure, n, t->hurdle[other]);
    }
}

static void add_ranks(const tree *t, ho_overfit *out)
{
    for (size_t s = 0; s < t->count; s++) {
        const size_t other = t->count - 1 - s;
        for (size_t i = 0; i < t->finder_count; i++) {
            out->splits[s].below += t->finders[i].below[other];
            out->splits[s].equal += t->finders[i].equal[other];
        }
    }
}

/* Least squares about the means; NaN where nothing varies or something is infinite. */
static double slope_of(const ho_overfit *o)
{
    double in = 0, out = 0, up = 0, down = 0;
    for (size_t s = 0; s < o->count; s++) {
        in += o->splits[s].in / (double)o->count;
        out += o->splits[s].out / (double)o->count;
    }
    for (size_t s = 0; s < o->count; s++) {
        const double apart = o->splits[s].in - in;
        up += apart * (o->splits[s].out - out);
        down += apart * apart;
    }
    return isfinite(up) && isfinite(down) && down > 0 ? up / down : NAN;
}

/* What a column must be above to have won something; NaN where a measure has no such line. */
static double line_of(ho_block_measure measure)
{
    if (measure == HO_BLOCKS_DRAWDOWN) return NAN;
    if (measure == HO_BLOCKS_WIN_RATE) return 0.5;
    return measure == HO_BLOCKS_PROFIT_FACTOR ? 1 : 0;
}

static ho_status summarize(ho_overfit *o, ho_error *err)
{
    const double n = (double)o->columns, count = (double)o->count, line = line_of(o->measure);
    double *ranks = HO_NEW(double, o->count);
    uint8_t *won = HO_NEW(uint8_t, o->columns);
    size_t low = 0, low_average = 0, lost = 0;
    if (ranks == NULL || won == NULL) {
        free(ranks);
        free(won);
        return ho_fail_memory(err, o->count * sizeof *ranks, "ranks");
    }
    for (size_t s = 0; s < o->count; s++) {
        const ho_overfit_split *split = &o->splits[s];
        const double rank = 1 + (double)split->below;
        const double average = (double)split->below + (1 + (double)split->equal) / 2;
        low += 2 * rank <= n + 1;
        low_average += 2 * average <= n + 1;
        lost += split->out < line;
        ranks[s] = rank / (n + 1);
        o->winners += !won[split->winner];
        won[split->winner] = 1;
    }
    ho_sort_ascending(ranks, o->count);
    o->median_rank = ho_percentile(ranks, o->count, 0.5);
    o->probability = (double)low / count;
    o->probability_average = (double)low_average / count;
    o->loss = isnan(line) ? NAN : (double)lost / count;
    o->slope = slope_of(o);
    free(ranks);
    free(won);
    return HO_OK;
}

static ho_status find(tree *t, ho_overfit *out, ho_error *err)
{
    HO_TRY(allocate(t, err));
    out->splits = HO_NEW(ho_overfit_split, t->count);
    if (out->splits == NULL) return ho_fail_memory(err, t->count * sizeof *out->splits, "splits");
    out->count = t->count;
    walk(t, false);
    join_winners(t);
    set_hurdles(t, out);
    walk(t, true);
    out->interrupted = cancelled(t);
    if (out->interrupted) return HO_OK;
    add_ranks(t, out);
    return summarize(out, err);
}

ho_status ho_overfit_make(const ho_overfit_of *of, ho_overfit *out, ho_error *err)
{
    if (of->x->rows < of->blocks)
        return ho_fail(err, HO_ERR_USAGE, "%zu blocks of %zu periods: there must be a period for each block",
                       of->blocks, of->x->rows);
    tree t = {.of = of};
    ho_overfit made = {.measure = of->measure, .blocks = of->blocks, .columns = of->x->columns};
    ho_status status = find(&t, &made, err);
    clear(&t);
    if (status == HO_OK)
        *out = made;
    else
        ho_overfit_clear(&made);
    return status;
}

void ho_overfit_clear(ho_overfit *overfit)
{
    free(overfit->splits);
    *overfit = (ho_overfit){0};
}

double ho_overfit_logit(const ho_overfit *o, size_t split)
{
    const double w = (1 + (double)o->splits[split].below) / ((double)o->columns + 1);
    return log(w / (1 - w));
}

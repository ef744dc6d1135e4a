#include "bound/forest.h"

#include "base/error.h"
#include "base/memory.h"
#include "bound/clusters.h"

#include <math.h>
#include <string.h>

static const double together = 0.8; /* the correlation of columns in a cluster */

enum { MOST_CLUSTERED = 4000 };

/* Bounds of the sets that hold a column, over the part of the axis of a root; the largest of all roots counts. */
static ho_status widen_margins(const ho_bound *b, ho_solver *s, const ho_root *root, double *margins,
                               ho_error *err)
{
    const ho_bound_piece *piece = &b->pieces[root->piece];
    const bool total = piece->cover != HO_COVER_DEPTH;
    HO_TRY(ho_certificate_make(&s->base, total, piece->pair_weight, piece->y, piece->g, &s->spare, err));
    for (int end = 0; end < 2; end++) {
        ho_question q = root->question;
        q.rate = end == 0 ? root->from : root->to;
        const double bound = ho_question_bound(s, &q, &s->spare);
        if (bound == -INFINITY) continue;
        for (size_t j = 0; j < s->base.columns.count; j++) {
            const double lacks = s->chooser.price - s->chooser.values[j];
            const double margin = bound - (lacks > 0 ? lacks * (1 - 1e-9) : 0);
            if (margin > margins[j]) margins[j] = margin;
        }
    }
    return HO_OK;
}

/* By column: what no set that holds it can pass. */
static ho_status find_margins(const ho_bound *b, ho_solver *s, double *margins, ho_error *err)
{
    for (size_t j = 0; j < s->base.columns.count; j++)
        margins[j] = s->base.columns.least[j] > 0 ? INFINITY : -INFINITY;
    for (size_t i = 0; i < b->root_count; i++)
        HO_TRY(widen_margins(b, s, &b->roots[i], margins, err));
    return HO_OK;
}

/* The margins become those of the columns that are kept. */
static ho_status keep_columns(ho_forest *f, const ho_solver *s, double *margins, ho_error *err)
{
    const ho_bound_columns *cs = &s->base.columns;
    uint8_t *keep = HO_NEW(uint8_t, cs->count);
    size_t kept = 0;
    if (keep == NULL) return ho_fail_memory(err, cs->count, "a branch and bound");
    for (size_t j = 0; j < cs->count; j++) {
        keep[j] = cs->most[j] > 0 && margins[j] > f->cutoff;
        if (keep[j]) margins[kept++] = margins[j];
    }
    f->base = s->base;
    f->base.columns = (ho_bound_columns){0};
    ho_status status = kept > 0 ? ho_bound_columns_keep(cs, keep, &f->base.columns, err) : HO_OK;
    free(keep);
    return status;
}

typedef struct ranked {
    double margin;
    uint32_t column;
} ranked;

/* Best margin first. */
static int by_margin(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->margin != y->margin) return x->margin > y->margin ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* Where groups are limited they are the clusters, so that nodes keep to them; else columns that rise and fall together. */
static ho_status make_clusters(ho_forest *f, const ho_bound_limits *limits, const double *margins,
                               ho_error *err)
{
    if (limits->grouping != NULL) {
        ho_bound_limits kept;
        HO_TRY(ho_bound_limits_of(&f->base.columns, limits->grouping, f->base.size, &kept, err));
        f->clusters = kept.groups;
        f->limits = kept.ranges;
        return HO_OK;
    }
    const ho_bound_columns *cs = &f->base.columns;
    const size_t count = cs->count < MOST_CLUSTERED ? cs->count : MOST_CLUSTERED;
    ranked *order = HO_NEW(ranked, cs->count);
    uint32_t *columns = HO_NEW(uint32_t, cs->count);
    ho_status status = HO_OK;
    if (order == NULL || columns == NULL) status = ho_fail_memory(err, cs->count * sizeof *order, "clusters");
    for (uint32_t j = 0; j < cs->count && status == HO_OK; j++)
        order[j] = (ranked){margins[j], j};
    if (status == HO_OK) qsort(order, cs->count, sizeof *order, by_margin);
    for (size_t i = 0; i < count && status == HO_OK; i++)
        columns[i] = order[i].column;
    if (status == HO_OK) status = ho_clusters_new(cs, columns, count, together, &f->clusters, err);
    free(order);
    free(columns);
    return status;
}

static ho_status make_lessons(ho_forest *f, ho_error *err)
{
    const size_t items = f->clusters.count + f->base.columns.count;
    for (int up = 0; up < 2; up++) {
        f->lessons[up].cost = HO_NEW(double, items);
        f->lessons[up].count = HO_NEW(uint32_t, items);
        if (f->lessons[up].cost == NULL || f->lessons[up].count == NULL)
            return ho_fail_memory(err, items * sizeof(double), "a branch and bound");
        f->lessons[up].usual = 1;
    }
    return HO_OK;
}

/* The roots' questions; the nodes' are theirs. */
static ho_status copy_questions(ho_forest *f, const ho_bound *b, ho_error *err)
{
    f->questions = HO_NEW(ho_question, b->root_count);
    if (f->questions == NULL)
        return ho_fail_memory(err, b->root_count * sizeof *f->questions, "a branch and bound");
    for (size_t i = 0; i < b->root_count; i++)
        f->questions[i] = b->roots[i].question;
    return HO_OK;
}

ho_status ho_forest_new(const ho_bound *b, ho_solver *s, double cutoff, ho_forest *forest, ho_error *err)
{
    ho_forest f = {.cutoff = cutoff, .cancel = s->cancel};
    double *margins = HO_NEW(double, s->base.columns.count);
    ho_status status = HO_OK;
    if (margins == NULL)
        status = ho_fail_memory(err, s->base.columns.count * sizeof *margins, "a branch and bound");
    if (status == HO_OK) status = find_margins(b, s, margins, err);
    if (status == HO_OK) status = keep_columns(&f, s, margins, err);
    if (status == HO_OK) status = make_clusters(&f, &s->limits, margins, err);
    if (status == HO_OK) status = make_lessons(&f, err);
    if (status == HO_OK) status = copy_questions(&f, b, err);
    free(margins);
    if (status != HO_OK) {
        ho_forest_free(&f);
        return status;
    }
    *forest = f;
    forest->base.groups = f.limits != NULL ? &forest->clusters : NULL;
    forest->base.limits = f.limits;
    return HO_OK;
}

ho_status ho_forest_thin(ho_forest *f, const ho_bound *b, ho_solver *s, ho_error *err)
{
    double *margins = HO_NEW(double, f->base.columns.count);
    if (margins == NULL)
        return ho_fail_memory(err, f->base.columns.count * sizeof *margins, "a branch and bound");
    ho_status status = find_margins(b, s, margins, err);
    for (size_t j = 0; j < f->base.columns.count && status == HO_OK; j++) {
        if (!(margins[j] > f->cutoff)) f->base.columns.most[j] = 0;
    }
    free(margins);
    return status;
}

void ho_forest_learn(ho_forest *f, const ho_lesson *lesson)
{
    struct ho_lessons *l = &f->lessons[lesson->up];
    const uint32_t count = ++l->count[lesson->item];
    l->cost[lesson->item] += (lesson->cost - l->cost[lesson->item]) / count;
    l->all++;
    l->usual += (lesson->cost - l->usual) / (double)l->all;
}

void ho_forest_free(ho_forest *f)
{
    ho_bound_columns_free(&f->base.columns);
    ho_clusters_free(&f->clusters);
    free(f->limits);
    for (int up = 0; up < 2; up++) {
        free(f->lessons[up].cost);
        free(f->lessons[up].count);
    }
    free(f->questions);
    *f = (ho_forest){0};
}

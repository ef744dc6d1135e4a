#include "run/bound_file.h"

#include "base/error.h"
#include "report/json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *numbers(const double *values, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) {
        if (!ho_json_append(&array, ho_json_number(values[i]))) break;
    }
    return array;
}

static json_t *goal_json(const ho_bound_goal *g)
{
    static const char *const shapes[] = {"quotient", "total", "depth"};
    static const char *const depths[] = {"drawdown from zero", "drawdown from the first period", "losses"};
    return json_pack("{s:s,s:s,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:f}", "shape", shapes[g->shape], "depth",
                     depths[g->depth], "divisor", g->divisor, "factor", g->factor, "constant", g->constant,
                     "none", g->none, "gain_rate", g->gain_rate, "loss_rate", g->loss_rate, "pair_weight",
                     g->pair_weight, "halved_below", g->halved_below);
}

static json_t *piece_json(const ho_bound_piece *p, size_t periods)
{
    static const char *const covers[] = {"least depth", "quotient", "no depth", "total", "depth"};
    return json_pack("{s:s,s:o,s:o,s:f,s:o,s:o,s:o}", "cover", covers[p->cover], "from",
                     ho_json_number(p->from), "to", ho_json_number(p->to), "pair_weight", p->pair_weight,
                     "value", ho_json_number(p->value), "y", numbers(p->y, periods), "g",
                     numbers(p->g, periods));
}

static json_t *pieces_json(const ho_bound_file *f)
{
    json_t *array = json_array();
    const ho_bound_piece *piece;
    for (size_t i = 0; (piece = ho_bound_piece_at(f->bound, i)) != NULL; i++) {
        if (!ho_json_append(&array, piece_json(piece, ho_panel_periods(f->panel)))) break;
    }
    return array;
}

/* Strategies that a set may hold. */
static json_t *universe(const ho_bound_file *f)
{
    json_t *array = json_array();
    for (size_t j = 0; j < f->problem->candidates; j++) {
        if (f->problem->allowed != NULL && !f->problem->allowed[j]) continue;
        if (!ho_json_append(&array, ho_json_text(ho_panel_name(f->panel, j)))) break;
    }
    return array;
}

static json_t *counts(const uint32_t *values, size_t count)
{
    json_t *array = values != NULL ? json_array() : json_null();
    for (size_t i = 0; i < count && values != NULL; i++) {
        if (!ho_json_append(&array, json_integer(values[i]))) break;
    }
    return array;
}

/* The limits of groups that the bound knows: the group of each strategy of the universe, and how many members a portfolio
 * may and must have of each; null where it knows none. */
static json_t *groups(const ho_bound_file *f)
{
    const int which = ho_bound_facts_of(f->bound).grouping;
    if (which < 0) return json_null();
    const ho_grouping *g = &f->problem->groupings[which];
    json_t *of = json_array();
    for (size_t j = 0; j < f->problem->candidates; j++) {
        if (f->problem->allowed != NULL && !f->problem->allowed[j]) continue;
        json_t *one = g->group[j] == HO_NOBODY ? json_null() : json_integer(g->group[j]);
        if (!ho_json_append(&of, one)) break;
    }
    return json_pack("{s:s,s:o,s:o,s:o}", "rule", g->name, "most", counts(g->most, g->groups), "least",
                     counts(g->least, g->groups), "of", of);
}

ho_status ho_bound_file_write(const ho_bound_file *f, ho_error *err)
{
    const ho_bound_facts facts = ho_bound_facts_of(f->bound);
    json_t *root =
        json_pack("{s:s,s:o,s:s,s:I,s:I,s:o,s:f,s:o,s:o,s:o,s:o}", "version", HO_VERSION, "input",
                  ho_json_text(f->input), "period", f->period, "periods",
                  (json_int_t)ho_panel_periods(f->panel), "size", (json_int_t)f->problem->size, "include",
                  ho_json_names(f->panel, f->problem->include, f->problem->include_count), "value",
                  facts.tree.grown ? facts.tree.before : facts.value, "goal", goal_json(f->goal), "pieces",
                  pieces_json(f), "universe", universe(f), "groups", groups(f));
    char *text = NULL;
    if (root == NULL) return ho_fail_memory(err, 0, "the certificate");
    HO_TRY(ho_json_finish(root, &text, err));
    FILE *file = fopen(f->path, "w");
    int reason = file == NULL ? errno : 0;
    if (file != NULL && fputs(text, file) < 0) reason = errno;
    if (file != NULL && fclose(file) != 0 && reason == 0) reason = errno;
    free(text);
    return reason == 0 ? HO_OK : ho_fail(err, HO_ERR_IO, "%s: %s", f->path, strerror(reason));
}

#include "run/goal.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "run/goal_robust.h"
#include "run/zones.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

ho_status ho_goal_benchmark(const char *name, const ho_panel *panel, double **benchmark, ho_error *err)
{
    const size_t periods = ho_panel_periods(panel);
    size_t j = 0;
    while (j < ho_panel_strategies(panel) && strcmp(ho_panel_name(panel, j), name) != 0)
        j++;
    if (j == ho_panel_strategies(panel))
        return ho_fail(err, HO_ERR_USAGE, "--benchmark: the table has no strategy '%.200s'", name);
    *benchmark = HO_NEW(double, periods);
    if (*benchmark == NULL) return ho_fail_memory(err, periods * sizeof(double), "the benchmark");
    for (size_t t = 0; t < periods; t++)
        (*benchmark)[t] = ho_panel_row(panel, t)[j];
    return HO_OK;
}

double ho_goal_capital(double given, const ho_panel *panel)
{
    double sum = 0, of_date = 0;
    size_t dates = 0;
    for (size_t t = 0; t < ho_panel_periods(panel); t++) {
        const ho_period *now = ho_panel_period(panel, t);
        const bool same = t > 0 && ho_panel_period(panel, t - 1)->date == now->date;
        if (!same) {
            sum += of_date;
            of_date = 0;
            dates++;
        }
        of_date = now->capital > of_date ? now->capital : of_date;
    }
    return given > 0 || dates == 0 ? given : (sum + of_date) / (double)dates;
}

/* Splits "NAME=NUMBER" at its last '='. */
static ho_status split(const char *option, const char *text, char name[256], double *number, ho_error *err)
{
    const char *equals = strrchr(text, '=');
    char *end = NULL;
    const double value = equals != NULL ? strtod(equals + 1, &end) : 0;
    if (equals == NULL || equals == text || equals - text > 255 || end == equals + 1 || *end != '\0' ||
        !isfinite(value))
        return ho_fail(err, HO_ERR_USAGE, "--%s %.200s: expected NAME=NUMBER", option, text);
    (void)snprintf(name, 256, "%.*s", (int)(equals - text), text);
    *number = value;
    return HO_OK;
}

const char *ho_measure_nearest(const char *name)
{
    const char *keys[256];
    size_t count = 0;
    for (; count < ho_metric_count() && count < 256; count++)
        keys[count] = ho_metric_at(count)->key;
    return ho_text_nearest(name, keys, count);
}

static ho_status unknown_measure(const char *name, ho_error *err)
{
    const char *near = ho_measure_nearest(name);
    return ho_fail(err, HO_ERR_USAGE, "--weight: no measure is named '%.100s'%s%s%s", name,
                   near != NULL ? "; did you mean " : "; heavyopt metrics lists them",
                   near != NULL ? near : "", near != NULL ? "?" : "");
}

static ho_status make_weights(const ho_fitness_settings *s, ho_fitness *f, ho_error *err)
{
    const struct {
        const char *key;
        double weight;
    } usual[] = {{"roi_dd_ratio", s->roi_dd_ratio_weight},
                 {"total_roi", s->total_roi_weight},
                 {"max_drawdown", s->max_drawdown_weight},
                 {"win_rate", s->win_rate_weight},
                 {"profit_factor", s->profit_factor_weight}};
    for (size_t i = 0; s->weight.count == 0 && i < sizeof usual / sizeof *usual; i++) {
        if (usual[i].weight == 0) continue;
        f->weights[f->weight_count++] = (ho_fitness_weight){ho_metric_find(usual[i].key), usual[i].weight};
    }
    for (size_t i = 0; i < s->weight.count; i++) {
        char name[256];
        double weight = 0;
        HO_TRY(split("weight", s->weight.items[i], name, &weight, err));
        const int metric = ho_metric_find(name);
        if (metric < 0) return unknown_measure(name, err);
        if (f->weight_count == HO_FITNESS_WEIGHTS_MOST)
            return ho_fail(err, HO_ERR_USAGE, "--weight: more than %d", HO_FITNESS_WEIGHTS_MOST);
        f->weights[f->weight_count++] = (ho_fitness_weight){metric, weight};
    }
    if (f->weight_count == 0 && f->kind == HO_FITNESS_WEIGHTED)
        return ho_fail(err, HO_ERR_USAGE,
                       "--fitness weighted: all weights are 0, so all portfolios would be equal");
    return HO_OK;
}

/* Of the regimes of the rows; days that were made of several rows have none. */
static double mean_confidence(const ho_input *input)
{
    const ho_panel *rows = ho_input_rows(input);
    const size_t periods = ho_panel_periods(rows);
    double sum = 0;
    for (size_t t = 0; t < periods; t++)
        sum += ho_panel_period(rows, t)->confidence;
    return periods != 0 ? sum / (double)periods : 1;
}

static ho_status make_fitness(const ho_fitness_settings *s, const ho_input *input, const ho_hooks *hooks,
                              ho_goal *g, ho_error *err)
{
    ho_fitness *f = &g->fitness;
    f->kind = ho_fitness_kind_of(s->fitness);
    f->convention = g->convention;
    f->metric = ho_legacy_metric_of(s->metric);
    f->drawdown_threshold = s->drawdown_threshold;
    f->multiplicative = ho_text_same(s->penalty, "multiplicative") ? s->penalty_weight : 0;
    f->measures = g->measures;
    f->confidence = mean_confidence(input);
    f->var_limit = s->var_limit;
    f->penalised = s->legacy_weight;
    f->enhanced = s->enhanced_weight > 0 ? s->enhanced_weight : fmax(0, 1 - s->legacy_weight);
    f->sharpe_adjust = s->sharpe_adjust;
    const bool values_risk = f->kind == HO_FITNESS_ENHANCED || f->kind == HO_FITNESS_HYBRID;
    if (f->kind == HO_FITNESS_HYBRID && !(f->penalised + f->enhanced > 0))
        return ho_fail(err, HO_ERR_USAGE, "--fitness hybrid: both shares are 0");
    if (f->kind == HO_FITNESS_HYBRID && s->enhanced_weight > 0 && fabs(f->penalised + f->enhanced - 1) > 1e-9)
        ho_warn(hooks, "the shares of the hybrid fitness do not add up to 1: both are divided by their sum");
    if (values_risk && !(g->measures.capital > 0))
        ho_warn(hooks,
                "no capital is known: the enhanced fitness counts no risk-free rate and no value at risk");
    return make_weights(s, f, err);
}

/* True where the name is the label, '_' and more; case does not matter. */
static bool has_label(const char *name, const char *label)
{
    const size_t length = strlen(label);
    return strncasecmp(name, label, length) == 0 && name[length] == '_';
}

static ho_status make_balance(const ho_fitness_settings *s, const ho_panel *panel, ho_goal *g, ho_error *err)
{
    const size_t n = ho_panel_strategies(panel), labels = s->balance.count;
    if (labels == 0) return HO_OK;
    g->label = HO_NEW(int32_t, n);
    g->desired = HO_NEW(double, labels);
    if (g->label == NULL || g->desired == NULL)
        return ho_fail_memory(err, n * sizeof *g->label, "the labels");
    for (size_t j = 0; j < n; j++)
        g->label[j] = -1;
    for (size_t i = 0; i < labels; i++) {
        char name[256];
        size_t found = 0;
        HO_TRY(split("balance", s->balance.items[i], name, &g->desired[i], err));
        if (g->desired[i] < 0)
            return ho_fail(err, HO_ERR_USAGE, "--balance %.200s: a count below 0", s->balance.items[i]);
        for (size_t j = 0; j < n; j++) {
            if (!has_label(ho_panel_name(panel, j), name)) continue;
            g->label[j] = (int32_t)i;
            found++;
        }
        if (found == 0)
            return ho_fail(err, HO_ERR_USAGE, "--balance: the name of no strategy begins with '%.200s_'",
                           name);
    }
    g->fitness.balance = (ho_balance){g->label, g->desired, labels, s->penalty_factor};
    return HO_OK;
}

/* A fitness by blocks must be made of a walk over the periods: what needs more of them than that is left to the whole. */
static ho_status make_robust(const ho_fitness_settings *s, const ho_input *input, ho_goal *g, ho_error *err)
{
    const ho_panel *panel = ho_goal_panel(g, input);
    const ho_fitness *f = &g->fitness;
    const bool by_walk =
        f->kind == HO_FITNESS_LEGACY || f->kind == HO_FITNESS_RATIO || f->kind == HO_FITNESS_ZONE;
    ho_robust robust;
    HO_TRY(ho_robust_parse(s->robust, ho_panel_periods(panel), &robust, err));
    if (robust.blocks.count > 0 && (!by_walk || f->multiplicative > 0 || f->sharpe_adjust))
        return ho_fail(
            err, HO_ERR_USAGE,
            "--robust: blocks go with the legacy, ratio and zone fitness, without a multiplicative penalty "
            "and without --sharpe-adjust");
    g->fitness.blocks = robust.blocks;
    if (robust.duplicates == 0) return HO_OK;
    HO_TRY(ho_near_clusters(panel, input->threads, &g->cluster, err));
    g->fitness.near = (ho_near_duplicates){g->cluster, robust.duplicates};
    return HO_OK;
}

ho_status ho_goal_make(const ho_fitness_settings *s, const ho_input *input, const ho_hooks *hooks,
                       ho_goal *goal, ho_error *err)
{
    ho_goal g = {.convention = ho_convention_of(s->convention)};
    ho_status status = HO_OK;
    if (s->benchmark != NULL) status = ho_goal_benchmark(s->benchmark, input->panel, &g.benchmark, err);
    g.measures = (ho_metric_settings){.periods_per_year = (double)s->periods_per_year,
                                      .risk_free_rate = s->risk_free_rate,
                                      .capital = ho_goal_capital(s->capital, input->panel),
                                      .minimum_acceptable_return = s->minimum_acceptable_return,
                                      .benchmark = g.benchmark};
    if (status == HO_OK) status = make_fitness(s, input, hooks, &g, err);
    if (status == HO_OK) status = make_balance(s, input->panel, &g, err);
    if (status == HO_OK && g.fitness.kind == HO_FITNESS_ZONE)
        status = ho_day_zones_weigh(s->zone_weights, input, hooks, &g.zoned, err);
    if (status == HO_OK) status = make_robust(s, input, &g, err);
    if (status == HO_OK)
        *goal = g;
    else
        ho_goal_clear(&g);
    return status;
}

void ho_goal_warn_idle(const ho_fitness_settings *s, const ho_hooks *hooks)
{
    const struct {
        const char *option, *with;
        bool given, used;
    } rows[] = {
        {"--metric", "legacy or zone", ho_legacy_metric_of(s->metric) != ho_legacy_metric_of("ratio"),
         strcmp(s->fitness, "legacy") == 0 || strcmp(s->fitness, "zone") == 0},
        {"--penalty multiplicative", "legacy", strcmp(s->penalty, "multiplicative") == 0,
         strcmp(s->fitness, "legacy") == 0},
        {"--weight", "weighted", s->weight.count > 0, strcmp(s->fitness, "weighted") == 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[256];
        if (!rows[i].given || rows[i].used) continue;
        (void)snprintf(line, sizeof line, "%s counts with --fitness %s, and this run's is %s", rows[i].option,
                       rows[i].with, s->fitness);
        ho_warn(hooks, line);
    }
}

void ho_goal_clear(ho_goal *goal)
{
    free(goal->benchmark);
    free(goal->desired);
    free(goal->label);
    free(goal->cluster);
    ho_panel_free(&goal->zoned);
    *goal = (ho_goal){0};
}

const ho_panel *ho_goal_panel(const ho_goal *goal, const ho_input *input)
{
    return goal->zoned != NULL ? goal->zoned : input->panel;
}

ho_status ho_goal_scores(const ho_goal *goal, const ho_input *input, const uint32_t *members, size_t count,
                         double scores[HO_FITNESS_KINDS], ho_error *err)
{
    for (int kind = 0; kind < HO_FITNESS_KINDS; kind++) {
        ho_fitness fitness = goal->fitness;
        fitness.kind = (ho_fitness_kind)kind;
        fitness.blocks.count = 0; /* scores are of the whole */
        fitness.near.cluster = NULL;
        const bool zones = fitness.kind == HO_FITNESS_ZONE;
        const bool shared = !(fitness.penalised + fitness.enhanced > 0) && fitness.kind == HO_FITNESS_HYBRID;
        scores[kind] = NAN;
        if ((zones && goal->zoned == NULL) || shared) continue;
        HO_TRY(ho_portfolio_fitness(zones ? goal->zoned : input->panel, &fitness, members, count,
                                    &scores[kind], err));
    }
    return HO_OK;
}

/* `heavyopt evaluate`: every measure and the fitness of a portfolio that the user names. */
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "report/json.h"
#include "report/writers.h"
#include "run/details.h"
#include "run/kelly.h"
#include "run/portfolio_file.h"
#include "run/regimes.h"
#include "run/zones.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

typedef struct evaluate_settings {
    ho_input_settings in;
    ho_fitness_settings goal;
    ho_kelly_options kelly;
    ho_zone_settings zones;
    ho_regime_settings regimes;
    char *portfolio;
} evaluate_settings;

typedef evaluate_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"portfolio", 0, "FILE", "The portfolio: a strategy's name a line.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, portfolio)},
    HO_FITNESS_OPTION_ROWS(S, goal.),
    HO_KELLY_OPTION_ROWS(S, kelly.),
    HO_INPUT_OPTION_ROWS(S, in.),
    HO_ZONE_OPTION_ROWS(S, zones.),
    HO_REGIME_OPTION_ROWS_AS(S, regimes., "off", "off"),
};
/* clang-format on */

typedef struct evaluation {
    ho_input input;
    ho_day_zones zones;
    ho_regimes regimes;
    ho_portfolio_lines lines;
    uint32_t *members;
    size_t count;
    double *series, *metrics;
    json_t *kelly;
    double fitness, correlation, scores[HO_FITNESS_KINDS];
    ho_relations relations;
    ho_report_details details; /* of the series; nothing else of them */
} evaluation;

static void clear(evaluation *e)
{
    free(e->members);
    free(e->series);
    free(e->metrics);
    json_decref(e->kelly);
    ho_details_clear(&e->details);
    ho_portfolio_lines_clear(&e->lines);
    ho_regimes_clear(&e->regimes);
    ho_day_zones_clear(&e->zones);
    ho_input_clear(&e->input);
}

static ho_status measure(const S *s, const ho_input *input, const ho_goal *goal, evaluation *e, ho_error *err)
{
    const ho_panel *panel = input->panel;
    const size_t periods = ho_panel_periods(panel);
    e->series = HO_NEW(double, periods);
    e->metrics = HO_NEW(double, ho_metric_count());
    if (e->series == NULL || e->metrics == NULL)
        return ho_fail_memory(err, periods * 8, "a portfolio's series");
    HO_TRY(ho_portfolio_series(panel, e->members, e->count, e->series, err));
    HO_TRY(ho_metrics_of_series(e->series, periods, &goal->measures, e->metrics, err));
    HO_TRY(ho_portfolio_correlation(panel, e->members, e->count, &e->correlation, err));
    HO_TRY(ho_portfolio_relations(panel, e->members, e->count, s->goal.correlation_threshold, &e->relations,
                                  err));
    HO_TRY(ho_details_of_series(panel, &goal->measures, e->series, &e->details, err));
    HO_TRY(ho_kelly_json(&s->kelly, goal, panel, e->members, e->count, &e->kelly, err));
    HO_TRY(ho_goal_scores(goal, input, e->members, e->count, e->scores, err));
    return ho_portfolio_fitness(ho_goal_panel(goal, input), &goal->fitness, e->members, e->count, &e->fitness,
                                err);
}

/* {"name", "metrics": {plain key: {"key", "value"}}}: the senses that the convention takes. */
static json_t *convention(const S *s, const ho_goal *goal, const double *metrics)
{
    json_t *senses = json_object();
    for (int i = 0; i < (int)ho_metric_count(); i++) {
        const int in = ho_metric_in(goal->convention, i);
        if (in == i) continue;
        json_object_set_new(senses, ho_metric_at((size_t)i)->key,
                            json_pack("{s:s,s:o}", "key", ho_metric_at((size_t)in)->key, "value",
                                      ho_json_number(metrics[in])));
    }
    return json_pack("{s:s,s:o}", "name", s->goal.convention, "metrics", senses);
}

static ho_status write_json(const S *s, const ho_input *input, const ho_goal *goal, const evaluation *e,
                            char **text, ho_error *err)
{
    const ho_option_table table = {options, sizeof options / sizeof *options};
    json_t *root = json_pack("{s:s,s:o,s:o,s:I,s:o,s:o,s:o,s:o,s:o,s:o}", "version", HO_VERSION, "input",
                             ho_json_input(input->panel, s->in.input, input->report.hash), "settings",
                             ho_json_settings(table, s), "size", (json_int_t)e->count, "fitness",
                             ho_json_number(e->fitness), "scores", ho_json_scores(e->scores), "capital",
                             goal->measures.capital > 0 ? json_real(goal->measures.capital) : json_null(),
                             "average_correlation", ho_json_number(e->correlation), "convention",
                             convention(s, goal, e->metrics), "portfolio",
                             ho_json_names(input->panel, e->members, e->count));
    json_t *relations = ho_json_relations(input->panel, &e->relations, s->goal.correlation_threshold);
    json_t *details = ho_json_series(input->panel, &e->details);
    if (root == NULL || json_object_set(root, "kelly", e->kelly) != 0 ||
        (json_object_set_new(root, "relations", relations) | json_object_set_new(root, "details", details)) !=
            0 ||
        ho_json_metrics(root, e->metrics, ho_panel_periods(input->panel)) != 0) {
        json_decref(root);
        return ho_fail_memory(err, 0, "the JSON document");
    }
    return ho_json_finish(root, text, err);
}

static ho_status write_summary(const S *s, const ho_goal *goal, const evaluation *e, char **text,
                               ho_error *err)
{
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    fprintf(t.file, "%zu strategies, fitness %.10g (%s), average correlation %.4f\n", e->count, e->fitness,
            s->goal.fitness, e->correlation);
    for (int kind = 0; kind < HO_FITNESS_KINDS; kind++) {
        if (isnan(e->scores[kind])) continue;
        fprintf(t.file, "%s%s %.10g", kind == 0 ? "Scores: " : ", ",
                ho_fitness_kind_name((ho_fitness_kind)kind), e->scores[kind]);
    }
    fputc('\n', t.file);
    for (int i = 0; i < (int)ho_metric_count(); i++) {
        const ho_metric *m = ho_metric_at((size_t)i);
        const char *unit = strcmp(m->unit, "rupees") == 0 ? s->goal.returns : m->unit;
        fprintf(t.file, "  %-30s %18.10g  %s\n", m->key, e->metrics[i], unit);
    }
    ho_say_kelly(e->kelly, t.file);
    if (goal->convention != HO_CONVENTION_DEFAULT)
        fprintf(t.file, "In the %s convention:\n", s->goal.convention);
    for (int i = 0; i < (int)ho_metric_count(); i++) {
        const int in = ho_metric_in(goal->convention, i);
        if (in == i) continue;
        fprintf(t.file, "  %-30s %18.10g  %s\n", ho_metric_at((size_t)i)->key, e->metrics[in],
                ho_metric_at((size_t)in)->key);
    }
    return ho_text_end(&t, text, err);
}

/* A portfolio is there already: nothing is searched for each zone or regime. */
static ho_status check(const S *s, ho_error *err)
{
    const char *const named[] = {s->zones.zone, s->regimes.regime};
    for (size_t i = 0; i < 2; i++) {
        if (named[i] != NULL && strcasecmp(named[i], "each") == 0)
            return ho_fail(err, HO_ERR_USAGE, "--%s each: evaluate takes one by its name, or all rows",
                           i == 0 ? "zone" : "regime");
    }
    return ho_kelly_check(&s->kelly, err);
}

/* The rows that are asked for; the members of the portfolio last, for zones may leave strategies out. */
static ho_status shape(const S *s, const ho_hooks *hooks, evaluation *e, ho_error *err)
{
    const ho_day_zones_use use =
        strcmp(s->goal.fitness, "zone") == 0 ? HO_DAY_ZONES_NEEDED : HO_DAY_ZONES_UNUSED;
    HO_TRY(ho_portfolio_file_take(s->portfolio, &e->input, &e->lines, err));
    HO_TRY(ho_day_zones_shape(&s->zones, use, s->in.period, hooks, &e->input, &e->zones, err));
    if (ho_regimes_asked(&s->regimes))
        HO_TRY(ho_regimes_shape(&s->regimes, s->in.period, hooks, &e->input, &e->regimes, err));
    return ho_portfolio_lines_find(&e->lines, e->input.panel, &e->members, &e->count, err);
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings;
    ho_goal goal = {0};
    evaluation e = {0};
    ho_outcome made = {0};
    ho_status status = check(s, err);
    if (status == HO_OK) status = ho_input_read(&s->in, hooks, &e.input, err);
    if (status == HO_OK) status = shape(s, hooks, &e, err);
    ho_cache_writer *writer = status == HO_OK ? ho_cache_writer_start(&s->in, &e.input) : NULL;
    if (status == HO_OK) status = ho_goal_make(&s->goal, &e.input, hooks, &goal, err);
    if (status == HO_OK) status = measure(s, &e.input, &goal, &e, err);
    if (status == HO_OK) status = write_json(s, &e.input, &goal, &e, &made.json, err);
    if (status == HO_OK) status = write_summary(s, &goal, &e, &made.summary, err);
    ho_cache_writer_end(&writer, hooks);
    clear(&e);
    ho_goal_clear(&goal);
    return ho_hand_over(status, &made, outcome);
}

extern const ho_command ho_command_evaluate;
const ho_command ho_command_evaluate = {
    .name = "evaluate",
    .sentence = "measures a portfolio of named strategies",
    .positional = {"input", "portfolio"},
    .required = {"input", "portfolio"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
};

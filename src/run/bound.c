/* `heavyopt bound`: how good any portfolio of a size can be at most, and the proof of it. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "report/json.h"
#include "run/bound_file.h"
#include "run/bound_goal.h"
#include "run/goal.h"
#include "run/portfolio_file.h"
#include "screen/select.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct bound_settings {
    ho_input_settings in;
    ho_fitness_settings goal;
    int64_t size;
    char *portfolio, *certificate;
    ho_strings include, exclude;
} bound_settings;

typedef bound_settings S;

/* clang-format off */
static const ho_option options[] = {
    {"portfolio-size", 'p', "N", "Strategies of a portfolio.",
     HO_OPTION_INT, 1, 1e6, "35", NULL, offsetof(S, size)},
    {"portfolio", 0, "FILE", "A portfolio to hold against the bound, a strategy's name a line; its size is taken.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, portfolio)},
    {"certificate", 0, "FILE", "Where to write the proof, as JSON that a few lines of code can check.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, certificate)},
    {"include", 0, "NAME", "A strategy that every portfolio must hold.",
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, include)},
    {"exclude", 0, "NAME", "A strategy that no portfolio may hold.",
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, exclude)},
    HO_FITNESS_OPTION_ROWS(S, goal.),
    HO_INPUT_OPTION_ROWS(S, in.),
};
/* clang-format on */

typedef struct bounding {
    const S *settings;
    const ho_hooks *hooks;
    ho_input input;
    ho_goal worth; /* what a portfolio is worth */
    ho_selection selection;
    uint32_t *members; /* of --portfolio */
    size_t size;
    double best; /* their fitness, or NaN */
    ho_bound_goal goal;
    ho_bound *bound;
    double seconds;
} bounding;

static void clear(bounding *b)
{
    ho_bound_free(&b->bound);
    free(b->members);
    ho_selection_clear(&b->selection);
    ho_goal_clear(&b->worth);
    ho_input_clear(&b->input);
}

/* Whose drawdown: the legacy one starts at the first period. */
static bool is_legacy(const S *s)
{
    return strcmp(s->goal.fitness, "legacy") == 0 || strcmp(s->goal.convention, "legacy") == 0;
}

static ho_status compute(bounding *b, ho_error *err)
{
    const S *s = b->settings;
    HO_TRY(ho_goal_make(&s->goal, &b->input, b->hooks, &b->worth, err));
    const ho_panel *panel = ho_goal_panel(&b->worth, &b->input);
    const ho_fitness *fitness = &b->worth.fitness;
    b->size = (size_t)s->size;
    b->best = NAN;
    if (s->portfolio != NULL) {
        HO_TRY(ho_portfolio_file_read(s->portfolio, panel, &b->members, &b->size, err));
        HO_TRY(ho_portfolio_fitness(panel, fitness, b->members, b->size, &b->best, err));
    }
    HO_TRY(ho_select(panel, &s->include, &s->exclude, &b->selection, err));
    const ho_problem problem = {.candidates = ho_panel_strategies(panel),
                                .size = b->size,
                                .allowed = b->selection.allowed,
                                .include = b->selection.include,
                                .include_count = b->selection.include_count};
    const char *why = ho_bound_goal_of(fitness, b->size, ho_panel_periods(panel), &b->goal);
    if (why != NULL) return ho_fail(err, HO_ERR_USAGE, "no bound for this objective: %s", why);
    if (is_legacy(s) &&
        b->goal.depth == HO_DEPTH_FROM_ZERO) { /* the bare quotient of the earlier optimizer */
        if (s->portfolio != NULL)
            return ho_fail(
                err, HO_ERR_USAGE,
                "--portfolio: the ratio is valued with a drawdown from zero, --convention legacy is not");
        b->goal.depth = HO_DEPTH_FROM_FIRST;
        b->goal.divisor = (double)b->size;
    }
    const double start = ho_clock_seconds();
    HO_TRY(ho_bound_new(panel, &problem, &b->goal, false, ho_cancel_flag(b->hooks), &b->bound, err));
    b->seconds = ho_clock_seconds() - start;
    if (s->certificate == NULL) return HO_OK;
    const ho_bound_file file = {.path = s->certificate,
                                .input = s->in.input,
                                .period = s->in.period,
                                .panel = panel,
                                .problem = &problem,
                                .goal = &b->goal,
                                .bound = b->bound};
    return ho_bound_file_write(&file, err);
}

static json_t *bound_json(const bounding *b)
{
    const ho_bound_facts f = ho_bound_facts_of(b->bound);
    const double gap = f.useful && f.value > 0 ? (f.value - b->best) / f.value : NAN;
    return json_pack(
        "{s:s,s:s,s:s,s:o,s:b,s:o,s:o,s:I,s:I,s:I,s:I,s:f}", "objective", b->settings->goal.fitness, "metric",
        b->settings->goal.metric, "convention", is_legacy(b->settings) ? "legacy" : "default", "value",
        ho_json_number(f.useful ? f.value : NAN), "useful", f.useful, "best", ho_json_number(b->best), "gap",
        ho_json_number(gap), "levels", (json_int_t)f.levels, "rounds", (json_int_t)f.rounds, "columns",
        (json_int_t)f.columns, "distinct", (json_int_t)f.distinct, "seconds", b->seconds);
}

static ho_status write_json(const bounding *b, char **text, ho_error *err)
{
    const S *s = b->settings;
    const ho_option_table table = {options, sizeof options / sizeof *options};
    json_t *root = json_pack("{s:s,s:o,s:o,s:I,s:o}", "version", HO_VERSION, "input",
                             ho_json_input(b->input.panel, s->in.input, b->input.report.hash), "settings",
                             ho_json_settings(table, s), "size", (json_int_t)b->size, "bound", bound_json(b));
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    return ho_json_finish(root, text, err);
}

static ho_status write_summary(const bounding *b, char **text, ho_error *err)
{
    const ho_bound_facts f = ho_bound_facts_of(b->bound);
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    if (f.useful)
        fprintf(t.file, "no portfolio of %zu can score above %.6g", b->size, f.value);
    else
        fprintf(t.file,
                "no useful bound: a mix of these strategies has no %s, and nothing limits the quotient",
                b->goal.depth == HO_DEPTH_LOSSES ? "loss" : "drawdown");
    if (!isnan(b->best)) fprintf(t.file, "; this one scores %.6g", b->best);
    if (!isnan(b->best) && f.useful && f.value > 0) fprintf(t.file, " (%.1f %%)", 100 * b->best / f.value);
    fprintf(t.file, "\n%zu of %zu different strategies in %zu programmes at %zu levels; %.3f s\n", f.columns,
            f.distinct, f.rounds, f.levels, b->seconds);
    if (b->settings->certificate != NULL) {
        fputs("Certificate: ", t.file);
        ho_text_put(b->settings->certificate, t.file);
        fputc('\n', t.file);
    }
    return ho_text_end(&t, text, err);
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    bounding b = {.settings = settings, .hooks = hooks};
    ho_outcome made = {0};
    if (!ho_bound_available())
        return ho_fail(err, HO_ERR_UNAVAILABLE, "no bound: HiGHS is not in this build");
    ho_status status = ho_input_read(&b.settings->in, hooks, &b.input, err);
    ho_cache_writer *writer = status == HO_OK ? ho_cache_writer_start(&b.settings->in, &b.input) : NULL;
    if (status == HO_OK) status = compute(&b, err);
    if (status == HO_OK) status = write_json(&b, &made.json, err);
    if (status == HO_OK) status = write_summary(&b, &made.summary, err);
    ho_cache_writer_end(&writer, hooks);
    clear(&b);
    return ho_hand_over(status, &made, outcome);
}

extern const ho_command ho_command_bound;
const ho_command ho_command_bound = {
    .name = "bound",
    .sentence = "proves how good a portfolio of a size can be at most",
    .positional = {"input"},
    .required = {"input"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
};

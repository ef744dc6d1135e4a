/* `heavyopt bound`: how good any portfolio of a size can be at most, and the proof of it. */
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "bridge/cudf/load.h"
#include "metrics/objective_device.h"
#include "panel/panel.h"
#include "report/json.h"
#include "run/bound_file.h"
#include "run/engine.h"
#include "run/goal.h"
#include "run/limit_options.h"
#include "run/limit_rules.h"
#include "run/portfolio_file.h"
#include "run/proof.h"
#include "screen/select.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct bound_settings {
    ho_input_settings in;
    ho_fitness_settings goal;
    int64_t size;
    char *portfolio, *certificate;
    ho_proof_settings proof;
    ho_engine_settings engine;
    ho_strings include, exclude;
    ho_limit_settings limits;
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
    HO_LIMIT_OPTION_ROWS(S, limits.),
    HO_PROOF_OPTION_ROWS(S, proof.),
    HO_ENGINE_OPTION_ROWS(S, engine.),
    HO_FITNESS_OPTION_ROWS(S, goal.),
    HO_INPUT_OPTION_ROWS(S, in.),
};
/* clang-format on */

typedef struct bounding {
    const S *settings;
    const ho_hooks *hooks;
    ho_device *device; /* NULL: the processor does the work */
    ho_device_numbers numbers;
    ho_input input;
    ho_goal worth; /* what a portfolio is worth */
    ho_selection selection;
    ho_limits limits;
    ho_portfolio_objective *objective; /* for --prove */
    uint32_t *members;                 /* of --portfolio */
    size_t size;
    double given, best; /* their fitness, that of the best known; or NaN */
    ho_size_bound bound;
    ho_search_result searched, exact; /* for --prove; members NULL: nothing found */
} bounding;

static void clear(bounding *b)
{
    ho_size_bound_let_go(&b->bound);
    ho_device_numbers_drop(&b->numbers);
    ho_search_result_clear(&b->searched);
    ho_search_result_clear(&b->exact);
    ho_portfolio_objective_free(&b->objective);
    free(b->members);
    ho_limits_clear(&b->limits);
    ho_selection_clear(&b->selection);
    ho_device_close(&b->device);
    ho_goal_clear(&b->worth);
    ho_input_clear(&b->input);
}

/* The best portfolio that is known: of the table of results, or NULL. */
static const ho_search_result *found(const bounding *b)
{
    return b->exact.members != NULL ? &b->exact : b->searched.members != NULL ? &b->searched : NULL;
}

/* A portfolio to begin with: what the guided search finds, from --portfolio where there is one. */
static ho_status search(bounding *b, const ho_problem *problem, ho_error *err)
{
    enum { WORK = 8000000, POLISH = 10000000, SEED = 42 };
    const ho_algorithm *lp = ho_algorithm_find("lp");
    const ho_budget budget = {.work = WORK, .polish_work = POLISH, .cancel = ho_cancel_flag(b->hooks)};
    ho_problem guided = *problem;
    guided.start = b->members;
    guided.guide = b->bound.guide.count > 0 ? &b->bound.guide : NULL;
    void *params = ho_new_array(ho_algorithm_params_size(lp), 1);
    if (params == NULL) return ho_fail_memory(err, 0, "an algorithm's parameters");
    ho_status status = ho_options_defaults(ho_algorithm_options(lp), params, err);
    if (status == HO_OK)
        status = ho_search_all(&guided, ho_portfolio_objective_table(b->objective), &lp,
                               (const void *const *)&params, 1, &budget, SEED, b->input.threads, NULL, NULL,
                               &b->searched, err);
    free(params);
    return status;
}

static ho_status prove(bounding *b, const ho_bounding *of, const ho_problem *problem, ho_error *err)
{
    HO_TRY(ho_portfolio_objective_new(of->panel, of->fitness, b->input.threads, &b->objective, err));
    ho_portfolio_objective_use(b->objective, b->device);
    HO_TRY(search(b, problem, err));
    const ho_proving how = {.settings = &b->settings->proof,
                            .objective = ho_portfolio_objective_table(b->objective),
                            .bounding = of,
                            .sizes = 1,
                            .threads = b->input.threads,
                            .hooks = b->hooks};
    HO_TRY(ho_size_prove(&how, problem, &b->searched, &b->bound, &b->exact, err));
    b->best = found(b)->fitness;
    return HO_OK;
}

static ho_status write_certificate(const bounding *b, const ho_panel *panel, const ho_problem *problem,
                                   ho_error *err)
{
    const S *s = b->settings;
    const ho_bound_file file = {.path = s->certificate,
                                .input = s->in.input,
                                .period = s->in.period,
                                .panel = panel,
                                .problem = problem,
                                .goal = &b->bound.goal,
                                .bound = b->bound.bound};
    return s->certificate != NULL ? ho_bound_file_write(&file, err) : HO_OK;
}

/* Whose drawdown: the legacy one starts at the first period. */
static bool is_legacy(const S *s)
{
    return strcmp(s->goal.fitness, "legacy") == 0 || strcmp(s->goal.convention, "legacy") == 0;
}

/* How far a value lies below its bound, as a share of that. */
static double gap_of(double bound, double best)
{
    return bound > 0 ? (bound - best) / bound : NAN;
}

static ho_status compute(bounding *b, ho_error *err)
{
    const S *s = b->settings;
    HO_TRY(ho_goal_make(&s->goal, &b->input, b->hooks, &b->worth, err));
    const ho_panel *panel = ho_goal_panel(&b->worth, &b->input);
    const ho_fitness *fitness = &b->worth.fitness;
    b->size = (size_t)s->size;
    b->best = b->given = NAN;
    if (s->portfolio != NULL) {
        HO_TRY(ho_portfolio_file_read(s->portfolio, panel, &b->members, &b->size, err));
        HO_TRY(ho_portfolio_fitness(panel, fitness, b->members, b->size, &b->given, err));
        b->best = b->given;
    }
    HO_TRY(ho_select(panel, &s->include, &s->exclude, &b->selection, err));
    HO_TRY(ho_limit_rules(&s->limits, &b->input, NULL, b->hooks, &b->selection, &b->limits, err));
    const ho_problem problem = {.candidates = ho_panel_strategies(panel),
                                .size = b->size,
                                .allowed = b->selection.allowed,
                                .include = b->selection.include,
                                .include_count = b->selection.include_count,
                                .groupings = b->limits.groupings,
                                .grouping_count = b->limits.grouping_count,
                                .conflicts = b->limits.conflicts,
                                .conflict_count = b->limits.conflict_count,
                                .names = (const char *const *)panel->names};
    HO_TRY(ho_engine_hold(b->device,
                          ho_input_is_store(&b->input) && b->worth.zoned == NULL ? s->in.input : NULL,
                          b->worth.zoned != NULL ? b->worth.zoned : b->input.panel, &b->numbers, err));
    const ho_bounding of = {.wanted = true,
                            .with_leads = s->proof.prove,
                            .panel = panel,
                            .fitness = fitness,
                            .cancel = ho_cancel_flag(b->hooks)};
    HO_TRY(ho_size_bound_make(&of, &problem, &b->bound, err));
    if (b->bound.why != NULL)
        return ho_fail(err, HO_ERR_USAGE, "no bound for this objective: %s", b->bound.why);
    if (s->proof.prove) HO_TRY(prove(b, &of, &problem, err));
    return write_certificate(b, panel, &problem, err);
}

/* Of a branch and bound; null without. */
static json_t *tree_json(const bounding *b)
{
    const ho_bound_tree *t = &b->bound.facts.tree;
    if (!t->grown) return json_null();
    return json_pack("{s:o,s:o,s:b,s:I,s:I,s:I,s:I,s:s,s:f}", "value_before", ho_json_number(t->before),
                     "gap_before", ho_json_number(gap_of(t->before, b->best)), "proven", t->proven, "nodes",
                     (json_int_t)t->nodes, "open", (json_int_t)t->open, "given_up", (json_int_t)t->given_up,
                     "columns", (json_int_t)t->kept, "stopped_by", ho_stop_name(t->stopped_by), "seconds",
                     t->seconds);
}

static json_t *bound_json(const bounding *b)
{
    const ho_bound_facts f = b->bound.facts;
    const double value = f.useful ? f.value : NAN;
    return json_pack("{s:s,s:s,s:s,s:o,s:b,s:o,s:o,s:o,s:I,s:I,s:I,s:I,s:o,s:f}", "objective",
                     b->settings->goal.fitness, "metric", b->settings->goal.metric, "convention",
                     is_legacy(b->settings) ? "legacy" : "default", "value", ho_json_number(value), "useful",
                     f.useful, "best", ho_json_number(b->best), "gap", ho_json_number(gap_of(value, b->best)),
                     "limits", b->bound.limits != NULL ? ho_json_text(b->bound.limits) : json_null(),
                     "levels", (json_int_t)f.levels, "rounds", (json_int_t)f.rounds, "columns",
                     (json_int_t)f.columns, "distinct", (json_int_t)f.distinct, "tree", tree_json(b),
                     "seconds", b->bound.seconds);
}

static ho_status write_json(const bounding *b, char **text, ho_error *err)
{
    const S *s = b->settings;
    const ho_option_table table = {options, sizeof options / sizeof *options};
    const ho_search_result *best = found(b);
    json_t *root = json_pack(
        "{s:s,s:s,s:o,s:o,s:I,s:o,s:o}", "version", HO_VERSION, "engine",
        b->device != NULL ? b->device->about.name : "cpu", "input",
        ho_json_input(b->input.panel, s->in.input, b->input.report.hash), "settings",
        ho_json_settings(table, s), "size", (json_int_t)b->size, "bound", bound_json(b), "portfolio",
        best != NULL ? ho_json_names(b->input.panel, best->members, best->size) : json_null());
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    return ho_json_finish(root, text, err);
}

static void put_tree(const bounding *b, FILE *file)
{
    const ho_bound_tree *t = &b->bound.facts.tree;
    const double before = 100 * gap_of(t->before, b->best),
                 after = 100 * gap_of(b->bound.facts.value, b->best);
    if (!t->grown) return;
    if (t->proven) fputs("proven: no portfolio is better than that\n", file);
    fprintf(file, "branch and bound: %lld nodes in %.2f s, %zu of the strategies", (long long)t->nodes,
            t->seconds, t->kept);
    if (isfinite(before) && isfinite(after))
        fprintf(file, ", gap %.3f %% before, %.3f %% after", before, after);
    if (!t->proven) fprintf(file, ", %lld nodes left (%s)", (long long)t->open, ho_stop_name(t->stopped_by));
    if (t->given_up > 0) fprintf(file, ", %lld given up and counted at their bounds", (long long)t->given_up);
    fputc('\n', file);
}

static ho_status write_summary(const bounding *b, char **text, ho_error *err)
{
    const ho_bound_facts f = b->bound.facts;
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    if (f.useful)
        fprintf(t.file, "no portfolio of %zu can score above %.6g", b->size, f.value);
    else
        fprintf(t.file,
                "no useful bound: a mix of these strategies has no %s, and nothing limits the quotient",
                b->bound.goal.depth == HO_DEPTH_LOSSES ? "loss" : "drawdown");
    if (!isnan(b->best))
        fprintf(t.file, "; %s scores %.6g", b->best == b->given ? "this one" : "the best that was found",
                b->best);
    if (!isnan(b->best) && f.useful && f.value > 0) fprintf(t.file, " (%.1f %%)", 100 * b->best / f.value);
    fprintf(t.file, "\n%zu of %zu different strategies in %zu programmes at %zu levels; %.3f s\n", f.columns,
            f.distinct, f.rounds, f.levels, b->bound.seconds - f.tree.seconds);
    if (b->bound.limits != NULL) fprintf(t.file, "the bound keeps to %s\n", b->bound.limits);
    put_tree(b, t.file);
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
    HO_TRY(ho_engine_open(&b.settings->engine, hooks, &b.device, err));
    ho_status status = ho_input_read(&b.settings->in, hooks, &b.input, err);
    ho_cache_writer *writer = status == HO_OK ? ho_cache_writer_start(&b.settings->in, &b.input) : NULL;
    if (status == HO_OK) status = compute(&b, err);
    ho_engine_check(b.device, hooks);
    if (status == HO_OK) status = write_json(&b, &made.json, err);
    if (status == HO_OK) status = write_summary(&b, &made.summary, err);
    made.interrupted = ho_cancelled(hooks); /* what is proven by then is a result */
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

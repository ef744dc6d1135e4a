/* `heavyopt optimize`: from a table to the files of a run. One straight way: load, screen, search, measure, report. */
#include "base/clock.h"
#include "run/optimization.h"
#include "run/optimize_options.h"

#include <math.h>

typedef ho_optimize_settings S;

/* clang-format off */
static const ho_option options[] = {
    HO_OPTIMIZE_OPTION_ROWS(S, ),
};
/* clang-format on */

static ho_status read_and_search(ho_optimization *o, ho_outcome *outcome, ho_error *err)
{
    ho_status status = ho_optimization_prepare(o, err);
    o->timings.load = o->input.seconds;
    if (status != HO_OK) return status;
    ho_cache_writer *writer = ho_cache_writer_start(&o->settings->in, &o->input);
    status = ho_optimization_search(o, err);
    if (status == HO_OK) status = ho_optimization_regimes(o, err);
    if (status == HO_OK) status = ho_optimization_zones(o, err);
    if (status == HO_OK) status = ho_optimization_report(o, outcome, err);
    ho_cache_writer_end(&writer, o->hooks);
    return status;
}

static ho_status run(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    ho_optimization o = {.settings = settings,
                         .command = "optimize",
                         .options = {options, sizeof options / sizeof *options},
                         .hooks = hooks,
                         .start = ho_clock_seconds()};
    ho_status status = ho_optimization_plan(&o, err);
    o.bounded = !o.settings->no_bound;
    o.proven = true;
    ho_tell(hooks, "load", 0, NAN);
    if (status == HO_OK) status = ho_input_read(&o.settings->in, hooks, &o.input, err);
    if (status == HO_OK) status = read_and_search(&o, outcome, err);
    ho_optimization_clear(&o);
    return status;
}

extern const ho_command ho_command_optimize;
const ho_command ho_command_optimize = {
    .name = "optimize",
    .sentence = "chooses the portfolio with the best return for its drawdown",
    .positional = {"input"},
    .required = {"input"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(ho_optimize_settings),
    .run = run,
};

/* Rows of `heavyopt bench` that are whole commands, or what takes most of one. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "run/bench.h"
#include "run/generate.h"
#include "stats/tiles.h"

#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

ho_status ho_bench_correlation(ho_bench *b, double *sample, ho_error *err)
{
    const ho_tiles_run run = {.threads = b->threads};
    ho_pairs pairs = {0};
    double start = ho_clock_seconds();
    HO_TRY(ho_pairs_count(b->days, &run, &pairs, err));
    *sample = ho_clock_seconds() - start;
    ho_pairs_clear(&pairs);
    return HO_OK;
}

static ho_status set_options(const ho_bench *b, const char *input, ho_option_table table, void *settings,
                             ho_error *err)
{
    char size[24], threads[24], seed[24];
    snprintf(size, sizeof size, "%zu", b->size);
    snprintf(threads, sizeof threads, "%d", b->threads);
    snprintf(seed, sizeof seed, "%lld", (long long)b->settings->seed);
    const char *const given[][2] = {{"input", input},     {"output", b->run}, {"portfolio-size", size},
                                    {"threads", threads}, {"seed", seed},     {"no-cache", "true"}};
    HO_TRY(ho_options_defaults(table, settings, err));
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        HO_TRY(ho_options_set(table, settings, given[i][0], given[i][1], err));
    return HO_OK;
}

/* `optimize` as a user calls it, without the cache: CSV in, every file of a run out, all algorithms. */
static ho_status optimize(const ho_bench *b, const char *input, double *sample, double *fitness,
                          ho_error *err)
{
    const ho_command *command = ho_command_find("optimize");
    if (command == NULL) return ho_fail(err, HO_ERR_UNAVAILABLE, "no command optimize in this build");
    void *settings = ho_new_array(1, command->settings_size);
    if (settings == NULL) return ho_fail_memory(err, command->settings_size, "settings");
    ho_outcome outcome = {0};
    const ho_hooks hooks = {.cancel = b->hooks != NULL ? b->hooks->cancel : NULL};
    ho_status status = set_options(b, input, command->options, settings, err);
    double start = ho_clock_seconds();
    if (status == HO_OK) status = command->run(settings, &hooks, &outcome, err);
    *sample = ho_clock_seconds() - start;
    if (status == HO_OK) {
        json_t *doc = json_loads(outcome.json, 0, NULL);
        *fitness = json_number_value(json_object_get(json_object_get(doc, "best"), "fitness"));
        json_decref(doc);
    }
    ho_outcome_clear(&outcome);
    ho_options_clear(command->options, settings);
    free(settings);
    return status;
}

ho_status ho_bench_optimize(ho_bench *b, double *sample, ho_error *err)
{
    return optimize(b, b->csv, sample, &b->fitness, err);
}

ho_status ho_bench_optimize_large(ho_bench *b, double *sample, ho_error *err)
{
    enum { LARGE = 100000 };
    if (!b->settings->large) return ho_fail(err, HO_ERR_UNAVAILABLE, "measured with --large");
    char date[] = "2024-01-01", path[sizeof b->run + 16];
    snprintf(path, sizeof path, "%s.large.csv", b->run);
    const ho_generate_settings table = {.strategies = LARGE,
                                        .days = b->settings->days,
                                        .seed = b->settings->seed,
                                        .threads = b->settings->threads,
                                        .output = path,
                                        .start_date = date};
    int64_t bytes = 0;
    bool interrupted = false;
    double fitness;
    if (access(path, R_OK) != 0) HO_TRY(ho_generate(&table, b->hooks, &bytes, &interrupted, err));
    return interrupted ? HO_OK : optimize(b, path, sample, &fitness, err);
}

/* What was found about luck, as JSON and in words. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "report/json.h"
#include "run/overfit.h"

#include <math.h>
#include <stdlib.h>

enum { SHOWN = 5 }; /* winners that are named */

static const char *const counts[HO_TRIAL_COUNTS] = {"all", "clusters", "effective"};

typedef struct winner {
    uint32_t strategy, wins;
} winner;

static int more_first(const void *a, const void *b)
{
    const winner *x = a, *y = b;
    if (x->wins != y->wins) return x->wins > y->wins ? -1 : 1;
    return (x->strategy > y->strategy) - (x->strategy < y->strategy);
}

/* All columns, those that win most often first. */
static winner *count_wins(const ho_overfit *o)
{
    winner *list = HO_NEW(winner, o->columns);
    if (list == NULL) return NULL;
    for (size_t j = 0; j < o->columns; j++)
        list[j].strategy = (uint32_t)j;
    for (size_t s = 0; s < o->count; s++)
        list[o->splits[s].winner].wins++;
    qsort(list, o->columns, sizeof *list, more_first);
    return list;
}

static json_t *json_of_winners(const ho_overfit *o, const char *(*name)(const ho_overfit_told *, size_t),
                               const ho_overfit_told *told)
{
    winner *list = count_wins(o);
    json_t *array = list != NULL ? json_array() : NULL;
    for (size_t i = 0; list != NULL && i < o->columns && i < SHOWN && list[i].wins > 0; i++)
        ho_json_append(&array, json_pack("{s:o,s:I}", "name", ho_json_text(name(told, list[i].strategy)),
                                         "splits", (json_int_t)list[i].wins));
    free(list);
    return array;
}

static const char *strategy_name(const ho_overfit_told *told, size_t column)
{
    return ho_panel_name(told->input->panel, column);
}

static const char *portfolio_name(const ho_overfit_told *told, size_t column)
{
    return told->portfolios.names.items[column];
}

static json_t *json_of_overfit(const ho_overfit_told *told, const ho_overfit *o,
                               const char *(*name)(const ho_overfit_told *, size_t))
{
    if (o->count == 0) return json_null();
    return json_pack("{s:s,s:I,s:I,s:I,s:f,s:f,s:s,s:f,s:o,s:o,s:I,s:o}", "measure", told->settings->measure,
                     "blocks", (json_int_t)o->blocks, "splits", (json_int_t)o->count, "columns",
                     (json_int_t)o->columns, "probability", o->probability, "probability_average_rank",
                     o->probability_average, "ties", "low", "median_rank", o->median_rank, "loss",
                     ho_json_number(o->loss), "slope", ho_json_number(o->slope), "winners",
                     (json_int_t)o->winners, "most_often", json_of_winners(o, name, told));
}

static json_t *json_of_sharpe(const ho_overfit_told *told)
{
    const ho_deflated *d = &told->deflated;
    if (d->best == ho_panel_strategies(told->input->panel)) return json_null();
    json_t *deflated = json_object();
    for (int i = 0; i < HO_TRIAL_COUNTS; i++)
        json_object_set_new(deflated, counts[i],
                            json_pack("{s:f,s:o,s:o}", "trials", d->trials[i], "luck",
                                      ho_json_number(d->luck[i]), "probability",
                                      ho_json_number(d->deflated[i])));
    return json_pack("{s:o,s:f,s:f,s:f,s:o,s:o,s:o,s:f,s:o}", "best",
                     ho_json_text(ho_panel_name(told->input->panel, d->best)), "value", d->sharpe.value,
                     "skewness", d->sharpe.skewness, "kurtosis", d->sharpe.kurtosis, "standard_error",
                     ho_json_number(d->sharpe.error), "probability", ho_json_number(d->probability),
                     "track_length", ho_json_number(d->track_length), "deviation_of_trials", d->deviation,
                     "deflated", deflated);
}

static json_t *json_of_test(const ho_overfit_told *told, const ho_superior_test *t)
{
    return json_pack("{s:o,s:f,s:{s:f,s:f,s:f},s:{s:f,s:f,s:f}}", "best",
                     ho_json_text(ho_panel_name(told->input->panel, t->best)), "statistic", t->statistic, "p",
                     "lower", t->p[HO_SUPERIOR_LOWER], "consistent", t->p[HO_SUPERIOR_CONSISTENT], "upper",
                     t->p[HO_SUPERIOR_UPPER], "critical_5_percent", "lower", t->critical[HO_SUPERIOR_LOWER],
                     "consistent", t->critical[HO_SUPERIOR_CONSISTENT], "upper",
                     t->critical[HO_SUPERIOR_UPPER]);
}

static json_t *json_of_superior(const ho_overfit_told *told)
{
    const ho_superior *s = &told->superior;
    if (s->resamples == 0) return json_null();
    return json_pack("{s:s,s:f,s:I,s:I,s:f,s:f,s:o,s:o}", "bootstrap", told->settings->bootstrap,
                     "block_length", told->resampler.block, "resamples", (json_int_t)s->resamples,
                     "above_zero", (json_int_t)s->above, "reality_check_p", s->means.p[HO_SUPERIOR_UPPER],
                     "hansen_p", s->studied.p[HO_SUPERIOR_CONSISTENT], "means", json_of_test(told, &s->means),
                     "studentized", json_of_test(told, &s->studied));
}

ho_status ho_overfit_json(const ho_overfit_told *told, char **text, ho_error *err)
{
    json_t *root = json_pack(
        "{s:s,s:o,s:o,s:b}", "version", HO_VERSION, "input",
        ho_json_input(told->input->panel, told->settings->in.input, told->input->report.hash), "settings",
        ho_json_settings(told->options, told->settings), "interrupted", (int)told->interrupted);
    json_t *found = told->interrupted
                        ? json_object()
                        : json_pack("{s:o,s:o,s:o,s:o}", "overfitting",
                                    json_of_overfit(told, &told->overfit, strategy_name), "portfolios",
                                    json_of_overfit(told, &told->of_portfolios, portfolio_name), "sharpe",
                                    json_of_sharpe(told), "superiority", json_of_superior(told));
    json_t *end = json_pack("{s:{s:f,s:f,s:f,s:f,s:f},s:I}", "timings", "load", told->input->seconds,
                            "overfitting", told->overfit_seconds, "sharpe", told->deflated_seconds,
                            "superiority", told->superior_seconds, "total", told->total, "peak_memory_bytes",
                            (json_int_t)ho_peak_memory());
    const bool failed = root == NULL || found == NULL || end == NULL ||
                        json_object_update(root, found) != 0 || json_object_update(root, end) != 0;
    json_decref(found);
    json_decref(end);
    if (failed) {
        json_decref(root);
        return ho_fail_memory(err, 0, "the JSON document");
    }
    return ho_json_finish(root, text, err);
}

static void say_overfit(FILE *out, const char *of, const char *measure, const ho_overfit *o)
{
    fprintf(out,
            "Probability of overfitting, %s: %.3f (%s, %zu splits of %zu blocks)\n"
            "  the best of one half lands in the lower half of the other in %.1f %% of the splits\n"
            "  (equal ones at their average rank: %.1f %%); its median rank there is %.3f\n",
            of, o->probability, measure, o->count, o->blocks, 100 * o->probability,
            100 * o->probability_average, o->median_rank);
    if (!isnan(o->loss)) fprintf(out, "  it loses there in %.1f %%; ", 100 * o->loss);
    fprintf(out, "%s%zu of %zu win a split\n", isnan(o->loss) ? "  " : "", o->winners, o->columns);
}

static void say_sharpe(FILE *out, const ho_overfit_told *told)
{
    static const char *const names[HO_TRIAL_COUNTS] = {"strategies that vary", "clusters of near-duplicates",
                                                       "independent trials by their correlations"};
    const ho_deflated *d = &told->deflated;
    fputs("Largest Sharpe ratio: ", out);
    ho_text_put(ho_panel_name(told->input->panel, d->best), out);
    fprintf(
        out,
        "\n  %.4f a period, standard error %.4f; above 0 with probability %.4f had it been the only one\n",
        d->sharpe.value, d->sharpe.error, d->probability);
    if (isfinite(d->track_length))
        fprintf(out, "  and surely so, at 95 %%, after %.0f periods\n", ceil(d->track_length));
    for (int i = 0; i < HO_TRIAL_COUNTS; i++)
        fprintf(out, "  %.0f %s: luck alone shows %.4f; above that with probability %.4f\n", d->trials[i],
                names[i], d->luck[i], d->deflated[i]);
}

/* No resample was as good: the value is below what one of them counts. */
static void say_p(FILE *out, const char *test, double p, size_t resamples)
{
    fprintf(out, "  %s: p %c %.4f", test, p > 0 ? '=' : '<', p > 0 ? p : 1 / (double)resamples);
}

static void say_superior(FILE *out, const ho_overfit_told *told)
{
    const ho_superior *s = &told->superior;
    if (s->resamples == 0) return;
    fprintf(out, "Is any strategy better than nothing? %zu of %zu have a mean above 0\n", s->above,
            ho_panel_strategies(told->input->panel));
    say_p(out, "White's reality check", s->means.p[HO_SUPERIOR_UPPER], s->resamples);
    fputc('\n', out);
    say_p(out, "Hansen's test of superior predictive ability", s->studied.p[HO_SUPERIOR_CONSISTENT],
          s->resamples);
    fprintf(out, " (%.4f to %.4f)\n  %zu %s resamples, blocks of %.2f periods\n",
            s->studied.p[HO_SUPERIOR_LOWER], s->studied.p[HO_SUPERIOR_UPPER], s->resamples,
            told->settings->bootstrap, told->resampler.block);
}

ho_status ho_overfit_summary(const ho_overfit_told *told, char **text, ho_error *err)
{
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    if (told->interrupted) {
        fputs("interrupted: nothing was found and nothing was written\n", t.file);
        return ho_text_end(&t, text, err);
    }
    ho_text_put(told->settings->in.input, t.file);
    fprintf(t.file, ": %zu strategies x %zu periods\n", ho_panel_strategies(told->input->panel),
            ho_panel_periods(told->input->panel));
    say_overfit(t.file, "strategies", told->settings->measure, &told->overfit);
    if (told->of_portfolios.count > 0)
        say_overfit(t.file, "portfolios of the run", told->settings->measure, &told->of_portfolios);
    if (told->deflated.best < ho_panel_strategies(told->input->panel)) say_sharpe(t.file, told);
    say_superior(t.file, told);
    return ho_text_end(&t, text, err);
}

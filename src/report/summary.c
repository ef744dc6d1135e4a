/* The summary for people: the answer first, then what was read, how each algorithm fared, and the members. */
#include "base/date.h"
#include "base/error.h"
#include "base/strings.h"
#include "report/writers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *ho_report_method(const ho_search_result *result)
{
    if (result->algorithm != NULL) return ho_algorithm_name(result->algorithm);
    return result->branched ? "branch and bound" : "enumeration";
}

/* The figures that the answer opens with, by key. */
static const char *const headline[] = {"total_roi", "annualized_return", "max_drawdown", "roi_dd_ratio",
                                       "win_rate",  "profit_factor",     "sharpe",       "sortino"};

static void put_figure(FILE *file, const char *unit, double value, const char *money)
{
    if (isnan(value))
        fputs("undefined", file);
    else if (isinf(value))
        fputs(value > 0 ? "infinite" : "minus infinity", file);
    else if (strcmp(unit, "rupees") == 0 && strcmp(money, "rupees") == 0)
        fprintf(file, fabs(value) >= 1 || value == 0 ? "%.2f rupees" : "%.3g rupees", value);
    else if (strcmp(unit, "fraction") == 0)
        fprintf(file, "%.2f %%", 100 * value);
    else if (strcmp(unit, "periods") == 0)
        fprintf(file, "%.0f periods", value);
    else
        fprintf(file, "%.6g", value);
}

static double gap_of(double bound, double best)
{
    return bound > 0 ? 100 * (bound - best) / bound : NAN;
}

/* What branch and bound did to the gap. */
static void put_tree(const ho_report_tree *t, double value, double best, FILE *file)
{
    const double before = gap_of(t->before, best), after = gap_of(value, best);
    if (t->proven) fputs("  proven optimum: branch and bound left no portfolio that could be better\n", file);
    fprintf(file, "  branch and bound: %lld nodes in %.1f s", (long long)t->nodes, t->seconds);
    if (!t->proven && isfinite(before) && isfinite(after))
        fprintf(file, ", the gap was %.2f %% and is %.2f %%", before, after);
    if (!t->proven) fprintf(file, ", %lld nodes left (%s)", (long long)t->open, ho_stop_name(t->stopped_by));
    if (t->given_up > 0) fprintf(file, ", %lld given up and counted at their bounds", (long long)t->given_up);
    fputc('\n', file);
}

/* The distance to the best possible. */
static void put_bound(const ho_report *report, FILE *file)
{
    const ho_report_bound *b = &report->best->bound;
    const ho_search_result *best = report->best->best;
    if (best->stopped_by == HO_STOP_PROVEN && !best->branched) {
        fputs("  proven optimum: every portfolio of this size was looked at\n", file);
        return;
    }
    if (b->why != NULL) {
        fprintf(file, "  no bound: %s\n", b->why);
    } else if (!isfinite(b->value)) {
        fputs(
            "  no useful bound: a mix of these strategies has no drawdown, and nothing limits the quotient\n",
            file);
    } else {
        fprintf(file, "  no portfolio of %zu can score above %.6g; this one scores %.6g", best->size,
                b->value, best->fitness);
        if (b->value > 0 && best->fitness > 0) fprintf(file, " (%.1f %%)", 100 * best->fitness / b->value);
        fputc('\n', file);
    }
    if (b->tree.grown) put_tree(&b->tree, b->value, best->fitness, file);
}

/* A small picture of a series: its periods in at most 48 parts, each as high as its last value, or its largest. */
static void put_spark(const double *values, size_t count, bool largest, FILE *file)
{
    enum { WIDEST = 48, LEVELS = 8 };
    static const char *const levels[LEVELS] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const size_t parts = count < WIDEST ? count : WIDEST;
    double low = largest ? 0 : INFINITY, high = -INFINITY;
    for (size_t t = 0; t < count; t++) {
        low = fmin(low, values[t]);
        high = fmax(high, values[t]);
    }
    for (size_t i = 0; i < parts; i++) {
        const size_t first = i * count / parts, end = (i + 1) * count / parts;
        double value = values[end - 1];
        for (size_t t = first; t < end && largest; t++)
            value = fmax(value, values[t]);
        const double level = high > low ? (value - low) / (high - low) * (LEVELS - 1) : 0;
        fputs(levels[(size_t)(level + 0.5)], file);
    }
    fputc('\n', file);
}

static void put_sparks(const ho_report_details *details, FILE *file)
{
    fprintf(file, "  %-28s ", "Equity");
    put_spark(details->equity, details->periods, false, file);
    fprintf(file, "  %-28s ", "Drawdown, deep is high");
    put_spark(details->depths, details->periods, true, file);
}

/* Strategies that are one under two names. */
static void put_alike(const ho_report_details *details, FILE *file)
{
    size_t same = 0;
    for (size_t k = 0; k < details->size; k++)
        same += details->members[k].like != k;
    if (same > 0)
        fprintf(file, "  %-28s %zu: %zu had the same result as another in every period (--distinct)\n",
                "Different strategies", details->size - same, same);
}

/* The legacy fitness does not see a fall before the first high. */
static void put_first_fall(const ho_report *report, FILE *file)
{
    const double whole = report->metrics[ho_metric_find("max_drawdown")];
    const double later = report->metrics[ho_metric_find("max_drawdown_first_peak")];
    if (!(whole > later * (1 + 1e-9))) return;
    fprintf(file, "  %-28s ", "  after the first high");
    put_figure(file, "rupees", later, report->money);
    fputc('\n', file);
}

static void put_answer(const ho_report *report, FILE *file)
{
    const ho_search_result *best = report->best->best;
    fprintf(file, "Best portfolio: %zu strategies, fitness %.6f, found by %s\n", best->size, best->fitness,
            best->algorithm != NULL ? ho_algorithm_title(best->algorithm) : ho_report_method(best));
    put_bound(report, file);
    if (report->interrupted) fputs("  interrupted: the best so far\n", file);
    for (size_t i = 0; i < sizeof headline / sizeof *headline; i++) {
        int at = ho_metric_find(headline[i]);
        if (at < 0) continue;
        const ho_metric *m = ho_metric_at((size_t)at);
        fprintf(file, "  %-28s ", m->name);
        put_figure(file, m->unit, report->metrics[at], report->money);
        fputc('\n', file);
        if (strcmp(m->key, "max_drawdown") == 0) put_first_fall(report, file);
    }
    fprintf(file, "  %-28s %.4f\n", "Average correlation", report->correlation);
    if (best->size > 1)
        fprintf(file, "  %-28s %.4f\n", "Largest correlation", report->limits->largest_correlation);
    fprintf(file, "  %-28s %.2f of %zu, diversification ", "Effective bets",
            report->relations->effective_bets, best->size);
    put_figure(file, "ratio", report->relations->diversification, report->money);
    fputc('\n', file);
    put_alike(report->details, file);
    put_sparks(report->details, file);
}

static void put_input(const ho_report *report, FILE *file)
{
    size_t periods = ho_panel_periods(report->panel);
    char first[16], last[16];
    fputs("\nInput: ", file);
    ho_text_put(report->input, file);
    fprintf(file, "\n  %zu strategies, %zu periods, %s to %s\n", ho_panel_strategies(report->panel), periods,
            ho_date_print(ho_panel_period(report->panel, 0)->date, first),
            ho_date_print(ho_panel_period(report->panel, periods - 1)->date, last));
    if (report->load_text != NULL) fprintf(file, "  %s\n", report->load_text);
    for (size_t i = 0; i < report->warnings->count; i++)
        fprintf(file, "  warning: %s\n", report->warnings->items[i]);
}

/* How far a value lies below another, in percent of that. */
static void put_distance(double value, double from, FILE *file)
{
    if (isfinite(value) && isfinite(from) && from != 0)
        fprintf(file, " %8.2f %%", 100 * (from - value) / fabs(from));
    else
        fprintf(file, " %10s", "-");
}

static void put_algorithm(const ho_search_result *r, const ho_report_size *size, FILE *file)
{
    fprintf(file, "  %-12s %13.6f %13.6f", ho_report_method(r), r->fitness, r->raw_fitness);
    put_distance(r->fitness, size->best->fitness, file);
    if (size->bound.why == NULL) {
        fputc(' ', file);
        put_distance(r->fitness, size->bound.value, file);
    }
    fprintf(file, " %12lld %9.2f  %s%s\n", (long long)(r->evaluations + r->polish_evaluations), r->seconds,
            ho_stop_name(r->stopped_by), r == size->best ? "  <- best" : "");
}

static void put_algorithms(const ho_report *report, FILE *file)
{
    const ho_report_size *size = report->best;
    fprintf(file, "\nAlgorithms at size %zu (raw: before polishing)\n", size->size);
    fprintf(file, "  %-12s %13s %13s %10s%s %12s %9s  %s\n", "algorithm", "fitness", "raw", "below best",
            size->bound.why == NULL ? " under bound" : "", "evaluations", "seconds", "stopped by");
    for (size_t i = 0; i < size->count; i++)
        put_algorithm(&size->algorithms[i], size, file);
    if (size->exact != NULL) put_algorithm(size->exact, size, file);
    if (report->size_count < 2) return;
    fputs("\nSizes\n  size        fitness          bound  algorithm\n", file);
    for (size_t i = 0; i < report->size_count; i++) {
        const ho_report_size *s = &report->sizes[i];
        fprintf(file, "  %4zu %14.6f ", s->size, s->best->fitness);
        if (s->bound.why == NULL && isfinite(s->bound.value))
            fprintf(file, "%14.6f", s->bound.value);
        else
            fprintf(file, "%14s", "-");
        fprintf(file, "  %s%s\n", ho_report_method(s->best), s == report->best ? "  <- best" : "");
    }
}

static void put_inversion(const ho_report *report, FILE *file)
{
    const ho_report_inversion *r = report->inversion;
    if (r == NULL) return;
    const ho_search_result *best = report->best->best;
    size_t held = 0;
    for (size_t i = 0; i < r->count; i++) {
        for (size_t k = 0; k < best->size; k++)
            held += best->members[k] == r->turned[i].strategy;
    }
    fprintf(file, "\nInversion (%s): %zu of %zu strategies turned round, %zu of them in the portfolio\n",
            r->rule, r->count, r->strategies, held);
}

/* What the best portfolio came to in the rows of a regime, without weights. */
static void put_regime_result(const ho_report *report, const ho_report_regime *label, FILE *file)
{
    static const struct {
        const char *before, *key;
    } figures[] = {{"profit", "total_roi"}, {"drawdown", "max_drawdown"}, {"won", "win_rate"}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        const int at = ho_metric_find(figures[i].key);
        fprintf(file, "%s %s ", i == 0 ? ";" : ",", figures[i].before);
        put_figure(file, ho_metric_at((size_t)at)->unit, label->of_best[at], report->money);
    }
}

static void put_regimes(const ho_report *report, FILE *file)
{
    const ho_report_regimes *r = report->regimes;
    if (r == NULL) return;
    fprintf(file, "\nMarket regimes: %zu of %zu rows used, %s; filter %s", r->kept, r->rows,
            r->weighed ? "weighed by their confidence" : "not weighed", r->filter);
    if (strcmp(r->filter, "off") != 0) fprintf(file, " above %.4g %%", 100 * r->least);
    if (r->left_out > 0) fprintf(file, ", %zu strategies left out", r->left_out);
    fputc('\n', file);
    if (r->unweighted != NULL) {
        const int total = ho_metric_find("total_roi"), fall = ho_metric_find("max_drawdown");
        fputs("  best portfolio without weights: profit ", file);
        put_figure(file, "rupees", r->unweighted[total], report->money);
        fputs(", drawdown ", file);
        put_figure(file, "rupees", r->unweighted[fall], report->money);
        fputc('\n', file);
    }
    for (size_t i = 0; i < r->label_count; i++) {
        const ho_report_regime *label = &r->labels[i];
        fputs("  ", file);
        ho_text_put(label->label, file);
        fprintf(file, ": %zu rows, %zu used", label->rows, label->kept);
        if (label->of_best != NULL) put_regime_result(report, label, file);
        if (label->members != NULL)
            fprintf(file, "; its own portfolio of %zu: fitness %.6f, found by %s", label->size,
                    label->fitness, label->method);
        fputc('\n', file);
    }
}

static void put_zones(const ho_report *report, FILE *file)
{
    const ho_report_zones *z = report->zones;
    if (z == NULL) return;
    fprintf(file, "\nZones: together (%s) %zu strategies, fitness %.6f, %.6f by the run's own\n",
            z->combination, z->size, z->fitness, z->value);
    for (size_t i = 0; i < z->count; i++) {
        const ho_report_zone *zone = &z->zones[i];
        fputs("  ", file);
        ho_text_put(zone->name, file);
        fprintf(file, ": %zu periods, %zu of %zu strategies, fitness %.6f, found by %s, allocation %.1f %%\n",
                zone->periods, zone->size, zone->candidates, zone->fitness, zone->method,
                100 * zone->allocation);
    }
}

static void put_members(const ho_report *report, FILE *file)
{
    const ho_search_result *best = report->best->best;
    fputs("\nMembers, one lot each\n", file);
    for (size_t k = 0; k < best->size; k++) {
        fprintf(file, "  %3zu  ", k + 1);
        ho_text_put(ho_panel_name(report->panel, best->members[k]), file);
        fputc('\n', file);
    }
}

static void put_settings(const ho_report *report, FILE *file)
{
    fputs("\nSettings\n", file);
    for (size_t i = 0; i < report->options.count; i++) {
        char value[256];
        ho_option_print(&report->options.options[i], report->settings, value, sizeof value);
        if (value[0] == '\0') continue;
        fprintf(file, "  %-22s ", report->options.options[i].name);
        ho_text_put(value, file);
        fputc('\n', file);
    }
}

static void put_times(const ho_report *report, FILE *file)
{
    const ho_report_timings *t = &report->timings;
    fprintf(file,
            "\nTime: %.2f s (load %.2f%s, bound %.2f, search %.2f, proof %.2f); peak memory %.0f MB; %d "
            "threads, %s "
            "kernels\n",
            t->total, t->load, report->from_cache ? " from the cache" : "", t->bound, t->search, t->prove,
            (double)report->peak_memory / 1e6, report->threads, report->kernels);
}

ho_status ho_report_summary(const ho_report *report, char **text, ho_error *err)
{
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    put_answer(report, t.file);
    ho_say_out_of_sample(report->out_of_sample, t.file);
    put_input(report, t.file);
    put_algorithms(report, t.file);
    put_inversion(report, t.file);
    put_regimes(report, t.file);
    put_zones(report, t.file);
    put_members(report, t.file);
    ho_say_kelly(report->kelly, t.file);
    put_times(report, t.file);
    return ho_text_end(&t, text, err);
}

ho_status ho_write_summary_file(const ho_report_source *source, FILE *file, ho_error *err)
{
    char *text = NULL;
    const ho_report *report = source->report;
    fprintf(file, "heavyopt %s, run %s\n\n", HO_VERSION, report->stamp);
    HO_TRY(ho_report_summary(report, &text, err));
    fputs(text, file);
    free(text);
    put_settings(report, file);
    return HO_OK;
}

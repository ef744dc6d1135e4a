#include "run/regimes.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"
#include "screen/regimes.h"
#include "store/regime_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void ho_regimes_clear(ho_regimes *r)
{
    ho_panel_free(&r->rows);
    ho_panel_free(&r->unweighted);
    free(r->unsure);
    free(r->confidence);
    free(r->report.confidence);
    ho_strings_clear(&r->warnings);
    for (size_t i = 0; i < r->report.label_count; i++) {
        free(r->report.labels[i].members);
        free(r->report.labels[i].metrics);
        free(r->report.labels[i].of_best);
    }
    free(r->report.labels);
    *r = (ho_regimes){0};
}

static ho_status join_file(const ho_regime_settings *s, ho_panel *rows, ho_strings *warnings, ho_error *err)
{
    ho_regime_marks marks = {0};
    ho_regime_join join;
    HO_TRY(ho_regime_file_read(s->file, &marks, warnings, err));
    ho_status status = ho_regimes_join(rows, &marks, s->override, &join, err);
    ho_regime_marks_clear(&marks);
    HO_TRY(status);
    if (!join.labels && !join.confidence && !join.transition)
        HO_TRY(ho_strings_printf(warnings, err,
                                 "%.700s: not used, the table has regimes of its own (--regime-override "
                                 "takes those of the file)",
                                 s->file));
    else if (join.rows_without > 0)
        HO_TRY(ho_strings_printf(warnings, err,
                                 "%.700s: dates of the table that it lacks: %zu; their %zu rows have no "
                                 "regime and full confidence",
                                 s->file, join.dates_without, join.rows_without));
    return HO_OK;
}

/* Flags by weekday, all when none is named. */
static ho_status read_weekdays(const ho_strings *names, bool wanted[7], ho_error *err)
{
    for (int day = 0; day < 7; day++)
        wanted[day] = names->count == 0;
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        int found = -1;
        for (int day = 0; day < 7; day++) {
            const size_t length = strlen(name);
            if (strcasecmp(name, ho_weekday_name(day)) == 0 ||
                (length == 3 && strncasecmp(name, ho_weekday_name(day), 3) == 0))
                found = day;
        }
        if (found < 0)
            return ho_fail(err, HO_ERR_USAGE, "--weekday: '%.100s' is no weekday: Monday, Tuesday, ... are",
                           name);
        wanted[found] = true;
    }
    return HO_OK;
}

/* The number of the wanted label; -1: every row is wanted. */
static ho_status find_label(const ho_regime_settings *s, const ho_panel *rows, int32_t *label, ho_error *err)
{
    *label = -1;
    if (s->regime == NULL) return HO_OK;
    if (rows->regimes.count == 0)
        return ho_fail(err, HO_ERR_USAGE,
                       "--regime: the table has no market regimes; --regime-file can bring them");
    if (strcasecmp(s->regime, "each") == 0) return HO_OK;
    for (size_t i = 0; i < rows->regimes.count; i++) {
        if (ho_text_same(s->regime, rows->regimes.items[i])) *label = (int32_t)i;
    }
    if (*label >= 0) return HO_OK;
    const char *nearest =
        ho_text_nearest(s->regime, (const char *const *)rows->regimes.items, rows->regimes.count);
    return ho_fail(err, HO_ERR_USAGE,
                   "--regime: the table has no regime '%.100s'%s%.100s; it has %zu of them", s->regime,
                   nearest != NULL ? ": did you mean " : "", nearest != NULL ? nearest : "",
                   rows->regimes.count);
}

/* A share; what is below 1 % is taken for one already. */
static double least_of(const ho_regime_settings *s)
{
    return s->least_confidence < 1 ? s->least_confidence : s->least_confidence / 100;
}

static bool is_sure(const ho_regime_settings *s, double confidence)
{
    const double least = least_of(s);
    return confidence > least || (s->inclusive && confidence >= least);
}

/* Counts of the rows before any is left out. */
static ho_status describe_rows(const ho_regime_settings *s, const ho_panel *rows, ho_report_regimes *report,
                               ho_error *err)
{
    report->labels = HO_NEW(ho_report_regime, rows->regimes.count);
    if (report->labels == NULL) return ho_fail_memory(err, rows->regimes.count, "market regimes");
    report->label_count = rows->regimes.count;
    report->rows = rows->values.rows;
    report->lowest = INFINITY;
    report->least = least_of(s);
    for (size_t t = 0; t < rows->values.rows; t++) {
        const ho_period *p = &rows->periods[t];
        report->mean += p->confidence / (double)rows->values.rows;
        report->lowest = fmin(report->lowest, p->confidence);
        report->highest = fmax(report->highest, p->confidence);
        report->above += (is_sure(s, p->confidence) ? 1.0 : 0.0) / (double)rows->values.rows;
        if (p->regime >= 0) report->labels[p->regime].rows++;
    }
    return HO_OK;
}

static ho_status choose_rows(const ho_regime_settings *s, ho_regimes *r, ho_error *err)
{
    const size_t count = r->rows->values.rows;
    bool weekdays[7];
    int32_t label;
    ho_panel *kept = NULL;
    HO_TRY(read_weekdays(&s->weekdays, weekdays, err));
    HO_TRY(find_label(s, r->rows, &label, err));
    uint8_t *keep = HO_NEW(uint8_t, count);
    if (keep == NULL) return ho_fail_memory(err, count, "rows");
    size_t left = 0;
    for (size_t t = 0; t < count; t++) {
        const ho_period *p = &r->rows->periods[t];
        keep[t] = weekdays[ho_date_weekday(p->date)] && (label < 0 || p->regime == label) &&
                  (!r->rows_filtered || is_sure(s, p->confidence));
        left += keep[t];
    }
    ho_status status = HO_OK;
    if (left == 0)
        status = ho_fail(err, HO_ERR_DATA,
                         "of %zu rows none is left for --weekday, --regime and --regime-filter", count);
    else if (left < count)
        status = ho_rows_keep(r->rows, keep, &kept, err);
    free(keep);
    HO_TRY(status);
    if (kept != NULL) {
        ho_panel_free(&r->rows);
        r->rows = kept;
    }
    r->report.kept = left;
    for (size_t t = 0; t < left; t++) {
        const ho_period *p = &r->rows->periods[t];
        if (p->regime >= 0) r->report.labels[p->regime].kept++;
    }
    for (size_t i = 0; i < r->report.label_count; i++) {
        r->report.labels[i].label = r->rows->regimes.items[i];
        r->report.labels[i].risk = ho_regime_risk(r->report.labels[i].label);
    }
    return HO_OK;
}

static ho_status find_confidence(ho_regimes *r, ho_error *err)
{
    const size_t n = r->rows->values.columns;
    r->confidence = HO_NEW(double, n);
    if (r->confidence == NULL) return ho_fail_memory(err, n * sizeof *r->confidence, "confidences");
    ho_regimes_confidence(r->rows, r->confidence);
    return HO_OK;
}

/* Strategies whose regimes were unsure while they were active. */
static ho_status find_unsure(const ho_regime_settings *s, ho_regimes *r, ho_error *err)
{
    const size_t n = r->rows->values.columns;
    r->unsure = HO_NEW(uint8_t, n);
    if (r->unsure == NULL) return ho_fail_memory(err, n, "confidences");
    for (size_t j = 0; j < n; j++) {
        r->unsure[j] = !is_sure(s, r->confidence[j]);
        r->report.left_out += r->unsure[j];
    }
    return HO_OK;
}

/* Of a copy of the rows, weighed where the run weighs: ho_rows_to_periods. */
static ho_status copy_to_periods(const ho_regimes *r, bool weighed, const ho_panel *rows, ho_panel **kept,
                                 ho_panel **periods, ho_error *err)
{
    ho_panel *copy = NULL;
    HO_TRY(ho_panel_cut(rows, 0, rows->values.rows, NULL, rows->values.columns, &copy, err));
    if (weighed) ho_regimes_weigh(copy, r->settings->transition_limit, r->settings->transition_factor);
    return ho_rows_to_periods(r->by_day, copy, kept, periods, err);
}

ho_status ho_regimes_of_label(const ho_regimes *r, int32_t label, ho_panel **kept, ho_panel **periods,
                              ho_error *err)
{
    const size_t count = r->rows->values.rows;
    ho_panel *rows = NULL;
    uint8_t *keep = HO_NEW(uint8_t, count);
    if (keep == NULL) return ho_fail_memory(err, count, "rows");
    for (size_t t = 0; t < count; t++)
        keep[t] = r->rows->periods[t].regime == label;
    ho_status status = ho_rows_keep(r->rows, keep, &rows, err);
    free(keep);
    if (status == HO_OK) status = copy_to_periods(r, r->weighed, rows, kept, periods, err);
    ho_panel_free(&rows);
    return status;
}

bool ho_regimes_asked(const ho_regime_settings *s)
{
    return s->file != NULL || s->regime != NULL || s->weekdays.count > 0 ||
           strcmp(s->filter, "strategies") == 0 || strcmp(s->filter, "rows") == 0 ||
           strcmp(s->weights, "on") == 0;
}

/* What was asked for by name needs confidences; `auto` does without. */
static ho_status refuse_unknown(const ho_regime_settings *s, ho_error *err)
{
    const bool weights = strcmp(s->weights, "on") == 0;
    if (!weights && (strcmp(s->filter, "auto") == 0 || strcmp(s->filter, "off") == 0)) return HO_OK;
    return ho_fail(
        err, HO_ERR_USAGE,
        "--regime-%s %s: the table tells no confidence of market regimes; --regime-file can tell it",
        weights ? "weights" : "filter", weights ? s->weights : s->filter);
}

static ho_status shape(const ho_regime_settings *s, ho_input *input, ho_regimes *r, ho_error *err)
{
    const ho_panel *read = ho_input_rows(input);
    ho_panel *periods = NULL, *kept = NULL;
    HO_TRY(ho_panel_cut(read, 0, read->values.rows, NULL, read->values.columns, &r->rows, err));
    if (s->file != NULL) HO_TRY(join_file(s, r->rows, &r->warnings, err));
    const bool known = ho_regimes_known(r->rows), by_itself = strcmp(s->filter, "auto") == 0;
    if (!known) HO_TRY(refuse_unknown(s, err));
    if (s->least_confidence > 0 && s->least_confidence < 1)
        HO_TRY(ho_strings_printf(&r->warnings, err,
                                 "--regime-min-confidence %g was taken as a fraction: %g %%",
                                 s->least_confidence, 100 * s->least_confidence));
    r->rows_filtered = strcmp(s->filter, "rows") == 0;
    r->weighed = known && strcmp(s->weights, "off") != 0;
    r->report.present = true;
    r->report.weighed = r->weighed;
    r->report.filter = by_itself ? (known ? "strategies" : "off") : r->rows_filtered ? "rows" : s->filter;
    HO_TRY(describe_rows(s, r->rows, &r->report, err));
    HO_TRY(choose_rows(s, r, err));
    if (known) HO_TRY(find_confidence(r, err));
    if (strcmp(r->report.filter, "strategies") == 0) HO_TRY(find_unsure(s, r, err));
    HO_TRY(copy_to_periods(r, r->weighed, r->rows, &kept, &periods, err));
    if (input->original == NULL) {
        ho_panel **kept_whole = input->rows != NULL ? &input->rows : &input->panel;
        input->original = *kept_whole;
        *kept_whole = NULL;
    }
    ho_panel_free(&input->rows);
    ho_panel_free(&input->panel);
    input->rows = kept;
    input->panel = periods;
    if (!r->weighed) return HO_OK;
    ho_status status = copy_to_periods(r, false, r->rows, &kept, &r->unweighted, err);
    if (status == HO_OK) ho_panel_free(&kept);
    return status;
}

ho_status ho_regimes_shape(const ho_regime_settings *s, const char *period, const ho_hooks *hooks,
                           ho_input *input, ho_regimes *r, ho_error *err)
{
    const ho_panel *read = ho_input_rows(input);
    r->settings = s;
    r->by_day = strcmp(period, "day") == 0;
    if (!ho_regimes_asked(s) && !ho_regimes_known(read)) return HO_OK;
    HO_TRY(shape(s, input, r, err));
    for (size_t i = 0; i < r->warnings.count; i++)
        ho_warn(hooks, r->warnings.items[i]);
    return HO_OK;
}

/* The best portfolio's measures in the rows of one label, a period a row or a date. */
static ho_status measure_label(const ho_regimes *r, size_t label, const ho_metric_settings *measures,
                               const uint32_t *members, size_t count, double *series,
                               ho_report_regime *regime, ho_error *err)
{
    size_t periods = 0;
    int32_t last = INT32_MIN;
    for (size_t t = 0; t < r->rows->values.rows; t++) {
        const ho_period *p = &r->rows->periods[t];
        const double *row = ho_panel_row(r->rows, t);
        double sum = 0;
        if (p->regime != (int32_t)label) continue;
        for (size_t k = 0; k < count; k++)
            sum += row[members[k]];
        if (r->by_day && periods > 0 && p->date == last)
            series[periods - 1] += sum;
        else
            series[periods++] = sum;
        last = p->date;
    }
    regime->best_periods = periods;
    if (periods == 0) return HO_OK;
    regime->of_best = HO_NEW(double, ho_metric_count());
    if (regime->of_best == NULL) return ho_fail_memory(err, 0, "a regime's measures");
    ho_metric_settings plain = *measures;
    plain.benchmark = NULL; /* which has other periods */
    return ho_metrics_of_series(series, periods, &plain, regime->of_best, err);
}

ho_status ho_regimes_measure(ho_regimes *r, const ho_metric_settings *measures, const uint32_t *members,
                             size_t count, ho_error *err)
{
    if (r->rows == NULL) return HO_OK;
    double *series = HO_NEW(double, r->rows->values.rows);
    if (r->confidence != NULL) r->report.confidence = HO_NEW(double, count);
    ho_status status = HO_OK;
    if (series == NULL || (r->confidence != NULL && r->report.confidence == NULL))
        status = ho_fail_memory(err, r->rows->values.rows * sizeof *series, "the regimes' measures");
    for (size_t k = 0; k < count && status == HO_OK && r->confidence != NULL; k++)
        r->report.confidence[k] = r->confidence[members[k]];
    for (size_t i = 0; i < r->report.label_count && status == HO_OK; i++)
        status = measure_label(r, i, measures, members, count, series, &r->report.labels[i], err);
    free(series);
    return status;
}

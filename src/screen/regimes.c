#include "screen/regimes.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "panel/panel.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum { CLOSE = 15 * 3600 + 30 * 60 };

bool ho_regimes_known(const ho_panel *rows)
{
    for (size_t t = 0; t < rows->values.rows; t++) {
        if (rows->periods[t].confidence < 1 || rows->periods[t].transition > 0) return true;
    }
    return false;
}

/* The first mark of the date or later. */
static size_t find_date(const ho_regime_marks *marks, int32_t date)
{
    size_t low = 0, high = marks->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (marks->marks[middle].date < date)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static double seconds_of(const ho_regime_mark *marks, size_t count, size_t i)
{
    const int32_t end = i + 1 < count ? marks[i + 1].time : CLOSE;
    return end > marks[i].time ? (double)(end - marks[i].time) : 0;
}

/* What a date was: the label of the most seconds, the first of equals, and the means over the seconds. Marks after the
 * close hold for no time; where none holds for any, the first stands for the date. */
static void of_date(const ho_regime_marks *marks, const ho_regime_mark *of, size_t count, double *seconds,
                    ho_regime_mark *whole)
{
    double sum = 0, confidence = 0, transition = 0;
    memset(seconds, 0, (marks->labels.count + 1) * sizeof *seconds);
    for (size_t i = 0; i < count; i++) {
        const double held = seconds_of(of, count, i);
        sum += held;
        confidence += held * of[i].confidence;
        transition += held * of[i].transition;
        seconds[of[i].label + 1] += held;
    }
    *whole = of[0];
    if (sum == 0) return;
    for (size_t i = 0; i < count; i++) { /* in order of time, so that the earliest of equals wins */
        if (seconds[of[i].label + 1] > seconds[whole->label + 1]) whole->label = of[i].label;
    }
    whole->confidence = confidence / sum;
    whole->transition = transition / sum;
}

static ho_regime_mark at_start(const ho_regime_mark *of, size_t count, int32_t start)
{
    size_t i = 0;
    while (i + 1 < count && of[i + 1].time <= start)
        i++;
    return of[i];
}

static void take(ho_panel *rows, size_t t, const ho_regime_mark *mark, const int32_t *numbers,
                 const ho_regime_join *join)
{
    ho_period *p = &rows->periods[t];
    if (join->labels) p->regime = mark->label < 0 ? -1 : numbers[mark->label];
    if (join->confidence) p->confidence = mark->confidence;
    if (join->transition) p->transition = mark->transition;
}

static const ho_regime_mark nothing_known = {.label = -1, .confidence = 1};

static ho_status join_rows(ho_panel *rows, const ho_regime_marks *marks, const int32_t *numbers,
                           double *seconds, ho_regime_join *join, ho_error *err)
{
    int32_t missed = INT32_MIN;
    for (size_t t = 0; t < rows->values.rows; t++) {
        const ho_period *p = &rows->periods[t];
        const size_t first = find_date(marks, p->date);
        size_t last = first;
        while (last < marks->count && marks->marks[last].date == p->date)
            last++;
        ho_regime_mark mark = nothing_known;
        if (first == last) {
            join->rows_without++;
            join->dates_without += p->date != missed;
            missed = p->date;
        } else if (p->start >= 0) {
            mark = at_start(marks->marks + first, last - first, p->start);
        } else {
            of_date(marks, marks->marks + first, last - first, seconds, &mark);
        }
        take(rows, t, &mark, numbers, join);
    }
    if (join->rows_without < rows->values.rows) return HO_OK;
    char from[16], to[16];
    return ho_fail(err, HO_ERR_DATA, "the regime file has no row for any date of the table, %s to %s",
                   ho_date_print(rows->periods[0].date, from),
                   ho_date_print(rows->periods[rows->values.rows - 1].date, to));
}

ho_status ho_regimes_join(ho_panel *rows, const ho_regime_marks *marks, bool override, ho_regime_join *join,
                          ho_error *err)
{
    *join = (ho_regime_join){.labels = true, .confidence = true, .transition = true};
    for (size_t t = 0; t < rows->values.rows && !override; t++) {
        const ho_period *p = &rows->periods[t];
        join->labels &= p->regime < 0;
        join->confidence &= p->confidence == 1;
        join->transition &= p->transition == 0;
    }
    int32_t *numbers = HO_NEW(int32_t, marks->labels.count);
    double *seconds = HO_NEW(double, marks->labels.count + 1);
    ho_status status = HO_OK;
    if (numbers == NULL || seconds == NULL)
        status = ho_fail_memory(err, marks->labels.count * sizeof *seconds, "market regimes");
    for (size_t i = 0; i < marks->labels.count && status == HO_OK; i++)
        status = ho_panel_label(&rows->regimes, marks->labels.items[i], strlen(marks->labels.items[i]),
                                &numbers[i], err);
    if (status == HO_OK) status = join_rows(rows, marks, numbers, seconds, join, err);
    free(numbers);
    free(seconds);
    return status;
}

void ho_regimes_confidence(const ho_panel *rows, double *confidence)
{
    enum { BLOCK = 512 };
    double mean = 0, active[BLOCK];
    for (size_t t = 0; t < rows->values.rows; t++)
        mean += rows->periods[t].confidence;
    mean /= (double)rows->values.rows;
    for (size_t first = 0; first < rows->values.columns; first += BLOCK) {
        const size_t left = rows->values.columns - first, count = left < BLOCK ? left : BLOCK;
        double *sum = confidence + first;
        memset(active, 0, sizeof active);
        memset(sum, 0, count * sizeof *sum);
        for (size_t t = 0; t < rows->values.rows; t++) {
            const double *row = ho_matrix_row(&rows->values, t) + first;
            for (size_t j = 0; j < count; j++) {
                sum[j] += row[j] != 0 ? rows->periods[t].confidence : 0;
                active[j] += row[j] != 0 ? 1 : 0;
            }
        }
        for (size_t j = 0; j < count; j++)
            sum[j] = active[j] > 0 ? sum[j] / active[j] : mean;
    }
}

double ho_regime_risk(const char *label)
{
    static const char *const wild[] = {"panic", "violent", "volatile"};
    for (size_t i = 0; i < sizeof wild / sizeof *wild; i++) {
        if (strcasestr(label, wild[i]) != NULL) return .6;
    }
    if (strncasecmp(label, "bull", 4) == 0) return 1.2;
    return strncasecmp(label, "bear", 4) == 0 ? .8 : 1;
}

void ho_regimes_weigh(ho_panel *rows, double limit, double factor)
{
    for (size_t t = 0; t < rows->values.rows; t++) {
        const ho_period *p = &rows->periods[t];
        const double weight = p->confidence * (p->transition > limit ? factor : 1);
        double *row = ho_matrix_row(&rows->values, t);
        for (size_t j = 0; j < rows->values.columns; j++)
            row[j] *= weight;
    }
}

ho_status ho_rows_keep(const ho_panel *rows, const uint8_t *keep, ho_panel **kept, ho_error *err)
{
    size_t count = 0;
    for (size_t t = 0; t < rows->values.rows; t++)
        count += keep[t] != 0;
    ho_panel *out = NULL;
    HO_TRY(ho_panel_cut(rows, 0, count, NULL, rows->values.columns, &out, err));
    for (size_t t = 0, to = 0; t < rows->values.rows; t++) {
        if (keep[t] == 0) continue;
        out->periods[to] = rows->periods[t];
        memcpy(ho_matrix_row(&out->values, to++), ho_matrix_row(&rows->values, t),
               rows->values.columns * sizeof(double));
    }
    *kept = out;
    return HO_OK;
}

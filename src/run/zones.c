#include "run/zones.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Texts by their letters, runs of digits by their number: "Zone 2" before "Zone 10". */
static int compare_names(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            char *end_a, *end_b;
            const double x = strtod(a, &end_a), y = strtod(b, &end_b);
            if (x != y) return x < y ? -1 : 1;
            a = end_a;
            b = end_b;
        } else if (*a != *b) {
            break;
        } else {
            a++;
            b++;
        }
    }
    return (int)(unsigned char)*a - (int)(unsigned char)*b;
}

static bool is_zone(const char *name)
{
    static const char *const none[] = {"", "Outside Market", "Undefined", "nan"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (ho_text_same(none[i], name)) return false;
    }
    return true;
}

/* The labels that are zones, in order; returns how many. */
static size_t order_zones(const ho_panel *rows, int32_t *order)
{
    size_t count = 0;
    for (int32_t z = 0; z < (int32_t)ho_panel_zones(rows); z++) {
        const char *name = ho_panel_zone(rows, z);
        if (!is_zone(name)) continue;
        size_t at = count++;
        for (; at > 0 && compare_names(name, ho_panel_zone(rows, order[at - 1])) < 0; at--)
            order[at] = order[at - 1];
        order[at] = z;
    }
    return count;
}

/* Reads `count` numbers of 0 or more with a sum above 0; false where the text is anything else. */
static bool read_weights(const char *text, size_t count, double *weights)
{
    double sum = 0;
    size_t i = 0;
    for (; i < count; i++) {
        char *end = NULL;
        weights[i] = strtod(text, &end);
        if (end == text || !isfinite(weights[i]) || weights[i] < 0) return false;
        sum += weights[i];
        text = end + strspn(end, " ");
        if (*text == ',') text++;
    }
    for (size_t z = 0; z < count; z++)
        weights[z] /= sum;
    return *text == '\0' && sum > 0;
}

static ho_status weigh(const ho_panel *rows, const double *weight_of, ho_panel **zoned, ho_error *err)
{
    ho_panel *weighed = NULL;
    const size_t n = ho_panel_strategies(rows);
    uint32_t *all = HO_NEW(uint32_t, n);
    if (all == NULL) return ho_fail_memory(err, n * sizeof *all, "the zones");
    for (uint32_t j = 0; j < n; j++)
        all[j] = j;
    ho_status status = ho_panel_choose(rows, all, n, &weighed, err);
    for (size_t t = 0; status == HO_OK && t < ho_panel_periods(weighed); t++) {
        const int32_t zone = weighed->periods[t].zone;
        const double weight = zone >= 0 ? weight_of[zone] : 0;
        double *row = ho_matrix_row(&weighed->values, t);
        for (size_t j = 0; j < n; j++)
            row[j] *= weight;
    }
    if (status == HO_OK) status = ho_panel_by_day(weighed, zoned, err);
    ho_panel_free(&weighed);
    free(all);
    return status;
}

ho_status ho_zones_weigh(const char *text, const ho_input *input, const ho_hooks *hooks, ho_panel **zoned,
                         ho_error *err)
{
    const ho_panel *rows = input->rows != NULL ? input->rows : input->panel;
    const size_t labels = ho_panel_zones(rows);
    int32_t *order = HO_NEW(int32_t, labels + 1);
    double *weights = HO_NEW(double, labels + 1), *weight_of = HO_NEW(double, labels + 1);
    ho_status status = HO_OK;
    if (order == NULL || weights == NULL || weight_of == NULL)
        status = ho_fail_memory(err, labels * sizeof *weights, "the zones");
    const size_t count = status == HO_OK ? order_zones(rows, order) : 0;
    if (status == HO_OK && count == 0)
        status = ho_fail(err, HO_ERR_DATA, "the zone fitness needs rows with zones, and the table has none");
    if (status == HO_OK && (text == NULL || !read_weights(text, count, weights))) {
        char line[160];
        (void)snprintf(line, sizeof line,
                       "--zone-weights: not one number of 0 or more for each of the %zu zones: "
                       "all zones weigh the same",
                       count);
        if (text != NULL) ho_warn(hooks, line);
        for (size_t i = 0; i < count; i++)
            weights[i] = 1 / (double)count;
    }
    for (size_t i = 0; i < count; i++)
        weight_of[order[i]] = weights[i];
    if (status == HO_OK) status = weigh(rows, weight_of, zoned, err);
    free(order);
    free(weights);
    free(weight_of);
    return status;
}

/* Zones by weight: the numbers as a user writes them, and the days that they make. */
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"
#include "run/zones.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool ho_zone_is(const char *zone, const char *name, size_t length)
{
    for (size_t i = 0;; i++, zone++) {
        while (*zone == ' ' || *zone == '_' || *zone == '-')
            zone++;
        while (i < length && (name[i] == ' ' || name[i] == '_' || name[i] == '-'))
            i++;
        if (*zone == '\0' || i >= length) return *zone == '\0' && i >= length;
        if (tolower((unsigned char)*zone) != tolower((unsigned char)name[i])) return false;
    }
}

static ho_status bad_weight(const char *text, ho_error *err)
{
    return ho_fail(err, HO_ERR_USAGE, "--zone-weights %.200s: expected numbers, as 1,2,3 or zone1:1,zone2:3",
                   text);
}

/* One entry at *at, "W" or "NAME:W"; *name_length is 0 without a name. */
static bool take_weight(const char **at, const char **name, size_t *name_length, double *weight)
{
    const char *entry = *at + strspn(*at, " ");
    const size_t length = strcspn(entry, ",");
    const char *colon = memchr(entry, ':', length);
    const char *number = colon != NULL ? colon + 1 : entry;
    char *end = NULL;
    *weight = strtod(number, &end);
    if (end == number || !isfinite(*weight)) return false;
    end += strspn(end, " ");
    if (end != entry + length) return false;
    *name = entry;
    *name_length = colon != NULL ? (size_t)(colon - entry) : 0;
    *at = entry + length;
    return true;
}

static ho_status read_named(const ho_day_zones *z, const char *text, double *weights, ho_error *err)
{
    for (size_t i = 0; i < z->count; i++)
        weights[i] = 1;
    for (const char *at = text;; at++) {
        const char *name = NULL;
        size_t length = 0, i = 0;
        double weight = 0;
        if (!take_weight(&at, &name, &length, &weight) || length == 0) return bad_weight(text, err);
        while (i < z->count && !ho_zone_is(z->names.items[i], name, length))
            i++;
        if (i == z->count)
            return ho_fail(err, HO_ERR_USAGE,
                           "--zone-weights: the table has no zone '%.*s'; its %zu are %.100s to %.100s",
                           (int)(length < 100 ? length : 100), name, z->count, z->names.items[0],
                           z->names.items[z->count - 1]);
        weights[i] = weight;
        if (*at == '\0') return HO_OK;
    }
}

/* *read: how many numbers the text has. */
static ho_status read_plain(const ho_day_zones *z, const char *text, double *weights, size_t *read,
                            ho_error *err)
{
    *read = 0;
    for (const char *at = text;; at++) {
        const char *name = NULL;
        size_t length = 0;
        double weight = 0;
        if (!take_weight(&at, &name, &length, &weight) || length != 0) return bad_weight(text, err);
        if (*read < z->count) weights[*read] = weight;
        ++*read;
        if (*at == '\0') return HO_OK;
    }
}

ho_status ho_zone_weights(const ho_day_zones *z, const char *text, const ho_hooks *hooks, double *weights,
                          ho_error *err)
{
    size_t read = z->count;
    double sum = 0, least = 0;
    char line[200];
    for (size_t i = 0; i < z->count; i++)
        weights[i] = 1;
    if (text != NULL && strchr(text, ':') != NULL)
        HO_TRY(read_named(z, text, weights, err));
    else if (text != NULL)
        HO_TRY(read_plain(z, text, weights, &read, err));
    for (size_t i = 0; i < z->count; i++) {
        sum += weights[i];
        least = fmin(least, weights[i]);
    }
    if (read != z->count) {
        (void)snprintf(line, sizeof line,
                       "--zone-weights: %zu numbers for %zu zones: all zones weigh the same", read, z->count);
        ho_warn(hooks, line);
    } else if (!(sum > 0) || least < 0) {
        ho_warn(hooks, least < 0 ? "--zone-weights: one is below 0: all zones weigh the same"
                                 : "--zone-weights: all are 0: all zones weigh the same");
    }
    const bool equal = read != z->count || !(sum > 0) || least < 0;
    for (size_t i = 0; i < z->count; i++)
        weights[i] = equal ? 1 / (double)z->count : weights[i] / sum;
    return HO_OK;
}

/* The rows times the weights of their zones, or the columns times those of theirs. */
static ho_status weigh(const ho_day_zones *z, const ho_panel *rows, const double *weights, ho_panel **zoned,
                       ho_error *err)
{
    ho_panel *weighed = NULL;
    const size_t n = ho_panel_strategies(rows), labels = ho_panel_zones(rows);
    double *weight_of = HO_NEW(double, labels + 1);
    if (weight_of == NULL) return ho_fail_memory(err, labels * sizeof *weight_of, "the zones");
    for (size_t i = 0; i < z->count && z->strategies == NULL; i++)
        weight_of[z->label_of[i]] = weights[i];
    ho_status status = ho_panel_cut(rows, 0, ho_panel_periods(rows), NULL, n, &weighed, err);
    for (size_t t = 0; status == HO_OK && t < ho_panel_periods(rows); t++) {
        const int32_t zone = weighed->periods[t].zone;
        const double weight = zone >= 0 ? weight_of[zone] : 0;
        double *row = ho_matrix_row(&weighed->values, t);
        for (size_t j = 0; j < n; j++) {
            const int32_t own = z->strategies != NULL ? z->strategies[j] : -1;
            row[j] *= z->strategies == NULL ? weight : own >= 0 ? weights[own] : 0;
        }
    }
    if (status == HO_OK) status = ho_panel_by_day(weighed, zoned, err);
    ho_panel_free(&weighed);
    free(weight_of);
    return status;
}

ho_status ho_day_zones_weigh(const char *text, const ho_input *input, const ho_hooks *hooks, ho_panel **zoned,
                             ho_error *err)
{
    const ho_panel *rows = ho_input_rows(input);
    ho_day_zones own = {0};
    ho_status status = input->zones == NULL ? ho_day_zones_of_rows(rows, &own, err) : HO_OK;
    const ho_day_zones *z = input->zones != NULL ? input->zones : &own;
    if (status == HO_OK && z->count == 0)
        status = ho_fail(err, HO_ERR_DATA, "the zone fitness needs rows with zones, and the table has none");
    double *weights = HO_NEW(double, z->count + 1);
    if (status == HO_OK && weights == NULL)
        status = ho_fail_memory(err, z->count * sizeof *weights, "the zones");
    if (status == HO_OK) status = ho_zone_weights(z, text, hooks, weights, err);
    if (status == HO_OK) status = weigh(z, rows, weights, zoned, err);
    free(weights);
    ho_day_zones_clear(&own);
    return status;
}

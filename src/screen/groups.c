#include "screen/groups.h"

#include "base/error.h"
#include "base/memory.h"
#include "panel/hints.h"
#include "panel/panel.h"
#include "stats/tiles_parts.h"

#include <heavyopt/rules.h>
#include <stdio.h>
#include <string.h>

const char *ho_group_kind_name(ho_group_kind kind)
{
    static const char *const names[HO_GROUP_KINDS] = {"symbol", "window", "entry", "exit", "zone"};
    return (unsigned)kind < HO_GROUP_KINDS ? names[kind] : "unknown";
}

void ho_groups_clear(ho_groups *g)
{
    for (size_t i = 0; i < g->count && g->labels != NULL; i++)
        free(g->labels[i]);
    free(g->labels);
    free(g->group);
    *g = (ho_groups){0};
}

/* What a strategy's group is called. */
typedef struct label {
    char *text; /* owned; NULL: in no group */
    uint32_t strategy;
} label;

static int hours(int32_t seconds)
{
    return (int)(seconds / 3600 * 100 + seconds / 60 % 60);
}

static ho_status label_by_name(const char *name, ho_group_kind kind, label *l, ho_error *err)
{
    const ho_hints hints = ho_hints_of(name);
    const int start = hours(hints.window_start), end = hours(hints.window_end);
    char text[32];
    if (hints.group_length == 0) return HO_OK;
    if (kind == HO_GROUP_WINDOW)
        snprintf(text, sizeof text, "%04d-%04d", start, end);
    else
        snprintf(text, sizeof text, "%04d", kind == HO_GROUP_ENTRY ? start : end);
    l->text = kind == HO_GROUP_SYMBOL ? ho_copy_bytes(name, hints.group_length) : ho_copy_text(text);
    return l->text != NULL ? HO_OK : ho_fail_memory(err, hints.group_length, "groups of strategies");
}

enum { UNSEEN = -1, SEVERAL = -2 };

/* zones: the one zone of each strategy, UNSEEN or SEVERAL. */
static void find_zones(const ho_panel *rows, int32_t *zones)
{
    const size_t n = ho_panel_strategies(rows);
    for (size_t j = 0; j < n; j++)
        zones[j] = UNSEEN;
    for (size_t t = 0; t < ho_panel_periods(rows); t++) {
        const double *x = ho_panel_row(rows, t);
        const int32_t zone = ho_panel_period(rows, t)->zone;
        for (size_t j = 0; j < n; j++) {
            if (x[j] != 0 && zones[j] != zone) zones[j] = zones[j] == UNSEEN && zone >= 0 ? zone : SEVERAL;
        }
    }
}

static ho_status label_by_zone(const ho_panel *rows, label *labels, ho_error *err)
{
    const size_t n = ho_panel_strategies(rows);
    int32_t *zones = HO_NEW(int32_t, n);
    if (zones == NULL) return ho_fail_memory(err, n * sizeof *zones, "zones of strategies");
    find_zones(rows, zones);
    ho_status status = HO_OK;
    for (size_t j = 0; j < n && status == HO_OK; j++) {
        if (zones[j] < 0) continue;
        labels[j].text = ho_copy_text(ho_panel_zone(rows, zones[j]));
        if (labels[j].text == NULL) status = ho_fail_memory(err, 0, "zones of strategies");
    }
    free(zones);
    return status;
}

static int by_text(const void *a, const void *b)
{
    const label *x = a, *y = b;
    if ((x->text == NULL) != (y->text == NULL)) return x->text == NULL ? -1 : 1;
    const int order = x->text != NULL ? strcmp(x->text, y->text) : 0;
    return order != 0 ? order : (x->strategy > y->strategy) - (x->strategy < y->strategy);
}

/* Equal labels become a group, which takes the first one's text. */
static void number_groups(label *labels, size_t n, ho_groups *g)
{
    for (size_t i = 0; i < n; i++) {
        if (labels[i].text == NULL) {
            g->without++;
            continue;
        }
        if (g->count == 0 || strcmp(labels[i].text, g->labels[g->count - 1]) != 0) {
            g->labels[g->count++] = labels[i].text;
            labels[i].text = NULL;
        }
        g->group[labels[i].strategy] = (uint32_t)(g->count - 1);
    }
}

static ho_status allocate(size_t n, ho_groups *g, ho_error *err)
{
    *g = (ho_groups){.group = HO_NEW(uint32_t, n), .labels = HO_NEW(char *, n)};
    if (g->group == NULL || g->labels == NULL) {
        ho_groups_clear(g);
        return ho_fail_memory(err, n * sizeof *g->labels, "groups of strategies");
    }
    for (size_t j = 0; j < n; j++)
        g->group[j] = HO_NOBODY;
    return HO_OK;
}

ho_status ho_groups_make(const ho_panel *panel, const ho_panel *rows, ho_group_kind kind, ho_groups *groups,
                         ho_error *err)
{
    const size_t n = ho_panel_strategies(panel);
    ho_groups g = {0};
    label *labels = HO_NEW(label, n);
    ho_status status = allocate(n, &g, err);
    if (status == HO_OK && labels == NULL)
        status = ho_fail_memory(err, n * sizeof *labels, "groups of strategies");
    for (uint32_t j = 0; labels != NULL && j < n; j++)
        labels[j].strategy = j;
    if (status == HO_OK && kind == HO_GROUP_ZONE) status = label_by_zone(rows, labels, err);
    for (size_t j = 0; j < n && status == HO_OK && kind != HO_GROUP_ZONE; j++)
        status = label_by_name(ho_panel_name(panel, j), kind, &labels[j], err);
    if (status == HO_OK) {
        qsort(labels, n, sizeof *labels, by_text);
        number_groups(labels, n, &g);
        *groups = g;
    } else {
        ho_groups_clear(&g);
    }
    for (size_t j = 0; labels != NULL && j < n; j++)
        free(labels[j].text);
    free(labels);
    return status;
}

ho_status ho_groups_of_zones(const int32_t *zones, size_t n, const ho_strings *labels, ho_groups *groups,
                             ho_error *err)
{
    ho_groups g = {0};
    HO_TRY(allocate(n > labels->count ? n : labels->count, &g, err));
    for (size_t i = 0; i < labels->count; i++) {
        g.labels[g.count] = ho_copy_text(labels->items[i]);
        if (g.labels[g.count] == NULL) {
            ho_groups_clear(&g);
            return ho_fail_memory(err, 0, "zones of strategies");
        }
        g.count++;
    }
    for (size_t j = 0; j < n; j++) {
        g.group[j] = zones[j] >= 0 ? (uint32_t)zones[j] : HO_NOBODY;
        g.without += zones[j] < 0;
    }
    *groups = g;
    return HO_OK;
}

ho_status ho_groups_of_copies(const ho_panel *panel, ho_groups *groups, ho_error *err)
{
    const size_t n = ho_panel_strategies(panel);
    ho_groups g = {0};
    uint32_t *class = HO_NEW(uint32_t, n);
    ho_status status = class != NULL ? HO_OK : ho_fail_memory(err, n * sizeof *class, "classes of columns");
    if (status == HO_OK) status = ho_identical_columns(panel, class, err);
    if (status == HO_OK) status = allocate(n, &g, err);
    for (uint32_t j = 0; j < n && status == HO_OK; j++) {
        const uint32_t first = class[j]; /* of equal strategies the first comes first */
        if (first == j) continue;
        if (g.group[first] == HO_NOBODY) {
            g.labels[g.count] = ho_copy_text(ho_panel_name(panel, first));
            if (g.labels[g.count] == NULL) status = ho_fail_memory(err, 0, "groups of strategies");
            if (status != HO_OK) break;
            g.group[first] = (uint32_t)g.count++;
        }
        g.group[j] = g.group[first];
    }
    for (size_t j = 0; j < n && status == HO_OK; j++)
        g.without += g.group[j] == HO_NOBODY;
    free(class);
    if (status == HO_OK)
        *groups = g;
    else
        ho_groups_clear(&g);
    return status;
}

#include "bound/clusters.h"

#include "base/error.h"
#include "base/memory.h"

#include <heavyopt/rules.h>

/* The unit column of j, as a row. */
static void fill_unit(const ho_bound_columns *cs, uint32_t j, double *unit)
{
    for (size_t t = 0; t < cs->x.rows; t++)
        unit[t] = (ho_matrix_row(&cs->x, t)[j] - cs->mean[j]) * cs->scale[j];
}

static bool goes_with(const double *a, const double *b, size_t periods, double least)
{
    double dot = 0;
    for (size_t t = 0; t < periods; t++)
        dot += a[t] * b[t];
    return dot > least;
}

/* leaders: room for `count` unit columns. */
static void lead(const ho_bound_columns *cs, const uint32_t *order, size_t count, double least,
                 double *leaders, ho_clusters *c)
{
    const size_t periods = cs->x.rows;
    for (size_t i = 0; i < count; i++) {
        double *unit = leaders + c->count * periods;
        uint32_t leader = 0;
        fill_unit(cs, order[i], unit);
        while (leader < c->count && !goes_with(leaders + leader * periods, unit, periods, least))
            leader++;
        c->of[order[i]] = leader;
        c->count += leader == c->count;
    }
}

static void list_members(size_t columns, ho_clusters *c)
{
    for (size_t j = 0; j < columns; j++) {
        if (c->of[j] != HO_NOBODY) c->starts[c->of[j] + 1]++;
    }
    for (size_t i = 0; i < c->count; i++)
        c->starts[i + 1] += c->starts[i];
    const uint32_t total = c->starts[c->count];
    for (uint32_t j = (uint32_t)columns;
         j-- > 0;) { /* starts are ends until each has been filled downwards */
        if (c->of[j] != HO_NOBODY) c->members[--c->starts[c->of[j] + 1]] = j;
    }
    for (size_t i = 0; i < c->count; i++)
        c->starts[i] = c->starts[i + 1];
    c->starts[c->count] = total;
}

static ho_status make_room(size_t columns, size_t members, size_t clusters, ho_clusters *c, ho_error *err)
{
    *c = (ho_clusters){.of = HO_NEW(uint32_t, columns),
                       .starts = HO_NEW(uint32_t, clusters + 2),
                       .members = HO_NEW(uint32_t, members)};
    if (c->of != NULL && c->starts != NULL && c->members != NULL) return HO_OK;
    ho_clusters_free(c);
    return ho_fail_memory(err, (columns + members) * sizeof *c->of, "clusters of strategies");
}

ho_status ho_clusters_of_groups(const ho_bound_columns *cs, const uint32_t *group, size_t groups,
                                ho_clusters *clusters, ho_error *err)
{
    ho_clusters c;
    HO_TRY(make_room(cs->count, cs->count, groups, &c, err));
    for (size_t j = 0; j < cs->count; j++)
        c.of[j] = cs->most[j] > 0 ? group[cs->first[j]] : HO_NOBODY;
    c.count = groups;
    list_members(cs->count, &c);
    *clusters = c;
    return HO_OK;
}

ho_status ho_clusters_new(const ho_bound_columns *cs, const uint32_t *order, size_t count, double least,
                          ho_clusters *clusters, ho_error *err)
{
    ho_clusters c;
    HO_TRY(make_room(cs->count, count, count, &c, err));
    double *leaders = HO_NEW(double, count * cs->x.rows);
    if (leaders == NULL) {
        ho_clusters_free(&c);
        return ho_fail_memory(err, count * cs->x.rows * sizeof *leaders, "clusters of strategies");
    }
    for (size_t j = 0; j < cs->count; j++)
        c.of[j] = HO_NOBODY;
    lead(cs, order, count, least, leaders, &c);
    free(leaders);
    list_members(cs->count, &c);
    *clusters = c;
    return HO_OK;
}

void ho_clusters_free(ho_clusters *c)
{
    free(c->of);
    free(c->starts);
    free(c->members);
    *c = (ho_clusters){0};
}

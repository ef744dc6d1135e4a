#include "bound/limits.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>

void ho_bound_limits_free(ho_bound_limits *l)
{
    ho_clusters_free(&l->groups);
    free(l->ranges);
    *l = (ho_bound_limits){0};
}

/* A group that has no more columns than it may give is not limited. */
static ho_range range_of(const ho_bound_columns *cs, const ho_bound_limits *l, size_t group, size_t size)
{
    const ho_grouping *g = l->grouping;
    const uint32_t least = g->least != NULL ? g->least[group] : 0;
    uint32_t most = g->most != NULL && g->most[group] < size ? g->most[group] : (uint32_t)size;
    size_t room = 0;
    for (uint32_t i = l->groups.starts[group]; i < l->groups.starts[group + 1]; i++)
        room += cs->most[l->groups.members[i]];
    return (ho_range){least, most, least > 0 || (most < size && most < room)};
}

ho_status ho_bound_limits_of(const ho_bound_columns *columns, const ho_grouping *grouping, size_t size,
                             ho_bound_limits *limits, ho_error *err)
{
    ho_bound_limits l = {.grouping = grouping, .ranges = HO_NEW(ho_range, grouping->groups)};
    if (l.ranges == NULL) return ho_fail_memory(err, grouping->groups * sizeof *l.ranges, "limits of groups");
    ho_status status = ho_clusters_of_groups(columns, grouping->group, grouping->groups, &l.groups, err);
    if (status != HO_OK) {
        ho_bound_limits_free(&l);
        return status;
    }
    for (size_t i = 0; i < grouping->groups; i++)
        l.ranges[i] = range_of(columns, &l, i, size);
    *limits = l;
    return HO_OK;
}

/* What the best strategies by themselves are worth together within the limits. */
static double worth_within(const ho_bound_columns *columns, const ho_bound_limits *l, ho_chooser *chooser)
{
    const ho_box box = {columns->least, columns->most, &l->groups, l->ranges};
    double sum = 0;
    if (!ho_box_choose(&box, chooser)) return -INFINITY;
    for (size_t i = 0; i < chooser->count; i++)
        sum += chooser->chosen[i].count * chooser->chosen[i].value;
    return sum;
}

static bool is_limited(const ho_bound_limits *l)
{
    bool any = false;
    for (size_t i = 0; i < l->groups.count; i++)
        any |= l->ranges[i].used;
    return any;
}

ho_status ho_bound_limits_new(const ho_bound_columns *columns, const ho_problem *problem, ho_chooser *chooser,
                              ho_bound_limits *limits, ho_error *err)
{
    ho_bound_limits tightest = {0};
    double least = INFINITY;
    for (size_t q = 0; q < problem->grouping_count; q++) {
        ho_bound_limits l;
        ho_status status = ho_bound_limits_of(columns, &problem->groupings[q], problem->size, &l, err);
        if (status != HO_OK) {
            ho_bound_limits_free(&tightest);
            return status;
        }
        const double worth = is_limited(&l) ? worth_within(columns, &l, chooser) : INFINITY;
        if (worth < least) {
            ho_bound_limits_free(&tightest);
            tightest = l;
            least = worth;
        } else {
            ho_bound_limits_free(&l);
        }
    }
    *limits = tightest;
    return HO_OK;
}

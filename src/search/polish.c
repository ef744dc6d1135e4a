/* Polishing: from an algorithm's best set down to a proven local optimum. */
#include "search/core.h"
#include "search/shortlist.h"

#include <math.h>

enum { SLOTS_TOGETHER = 5 };

bool ho_search_gains(double value, double before)
{
    if (!(value > before)) return false;
    return isinf(value) || isinf(before) || value - before > 1e-12 * fabs(before);
}

ho_status ho_search_polish(ho_search *s, ho_error *err)
{
    struct ho_search_core *c = s->core;
    if (c->polish.limit <= 0) return HO_OK;
    c->counts = &c->polish;
    c->next_look = 0;
    size_t count =
        0; /* members in ascending order, without the includes, which sit at the front of c->members */
    size_t include = 0;
    for (size_t i = 0; i < c->total; i++) {
        bool included = include < c->fixed && c->members[include] == c->best[i];
        include += included;
        if (!included) c->first[count++] = c->best[i];
    }
    ho_shortlist list;
    bool proven;
    ho_status status = ho_shortlist_new(s, HO_SHORTLIST_ROOM, &list, err);
    if (status == HO_OK)
        (void)ho_shortlist_descend_all(&list, ho_search_set(s, c->first), SLOTS_TOGETHER, 0, &proven);
    ho_shortlist_free(&list);
    return status;
}

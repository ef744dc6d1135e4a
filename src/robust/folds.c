#include "robust/folds.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void ho_folds_clear(ho_folds *folds)
{
    free(folds->use);
    free(folds->first);
    free(folds->path);
    *folds = (ho_folds){0};
}

const uint8_t *ho_folds_uses(const ho_folds *folds, size_t split)
{
    return folds->use + split * folds->days;
}

size_t ho_folds_count(const ho_folds *folds, size_t split, ho_fold_use use)
{
    const uint8_t *uses = ho_folds_uses(folds, split);
    size_t count = 0;
    for (size_t t = 0; t < folds->days; t++)
        count += uses[t] == use;
    return count;
}

/* One window: training days, then tested ones. */
typedef struct window {
    size_t train, train_end, test, test_end;
} window;

static ho_status add_window(ho_folds *f, const window *w, ho_error *err)
{
    uint8_t *use = ho_grow_array(f->use, f->count + 1, f->days);
    if (use == NULL) return ho_fail_memory(err, (f->count + 1) * f->days, "windows");
    f->use = use;
    use += f->count++ * f->days;
    memset(use, HO_FOLD_UNUSED, f->days);
    memset(use + w->train, HO_FOLD_TRAIN, w->train_end - w->train);
    memset(use + w->test, HO_FOLD_TEST, w->test_end - w->test);
    return HO_OK;
}

static ho_status no_room(const ho_walk_plan *p, size_t days, ho_error *err)
{
    return ho_fail(err, HO_ERR_USAGE,
                   "%zu days leave no room for training on %zu %s, %zu days to leave out and a day to test",
                   days, p->train, p->months ? "months" : "days", p->purge);
}

static ho_status walk_days(const ho_walk_plan *plan, ho_folds *f, ho_error *err)
{
    ho_walk_plan p = *plan;
    const size_t days = f->days;
    if (p.test == 0) {
        const size_t room =
            p.train > 0 ? (days > p.train + p.purge ? days - p.train - p.purge : 0) : days / 2;
        p.test = room / p.folds > 0 ? room / p.folds : 1;
    }
    if (p.train == 0) {
        const size_t kept = p.purge + p.folds * p.test;
        if (days <= kept)
            return ho_fail(
                err, HO_ERR_USAGE,
                "%zu days leave none to train on beside %zu tests of %zu days and %zu days to leave out",
                days, p.folds, p.test, p.purge);
        p.train = days - kept;
    }
    if (p.train + p.purge >= days) return no_room(&p, days, err);
    for (size_t test = p.train + p.purge; test < days; test += p.test) {
        const size_t end = test + p.test < days ? test + p.test : days;
        const window w = {p.anchored ? 0 : test - p.purge - p.train, test - p.purge, test, end};
        HO_TRY(add_window(f, &w, err));
    }
    return HO_OK;
}

/* starts[m]: the first day of month m of the table, a month without a day beginning where the next one does; the end of
 * the days after them. */
static ho_status find_months(const int32_t *dates, size_t days, size_t **starts, size_t *count, ho_error *err)
{
    const ho_civil first = ho_date_to_civil(dates[0]), last = ho_date_to_civil(dates[days - 1]);
    const size_t months = (size_t)((last.year - first.year) * 12 + last.month - first.month + 1);
    size_t *list = HO_NEW(size_t, months + 1), day = 0;
    if (list == NULL) return ho_fail_memory(err, months * sizeof *list, "months");
    for (size_t m = 0; m < months; m++) {
        const int number = first.month - 1 + (int)m;
        const int32_t begins = ho_date_from_civil(first.year + number / 12, number % 12 + 1, 1);
        while (day < days && dates[day] < begins)
            day++;
        list[m] = day;
    }
    list[months] = days;
    *starts = list;
    *count = months;
    return HO_OK;
}

static ho_status walk_months(const ho_walk_plan *p, const size_t *starts, size_t months, ho_folds *f,
                             ho_error *err)
{
    for (size_t m = p->train; m < months; m += p->test) {
        const size_t end = m + p->test < months ? m + p->test : months;
        const size_t first = p->anchored ? 0 : starts[m - p->train];
        if (starts[m] == starts[end]) continue; /* months without a day */
        if (starts[m] <= first + p->purge)
            return ho_fail(err, HO_ERR_USAGE,
                           "window %zu: %zu days to leave out leave none of %zu to train on", f->count + 1,
                           p->purge, starts[m] - first);
        const window w = {first, starts[m] - p->purge, starts[m], starts[end]};
        HO_TRY(add_window(f, &w, err));
    }
    return f->count > 0 ? HO_OK : no_room(p, f->days, err);
}

ho_status ho_folds_walk(const ho_walk_plan *plan, const int32_t *dates, size_t days, ho_folds *out,
                        ho_error *err)
{
    ho_folds f = {.days = days};
    size_t *starts = NULL, months = 0;
    ho_status status = HO_OK;
    if (plan->months && (plan->train == 0 || plan->test == 0))
        return ho_fail(err, HO_ERR_USAGE, "both training and test must be given in months");
    if (!plan->months) {
        status = walk_days(plan, &f, err);
    } else {
        status = find_months(dates, days, &starts, &months, err);
        if (status == HO_OK) status = walk_months(plan, starts, months, &f, err);
    }
    free(starts);
    if (status == HO_OK)
        *out = f;
    else
        ho_folds_clear(&f);
    return status;
}

static size_t choose(size_t n, size_t k)
{
    size_t count = 1;
    for (size_t i = 1; i <= k; i++)
        count = count * (n - k + i) / i;
    return count;
}

/* The next choice of `tested` of `groups` in lexicographic order; false after the last one. */
static bool next_choice(size_t *chosen, size_t tested, size_t groups)
{
    for (size_t i = tested; i-- > 0;) {
        if (chosen[i] == groups - tested + i) continue;
        chosen[i]++;
        for (size_t k = i + 1; k < tested; k++)
            chosen[k] = chosen[k - 1] + 1;
        return true;
    }
    return false;
}

/* Tested days first, then what is too near to them leaves the training. */
static void mark_split(const ho_folds *f, const size_t *chosen, size_t tested, size_t purge, size_t embargo,
                       uint8_t *use)
{
    memset(use, HO_FOLD_TRAIN, f->days);
    for (size_t i = 0; i < tested; i++)
        memset(use + f->first[chosen[i]], HO_FOLD_TEST, f->first[chosen[i] + 1] - f->first[chosen[i]]);
    for (size_t t = 0; t < f->days; t++) {
        if (use[t] != HO_FOLD_TEST) continue;
        for (size_t back = 1; back <= purge && back <= t; back++)
            if (use[t - back] == HO_FOLD_TRAIN) use[t - back] = HO_FOLD_UNUSED;
        for (size_t on = 1; on <= purge + embargo && t + on < f->days; on++)
            if (use[t + on] == HO_FOLD_TRAIN) use[t + on] = HO_FOLD_UNUSED;
    }
}

static ho_status allocate(ho_folds *f, size_t tested, ho_error *err)
{
    f->count = choose(f->groups, tested);
    f->paths = f->count * tested / f->groups;
    f->use = ho_new_array(f->count, f->days);
    f->first = HO_NEW(size_t, f->groups + 1);
    f->path = ho_new_array(f->paths, f->groups * sizeof *f->path);
    if (f->use == NULL || f->first == NULL || f->path == NULL)
        return ho_fail_memory(err, f->count * f->days, "splits");
    for (size_t g = 0; g < f->groups; g++)
        f->first[g] = g * (f->days / f->groups);
    f->first[f->groups] = f->days;
    return HO_OK;
}

static ho_status combine(ho_folds *f, size_t tested, size_t purge, size_t embargo, ho_error *err)
{
    size_t *chosen = HO_NEW(size_t, tested), *met = HO_NEW(size_t, f->groups);
    ho_status status = HO_OK;
    if (chosen == NULL || met == NULL) status = ho_fail_memory(err, f->groups * sizeof *met, "splits");
    if (status == HO_OK) status = allocate(f, tested, err);
    for (size_t i = 0; status == HO_OK && i < tested; i++)
        chosen[i] = i;
    for (size_t split = 0; status == HO_OK && split < f->count; split++) {
        mark_split(f, chosen, tested, purge, embargo, f->use + split * f->days);
        for (size_t i = 0; i < tested; i++)
            f->path[met[chosen[i]]++ * f->groups + chosen[i]] = (uint32_t)split;
        (void)next_choice(chosen, tested, f->groups);
        if (ho_folds_count(f, split, HO_FOLD_TRAIN) == 0)
            status =
                ho_fail(err, HO_ERR_USAGE, "split %zu: purge %zu and embargo %zu leave no day to train on",
                        split + 1, purge, embargo);
    }
    free(chosen);
    free(met);
    return status;
}

ho_status ho_folds_combine(size_t days, size_t groups, size_t tested, size_t purge, size_t embargo,
                           ho_folds *out, ho_error *err)
{
    enum { MOST_GROUPS = 30, MOST_SPLITS = 100000 };
    if (groups < 3 || groups > MOST_GROUPS || tested < 1 || tested >= groups)
        return ho_fail(err, HO_ERR_USAGE,
                       "%zu groups with %zu tested: expected 3 to %d groups, and fewer tested", groups,
                       tested, MOST_GROUPS);
    if (days / groups < 1)
        return ho_fail(err, HO_ERR_USAGE, "%zu groups of %zu days: a group has a day at least", groups, days);
    if (choose(groups, tested) > MOST_SPLITS)
        return ho_fail(err, HO_ERR_USAGE, "%zu of %zu groups are %zu splits: more than %d", tested, groups,
                       choose(groups, tested), MOST_SPLITS);
    ho_folds f = {.days = days, .groups = groups};
    ho_status status = combine(&f, tested, purge, embargo, err);
    if (status == HO_OK)
        *out = f;
    else
        ho_folds_clear(&f);
    return status;
}

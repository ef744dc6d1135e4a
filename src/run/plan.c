#include "run/plan.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int64_t work, first_round; /* the thorough search begins with the whole normal one */
} efforts[] = {{"quick", 2000000, 0}, {"normal", 8000000, 0}, {"thorough", 400000000, 8000000}};

enum { POLISH_WORK = 10000000 };

ho_status ho_sizes_parse(const char *option, const char *text, size_t *first, size_t *last, ho_error *err)
{
    char *end = NULL;
    long from = strtol(text, &end, 10), to = from;
    bool good = end != text;
    if (good && *end == ':') {
        const char *next = end + 1;
        to = strtol(next, &end, 10);
        good = end != next;
    }
    if (!good || *end != '\0' || from < 1 || to < from || to > 1000000) {
        return ho_fail(err, HO_ERR_USAGE,
                       "--%s %.100s: expected a whole number from 1 on, or a range such as 35:60", option,
                       text);
    }
    *first = (size_t)from;
    *last = (size_t)to;
    return HO_OK;
}

static ho_status unknown_algorithm(const char *option, const char *name, ho_error *err)
{
    char known[256] = "";
    size_t used = 0;
    for (size_t i = 0; i < ho_algorithm_count(); i++) {
        int wrote = snprintf(known + used, sizeof known - used, "%s%s", i != 0 ? ", " : "",
                             ho_algorithm_name(ho_algorithm_at(i)));
        used += wrote > 0 && (size_t)wrote < sizeof known - used ? (size_t)wrote : 0;
    }
    return ho_fail(err, HO_ERR_USAGE, "%s: no algorithm is named %.100s: there are %s", option, name, known);
}

enum { LONGEST_NAME = 64 };

/* The first name of what is left of a list, cut to fit; returns what is left past it, NULL when there is none. */
static const char *next_name(const char *list, char name[LONGEST_NAME])
{
    list += strspn(list, ", ");
    size_t length = strcspn(list, ", ");
    snprintf(name, LONGEST_NAME, "%.*s", (int)(length < LONGEST_NAME ? length : LONGEST_NAME), list);
    return length != 0 ? list + length : NULL;
}

static bool has_name(const char *list, const char *wanted)
{
    char name[LONGEST_NAME];
    while ((list = next_name(list, name)) != NULL) {
        if (ho_text_same(name, wanted)) return true;
    }
    return false;
}

static const ho_algorithm *find_algorithm(const char *name)
{
    for (size_t i = 0; i < ho_algorithm_count(); i++) {
        if (ho_text_same(ho_algorithm_name(ho_algorithm_at(i)), name)) return ho_algorithm_at(i);
    }
    return NULL;
}

/* The algorithms of the list in the order of the registry, each once. */
static ho_status parse_algorithms(const char *text, ho_plan *plan, ho_error *err)
{
    size_t known = ho_algorithm_count();
    bool all = ho_text_same(text, "all");
    char name[LONGEST_NAME];
    for (const char *at = text; !all && (at = next_name(at, name)) != NULL;) {
        if (find_algorithm(name) == NULL) return unknown_algorithm("--algorithms", name, err);
    }
    plan->algorithms = HO_NEW(const ho_algorithm *, known);
    plan->params = HO_NEW(void *, known);
    if (plan->algorithms == NULL || plan->params == NULL) return ho_fail_memory(err, known, "a plan");
    for (size_t i = 0; i < known; i++) {
        const ho_algorithm *a = ho_algorithm_at(i);
        if (all || has_name(text, ho_algorithm_name(a))) plan->algorithms[plan->count++] = a;
    }
    if (plan->count == 0) return ho_fail(err, HO_ERR_USAGE, "--algorithms: the list names none");
    return HO_OK;
}

static ho_status default_params(ho_plan *plan, ho_error *err)
{
    for (size_t i = 0; i < plan->count; i++) {
        plan->params[i] = ho_new_array(ho_algorithm_params_size(plan->algorithms[i]), 1);
        if (plan->params[i] == NULL) return ho_fail_memory(err, 0, "an algorithm's parameters");
        HO_TRY(ho_options_defaults(ho_algorithm_options(plan->algorithms[i]), plan->params[i], err));
    }
    return HO_OK;
}

/* "ga.population_size=60" */
static ho_status set_param(ho_plan *plan, const char *text, ho_error *err)
{
    const char *point = strchr(text, '.'), *equals = strchr(text, '=');
    if (point == NULL || equals == NULL || point > equals || equals - text > 120) {
        return ho_fail(err, HO_ERR_USAGE,
                       "--set %.100s: expected ALGORITHM.PARAMETER=VALUE, as ga.population_size=60", text);
    }
    char name[128], option[128];
    snprintf(name, sizeof name, "%.*s", (int)(point - text), text);
    snprintf(option, sizeof option, "%.*s", (int)(equals - point - 1), point + 1);
    const ho_algorithm *algorithm = find_algorithm(name);
    if (algorithm == NULL) return unknown_algorithm("--set", name, err);
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->algorithms[i] != algorithm) continue;
        ho_error why;
        ho_status status = ho_options_set(ho_algorithm_options(plan->algorithms[i]), plan->params[i], option,
                                          equals + 1, &why);
        if (status != HO_OK) return ho_fail(err, status, "--set %s: %.800s", name, why.text);
    }
    return HO_OK; /* a parameter of an algorithm that this run leaves out changes nothing */
}

static void set_budget(const ho_optimize_settings *s, int threads, ho_plan *plan)
{
    plan->budget.polish_work = POLISH_WORK;
    for (size_t i = 0; i < sizeof efforts / sizeof *efforts; i++) {
        if (strcmp(efforts[i].name, s->effort) != 0) continue;
        plan->budget.work = efforts[i].work;
        plan->budget.first_round = efforts[i].first_round;
    }
    if (s->time_limit > 0) { /* the algorithms take turns on the threads, size after size */
        double searches = (double)plan->count * (double)(plan->last_size - plan->first_size + 1);
        double lanes = (double)plan->count < (double)threads ? (double)plan->count : (double)threads;
        plan->budget.seconds = s->time_limit * lanes / searches;
    }
}

ho_status ho_plan_make(const ho_optimize_settings *settings, int threads, ho_plan *plan, ho_error *err)
{
    ho_plan p = {0};
    ho_status status =
        ho_sizes_parse("portfolio-size", settings->portfolio_size, &p.first_size, &p.last_size, err);
    if (status == HO_OK) status = parse_algorithms(settings->algorithms, &p, err);
    if (status == HO_OK) status = default_params(&p, err);
    for (size_t i = 0; i < settings->set.count && status == HO_OK; i++)
        status = set_param(&p, settings->set.items[i], err);
    if (status != HO_OK) {
        ho_plan_clear(&p);
        return status;
    }
    set_budget(settings, threads, &p);
    *plan = p;
    return HO_OK;
}

void ho_plan_clear(ho_plan *plan)
{
    for (size_t i = 0; i < plan->count && plan->params != NULL; i++) {
        if (plan->params[i] != NULL)
            ho_options_clear(ho_algorithm_options(plan->algorithms[i]), plan->params[i]);
        free(plan->params[i]);
    }
    free(plan->params);
    free(plan->algorithms);
    *plan = (ho_plan){0};
}

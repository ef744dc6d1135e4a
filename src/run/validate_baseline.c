/* Old results held against this version: a run's folder of heavyopt (result.json), or text files of the old optimizer
 * (best_portfolio_size35_*.txt). Each old portfolio is valued anew by both engines; that is the test of parity. That
 * a new search finds many of the same strategies is the other one. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "run/validate.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { PASS_OVERLAP = 90 }; /* percent */

typedef struct old_portfolio {
    char method[64];
    json_t *names;
    double fitness, total_roi, max_drawdown, win_rate, profit_factor; /* NaN: not said */
} old_portfolio;

static double overlap_with(const json_t *names, const json_t *fresh)
{
    size_t same = 0, count = json_array_size(names);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < json_array_size(fresh); j++)
            same += strcmp(json_string_value(json_array_get(names, i)),
                           json_string_value(json_array_get(fresh, j))) == 0;
    }
    return count != 0 ? 100.0 * (double)same / (double)count : 0;
}

/* The fresh portfolio of the same method, or the one that shares most. */
static ho_status check_overlap(const old_portfolio *old, const json_t *fresh, ho_checks *checks,
                               ho_error *err)
{
    double most = -1;
    const char *best = "", *name;
    json_t *list;
    json_object_foreach((json_t *)fresh, name, list)
    {
        double share = overlap_with(old->names, list);
        if (strcasecmp(name, old->method) == 0) share += 1000; /* the same method, whatever it shares */
        if (share > most) best = name;
        most = fmax(most, share);
    }
    if (most >= 1000) most -= 1000;
    return ho_check_add(checks, "baseline overlap", most >= PASS_OVERLAP ? HO_CHECK_PASSED : HO_CHECK_FAILED,
                        err, "%.40s of the baseline and %.40s share %.1f %% (%d %% to pass)", old->method,
                        best, most, PASS_OVERLAP);
}

static ho_status check_said(const old_portfolio *old, const char *what, double said, double now,
                            double tolerance, ho_checks *checks, ho_error *err)
{
    if (isnan(said)) return HO_OK;
    double gap = said == now ? 0 : fabs(now - said) / fabs(said);
    char test[48];
    snprintf(test, sizeof test, "baseline %s", what);
    return ho_check_add(checks, test, gap <= tolerance ? HO_CHECK_PASSED : HO_CHECK_FAILED, err,
                        "%.40s: the baseline says %.12g, it is %.12g; relative difference %.2g", old->method,
                        said, now, gap);
}

static ho_status check_old(const ho_engines *e, const old_portfolio *old, const json_t *fresh,
                           ho_checks *checks, ho_error *err)
{
    uint32_t *members = NULL;
    size_t count = 0;
    char test[48];
    ho_error why;
    snprintf(test, sizeof test, "baseline %.30s", old->method);
    if (ho_members_of_json(e->panel, old->names, &members, &count, &why) != HO_OK)
        return ho_check_add(checks, test, HO_CHECK_FAILED, err, "%.600s", why.text);
    ho_status status = ho_check_portfolio(e, test, members, count, NAN, checks, err);
    size_t *own = HO_NEW(size_t, count);
    if (status == HO_OK && own == NULL) status = ho_fail_memory(err, count * sizeof *own, "a portfolio");
    if (status == HO_OK) {
        for (size_t i = 0; i < count; i++)
            own[i] = e->columns[members[i]];
        ho_reference_measures m = ho_reference_measure(e->reference, own, count);
        double fitness = ho_reference_fitness(e->reference, &e->goal, own, count);
        status = check_said(old, "fitness", old->fitness, fitness, e->tolerance, checks, err);
        if (status == HO_OK)
            status = check_said(old, "total_roi", old->total_roi, m.total_roi, e->tolerance, checks, err);
        if (status == HO_OK)
            status =
                check_said(old, "max_drawdown", old->max_drawdown, m.max_drawdown, e->tolerance, checks, err);
        if (status == HO_OK)
            status = check_said(old, "win_rate", old->win_rate, m.win_rate, e->tolerance, checks, err);
        if (status == HO_OK)
            status = check_said(old, "profit_factor", old->profit_factor, m.profit_factor, e->tolerance,
                                checks, err);
    }
    free(own);
    free(members);
    return status == HO_OK ? check_overlap(old, fresh, checks, err) : status;
}

static double number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static ho_status check_result_json(const ho_engines *e, const char *path, const json_t *fresh,
                                   ho_checks *checks, ho_error *err)
{
    json_error_t why;
    json_t *root = json_load_file(path, 0, &why), *best = json_object_get(root, "best");
    const json_t *metrics = json_object_get(best, "metrics");
    const char *method = json_string_value(json_object_get(best, "algorithm"));
    ho_status status = HO_OK;
    if (method == NULL || !json_is_array(json_object_get(best, "portfolio")))
        status = ho_fail(err, HO_ERR_DATA, "%.500s: no result of a run: %s", path,
                         root == NULL ? why.text : "it names no best portfolio");
    if (status == HO_OK) {
        old_portfolio old = {.names = json_object_get(best, "portfolio"),
                             .fitness = number_of(best, "fitness"),
                             .total_roi = number_of(metrics, "total_roi"),
                             .max_drawdown = number_of(metrics, "max_drawdown"),
                             .win_rate = number_of(metrics, "win_rate"),
                             .profit_factor = number_of(metrics, "profit_factor")};
        snprintf(old.method, sizeof old.method, "%s", method);
        status = check_old(e, &old, fresh, checks, err);
    }
    json_decref(root);
    return status;
}

/* "Fitness: 30.45" to its number; NaN where the line says something else. */
static double said_by(const char *line, const char *key)
{
    size_t length = strlen(key);
    if (strncasecmp(line, key, length) != 0 || line[length] != ':') return NAN;
    char *end = NULL;
    double x = strtod(line + length + 1, &end);
    return end != line + length + 1 ? x : NAN;
}

/* "12. SENSEX 915-1000 SL10%" to the name; NULL: no such line. */
static char *numbered_name(char *line)
{
    size_t digits = strspn(line, "0123456789");
    if (digits == 0 || (line[digits] != '.' && line[digits] != ')')) return NULL;
    char *name = line + digits + 1;
    return name + strspn(name, " \t");
}

/* The old optimizer put the file's name before the strategy's: it is taken off where only the rest is known. */
static const char *known_name(const ho_engines *e, const char *name)
{
    for (const char *at = name; at != NULL; at = strchr(at, '_')) {
        if (*at == '_') at++;
        if (ho_reference_find(e->reference, e->by_name, at) != SIZE_MAX) return at;
    }
    return name;
}

static ho_status read_text(const ho_engines *e, const char *path, old_portfolio *old, ho_error *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) return ho_fail(err, HO_ERR_DATA, "%.700s: %s", path, strerror(errno));
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, file) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        char *text = line + strspn(line, " \t"), *name = numbered_name(text);
        if (name != NULL) (void)json_array_append_new(old->names, json_string(known_name(e, name)));
        double fitness = said_by(text, "Fitness");
        if (!isnan(fitness)) old->fitness = fitness;
    }
    free(line);
    fclose(file);
    return HO_OK;
}

/* Rupee figures of these files are of the mean series, so the fitness alone is compared. */
static ho_status check_text(const ho_engines *e, const char *path, const char *name, const json_t *fresh,
                            ho_checks *checks, ho_error *err)
{
    old_portfolio old = {.names = json_array(),
                         .fitness = NAN,
                         .total_roi = NAN,
                         .max_drawdown = NAN,
                         .win_rate = NAN,
                         .profit_factor = NAN};
    snprintf(old.method, sizeof old.method, "%.60s", name);
    ho_status status =
        old.names != NULL ? read_text(e, path, &old, err) : ho_fail_memory(err, 0, "a portfolio");
    if (status == HO_OK && json_array_size(old.names) == 0)
        status = ho_check_add(checks, "baseline", HO_CHECK_FAILED, err, "%.300s: no numbered strategy in it",
                              path);
    else if (status == HO_OK)
        status = check_old(e, &old, fresh, checks, err);
    json_decref(old.names);
    return status;
}

ho_status ho_check_baseline(const ho_engines *e, const char *folder, const json_t *fresh, ho_checks *checks,
                            ho_error *err)
{
    static const char begin[] = "best_portfolio_size";
    DIR *dir = opendir(folder);
    if (dir == NULL) return ho_fail(err, HO_ERR_DATA, "%.700s: %s", folder, strerror(errno));
    ho_status status = HO_OK;
    size_t found = 0;
    for (const struct dirent *entry; status == HO_OK && (entry = readdir(dir)) != NULL;) {
        bool ours = strcasecmp(entry->d_name, "result.json") == 0;
        bool theirs = strncasecmp(entry->d_name, begin, sizeof begin - 1) == 0 &&
                      strcasestr(entry->d_name, ".txt") != NULL;
        if (!ours && !theirs) continue;
        char *path = ho_path_join(folder, entry->d_name);
        if (path == NULL) status = ho_fail_memory(err, strlen(folder), "a path");
        if (path != NULL && ours) status = check_result_json(e, path, fresh, checks, err);
        if (path != NULL && theirs) status = check_text(e, path, entry->d_name, fresh, checks, err);
        free(path);
        found++;
    }
    closedir(dir);
    if (status == HO_OK && found == 0)
        status = ho_fail(err, HO_ERR_DATA,
                         "%.700s: holds neither a result.json nor a best_portfolio_size*.txt to compare with",
                         folder);
    return status;
}

/* What was found about all pairs, as JSON and in words. */
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "report/json.h"
#include "run/correlation.h"

#include <math.h>
#include <stdio.h>

static const double shares[] = {.01, .05, .25, .5, .75, .95, .99};
static const double thresholds[] = {.7, .9, HO_NEAR_DUPLICATE};
enum {
    SHARES = sizeof shares / sizeof *shares,
    THRESHOLDS = sizeof thresholds / sizeof *thresholds,
    COARSE = 40, /* bins of the histogram that is shown */
    SHOWN = 10,  /* the largest clusters, and members of each */
    SAID = 3     /* the same in words */
};

typedef struct cluster {
    uint32_t first; /* its first column */
    uint32_t size;
} cluster;

typedef struct clusters {
    cluster *list; /* the largest first; of equals, the first one */
    size_t count, columns;
} clusters;

static int larger_first(const void *a, const void *b)
{
    const cluster *x = a, *y = b;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

static ho_status find_clusters(const ho_pairs *pairs, clusters *found, ho_error *err)
{
    cluster *list = HO_NEW(cluster, pairs->columns);
    if (list == NULL) return ho_fail_memory(err, pairs->columns * sizeof *list, "clusters");
    *found = (clusters){.list = list};
    for (size_t j = 0; j < pairs->columns; j++) {
        list[j].first = (uint32_t)j;
        list[pairs->cluster[j]].size++;
    }
    for (size_t j = 0; j < pairs->columns; j++) {
        if (list[j].size < 2) continue;
        found->columns += list[j].size;
        list[found->count++] = list[j];
    }
    qsort(list, found->count, sizeof *list, larger_first);
    return HO_OK;
}

static double share_of(uint64_t count, const ho_pairs *pairs)
{
    return pairs->pairs != 0 ? (double)count / (double)pairs->pairs : 0;
}

static json_t *json_of_thresholds(const ho_pairs *pairs)
{
    json_t *list = json_array();
    for (size_t i = 0; i < THRESHOLDS; i++) {
        uint64_t count = ho_pairs_above(pairs, thresholds[i]);
        ho_json_append(&list, json_pack("{s:f,s:I,s:f}", "from", thresholds[i], "pairs", (json_int_t)count,
                                        "share", share_of(count, pairs)));
    }
    return list;
}

static json_t *json_of_quantiles(const ho_pairs *pairs)
{
    json_t *list = json_array();
    for (size_t i = 0; i < SHARES; i++) {
        ho_json_append(&list, json_pack("{s:f,s:o}", "share", shares[i], "value",
                                        ho_json_number(ho_pairs_quantile(pairs, shares[i]))));
    }
    return list;
}

static json_t *json_of_histogram(const ho_pairs *pairs)
{
    json_t *counts = json_array();
    for (size_t i = 0; i < COARSE; i++) {
        uint64_t count = 0;
        for (size_t b = 0; b < HO_PAIR_BINS / COARSE; b++)
            count += pairs->bins[i * (HO_PAIR_BINS / COARSE) + b];
        ho_json_append(&counts, json_integer((json_int_t)count));
    }
    return json_pack("{s:f,s:f,s:o}", "from", -1.0, "width", 2.0 / COARSE, "counts", counts);
}

static json_t *json_of_largest(const ho_pairs *pairs, const ho_panel *panel)
{
    if (isnan(pairs->largest)) return json_null();
    return json_pack("{s:f,s:[o,o]}", "correlation", pairs->largest, "pair",
                     ho_json_text(ho_panel_name(panel, pairs->first)),
                     ho_json_text(ho_panel_name(panel, pairs->second)));
}

static json_t *json_of_clusters(const clusters *found, const ho_pairs *pairs, const ho_panel *panel)
{
    json_t *largest = json_array();
    for (size_t i = 0; i < found->count && i < SHOWN; i++) {
        json_t *members = json_array();
        for (size_t j = 0; j < pairs->columns && json_array_size(members) < SHOWN; j++) {
            if (pairs->cluster[j] == found->list[i].first)
                ho_json_append(&members, ho_json_text(ho_panel_name(panel, j)));
        }
        ho_json_append(&largest,
                       json_pack("{s:I,s:o}", "size", (json_int_t)found->list[i].size, "members", members));
    }
    return json_pack("{s:f,s:I,s:I,s:o}", "from", HO_NEAR_DUPLICATE, "count", (json_int_t)found->count,
                     "strategies", (json_int_t)found->columns, "largest", largest);
}

static const char *engine(const ho_correlation_told *told)
{
    if (told->device != NULL) return told->device->about.name;
    const char *name = ho_tiles_engine();
    return name != NULL ? name : "plain loops";
}

static json_t *json_of_file(const ho_matrix_file *file)
{
    if (file == NULL) return json_null();
    return json_pack("{s:o,s:s,s:I,s:o}", "path", ho_json_text(file->path), "type",
                     file->item == sizeof(double) ? "float64" : "float32", "bytes", (json_int_t)file->bytes,
                     "names", ho_json_text(file->names));
}

static int add_findings(json_t *root, const ho_correlation_told *told, ho_error *err)
{
    const ho_pairs *pairs = told->pairs;
    const ho_panel *panel = told->input->panel;
    clusters found = {0};
    if (find_clusters(pairs, &found, err) != HO_OK) return -1;
    json_t *findings =
        json_pack("{s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:I,s:I,s:o,s:o}", "pairs", (json_int_t)pairs->pairs, "mean",
                  ho_json_number(pairs->mean), "standard_deviation", ho_json_number(pairs->deviation),
                  "quantiles", json_of_quantiles(pairs), "above", json_of_thresholds(pairs), "largest",
                  json_of_largest(pairs, panel), "histogram", json_of_histogram(pairs), "constant",
                  (json_int_t)pairs->constant, "identical", (json_int_t)pairs->identical, "clusters",
                  json_of_clusters(&found, pairs, panel), "matrix", json_of_file(told->file));
    free(found.list);
    int failed = findings == NULL ? -1 : json_object_update(root, findings);
    json_decref(findings);
    return failed;
}

ho_status ho_correlation_json(const ho_correlation_told *told, char **text, ho_error *err)
{
    const ho_correlation_settings *s = told->settings;
    json_t *root =
        json_pack("{s:s,s:o,s:o,s:b}", "version", HO_VERSION, "input",
                  ho_json_input(told->input->panel, s->in.input, told->input->report.hash), "settings",
                  ho_json_settings(told->options, s), "interrupted", (int)told->pairs->interrupted);
    json_t *end = json_pack("{s:s,s:{s:f,s:f,s:f},s:I}", "engine", engine(told), "timings", "load",
                            told->input->seconds, "correlation", told->seconds, "total", told->total,
                            "peak_memory_bytes", (json_int_t)ho_peak_memory());
    int failed = root == NULL || end == NULL;
    if (!failed && !told->pairs->interrupted) failed = add_findings(root, told, err);
    if (!failed) failed = json_object_update(root, end);
    json_decref(end);
    if (failed) {
        json_decref(root);
        return ho_fail_memory(err, 0, "the JSON document");
    }
    return ho_json_finish(root, text, err);
}

static void say_cluster(FILE *out, const cluster *c, const ho_pairs *pairs, const ho_panel *panel)
{
    fprintf(out, "                 - %u:", (unsigned)c->size);
    size_t said = 0;
    for (size_t j = 0; j < pairs->columns && said < SAID; j++) {
        if (pairs->cluster[j] != c->first) continue;
        fputs(said++ != 0 ? ", " : " ", out);
        ho_text_put(ho_panel_name(panel, j), out);
    }
    fputs(c->size > SAID ? ", ...\n" : "\n", out);
}

static void say_pairs(FILE *out, const ho_pairs *pairs)
{
    fprintf(out, "  %-14s %.6f\n  %-14s %.6f\n", "mean", pairs->mean, "deviation", pairs->deviation);
    for (size_t i = 0; i < SHARES && pairs->pairs != 0; i++)
        fprintf(out, "  %2.0f %% %9s %.4f\n", 100 * shares[i], "", ho_pairs_quantile(pairs, shares[i]));
    for (size_t i = 0; i < THRESHOLDS; i++) {
        uint64_t count = ho_pairs_above(pairs, thresholds[i]);
        fprintf(out, "  from %-9g %llu pairs, %.4f %%\n", thresholds[i], (unsigned long long)count,
                100 * share_of(count, pairs));
    }
}

static void say_all(FILE *out, const ho_correlation_told *told, const clusters *found)
{
    const ho_pairs *pairs = told->pairs;
    const ho_panel *panel = told->input->panel;
    ho_text_put(told->settings->in.input, out);
    fprintf(out, ": %zu strategies x %zu periods, %llu pairs\n", pairs->columns, ho_panel_periods(panel),
            (unsigned long long)pairs->pairs);
    say_pairs(out, pairs);
    if (!isnan(pairs->largest)) {
        fprintf(out, "  %-14s %.6f of ", "largest", pairs->largest);
        ho_text_put(ho_panel_name(panel, pairs->first), out);
        fputs(" and ", out);
        ho_text_put(ho_panel_name(panel, pairs->second), out);
        fputs(", identical ones aside\n", out);
    }
    if (pairs->constant != 0)
        fprintf(out, "  %-14s %zu, counted as correlation 0\n", "constant", pairs->constant);
    if (pairs->identical != 0)
        fprintf(out, "  %-14s %zu equal an earlier one\n", "identical", pairs->identical);
    if (found->count != 0) {
        fprintf(out, "  %-14s %zu clusters of %zu strategies (chains of pairs from %g on), the largest:\n",
                "near-equal", found->count, found->columns, HO_NEAR_DUPLICATE);
    }
    for (size_t i = 0; i < found->count && i < SAID; i++)
        say_cluster(out, &found->list[i], pairs, panel);
    if (told->file != NULL) {
        fprintf(out, "  %-14s %s, %.1f MB of %s; names: %s\n", "matrix", told->file->path,
                1e-6 * (double)told->file->bytes, told->file->item == sizeof(double) ? "float64" : "float32",
                told->file->names);
    }
    fprintf(out, "  %-14s %.3f s, with %s\n", "computed in", told->seconds, engine(told));
}

ho_status ho_correlation_summary(const ho_correlation_told *told, char **text, ho_error *err)
{
    clusters found = {0};
    ho_text t;
    HO_TRY(find_clusters(told->pairs, &found, err));
    ho_status status = ho_text_begin(&t, err);
    if (status == HO_OK) {
        if (told->pairs->interrupted)
            fputs("interrupted: not all pairs were looked at, and nothing was written\n", t.file);
        else
            say_all(t.file, told, &found);
        status = ho_text_end(&t, text, err);
    }
    free(found.list);
    return status;
}

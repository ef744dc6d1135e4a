/* The JSON files of the earlier optimizer, and the manifest of a run. */
#include "report/legacy.h"

#include "base/error.h"
#include "report/document.h"
#include "report/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static ho_status put(json_t *root, FILE *file, ho_error *err)
{
    char *text = NULL;
    if (root == NULL) return ho_fail_memory(err, 0, "a JSON document");
    HO_TRY(ho_json_finish(root, &text, err));
    fputs(text, file);
    free(text);
    return HO_OK;
}

/* The value of a key as it stands, null where there is none. */
static json_t *copy_of(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return value != NULL ? json_incref(value) : json_null();
}

static double seconds_of(const ho_report_source *source, const char *algorithm)
{
    return ho_page_number(json_object_get(json_object_get(source->document, "timings"), "algorithms"),
                          algorithm);
}

static json_t *algorithm_result(const ho_report_source *source, const json_t *a)
{
    const json_t *settings = json_object_get(source->document, "settings");
    return json_pack(
        "{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "algorithm", copy_of(a, "name"), "fitness_score",
        copy_of(a, "fitness"), "portfolio", copy_of(a, "portfolio"), "indices", copy_of(a, "indices"),
        "portfolio_size", copy_of(a, "size"), "metrics", copy_of(a, "metrics"), "execution_time",
        ho_json_number(seconds_of(source, ho_page_string(a, "name"))), "evaluations",
        copy_of(a, "evaluations"), "seed", copy_of(settings, "seed"), "status", copy_of(a, "stopped_by"));
}

ho_status ho_write_legacy_algorithm(const ho_report_source *source, FILE *file, ho_error *err)
{
    return put(algorithm_result(source, source->entry), file, err);
}

static json_t *names_of(const json_t *algorithms)
{
    json_t *names = json_array();
    for (size_t i = 0; i < json_array_size(algorithms); i++) {
        if (!ho_json_append(&names, copy_of(json_array_get(algorithms, i), "name"))) break;
    }
    return names;
}

/* The share of the threads' time that the searches filled. */
static double efficiency(const ho_report_source *source)
{
    const json_t *list = json_object_get(source->document, "algorithms");
    const json_t *timings = json_object_get(source->document, "timings");
    const double threads = ho_page_number(json_object_get(source->document, "engine"), "threads");
    double busy = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const double seconds = seconds_of(source, ho_page_string(json_array_get(list, i), "name"));
        busy += isfinite(seconds) ? seconds : 0;
    }
    return fmin(busy / (threads * ho_page_number(timings, "search")), 1);
}

ho_status ho_write_legacy_execution(const ho_report_source *source, FILE *file, ho_error *err)
{
    const json_t *root = source->document, *list = json_object_get(root, "algorithms");
    const json_t *timings = json_object_get(root, "timings"), *best = json_object_get(root, "best");
    json_t *each = json_object();
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *a = json_array_get(list, i);
        json_object_set_new(each, ho_page_string(a, "name"), algorithm_result(source, a));
    }
    json_t *metadata =
        json_pack("{s:o,s:o,s:o,s:f,s:o}", "timestamp", copy_of(timings, "stamp"), "execution_time",
                  copy_of(timings, "total"), "algorithms_executed", names_of(list), "success_rate", 1.0,
                  "parallel_efficiency", ho_json_number(efficiency(source)));
    json_t *result = json_pack("{s:o,s:o,s:o}", "algorithm", copy_of(best, "algorithm"), "fitness",
                               copy_of(best, "fitness"), "portfolio", copy_of(best, "portfolio"));
    return put(json_pack("{s:o,s:o,s:o,s:{s:b},s:o,s:[]}", "execution_metadata", metadata,
                         "total_execution_time", copy_of(timings, "total"), "best_result", result,
                         "gpu_utilization", "used", 0, "individual_results", each, "failed_algorithms"),
               file, err);
}

ho_status ho_write_legacy_config(const ho_report_source *source, FILE *file, ho_error *err)
{
    return put(copy_of(source->document, "settings"), file, err);
}

ho_status ho_write_legacy_results(const ho_report_source *source, FILE *file, ho_error *err)
{
    return put(json_deep_copy(source->document), file, err);
}

/* What regimes did, and the best portfolio with their weights beside it without. */
ho_status ho_write_legacy_regimes(const ho_report_source *source, FILE *file, ho_error *err)
{
    const json_t *best = json_object_get(source->document, "best");
    json_t *regimes = json_deep_copy(json_object_get(source->document, "regimes"));
    json_t *weighted = json_pack("{s:o}", "metrics", copy_of(best, "metrics"));
    if (regimes == NULL || weighted == NULL || json_object_set(regimes, "weighted", weighted) != 0) {
        json_decref(regimes);
        regimes = NULL;
    }
    json_decref(weighted);
    return put(regimes, file, err);
}

/* What makes the run again: the same input, program and settings give the same portfolio. */
ho_status ho_write_manifest(const ho_report_source *source, FILE *file, ho_error *err)
{
    const json_t *root = source->document, *settings = json_object_get(root, "settings");
    const json_t *engine = json_object_get(root, "engine");
    return put(json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "version", copy_of(root, "version"), "input",
                         copy_of(root, "input"), "seed", copy_of(settings, "seed"), "threads",
                         copy_of(engine, "threads"), "device", copy_of(engine, "name"), "kernels",
                         copy_of(root, "kernels"), "settings", copy_of(root, "settings")),
               file, err);
}

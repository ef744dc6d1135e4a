/* result.json: the document of a run. What depends on the machine or the moment is in timings, engine, kernels and
 * peak_memory_bytes alone, so that the rest of the same run is the same bytes. */
#include "base/error.h"
#include "report/json.h"
#include "report/writers.h"

#include <math.h>
#include <stdlib.h>

static json_t *trace_of(const ho_search_result *result)
{
    json_t *trace = json_array();
    for (size_t i = 0; i < result->trace_count; i++) {
        const ho_trace_point *point = &result->trace[i];
        json_t *line = json_pack("[I,o]", (json_int_t)point->evaluations, ho_json_number(point->fitness));
        if (!ho_json_append(&trace, line)) break;
    }
    return trace;
}

/* The measures that scripts of the earlier optimizer compare. */
static json_t *measures_of(const double *values)
{
    static const char *const keys[] = {"total_roi", "max_drawdown", "win_rate", "profit_factor",
                                       "expectancy"};
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        json_object_set_new(object, keys[i], ho_json_number(values[ho_metric_find(keys[i])]));
    return object;
}

static json_t *indices_of(const ho_search_result *result)
{
    json_t *array = json_array();
    for (size_t k = 0; k < result->size; k++) {
        if (!ho_json_append(&array, json_integer((json_int_t)result->members[k]))) break;
    }
    return array;
}

static const char *title_of(const ho_search_result *r)
{
    if (r->algorithm != NULL) return ho_algorithm_title(r->algorithm);
    return r->branched ? "branch and bound by linear programmes" : "every portfolio looked at";
}

static json_t *algorithm(const ho_report *report, const ho_search_result *r, const double *measures)
{
    return json_pack("{s:s,s:s,s:I,s:o,s:o,s:I,s:I,s:s,s:o,s:o,s:o,s:o}", "name", ho_report_method(r),
                     "title", title_of(r), "size", (json_int_t)r->size, "fitness", ho_json_number(r->fitness),
                     "raw_fitness", ho_json_number(r->raw_fitness), "evaluations", (json_int_t)r->evaluations,
                     "polish_evaluations", (json_int_t)r->polish_evaluations, "stopped_by",
                     ho_stop_name(r->stopped_by), "portfolio",
                     ho_json_names(report->panel, r->members, r->size), "indices", indices_of(r), "metrics",
                     measures_of(measures), "trace", trace_of(r));
}

static json_t *algorithms(const ho_report *report, const ho_report_size *size)
{
    json_t *array = json_array();
    for (size_t i = 0; i < size->count; i++) {
        if (!ho_json_append(&array,
                            algorithm(report, &size->algorithms[i], size->measures + i * ho_metric_count())))
            return NULL;
    }
    if (size->exact != NULL)
        (void)ho_json_append(
            &array, algorithm(report, size->exact, size->measures + size->count * ho_metric_count()));
    return array;
}

/* Of a branch and bound; null where there was none. */
static json_t *tree_of(const ho_report_tree *t, double best)
{
    if (!t->grown) return json_null();
    return json_pack("{s:o,s:o,s:b,s:I,s:I,s:I,s:I,s:s}", "value_before", ho_json_number(t->before),
                     "gap_before", ho_json_number(t->before > 0 ? (t->before - best) / t->before : NAN),
                     "proven", t->proven, "nodes", (json_int_t)t->nodes, "open", (json_int_t)t->open,
                     "given_up", (json_int_t)t->given_up, "columns", (json_int_t)t->kept, "stopped_by",
                     ho_stop_name(t->stopped_by));
}

static bool is_proven(const ho_report_size *size)
{
    return size->best->stopped_by == HO_STOP_PROVEN || size->bound.tree.proven;
}

/* The bound of a size: how far from the best possible its best can be. */
static json_t *bound_of(const ho_report *report, const ho_report_size *size)
{
    const ho_report_bound *b = &size->bound;
    const double best = size->best->fitness, gap = b->value > 0 ? (b->value - best) / b->value : NAN;
    if (b->why != NULL) return json_null();
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:s,s:o,s:I,s:I,s:I,s:I,s:o}", "objective",
                     ho_json_text(report->objective), "convention", ho_json_text(report->convention), "value",
                     ho_json_number(b->value), "best", ho_json_number(best), "gap", ho_json_number(gap), "by",
                     b->enumerated   ? "enumeration"
                     : b->tree.grown ? "branch and bound"
                                     : "linear programmes",
                     "limits", b->limits != NULL ? ho_json_text(b->limits) : json_null(), "levels",
                     (json_int_t)b->levels, "rounds", (json_int_t)b->rounds, "columns",
                     (json_int_t)b->columns, "distinct", (json_int_t)b->distinct, "tree",
                     tree_of(&b->tree, best));
}

static int add_measures(const ho_report *report, const ho_report_size *size, json_t *into)
{
    const size_t periods = ho_panel_periods(report->panel);
    return ho_json_metrics(into, size->metrics, periods) |
           json_object_set_new(into, "equity", ho_json_numbers(size->equity, periods)) |
           json_object_set_new(into, "drawdown", ho_json_numbers(size->depths, periods));
}

/* A line a size: the best there, and what each algorithm reached. */
static json_t *sizes(const ho_report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->size_count; i++) {
        const ho_report_size *size = &report->sizes[i];
        json_t *reached = json_object();
        for (size_t a = 0; a < size->count; a++)
            json_object_set_new(reached, ho_report_method(&size->algorithms[a]),
                                ho_json_number(size->algorithms[a].fitness));
        json_t *line = json_pack("{s:I,s:s,s:o,s:o,s:b,s:o,s:o}", "size", (json_int_t)size->size, "algorithm",
                                 ho_report_method(size->best), "fitness", ho_json_number(size->best->fitness),
                                 "bound", ho_json_number(size->bound.why == NULL ? size->bound.value : NAN),
                                 "proven_optimum", is_proven(size), "algorithms", reached, "portfolio",
                                 ho_json_names(report->panel, size->best->members, size->best->size));
        if (line != NULL && add_measures(report, size, line) != 0) {
            json_decref(line);
            line = NULL;
        }
        if (!ho_json_append(&array, line)) break;
    }
    return array;
}

static json_t *best(const ho_report *report)
{
    const ho_search_result *r = report->best->best;
    json_t *object = json_pack(
        "{s:s,s:I,s:o,s:b,s:o,s:o,s:o,s:o}", "algorithm", ho_report_method(r), "size", (json_int_t)r->size,
        "fitness", ho_json_number(r->fitness), "proven_optimum", is_proven(report->best),
        "average_correlation", ho_json_number(report->correlation), "relations",
        ho_json_relations(report->panel, report->relations, report->correlation_threshold), "scores",
        ho_json_scores(report->scores), "portfolio", ho_json_names(report->panel, r->members, r->size));
    if (object != NULL && ho_json_metrics(object, report->metrics, ho_panel_periods(report->panel)) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *timings(const ho_report *report)
{
    json_t *each = json_object();
    for (size_t i = 0; i < report->best->count; i++) {
        const ho_search_result *r = &report->best->algorithms[i];
        json_object_set_new(each, ho_report_method(r), json_real(r->seconds));
    }
    const ho_report_timings *t = &report->timings;
    return json_pack("{s:s,s:f,s:f,s:f,s:f,s:f,s:f,s:f,s:o}", "stamp", report->stamp, "load", t->load,
                     "screen", t->screen, "search", t->search, "bound", t->bound, "prove", t->prove, "report",
                     t->report, "total", t->total, "algorithms", each);
}

json_t *ho_report_document(const ho_report *report)
{
    json_t *engine =
        json_pack("{s:s,s:s?,s:i,s:b}", "name", report->device != NULL ? "cuda" : "cpu", "device",
                  report->device, "threads", report->threads, "from_cache", report->from_cache);
    return json_pack(
        "{s:s,s:o,s:O*,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:O?,s:b,s:o,s:o,s:o,s:o,s:O*,s:o,s:o,s:o,s:s,s:I}",
        "version", HO_VERSION, "input", ho_json_input(report->panel, report->input, report->input_hash),
        "data", report->load, "repeat",
        ho_json_repeat(report->command, report->input, report->options, report->settings), "settings",
        ho_json_settings(report->options, report->settings), "algorithms", algorithms(report, report->best),
        "sizes", sizes(report), "best", best(report), "bound", bound_of(report, report->best), "limits",
        ho_json_limits(report), "kelly", report->kelly, "interrupted", report->interrupted, "warnings",
        ho_json_texts(report->warnings), "inversion", ho_json_inversion(report), "regimes",
        ho_json_regimes(report), "zones", ho_json_zones(report), "out_of_sample", report->out_of_sample,
        "details", ho_json_details(report), "timings", timings(report), "engine", engine, "kernels",
        report->kernels, "peak_memory_bytes", (json_int_t)report->peak_memory);
}

ho_status ho_report_json(const ho_report *report, char **text, ho_error *err)
{
    json_t *root = ho_report_document(report);
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    return ho_json_finish(root, text, err);
}

ho_status ho_write_json_file(const ho_report_source *source, FILE *file, ho_error *err)
{
    char *text = NULL;
    HO_TRY(ho_report_json(source->report, &text, err));
    fputs(text, file);
    free(text);
    return HO_OK;
}

/* The portfolios of an earlier run, as series on this table; and the file of splits. */
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "report/csv.h"
#include "report/report.h"
#include "run/overfit.h"
#include "run/whole_file.h"
#include "screen/select.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

void ho_run_portfolios_clear(ho_run_portfolios *p)
{
    ho_matrix_free(&p->series);
    ho_strings_clear(&p->names);
}

/* Most often the strategy has the place that it had in the run. */
static ho_status find_member(const ho_panel *panel, const char *run, const char *name, const json_t *place,
                             uint32_t *strategy, ho_error *err)
{
    const json_int_t at = json_integer_value(place);
    if (name == NULL) return ho_fail(err, HO_ERR_DATA, "%.600s: a portfolio without names", run);
    if (at >= 0 && (size_t)at < ho_panel_strategies(panel) &&
        strcmp(ho_panel_name(panel, (size_t)at), name) == 0) {
        *strategy = (uint32_t)at;
        return HO_OK;
    }
    ho_error why;
    if (ho_find_strategy(panel, name, run, strategy, &why) == HO_OK) return HO_OK;
    return ho_fail(err, HO_ERR_DATA,
                   "%.200s: the run is of another table: it has %.200s, which this one lacks", run, name);
}

static ho_status add_portfolio(const char *run, const json_t *found, const ho_panel *panel,
                               ho_run_portfolios *out, ho_error *err)
{
    const json_t *names = json_object_get(found, "portfolio"), *places = json_object_get(found, "indices");
    const char *name = json_string_value(json_object_get(found, "name"));
    const size_t column = out->names.count;
    if (name == NULL) name = "best";
    HO_TRY(ho_strings_printf(&out->names, err, "%s %lld", name,
                             (long long)json_integer_value(json_object_get(found, "size"))));
    for (size_t t = 0; t < out->series.rows; t++)
        ho_matrix_row(&out->series, t)[column] = 0;
    for (size_t k = 0; k < json_array_size(names); k++) {
        uint32_t j = 0;
        HO_TRY(find_member(panel, run, json_string_value(json_array_get(names, k)), json_array_get(places, k),
                           &j, err));
        for (size_t t = 0; t < out->series.rows; t++)
            ho_matrix_row(&out->series, t)[column] += ho_panel_row(panel, t)[j];
    }
    return HO_OK;
}

/* A document has the portfolios of all algorithms at the best size, and the best of each size. */
static bool is_other_size(const json_t *document, const json_t *of_size)
{
    return json_integer_value(json_object_get(of_size, "size")) !=
           json_integer_value(json_object_get(json_object_get(document, "best"), "size"));
}

static ho_status read_all(const char *run, const json_t *document, const ho_panel *panel,
                          ho_run_portfolios *out, ho_error *err)
{
    const json_t *algorithms = json_object_get(document, "algorithms");
    const json_t *sizes = json_object_get(document, "sizes");
    size_t count = json_array_size(algorithms);
    for (size_t i = 0; i < json_array_size(sizes); i++)
        count += is_other_size(document, json_array_get(sizes, i));
    if (count < 2)
        return ho_fail(err, HO_ERR_DATA, "%.600s: it holds %zu portfolios, of which nothing can be chosen",
                       run, count);
    HO_TRY(ho_matrix_new(ho_panel_periods(panel), count, &out->series, err));
    for (size_t i = 0; i < json_array_size(algorithms); i++)
        HO_TRY(add_portfolio(run, json_array_get(algorithms, i), panel, out, err));
    for (size_t i = 0; i < json_array_size(sizes); i++) {
        if (is_other_size(document, json_array_get(sizes, i)))
            HO_TRY(add_portfolio(run, json_array_get(sizes, i), panel, out, err));
    }
    return HO_OK;
}

ho_status ho_run_portfolios_read(const char *run, const ho_panel *panel, ho_run_portfolios *out,
                                 ho_error *err)
{
    json_t *document = NULL;
    ho_run_portfolios made = {.names = {0}};
    HO_TRY(ho_report_read(run, &document, err));
    ho_status status = read_all(run, document, panel, &made, err);
    json_decref(document);
    if (status == HO_OK)
        *out = made;
    else
        ho_run_portfolios_clear(&made);
    return status;
}

typedef struct split_rows {
    const ho_overfit_told *told;
    uint8_t *chosen;
} split_rows;

static void put_rows(const void *what, FILE *file)
{
    const split_rows *rows = what;
    const ho_overfit *o = &rows->told->overfit;
    const uint8_t *chosen = rows->chosen;
    fputs("Split,Blocks,Winner,In sample,Out of sample,Below,Equal,Logit\n", file);
    for (size_t s = 0; s < o->count; s++) {
        const ho_overfit_split *split = &o->splits[s];
        fprintf(file, "%zu,", s);
        for (size_t d = 0; d < o->blocks / 2; d++)
            fprintf(file, "%s%d", d != 0 ? " " : "", *chosen++);
        fputc(',', file);
        ho_csv_text(file, ho_panel_name(rows->told->input->panel, split->winner));
        fputc(',', file);
        ho_csv_number(file, split->in);
        fputc(',', file);
        ho_csv_number(file, split->out);
        fprintf(file, ",%u,%u,", (unsigned)split->below, (unsigned)split->equal);
        ho_csv_number(file, ho_overfit_logit(o, s));
        fputc('\n', file);
    }
}

ho_status ho_overfit_file_write(const ho_overfit_told *told, ho_error *err)
{
    const ho_overfit *o = &told->overfit;
    split_rows rows = {told, ho_new_array(o->count, o->blocks / 2)};
    if (rows.chosen == NULL) return ho_fail_memory(err, o->count * o->blocks / 2, "splits");
    ho_overfit_choices(o->blocks, rows.chosen);
    ho_status status = ho_whole_file_write(told->settings->output, put_rows, &rows, err);
    free(rows.chosen);
    return status;
}

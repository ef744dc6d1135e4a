/* The small matrix: all pairs of a portfolio's members. */
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"
#include "report/csv.h"
#include "report/json.h"
#include "run/correlation.h"
#include "run/whole_file.h"
#include "stats/stats.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct small_matrix {
    const ho_panel *panel;
    const uint32_t *members;
    size_t count;
    double *values;
    double average;
} small_matrix;

static ho_status compute(small_matrix *m, ho_error *err)
{
    const ho_member_columns columns = {m->panel->values.data, m->panel->values.stride, m->panel->values.rows,
                                       m->members, m->count};
    m->values = ho_new_array(m->count, m->count * sizeof *m->values);
    if (m->values == NULL) return ho_fail_memory(err, m->count * m->count * sizeof *m->values, "a matrix");
    HO_TRY(ho_average_correlation(&columns, &m->average, err));
    return ho_correlation_matrix(&columns, m->values, err);
}

static void put_csv(const void *what, FILE *file)
{
    const small_matrix *m = what;
    fputs("Strategy", file);
    for (size_t k = 0; k < m->count; k++) {
        fputc(',', file);
        ho_csv_text(file, ho_panel_name(m->panel, m->members[k]));
    }
    fputc('\n', file);
    for (size_t i = 0; i < m->count; i++) {
        ho_csv_text(file, ho_panel_name(m->panel, m->members[i]));
        for (size_t j = 0; j < m->count; j++) {
            fputc(',', file);
            ho_csv_number(file, m->values[i * m->count + j]);
        }
        fputc('\n', file);
    }
}

static ho_status write_json(const ho_correlation_settings *s, ho_option_table options, const ho_input *input,
                            const small_matrix *m, char **text, ho_error *err)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < m->count; i++) {
        json_t *row = json_array();
        for (size_t j = 0; j < m->count; j++) {
            if (!ho_json_append(&row, json_real(m->values[i * m->count + j]))) break;
        }
        if (!ho_json_append(&rows, row)) break;
    }
    json_t *root =
        json_pack("{s:s,s:o,s:o,s:I,s:f,s:o,s:o,s:o}", "version", HO_VERSION, "input",
                  ho_json_input(m->panel, s->in.input, input->report.hash), "settings",
                  ho_json_settings(options, s), "size", (json_int_t)m->count, "average_correlation",
                  m->average, "portfolio", ho_json_names(m->panel, m->members, m->count), "correlations",
                  rows, "output", ho_json_text(s->output));
    if (root == NULL) return ho_fail_memory(err, 0, "the JSON document");
    return ho_json_finish(root, text, err);
}

static ho_status write_summary(const ho_correlation_settings *s, const small_matrix *m, char **text,
                               ho_error *err)
{
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    if (s->output != NULL)
        fprintf(t.file, "%s: the correlations of %zu strategies, %.4f on average\n", s->output, m->count,
                m->average);
    else
        put_csv(m, t.file);
    return ho_text_end(&t, text, err);
}

ho_status ho_correlation_portfolio(const ho_correlation_settings *s, ho_option_table options,
                                   const ho_input *input, const uint32_t *members, size_t count,
                                   ho_outcome *outcome, ho_error *err)
{
    small_matrix m = {.panel = input->panel, .members = members, .count = count};
    ho_outcome made = {0};
    ho_status status = compute(&m, err);
    if (status == HO_OK) status = write_json(s, options, input, &m, &made.json, err);
    if (status == HO_OK) status = write_summary(s, &m, &made.summary, err);
    if (status == HO_OK && s->output != NULL) status = ho_whole_file_write(s->output, put_csv, &m, err);
    free(m.values);
    return ho_hand_over(status, &made, outcome);
}

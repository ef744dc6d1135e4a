#include "store/csv_judge.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/load_report.h"

#include <stdio.h>
#include <string.h>

/* Columns that go without a word of regret: they were never meant for strategies, or the options ask for it. */
static bool harmless(ho_skip_reason reason)
{
    return reason == HO_SKIP_LABEL || reason == HO_SKIP_INDEX || reason == HO_SKIP_CONSTANT ||
           reason == HO_SKIP_LIMIT;
}

static ho_status leave_out(ho_csv_table *t, size_t column, ho_skip_reason reason, const char *why,
                           ho_error *err)
{
    char name[HO_CSV_SHOWN];
    ho_csv_show(t->header.names[column], t->header.lengths[column], name);
    if (t->options->strict && !harmless(reason))
        return ho_fail(err, HO_ERR_DATA,
                       "%s: column \"%s\" would be left out (%s: %s), and strict was asked for", t->name,
                       name, ho_skip_reason_name(reason), why);
    return ho_load_report_leave_out(&t->report, reason, name, why, err);
}

/* The cell as it stands in the file, for messages. */
static void find_cell(const ho_csv_table *t, size_t row, size_t value, ho_csv_field *field)
{
    if (t->cells.samples == NULL) {
        ho_csv_cell_at(&t->text, &t->frame, row, t->cells.column_of[value], field);
        return;
    }
    static const char *const usual[HO_CSV_SAMPLES] = {"", "", "nan", "inf"};
    const ho_csv_trouble *x = &t->cells.troubles[value];
    int kind = row == x->first_bad        ? HO_CSV_BAD
               : row == x->first_nan      ? HO_CSV_NAN
               : row == x->first_infinite ? HO_CSV_INFINITE
                                          : HO_CSV_MISSING;
    const char *sample = t->cells.samples[value * HO_CSV_SAMPLES + (size_t)kind];
    const char *text = sample != NULL ? sample : usual[kind];
    *field = (ho_csv_field){.text = text, .length = strlen(text)};
}

ho_row_source ho_csv_table_rows(const ho_csv_table *t)
{
    return t->pile != NULL ? ho_rows_of_pile(t->pile) : ho_rows_of_matrix(&t->panel->values);
}

static bool is_kept(const ho_csv_table *t, const char *name)
{
    for (size_t i = 0; i < t->options->keep_columns.count; i++) {
        if (ho_text_same(t->options->keep_columns.items[i], name)) return true;
    }
    return false;
}

static ho_status warn_of_unknown(ho_csv_table *t, ho_error *err)
{
    for (size_t i = 0; i < t->options->keep_columns.count; i++) {
        const char *wanted = t->options->keep_columns.items[i];
        bool found = false;
        for (size_t c = 0; c < t->header.count && !found; c++)
            found = ho_text_same(wanted, t->header.names[c]);
        if (!found)
            HO_TRY(ho_strings_printf(&t->report.warnings, err, "keep-column: no column is named \"%s\"",
                                     wanted));
    }
    return HO_OK;
}

ho_status ho_csv_judge_names(ho_csv_table *t, ho_error *err)
{
    HO_TRY(warn_of_unknown(t, err));
    for (size_t c = 0; c < t->header.count; c++) {
        if (t->trusted && t->header.kinds[c] >= HO_COLUMN_PARTITION) t->header.kinds[c] = HO_COLUMN_VALUE;
        if (t->header.kinds[c] == HO_COLUMN_LABEL) HO_TRY(leave_out(t, c, HO_SKIP_LABEL, "a label", err));
        if (t->header.kinds[c] != HO_COLUMN_DERIVED) continue;
        if (is_kept(t, t->header.names[c]))
            t->header.kinds[c] = HO_COLUMN_VALUE;
        else
            HO_TRY(leave_out(t, c, HO_SKIP_DERIVED, "the name of a derived column", err));
    }
    return HO_OK;
}

/* The earliest cell that makes the table unusable. */
typedef struct fault {
    uint32_t row;
    size_t value;
    const char *what; /* "is not a number" */
} fault;

static void note_fault(fault *f, uint32_t row, size_t value, const char *what)
{
    if (row < f->row || (row == f->row && row != UINT32_MAX && value < f->value))
        *f = (fault){row, value, what};
}

static ho_status refuse_cell(const ho_csv_table *t, const fault *f, ho_error *err)
{
    char name[HO_CSV_SHOWN], cell[HO_CSV_SHOWN], where[HO_CSV_WHERE];
    size_t column = t->cells.column_of[f->value];
    ho_csv_field field;
    find_cell(t, f->row, f->value, &field);
    return ho_fail(err, HO_ERR_DATA, "%s: %s, column \"%s\": \"%s\" %s", t->name,
                   ho_csv_where(&t->text, &t->frame, f->row, where),
                   ho_csv_show(t->header.names[column], t->header.lengths[column], name),
                   ho_csv_show(field.text, field.length, cell), f->what);
}

/* The counts of a column's trouble, plain. */
typedef struct counts {
    size_t missing, bad, unusable; /* unusable: NaN, inf */
} counts;

static counts counts_of(const ho_csv_table *t, size_t value)
{
    const ho_csv_trouble *x = &t->cells.troubles[value];
    bool nan_missing = t->options->nan_as_missing;
    return (counts){.missing = (size_t)x->missing + (nan_missing ? x->nan : 0),
                    .bad = x->bad,
                    .unusable = (size_t)x->infinite + (nan_missing ? 0 : x->nan)};
}

/* 0, 1, 2 ... or 1, 2, 3 ... down the file. */
static ho_status counts_rows(const ho_row_source *rows, size_t column, bool *yes, ho_error *err)
{
    double *numbers = HO_NEW(double, rows->rows);
    if (numbers == NULL) return ho_fail_memory(err, rows->rows * sizeof *numbers, "a column");
    ho_status status = ho_rows_column(rows, column, numbers, err);
    if (status == HO_OK) {
        *yes = (numbers[0] == 0 || numbers[0] == 1) && (rows->rows > 1 || numbers[0] == 0);
        for (size_t t = 1; *yes && t < rows->rows; t++)
            *yes = numbers[t] == numbers[0] + (double)t;
    }
    free(numbers);
    return status;
}

/* Whether the first column, which has no name, is an index: labels, blanks, or numbers that count. */
static ho_status is_index(const ho_csv_table *t, size_t value, const counts *n, bool *index, ho_error *err)
{
    *index = n->bad + n->unusable > 0 || n->missing == t->cells.rows;
    if (*index || n->missing > 0) return HO_OK;
    const ho_row_source rows = ho_csv_table_rows(t);
    return counts_rows(&rows, value, index, err);
}

static void find_faults(const ho_csv_table *t, size_t value, bool missing_is_error, fault *f)
{
    const ho_csv_trouble *x = &t->cells.troubles[value];
    note_fault(f, x->first_bad, value, "is not a number");
    note_fault(f, x->first_infinite, value, "is not finite");
    if (!t->options->nan_as_missing)
        note_fault(f, x->first_nan, value, "is not a number (nan-as-missing allows it)");
    if (!missing_is_error) return;
    note_fault(f, x->first_missing, value, "is a missing cell, and missing cells are errors here");
    if (t->options->nan_as_missing)
        note_fault(f, x->first_nan, value, "is a missing cell, and missing cells are errors here");
}

static ho_status text_column(ho_csv_table *t, size_t value, ho_error *err)
{
    char cell[HO_CSV_SHOWN], where[HO_CSV_WHERE] = "", why[HO_CSV_SHOWN + 64];
    size_t column = t->cells.column_of[value], row = t->cells.troubles[value].first_bad;
    ho_csv_field field = {.text = ""};
    if (t->report.skipped_count[HO_SKIP_TEXT] < HO_LOAD_NAMED ||
        t->options->strict) { /* looking up a line is slow */
        find_cell(t, row, value, &field);
        ho_csv_where(&t->text, &t->frame, row, where);
    }
    snprintf(why, sizeof why, "\"%s\" in %s is not a number", ho_csv_show(field.text, field.length, cell),
             where);
    return leave_out(t, column, HO_SKIP_TEXT, why, err);
}

static ho_status judge_column(ho_csv_table *t, size_t value, bool missing_is_error, fault *f, ho_error *err)
{
    size_t column = t->cells.column_of[value], rows = t->cells.rows;
    counts n = counts_of(t, value);
    if (t->trusted && n.missing + n.bad + n.unusable == 0) {
        t->open[value] = HO_COLUMN_KEPT;
        return HO_OK;
    }
    t->open[value] = HO_COLUMN_CLOSED;
    if (t->header.trailing && column + 1 == t->header.count && n.missing == rows) return HO_OK;
    bool index = false;
    if (column == 0 && t->header.index_like) HO_TRY(is_index(t, value, &n, &index, err));
    if (index) return leave_out(t, column, HO_SKIP_INDEX, "an index of the rows", err);
    if (n.missing == rows) return leave_out(t, column, HO_SKIP_EMPTY, "every cell is missing", err);
    if (2 * n.bad > rows - n.missing) return text_column(t, value, err);
    if (n.bad + n.unusable > 0 && t->options->skip_bad_columns) {
        char why[80];
        snprintf(why, sizeof why, "%zu of its %zu cells are not finite numbers", n.bad + n.unusable, rows);
        return leave_out(t, column, HO_SKIP_BAD, why, err);
    }
    find_faults(t, value, missing_is_error, f);
    t->open[value] = is_kept(t, t->header.names[column]) ? HO_COLUMN_KEPT : HO_COLUMN_OPEN;
    return HO_OK;
}

ho_status ho_csv_judge_cells(ho_csv_table *t, ho_error *err)
{
    t->open = HO_NEW(uint8_t, t->cells.values);
    if (t->open == NULL) return ho_fail_memory(err, t->cells.values, t->name);
    bool missing_is_error = t->options->missing != NULL && strcmp(t->options->missing, "error") == 0;
    fault f = {.row = UINT32_MAX};
    for (size_t v = 0; v < t->cells.values; v++)
        HO_TRY(judge_column(t, v, missing_is_error, &f, err));
    return f.row == UINT32_MAX ? HO_OK : refuse_cell(t, &f, err);
}

/* Finding a derived column needs the sum without those found before: a pass for each. Real tables have one or two. */
static ho_status leave_out_derived(ho_csv_table *t, ho_error *err)
{
    enum { MOST_PASSES = 16 };
    const ho_row_source rows = ho_csv_table_rows(t);
    for (int pass = 0;; pass++) {
        ho_column_facts_clear(&t->facts);
        HO_TRY(ho_column_facts_find(&rows, t->open, t->threads, &t->facts, err));
        if (pass == MOST_PASSES) return HO_OK;
        ho_derived derived;
        HO_TRY(ho_derived_find(&rows, t->open, &t->facts, &derived, err));
        if (derived.column == SIZE_MAX) return HO_OK;
        t->open[derived.column] = HO_COLUMN_CLOSED;
        HO_TRY(leave_out(t, t->cells.column_of[derived.column], HO_SKIP_DERIVED, derived.why, err));
    }
}

/* Names the commonest reason and its first column: a decimal comma or a currency sign is seen at once. */
static ho_status no_strategy(const ho_csv_table *t, ho_error *err)
{
    const ho_load_report *r = &t->report;
    int most = 0;
    for (int reason = 1; reason < HO_SKIP_COUNT; reason++)
        most = r->skipped_count[reason] > r->skipped_count[most] ? reason : most;
    if (r->skipped_count[most] == 0)
        return ho_fail(err, HO_ERR_DATA, "%s: no strategy: none of its %zu columns is one", t->name,
                       t->header.count);
    return ho_fail(err, HO_ERR_DATA, "%s: no strategy: %lld of its %zu columns left out as %s, the first %s",
                   t->name, (long long)r->skipped_count[most], t->header.count,
                   ho_skip_reason_name((ho_skip_reason)most), r->skipped[most].items[0]);
}

ho_status ho_csv_judge_content(ho_csv_table *t, ho_error *err)
{
    HO_TRY(leave_out_derived(t, err));
    size_t kept = 0, limit = t->options->strat_limit > 0 ? (size_t)t->options->strat_limit : SIZE_MAX;
    for (size_t v = 0; v < t->cells.values; v++) {
        if (t->open[v] == HO_COLUMN_CLOSED) continue;
        ho_skip_reason reason = HO_SKIP_COUNT;
        if (t->options->drop_constant && t->facts.least[v] == t->facts.most[v])
            reason = HO_SKIP_CONSTANT;
        else if (kept == limit)
            reason = HO_SKIP_LIMIT;
        if (reason == HO_SKIP_COUNT) {
            kept++;
            continue;
        }
        t->open[v] = HO_COLUMN_CLOSED;
        HO_TRY(leave_out(t, t->cells.column_of[v], reason,
                         reason == HO_SKIP_LIMIT ? "past the limit" : "its cells are all equal", err));
    }
    return kept > 0 ? HO_OK : no_strategy(t, err);
}

#include "store/export_plan.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

static const ho_parquet_column fact_columns[HO_COLUMN_META_COUNT] = {
    [HO_COLUMN_DATE] = {"Date", HO_PARQUET_DATE, HO_PARQUET_PLAIN, true},
    [HO_COLUMN_ZONE] = {"Zone", HO_PARQUET_TEXT, HO_PARQUET_DICTIONARY, false},
    [HO_COLUMN_DAY] = {"Day", HO_PARQUET_TEXT, HO_PARQUET_DICTIONARY, false},
    [HO_COLUMN_START] = {"start_time", HO_PARQUET_TIME, HO_PARQUET_PLAIN, false},
    [HO_COLUMN_END] = {"end_time", HO_PARQUET_TIME, HO_PARQUET_PLAIN, false},
    [HO_COLUMN_REGIME] = {"market_regime", HO_PARQUET_TEXT, HO_PARQUET_DICTIONARY, false},
    [HO_COLUMN_CONFIDENCE] = {"Regime_Confidence_%", HO_PARQUET_DOUBLE, HO_PARQUET_PLAIN, false},
    [HO_COLUMN_TRANSITION] = {"Market_regime_transition_threshold", HO_PARQUET_DOUBLE, HO_PARQUET_PLAIN,
                              false},
    [HO_COLUMN_CAPITAL] = {"capital", HO_PARQUET_REAL, HO_PARQUET_PLAIN, false},
};

static bool row_has(const ho_period *p, ho_column_kind kind)
{
    switch (kind) {
    case HO_COLUMN_ZONE:
        return p->zone >= 0;
    case HO_COLUMN_START:
        return p->start >= 0;
    case HO_COLUMN_END:
        return p->end >= 0;
    case HO_COLUMN_REGIME:
        return p->regime >= 0;
    case HO_COLUMN_CONFIDENCE:
        return p->confidence != 1;
    case HO_COLUMN_TRANSITION:
        return p->transition != 0;
    case HO_COLUMN_CAPITAL:
        return p->capital > 0;
    default:
        return true;
    }
}

static bool any_has(const ho_panel *panel, ho_column_kind kind, bool tall)
{
    if (kind == HO_COLUMN_DAY) return !tall;
    for (size_t t = 0; t < panel->values.rows; t++) {
        if (row_has(&panel->periods[t], kind)) return true;
    }
    return false;
}

/* Percents, when each of them comes back as the fraction that it was, and one is large enough to be seen as a
 * percent. */
static double confidence_scale(const ho_panel *panel)
{
    double most = 0;
    for (size_t t = 0; t < panel->values.rows; t++) {
        double confidence = panel->periods[t].confidence, percent = 100 * confidence;
        if (percent / 100 != confidence) return 1;
        most = fmax(most, percent);
    }
    return most > 1 && most <= 100 ? 100 : 1;
}

ho_status ho_export_plan_new(const ho_panel *panel, bool tall, ho_export_plan *plan, ho_error *err)
{
    size_t strategies = panel->values.columns, rows = panel->values.rows;
    ho_export_plan p = {.panel = panel, .tall = tall, .confidence_scale = confidence_scale(panel)};
    size_t cells = tall ? strategies : rows;
    p.columns = HO_NEW(ho_parquet_column, HO_COLUMN_META_COUNT + (tall ? 2 : strategies));
    p.cells = ho_new_array(cells, sizeof(double));
    if (p.columns == NULL || p.cells == NULL) {
        ho_export_plan_clear(&p);
        return ho_fail_memory(err, (strategies + rows) * sizeof *p.columns, "the columns of a file");
    }
    for (size_t kind = 1; kind < HO_COLUMN_META_COUNT; kind++) {
        if (!any_has(panel, (ho_column_kind)kind, tall)) continue;
        p.kinds[p.facts++] = (ho_column_kind)kind;
        p.columns[p.count++] = fact_columns[kind];
    }
    if (tall) {
        p.columns[p.count++] = (ho_parquet_column){"strategy", HO_PARQUET_TEXT, HO_PARQUET_DICTIONARY, false};
        p.columns[p.count++] = (ho_parquet_column){"pnl", HO_PARQUET_DOUBLE, HO_PARQUET_PLAIN, false};
    }
    for (size_t j = 0; !tall && j < strategies; j++)
        p.columns[p.count++] =
            (ho_parquet_column){panel->names[j], HO_PARQUET_DOUBLE, HO_PARQUET_PLAIN, false};
    *plan = p;
    return HO_OK;
}

void ho_export_plan_clear(ho_export_plan *plan)
{
    free(plan->columns);
    free(plan->cells);
    *plan = (ho_export_plan){0};
}

const char *ho_export_text(const ho_export_plan *plan, ho_column_kind kind, size_t t)
{
    const ho_period *p = &plan->panel->periods[t];
    if (kind == HO_COLUMN_ZONE) return ho_panel_zone(plan->panel, p->zone);
    if (kind == HO_COLUMN_REGIME) return ho_panel_regime(plan->panel, p->regime);
    return ho_weekday_name(ho_date_weekday(p->date));
}

double ho_export_number(const ho_export_plan *plan, ho_column_kind kind, size_t t)
{
    const ho_period *p = &plan->panel->periods[t];
    switch (kind) {
    case HO_COLUMN_DATE:
        return p->date;
    case HO_COLUMN_START:
        return p->start;
    case HO_COLUMN_END:
        return p->end;
    case HO_COLUMN_CONFIDENCE:
        return plan->confidence_scale * p->confidence;
    case HO_COLUMN_TRANSITION:
        return p->transition;
    case HO_COLUMN_CAPITAL:
        return p->capital > 0 ? p->capital : NAN;
    default:
        return NAN;
    }
}

/* Cell i of the piece that is a fact of period t. */
static void put_fact(const ho_export_plan *p, size_t column, size_t t, size_t i)
{
    ho_column_kind kind = p->kinds[column];
    switch (p->columns[column].type) {
    case HO_PARQUET_TEXT:
        ((const char **)p->cells)[i] = ho_export_text(p, kind, t);
        break;
    case HO_PARQUET_DATE:
    case HO_PARQUET_TIME:
        ((int32_t *)p->cells)[i] = (int32_t)ho_export_number(p, kind, t);
        break;
    default:
        ((double *)p->cells)[i] = ho_export_number(p, kind, t);
        break;
    }
}

const void *ho_export_piece(void *user, size_t column, size_t piece)
{
    const ho_export_plan *p = user;
    const ho_matrix *m = &p->panel->values;
    if (p->tall && column >= p->facts)
        return column == p->facts ? (const void *)p->panel->names : ho_matrix_row(m, p->first + piece);
    size_t count = p->tall ? m->columns : m->rows;
    for (size_t i = 0; i < count; i++) {
        if (column < p->facts)
            put_fact(p, column, p->tall ? p->first + piece : i, i);
        else
            ((double *)p->cells)[i] = ho_matrix_row(m, i)[column - p->facts];
    }
    return p->cells;
}

/* The columns of an exported table and their cells. Facts that no row has make no column. */
#ifndef HO_STORE_EXPORT_PLAN_H
#define HO_STORE_EXPORT_PLAN_H

#include "bridge/arrow/arrow.h"
#include "panel/panel.h"
#include "store/classify.h"

typedef struct ho_export_plan {
    const ho_panel *panel;
    bool tall;
    ho_parquet_column
        *columns; /* owned; the facts of rows, then the strategies, or (tall) strategy and pnl */
    size_t count, facts;
    ho_column_kind kinds[HO_COLUMN_META_COUNT]; /* of the facts */
    double confidence_scale;                    /* 100 where percents come back to the same bits, else 1 */
    size_t first;                               /* tall: the period of piece 0 */
    void *cells;                                /* owned: room for the pieces that are handed out */
} ho_export_plan;

HO_MUST_USE ho_status ho_export_plan_new(const ho_panel *panel, bool tall, ho_export_plan *plan,
                                         ho_error *err);
void ho_export_plan_clear(ho_export_plan *plan);

/* A fact of period t. Text: zone, day and regime. Number: date, seconds, confidence, ...; NaN: none. */
const char *ho_export_text(const ho_export_plan *plan, ho_column_kind kind, size_t t);
double ho_export_number(const ho_export_plan *plan, ho_column_kind kind, size_t t);

/* For the writers of arrow.h, the plan being `user`. Wide: one piece of all periods. Tall: a piece a period. */
const void *ho_export_piece(void *user, size_t column, size_t piece);

#endif

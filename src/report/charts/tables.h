/* The charts' tables: what gnuplot reads. Columns are divided by tabs; blocks by two blank lines. */
#ifndef HO_REPORT_CHART_TABLES_H
#define HO_REPORT_CHART_TABLES_H

#include <jansson.h>
#include <stdio.h>

/* `size` is an entry of the document's sizes for the charts of another size than the best, else NULL. */
typedef void (*ho_chart_table)(const json_t *document, const json_t *size, FILE *file);

void ho_table_equity(const json_t *document, const json_t *size, FILE *file);
void ho_table_drawdown(const json_t *document, const json_t *size, FILE *file);
void ho_table_periods(const json_t *document, const json_t *size, FILE *file);
void ho_table_rolling(const json_t *document, const json_t *size, FILE *file);
void ho_table_months(const json_t *document, const json_t *size, FILE *file);
void ho_table_weekdays(const json_t *document, const json_t *size, FILE *file);
void ho_table_distribution(const json_t *document, const json_t *size, FILE *file);
void ho_table_members(const json_t *document, const json_t *size, FILE *file);
void ho_table_day(const json_t *document, const json_t *size, FILE *file);
void ho_table_correlation(const json_t *document, const json_t *size, FILE *file);
void ho_table_zones(const json_t *document, const json_t *size, FILE *file);
void ho_table_algorithms(const json_t *document, const json_t *size, FILE *file);
void ho_table_convergence(const json_t *document, const json_t *size, FILE *file);
void ho_table_sizes(const json_t *document, const json_t *size, FILE *file);
void ho_table_compare(const json_t *document, const json_t *size, FILE *file);

#endif

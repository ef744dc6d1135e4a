/* The sheets of the workbook: which of the document's lists is which table. */
#include "report/document.h"
#include "report/xlsx/book.h"

#include <heavyopt/metrics.h>
#include <math.h>
#include <string.h>

#define COUNT(columns) (sizeof(columns) / sizeof *(columns))

typedef struct list {
    const ho_book *book;
    lxw_worksheet *sheet;
    lxw_row_t row;
} list;

static void put_fact(list *l, const char *name, ho_cell cell, const json_t *value)
{
    ho_book_text(l->book, l->sheet, l->row, 0, name);
    ho_book_value(l->book, l->sheet, l->row++, 1, cell, value);
}

static void put_text(list *l, const char *name, const char *text)
{
    ho_book_text(l->book, l->sheet, l->row, 0, name);
    ho_book_text(l->book, l->sheet, l->row++, 1, text);
}

static void put_measure(list *l, const char *name, ho_cell cell, const char *key)
{
    ho_book_text(l->book, l->sheet, l->row, 0, name);
    ho_book_number(l->book, l->sheet, l->row++, 1, cell, ho_document_metric(l->book->best, key));
}

static void put_settings(list *l)
{
    json_t *settings = json_object_get(l->book->root, "settings");
    const char *name;
    json_t *value;
    json_object_foreach(settings, name, value)
    {
        const bool filled = json_is_array(value) && json_array_size(value) > 0;
        char *text = filled ? json_dumps(value, JSON_COMPACT) : NULL;
        ho_book_text(l->book, l->sheet, l->row, 0, name);
        if (text != NULL)
            ho_book_text(l->book, l->sheet, l->row, 1, text);
        else
            ho_book_value(l->book, l->sheet, l->row, 1,
                          json_is_integer(value) ? HO_CELL_COUNT : HO_CELL_NUMBER, value);
        free(text);
        l->row++;
    }
}

void ho_sheet_summary(const ho_book *book)
{
    list l = {book, ho_book_sheet(book, "Execution Summary"), 1};
    if (l.sheet == NULL) return;
    const json_t *input = json_object_get(book->root, "input"), *best = book->best;
    const json_t *dates = json_object_get(json_object_get(book->details, "series"), "dates");
    const json_t *timings = json_object_get(book->root, "timings");
    ho_book_head(book, l.sheet, 0, "Metric", 30);
    ho_book_head(book, l.sheet, 1, "Value", 44);
    put_text(&l, "Run", ho_document_stamp(book->root));
    put_fact(&l, "Input", HO_CELL_TEXT, json_object_get(input, "path"));
    put_fact(&l, "Input's hash", HO_CELL_TEXT, json_object_get(input, "hash"));
    put_fact(&l, "Strategies", HO_CELL_COUNT, json_object_get(input, "strategies"));
    put_fact(&l, "Periods", HO_CELL_COUNT, json_object_get(input, "periods"));
    put_fact(&l, "First date", HO_CELL_DATE, json_array_get(dates, 0));
    put_fact(&l, "Last date", HO_CELL_DATE,
             json_array_get(dates, json_array_size(dates) > 0 ? json_array_size(dates) - 1 : 0));
    put_fact(&l, "Portfolio size", HO_CELL_COUNT, json_object_get(best, "size"));
    put_fact(&l, "Found by", HO_CELL_TEXT, json_object_get(best, "algorithm"));
    put_fact(&l, "Fitness", HO_CELL_NUMBER, json_object_get(best, "fitness"));
    put_fact(&l, "Bound of the fitness", HO_CELL_NUMBER,
             json_object_get(json_object_get(book->root, "bound"), "value"));
    put_measure(&l, "Total profit", HO_CELL_MONEY, "total_roi");
    put_measure(&l, "Maximum drawdown", HO_CELL_MONEY, "max_drawdown");
    put_measure(&l, "Return over drawdown", HO_CELL_NUMBER, "roi_dd_ratio");
    put_measure(&l, "Winning periods", HO_CELL_SHARE, "win_rate");
    put_fact(&l, "Average correlation", HO_CELL_NUMBER, json_object_get(best, "average_correlation"));
    put_fact(&l, "Seconds in all", HO_CELL_NUMBER, json_object_get(timings, "total"));
    put_fact(&l, "Program", HO_CELL_TEXT, json_object_get(book->root, "version"));
    ho_book_text(book, l.sheet, ++l.row, 0, "Settings");
    l.row++;
    put_settings(&l);
}

/* A column a weekday on which anything was earned or lost. */
static lxw_col_t put_weekdays(const ho_book *book, lxw_worksheet *sheet, const json_t *members,
                              lxw_col_t column)
{
    static const char *const heads[] = {"Monday, $", "Tuesday, $",  "Wednesday, $", "Thursday, $",
                                        "Friday, $", "Saturday, $", "Sunday, $"};
    for (size_t day = 0; day < COUNT(heads); day++) {
        bool traded = false;
        for (size_t k = 0; k < json_array_size(members); k++)
            traded |= fabs(ho_page_at(json_object_get(json_array_get(members, k), "weekdays"), day)) > 0;
        if (!traded) continue;
        ho_book_head(book, sheet, column, heads[day], 14);
        for (size_t k = 0; k < json_array_size(members); k++)
            ho_book_value(book, sheet, (lxw_row_t)k + 1, column, HO_CELL_MONEY,
                          json_array_get(json_object_get(json_array_get(members, k), "weekdays"), day));
        column++;
    }
    return column;
}

void ho_sheet_portfolio(const ho_book *book)
{
    static const ho_book_column columns[] = {
        {"Strategy", "name", HO_CELL_TEXT, 34},
        {"Index", "index", HO_CELL_COUNT, 9},
        {"Profit, $", "total_roi", HO_CELL_MONEY, 16},
        {"Maximum drawdown, $", "max_drawdown", HO_CELL_MONEY, 16},
        {"Return over drawdown", "roi_dd_ratio", HO_CELL_NUMBER, 12},
        {"Winning periods", "win_rate", HO_CELL_SHARE, 10},
        {"Correlation to the others", "average_correlation", HO_CELL_NUMBER, 14},
        {"Fitness without it", "fitness_without", HO_CELL_NUMBER, 12},
        {"Enters", "opens", HO_CELL_TEXT, 9},
        {"Leaves", "closes", HO_CELL_TEXT, 9},
        {"Stop loss, percent", "stop_loss", HO_CELL_COUNT, 10},
        {"Target, percent", "take_profit", HO_CELL_COUNT, 10},
    };
    const json_t *members = json_object_get(book->details, "members");
    lxw_worksheet *sheet = ho_book_sheet(book, "Best Portfolio");
    if (sheet == NULL) return;
    worksheet_freeze_panes(sheet, 1, 1);
    ho_book_objects(book, sheet, members, columns, COUNT(columns));
    lxw_col_t next = COUNT(columns);
    ho_book_head(book, sheet, next, "Equal to row", 10);
    for (size_t k = 0; k < json_array_size(members); k++) {
        const double same = ho_page_number(json_array_get(members, k), "same_as");
        if (!isnan(same)) ho_book_number(book, sheet, (lxw_row_t)k + 1, next, HO_CELL_COUNT, same + 2);
    }
    next = put_weekdays(book, sheet, members, (lxw_col_t)(next + 1));
    worksheet_autofilter(sheet, 0, 0, (lxw_row_t)json_array_size(members), (lxw_col_t)(next - 1));
}

void ho_sheet_metrics(const ho_book *book)
{
    lxw_worksheet *sheet = ho_book_sheet(book, "Metrics");
    if (sheet == NULL) return;
    ho_book_head(book, sheet, 0, "Measure", 34);
    ho_book_head(book, sheet, 1, "Value", 18);
    ho_book_head(book, sheet, 2, "Unit", 12);
    ho_book_head(book, sheet, 3, "Key", 26);
    ho_book_head(book, sheet, 4, "Formula", 80);
    for (size_t i = 0; i < ho_metric_count(); i++) {
        const ho_metric *m = ho_metric_at(i);
        const lxw_row_t row = (lxw_row_t)i + 1;
        const bool money = strcmp(m->unit, "rupees") == 0, share = strcmp(m->unit, "fraction") == 0;
        const double value = ho_document_metric(book->best, m->key);
        ho_book_text(book, sheet, row, 0, m->name);
        ho_book_number(book, sheet, row, 1,
                       money   ? HO_CELL_MONEY
                       : share ? HO_CELL_SHARE
                               : HO_CELL_NUMBER,
                       value);
        if (isnan(value)) ho_book_text(book, sheet, row, 1, "undefined");
        ho_book_text(book, sheet, row, 2, money ? book->money : m->unit);
        ho_book_text(book, sheet, row, 3, m->key);
        ho_book_text(book, sheet, row, 4, m->formula);
    }
}

void ho_sheet_algorithms(const ho_book *book)
{
    static const ho_book_column columns[] = {
        {"Algorithm", "name", HO_CELL_TEXT, 12},
        {"Its name", "title", HO_CELL_TEXT, 30},
        {"Fitness", "fitness", HO_CELL_NUMBER, 12},
        {"Fitness before polishing", "raw_fitness", HO_CELL_NUMBER, 12},
        {"Size", "size", HO_CELL_COUNT, 8},
        {"Evaluations", "evaluations", HO_CELL_COUNT, 14},
        {"Evaluations of polishing", "polish_evaluations", HO_CELL_COUNT, 14},
        {"Stopped by", "stopped_by", HO_CELL_TEXT, 16},
    };
    const json_t *algorithms = json_object_get(book->root, "algorithms");
    const json_t *seconds = json_object_get(json_object_get(book->root, "timings"), "algorithms");
    lxw_worksheet *sheet = ho_book_sheet(book, "Algorithm Results");
    if (sheet == NULL) return;
    ho_book_objects(book, sheet, algorithms, columns, COUNT(columns));
    ho_book_head(book, sheet, COUNT(columns), "Seconds", 10);
    for (size_t i = 0; i < json_array_size(algorithms); i++)
        ho_book_number(book, sheet, (lxw_row_t)i + 1, COUNT(columns), HO_CELL_NUMBER,
                       ho_page_number(seconds, ho_page_string(json_array_get(algorithms, i), "name")));
}

void ho_sheet_sizes(const ho_book *book)
{
    static const ho_book_column columns[] = {
        {"Size", "size", HO_CELL_COUNT, 8},
        {"Fitness", "fitness", HO_CELL_NUMBER, 12},
        {"Bound", "bound", HO_CELL_NUMBER, 12},
        {"Algorithm", "algorithm", HO_CELL_TEXT, 14},
    };
    static const struct {
        const char *head, *key;
        ho_cell cell;
    } measures[] = {{"Profit, $", "total_roi", HO_CELL_MONEY},
                    {"Maximum drawdown, $", "max_drawdown", HO_CELL_MONEY},
                    {"Return over drawdown", "roi_dd_ratio", HO_CELL_NUMBER},
                    {"Winning periods", "win_rate", HO_CELL_SHARE}};
    const json_t *sizes = json_object_get(book->root, "sizes");
    lxw_worksheet *sheet = json_array_size(sizes) > 1 ? ho_book_sheet(book, "Sizes") : NULL;
    if (sheet == NULL) return;
    ho_book_objects(book, sheet, sizes, columns, COUNT(columns));
    for (size_t m = 0; m < COUNT(measures); m++) {
        const lxw_col_t column = (lxw_col_t)(COUNT(columns) + m);
        ho_book_head(book, sheet, column, measures[m].head, 16);
        for (size_t i = 0; i < json_array_size(sizes); i++)
            ho_book_number(book, sheet, (lxw_row_t)i + 1, column, measures[m].cell,
                           ho_document_metric(json_array_get(sizes, i), measures[m].key));
    }
}

void ho_sheet_months(const ho_book *book)
{
    static const ho_book_column columns[] = {
        {"Month", "label", HO_CELL_TEXT, 12},
        {"Periods", "periods", HO_CELL_COUNT, 10},
        {"Winning periods", "wins", HO_CELL_COUNT, 10},
        {"Profit, $", "total", HO_CELL_MONEY, 16},
    };
    lxw_worksheet *sheet = ho_book_sheet(book, "Months");
    if (sheet != NULL)
        ho_book_objects(book, sheet, json_object_get(book->details, "months"), columns, COUNT(columns));
}

void ho_sheet_drawdowns(const ho_book *book)
{
    static const ho_book_column columns[] = {
        {"Depth, $", "depth", HO_CELL_MONEY, 16},  {"Peak", "peak", HO_CELL_DATE, 12},
        {"Lowest", "trough", HO_CELL_DATE, 12},    {"Recovered", "recovery", HO_CELL_DATE, 12},
        {"Periods", "periods", HO_CELL_COUNT, 10},
    };
    lxw_worksheet *sheet = ho_book_sheet(book, "Drawdowns");
    if (sheet != NULL)
        ho_book_objects(book, sheet, json_object_get(book->details, "drawdowns"), columns, COUNT(columns));
}

/* Blue below 0, red above: never the red and green that many cannot tell apart. */
static void colour_correlations(lxw_worksheet *sheet, lxw_row_t last)
{
    lxw_conditional_format scale = {.type = LXW_CONDITIONAL_3_COLOR_SCALE,
                                    .min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                    .mid_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                    .max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
                                    .min_value = -1,
                                    .max_value = 1,
                                    .min_color = 0x2166AC,
                                    .mid_color = 0xFFFFFF,
                                    .max_color = 0xB2182B};
    worksheet_conditional_format_range(sheet, 1, 1, last, (lxw_col_t)last, &scale);
}

void ho_sheet_correlation(const ho_book *book)
{
    const json_t *rows = json_object_get(book->details, "correlation");
    const json_t *members = json_object_get(book->details, "members");
    const size_t size = json_array_size(rows) < 16000 ? json_array_size(rows) : 16000; /* a sheet's columns */
    lxw_worksheet *sheet = ho_book_sheet(book, "Correlations");
    if (sheet == NULL) return;
    worksheet_freeze_panes(sheet, 1, 1);
    ho_book_head(book, sheet, 0, "Strategy", 30);
    for (size_t k = 0; k < size; k++) {
        const char *name = ho_page_string(json_array_get(members, k), "name");
        const json_t *row = json_array_get(rows, k);
        worksheet_write_string(sheet, 0, (lxw_col_t)(k + 1), name, book->head);
        ho_book_text(book, sheet, (lxw_row_t)k + 1, 0, name);
        for (size_t i = 0; i < size; i++)
            ho_book_value(book, sheet, (lxw_row_t)k + 1, (lxw_col_t)(i + 1), HO_CELL_NUMBER,
                          json_array_get(row, i));
    }
    worksheet_set_column(sheet, 1, (lxw_col_t)size, 11, NULL);
    if (size > 0) colour_correlations(sheet, (lxw_row_t)size);
}

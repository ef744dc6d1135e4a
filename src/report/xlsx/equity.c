/* The sheet of the periods, with native charts of equity and drawdown. */
#include "report/document.h"
#include "report/xlsx/book.h"

enum { DATE, PNL, EQUITY, DRAWDOWN };
#define SHEET "Daily Equity"

static void put_chart(const ho_book *book, lxw_worksheet *sheet, lxw_row_t last, lxw_col_t column,
                      const char *title, lxw_color_t colour, lxw_row_t at)
{
    lxw_chart *chart = workbook_add_chart(book->book, column == DRAWDOWN ? LXW_CHART_AREA : LXW_CHART_LINE);
    if (chart == NULL) return;
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    if (series == NULL) return;
    chart_series_set_categories(series, SHEET, 1, DATE, last, DATE);
    chart_series_set_values(series, SHEET, 1, column, last, column);
    lxw_chart_line line = {.color = colour, .width = 1.75f};
    lxw_chart_fill fill = {.color = colour, .transparency = 40};
    if (column == DRAWDOWN)
        chart_series_set_fill(series, &fill);
    else
        chart_series_set_line(series, &line);
    chart_title_set_name(chart, title);
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    chart_axis_set_name(chart->y_axis, book->money);
    chart_axis_set_num_format(chart->y_axis, "#,##0");
    chart_axis_set_num_format(chart->x_axis, "yyyy-mm-dd");
    chart_axis_set_interval_unit(chart->x_axis, (uint16_t)(last / 8 + 1));
    chart_axis_set_interval_tick(chart->x_axis, (uint16_t)(last / 8 + 1));
    chart_axis_set_label_position(chart->x_axis, LXW_CHART_AXIS_LABEL_POSITION_LOW);
    if (column == DRAWDOWN) chart_axis_set_reverse(chart->y_axis);
    lxw_chart_options size = {.x_scale = 1.9, .y_scale = 1.15};
    worksheet_insert_chart_opt(sheet, at, DRAWDOWN + 2, chart, &size);
}

void ho_sheet_equity(const ho_book *book)
{
    static const ho_book_column columns[] = {
        {"Date", "dates", HO_CELL_DATE, 12},
        {"Profit, $", "pnl", HO_CELL_MONEY, 16},
        {"Equity, $", "equity", HO_CELL_MONEY, 16},
        {"Drawdown, $", "drawdown", HO_CELL_MONEY, 16},
    };
    const json_t *series = json_object_get(book->details, "series");
    const size_t periods = json_array_size(json_object_get(series, "dates"));
    lxw_worksheet *sheet = ho_book_sheet(book, SHEET);
    if (sheet == NULL) return;
    ho_book_lists(book, sheet, series, columns, sizeof columns / sizeof *columns);
    if (periods == 0) return;
    put_chart(book, sheet, (lxw_row_t)periods, EQUITY, "Equity of the best portfolio", 0x0072B2, 1);
    put_chart(book, sheet, (lxw_row_t)periods, DRAWDOWN, "Drawdown", 0xD55E00, 19);
}

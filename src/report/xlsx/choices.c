/* Sheets of what the portfolio stands beside: other choices, zones of the day, market regimes. */
#include "report/document.h"
#include "report/xlsx/book.h"

#include <math.h>

#define COUNT(columns) (sizeof(columns) / sizeof *(columns))

typedef struct choice {
    double fitness, total, fall, ratio;
} choice;

static void put_choice(const ho_book *book, lxw_worksheet *sheet, lxw_row_t row, const char *name, choice of)
{
    const double own = ho_document_metric(book->best, "max_drawdown");
    ho_book_text(book, sheet, row, 0, name);
    ho_book_number(book, sheet, row, 1, HO_CELL_NUMBER, of.fitness);
    ho_book_number(book, sheet, row, 2, HO_CELL_MONEY, of.total);
    ho_book_number(book, sheet, row, 3, HO_CELL_MONEY, of.fall);
    ho_book_number(book, sheet, row, 4, HO_CELL_NUMBER, of.ratio);
    ho_book_number(book, sheet, row, 5, HO_CELL_MONEY, of.ratio * own);
}

static choice rival(const ho_book *book, const char *key)
{
    const json_t *of = json_object_get(book->details, key);
    const double total = ho_page_number(of, "total_roi"), fall = ho_page_number(of, "max_drawdown");
    return (choice){ho_page_number(of, "fitness"), total, fall, fall > 0 ? total / fall : (double)NAN};
}

static choice drawn(const ho_book *book, const char *quantile, const char *of_fall)
{
    const json_t *of = json_object_get(book->details, "random_portfolios");
    return (choice){ho_page_number(json_object_get(of, "fitness"), quantile),
                    ho_page_number(json_object_get(of, "total_roi"), quantile),
                    ho_page_number(json_object_get(of, "max_drawdown"), of_fall),
                    ho_page_number(json_object_get(of, "roi_dd_ratio"), quantile)};
}

void ho_sheet_choices(const ho_book *book)
{
    static const struct {
        const char *head;
        double width;
    } heads[] = {{"Choice", 40},
                 {"Fitness", 12},
                 {"Profit, $", 16},
                 {"Maximum drawdown, $", 16},
                 {"Return over drawdown", 12},
                 {"Profit at the portfolio's drawdown, $", 18}};
    if (json_object_get(book->details, "best_singles") == NULL) return;
    lxw_worksheet *sheet = ho_book_sheet(book, "Other Choices");
    if (sheet == NULL) return;
    for (size_t c = 0; c < COUNT(heads); c++)
        ho_book_head(book, sheet, (lxw_col_t)c, heads[c].head, heads[c].width);
    const choice own = {ho_page_number(book->best, "fitness"), ho_document_metric(book->best, "total_roi"),
                        ho_document_metric(book->best, "max_drawdown"),
                        ho_document_metric(book->best, "roi_dd_ratio")};
    put_choice(book, sheet, 1, "this portfolio", own);
    put_choice(book, sheet, 2, "the strategies that are best alone", rival(book, "best_singles"));
    put_choice(book, sheet, 3, "all strategies in equal parts", rival(book, "all_strategies"));
    put_choice(book, sheet, 4, "random portfolios, the best twentieth", drawn(book, "95%", "5%"));
    put_choice(book, sheet, 5, "random portfolios, the middle", drawn(book, "median", "median"));
}

static void put_parts(const ho_book *book, const char *name, const char *key)
{
    static const ho_book_column columns[] = {
        {"Label", "label", HO_CELL_TEXT, 28},
        {"Rows", "rows", HO_CELL_COUNT, 10},
        {"Winning rows", "wins", HO_CELL_COUNT, 10},
        {"Profit, $", "total", HO_CELL_MONEY, 16},
    };
    const json_t *list = json_object_get(book->details, key);
    lxw_worksheet *sheet = json_is_array(list) ? ho_book_sheet(book, name) : NULL;
    if (sheet != NULL) ho_book_objects(book, sheet, list, columns, COUNT(columns));
}

void ho_sheet_parts(const ho_book *book)
{
    put_parts(book, "Zones", "zones");
    put_parts(book, "Market Regimes", "regimes");
}

/* optimization_summary.xlsx: what result.json tells, for those who go on calculating. */
#include "base/error.h"
#include "report/document.h"
#include "report/xlsx/book.h"
#include "report/xlsx/xlsx.h"

#include <string.h>
#include <time.h>

/* clang-format off */
static void (*const sheets[])(const ho_book *book) = {
    ho_sheet_summary, ho_sheet_portfolio, ho_sheet_equity, ho_sheet_metrics, ho_sheet_algorithms,
    ho_sheet_sizes, ho_sheet_choices, ho_sheet_months, ho_sheet_parts, ho_sheet_drawdowns, ho_sheet_correlation,
};
/* clang-format on */

const char *ho_xlsx_version(void)
{
    return LXW_VERSION;
}

/* The last rule of a format is for all that its conditions leave, the negative numbers among it. */
static const char *money_format(const json_t *settings)
{
    if (strcmp(ho_page_string(settings, "returns"), "fraction") == 0) return "0.0000%";
    if (strcmp(ho_page_string(settings, "grouping"), "indian") == 0)
        return "[>=10000000]##\\,##\\,##\\,##0.00;[>=100000]##\\,##\\,##0.00;#,##0.00";
    return "#,##0.00";
}

static bool make_formats(ho_book *book)
{
    const char *const shown[HO_CELLS] = {[HO_CELL_TEXT] = "@",
                                         [HO_CELL_COUNT] = "#,##0",
                                         [HO_CELL_MONEY] =
                                             money_format(json_object_get(book->root, "settings")),
                                         [HO_CELL_SHARE] = "0.00%",
                                         [HO_CELL_NUMBER] = "0.0000",
                                         [HO_CELL_DATE] = "yyyy-mm-dd"};
    book->head = workbook_add_format(book->book);
    if (book->head == NULL) return false;
    format_set_bold(book->head);
    format_set_bottom(book->head, LXW_BORDER_THIN);
    format_set_bg_color(book->head, 0xE8EEF4);
    format_set_text_wrap(book->head);
    format_set_align(book->head, LXW_ALIGN_VERTICAL_TOP);
    for (int i = 0; i < HO_CELLS; i++) {
        book->formats[i] = workbook_add_format(book->book);
        if (book->formats[i] == NULL) return false;
        format_set_num_format(book->formats[i], shown[i]);
        if (i == HO_CELL_DATE) format_set_align(book->formats[i], LXW_ALIGN_LEFT);
    }
    return true;
}

/* The time of the run, not of the file: the same document makes the same bytes. */
static void set_properties(const ho_book *book)
{
    struct tm made = {.tm_isdst = 0};
    lxw_doc_properties properties = {.title = "heavyopt: the best portfolio of a run", .created = 1};
    if (strptime(ho_document_stamp(book->root), "%Y%m%d_%H%M%S", &made) != NULL)
        properties.created = timegm(&made);
    workbook_set_properties(book->book, &properties);
}

ho_status ho_write_workbook(const json_t *document, const char *path, ho_error *err)
{
    ho_book book = {.root = document,
                    .best = json_object_get(document, "best"),
                    .details = json_object_get(document, "details")};
    const bool fraction =
        strcmp(ho_page_string(json_object_get(document, "settings"), "returns"), "fraction") == 0;
    book.money = fraction ? "percent of capital" : "rupees";
    book.book = workbook_new(path);
    if (book.book == NULL) return ho_fail_memory(err, 0, "the workbook");
    bool made = make_formats(&book);
    set_properties(&book);
    for (size_t i = 0; i < sizeof sheets / sizeof *sheets && made; i++)
        sheets[i](&book);
    const lxw_error error = workbook_close(book.book); /* frees it, also on failure */
    if (!made || error == LXW_ERROR_MEMORY_MALLOC_FAILED) return ho_fail_memory(err, 0, "the workbook");
    if (error != LXW_NO_ERROR) return ho_fail(err, HO_ERR_IO, "%.700s: %s", path, lxw_strerror(error));
    return HO_OK;
}

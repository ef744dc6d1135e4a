/* What a walk-forward found, for those who read text and for spreadsheets: made from the document. */
#include "report/csv.h"
#include "report/page.h"
#include "report/writers.h"

#include <math.h>

static void put_number(FILE *file, const json_t *object, const char *key)
{
    const double value = ho_page_number(object, key);
    fputc(',', file);
    if (!isnan(value)) ho_csv_number(file, value);
}

static void put_side(FILE *file, const json_t *side)
{
    static const char *const keys[] = {"total_roi", "max_drawdown", "roi_dd_ratio", "expectancy", "sharpe"};
    const json_t *measures = json_object_get(side, "measures");
    fprintf(file, ",%s,%s", ho_page_string(side, "from"), ho_page_string(side, "to"));
    put_number(file, side, "days");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        put_number(file, measures, keys[i]);
}

ho_status ho_write_folds_csv(const ho_report_source *source, FILE *file, ho_error *err)
{
    const json_t *folds = json_object_get(json_object_get(source->document, "out_of_sample"), "folds");
    (void)err;
    fputs("Fold,Train From,Train To,Train Days,Train ROI,Train Max Drawdown,Train ROI/DD,Train ROI a "
          "Period,Train "
          "Sharpe,Test From,Test To,Test Days,Test ROI,Test Max Drawdown,Test ROI/DD,Test ROI a Period,Test "
          "Sharpe,Size,Algorithm,Fitness,Kept of ROI a Period,Better Than Random,Overlap With Before\n",
          file);
    for (size_t i = 0; i < json_array_size(folds); i++) {
        const json_t *fold = json_array_get(folds, i);
        fprintf(file, "%zu", i + 1);
        put_side(file, json_object_get(fold, "train"));
        put_side(file, json_object_get(fold, "test"));
        put_number(file, fold, "size");
        fprintf(file, ",%s", ho_page_string(fold, "algorithm"));
        put_number(file, fold, "fitness");
        put_number(file, fold, "kept_of_expectancy");
        put_number(file, json_object_get(fold, "against"), "better_than_random");
        put_number(file, fold, "overlap_with_before");
        fputc('\n', file);
    }
    return HO_OK;
}

void ho_say_out_of_sample(const json_t *held, FILE *file)
{
    const json_t *folds = json_object_get(held, "folds");
    if (!json_is_object(held)) return;
    fprintf(file, "\nWould it have held up?\n  %s\n  %s\n", ho_page_string(held, "verdict"),
            ho_page_string(held, "limits"));
    fputs("  fold  tested from          days   ROI a day, trained      tested   ROI/DD  better than random  "
          "overlap\n",
          file);
    for (size_t i = 0; i < json_array_size(folds); i++) {
        const json_t *fold = json_array_get(folds, i), *test = json_object_get(fold, "test");
        const json_t *in = json_object_get(json_object_get(fold, "train"), "measures");
        const json_t *out = json_object_get(test, "measures");
        const double overlap = ho_page_number(fold, "overlap_with_before"),
                     ratio = ho_page_number(out, "roi_dd_ratio");
        fprintf(file, "  %4zu  %-18s %6.0f %20.2f %11.2f", i + 1, ho_page_string(test, "from"),
                ho_page_number(test, "days"), ho_page_number(in, "expectancy"),
                ho_page_number(out, "expectancy"));
        if (isnan(ratio))
            fputs("        -", file);
        else
            fprintf(file, " %8.3g", ratio);
        fprintf(file, " %18.1f %%",
                100 * ho_page_number(json_object_get(fold, "against"), "better_than_random"));
        if (isnan(overlap))
            fputs("        -\n", file);
        else
            fprintf(file, " %6.1f %%\n", 100 * overlap);
    }
}

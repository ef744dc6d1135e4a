#include <heavyopt/arrow.h>

#include "base/error.h"
#include "store/export_plan.h"
#include "store/extract.h"
#include "store/foreign.h"
#include "store/store_select.h"

#include <string.h>

static const char name[] = "Arrow stream";

static ho_status import(struct ArrowArrayStream *stream, const ho_load_options *options, int threads,
                        ho_panel **panel, ho_load_report *report, ho_error *err)
{
    ho_arrow_table *table = NULL;
    bool any = ho_extract_any(options);
    ho_load_options whole = any ? ho_extract_whole(options) : *options;
    ho_extract extract = {0};
    HO_TRY(ho_arrow_table_import(stream, &table, err));
    HO_TRY(ho_foreign_read_table(name, table, &whole, threads, panel, report, err));
    if (!any) return HO_OK;
    HO_TRY(ho_extract_of(options, &extract, err));
    ho_status status = ho_extract_apply(name, &extract, threads, panel, report, err);
    ho_extract_clear(&extract);
    return status != HO_OK ? status : ho_store_select(name, options, panel, report, err);
}

ho_status ho_panel_import_arrow(struct ArrowArrayStream *stream, const ho_load_options *options, int threads,
                                ho_panel **panel, ho_load_report *report, ho_error *err)
{
    ho_load_options defaults = {0};
    ho_panel *made = NULL;
    ho_load_report told = {0};
    ho_status status = ho_options_defaults(ho_load_option_table(), &defaults, err);
    if (status == HO_OK)
        status = import(stream, options != NULL ? options : &defaults, threads, &made, &told, err);
    ho_options_clear(ho_load_option_table(), &defaults);
    if (status != HO_OK) {
        ho_panel_free(&made);
        ho_load_report_clear(&told);
        return status;
    }
    *panel = made;
    *report = told;
    return HO_OK;
}

ho_status ho_panel_export_arrow(const ho_panel *panel, struct ArrowArrayStream *stream, ho_error *err)
{
    ho_export_plan plan;
    HO_TRY(ho_export_plan_new(panel, false, &plan, err));
    ho_status status = ho_arrow_export(plan.columns, plan.count, HO_NOTE_EXPORT, "wide", panel->values.rows,
                                       ho_export_piece, &plan, stream, err);
    ho_export_plan_clear(&plan);
    return status;
}

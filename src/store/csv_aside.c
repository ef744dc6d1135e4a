#include "store/csv_aside.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "store/csv_chunks.h"
#include "store/csv_plan.h"
#include "store/extract.h"
#include "store/foreign.h"
#include "store/load_options.h"
#include "store/packed.h"
#include "store/parquet.h"

#include <string.h>
#include <sys/stat.h>

/* The folder that a path lies in; NULL: no memory. */
static char *folder_of(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    return length > 0 ? ho_copy_bytes(path, length) : ho_copy_text(".");
}

static ho_status store_it(const char *path, size_t rows, const ho_load_options *options, int threads,
                          const char *folder, const ho_store_options *store, ho_load_report *report,
                          ho_error *err)
{
    ho_csv_stream *stream = NULL;
    ho_panel *panel = NULL;
    ho_row_pile pile = {0};
    ho_load_report told = {0};
    char *beside = folder_of(folder);
    if (beside == NULL) return ho_fail_memory(err, strlen(folder), folder);
    ho_status status = ho_csv_stream_open(path, &stream, err);
    if (status == HO_OK)
        status = ho_csv_read_aside(path, stream, rows, beside, options, threads, &panel, &pile, &told, err);
    if (status == HO_OK) {
        const bool has = panel->values.data != NULL; /* a tall table was put together in memory */
        const ho_row_source source = has ? ho_rows_of_matrix(&panel->values) : ho_rows_of_pile(&pile);
        status = ho_store_write_rows(folder, panel, &source, &told, store, "", err);
    }
    if (status == HO_OK)
        *report = told;
    else
        ho_load_report_clear(&told);
    ho_panel_free(&panel);
    ho_row_pile_clear(&pile);
    free(beside);
    return status;
}

static bool is_csv(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode) && !ho_foreign_knows(path) &&
           !ho_packed_knows(path);
}

ho_status ho_csv_store_aside(const char *path, const ho_load_options *options, int threads,
                             const char *folder, const ho_store_options *store, ho_load_report *report,
                             bool *done, ho_error *err)
{
    *done = false;
    if (ho_path_is_remote(path) || ho_path_is_remote(folder) || ho_extract_any(options)) return HO_OK;
    char *from = ho_path_local(path), *to = ho_path_local(folder);
    ho_csv_plan plan = {0};
    ho_status status = from == NULL || to == NULL ? ho_fail_memory(err, strlen(path), path) : HO_OK;
    ho_load_cap(options);
    if (status == HO_OK && is_csv(from)) status = ho_csv_plan_of(from, options, true, &plan, err);
    *done = status == HO_OK && plan.aside;
    if (*done) status = store_it(from, plan.rows, options, threads, to, store, report, err);
    free(from);
    free(to);
    return status;
}

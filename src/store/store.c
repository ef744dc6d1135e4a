/* The way in and out of the room: which reader a path wants, and a store's options. */
#include <heavyopt/store.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "store/csv_plan.h"
#include "store/extract.h"
#include "store/folder.h"
#include "store/foreign.h"
#include "store/load_options.h"
#include "store/packed.h"
#include "store/parquet.h"
#include "store/remote.h"
#include "store/store_options.h"
#include "store/store_select.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const ho_option options_of_store[] = {HO_STORE_OPTION_ROWS(ho_store_options, )};

ho_option_table ho_store_option_table(void)
{
    return (ho_option_table){options_of_store, sizeof options_of_store / sizeof *options_of_store};
}

/* Made here, and copied to its place. */
static ho_status write_there(const char *uri, const ho_panel *panel, const ho_load_report *report,
                             const ho_store_options *options, ho_error *err)
{
    ho_remote_copy copy = {0};
    ho_status status = ho_remote_room("store", &copy, err);
    if (status == HO_OK) status = ho_store_write_noted(copy.path, panel, report, options, "", err);
    if (status == HO_OK) status = ho_remote_put_store(copy.path, uri, err);
    if (status != HO_OK) ho_remote_rename(&copy, uri, err);
    ho_remote_copy_clear(&copy);
    return status;
}

static ho_status write_store(const char *folder, const ho_panel *panel, const ho_load_report *report,
                             const ho_store_options *options, ho_error *err)
{
    if (ho_path_is_remote(folder)) return write_there(folder, panel, report, options, err);
    char *path = ho_path_local(folder);
    if (path == NULL) return ho_fail_memory(err, strlen(folder), folder);
    ho_status status = ho_store_write_noted(path, panel, report, options, "", err);
    free(path);
    return status;
}

ho_status ho_store_write(const char *folder, const ho_panel *panel, const ho_load_report *report,
                         const ho_store_options *options, ho_error *err)
{
    static const ho_load_report nothing = {0};
    if (report == NULL) report = &nothing;
    if (options != NULL) return write_store(folder, panel, report, options, err);
    ho_store_options defaults = {0};
    HO_TRY(ho_options_defaults(ho_store_option_table(), &defaults, err));
    ho_status status = write_store(folder, panel, report, &defaults, err);
    ho_options_clear(ho_store_option_table(), &defaults);
    return status;
}

static ho_status read_store(const char *path, const ho_load_options *options, const ho_extract *extract,
                            int threads, ho_panel **panel, ho_load_report *report, ho_error *err)
{
    double start = ho_clock_seconds();
    ho_panel *made = NULL;
    ho_load_report told = {0};
    char *copy = ho_copy_text(path);
    if (copy == NULL) return ho_fail_memory(err, strlen(path) + 1, "a path");
    ho_status status = ho_store_read_part(path, extract, threads, &made, &told, err);
    if (status == HO_OK) status = ho_store_select(path, options, &made, &told, err);
    if (status != HO_OK) {
        free(copy);
        ho_panel_free(&made);
        ho_load_report_clear(&told);
        return status;
    }
    free(told.path);
    told.path = copy;
    snprintf(told.format, sizeof told.format, "store");
    told.seconds = ho_clock_seconds() - start;
    *panel = made;
    *report = told;
    return HO_OK;
}

static ho_status read_whole(const char *path, const ho_load_options *options, int threads, ho_panel **panel,
                            ho_load_report *report, ho_error *err)
{
    if (ho_foreign_knows(path)) return ho_foreign_read(path, options, threads, panel, report, err);
    struct stat facts;
    if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)) {
        if (ho_folder_knows(path)) return ho_folder_read(path, options, threads, panel, report, err);
        return ho_fail(
            err, HO_ERR_DATA,
            "%s: a folder without tables: no store (it has no strategies.parquet), no Parquet, Arrow, CSV or "
            "XLSX file",
            path);
    }
    if (ho_packed_knows(path)) return ho_packed_read(path, options, threads, panel, report, err);
    return ho_csv_read_planned(path, options, threads, panel, report, err);
}

/* Tables that are read whole and then cut. */
static ho_status read_and_cut(const char *path, const ho_load_options *options, const ho_extract *extract,
                              int threads, ho_panel **panel, ho_load_report *report, ho_error *err)
{
    if (extract == NULL) return read_whole(path, options, threads, panel, report, err);
    ho_load_options whole = ho_extract_whole(options);
    ho_panel *made = NULL;
    ho_load_report told = {0};
    ho_status status = read_whole(path, &whole, threads, &made, &told, err);
    if (status == HO_OK) status = ho_extract_apply(path, extract, threads, &made, &told, err);
    if (status == HO_OK) status = ho_store_select(path, options, &made, &told, err);
    if (status != HO_OK) {
        ho_panel_free(&made);
        ho_load_report_clear(&told);
        return status;
    }
    *panel = made;
    *report = told;
    return HO_OK;
}

/* A store is read where it is; what else there is is fetched, and read as if it were here. */
static ho_status read_there(const char *uri, const ho_load_options *options, const ho_extract *extract,
                            int threads, ho_panel **panel, ho_load_report *report, ho_error *err)
{
    bool is_store = false;
    ho_remote_copy copy = {0};
    HO_TRY(ho_remote_is_store(uri, &is_store, err));
    if (is_store) return read_store(uri, options, extract, threads, panel, report, err);
    char *name = ho_copy_text(uri);
    if (name == NULL) return ho_fail_memory(err, strlen(uri), uri);
    ho_status status = ho_remote_copy_of(uri, &copy, err);
    if (status == HO_OK) status = read_and_cut(copy.path, options, extract, threads, panel, report, err);
    if (status != HO_OK) {
        ho_remote_rename(&copy, uri, err);
        free(name);
    } else {
        free(report->path);
        report->path = name;
        report->source_mtime_ns = copy.mtime_ns;
    }
    ho_remote_copy_clear(&copy);
    return status;
}

static ho_status read_table(const char *path, const ho_load_options *options, const ho_extract *extract,
                            int threads, ho_panel **panel, ho_load_report *report, ho_error *err)
{
    struct stat facts;
    if (ho_path_is_remote(path)) return read_there(path, options, extract, threads, panel, report, err);
    if (stat(path, &facts) != 0) return ho_fail(err, HO_ERR_DATA, "%s: %s", path, strerror(errno));
    if (S_ISDIR(facts.st_mode) && ho_store_looks_like(path))
        return read_store(path, options, extract, threads, panel, report, err);
    return read_and_cut(path, options, extract, threads, panel, report, err);
}

ho_status ho_table_read(const char *path, const ho_load_options *options, int threads, ho_panel **panel,
                        ho_load_report *report, ho_error *err)
{
    ho_load_options defaults = {0};
    ho_extract extract = {0};
    bool any = ho_extract_any(options);
    ho_load_cap(options);
    char *local = ho_path_local(path);
    ho_status status = local != NULL ? HO_OK : ho_fail_memory(err, strlen(path), path);
    if (status == HO_OK && options == NULL)
        status = ho_options_defaults(ho_load_option_table(), &defaults, err);
    if (status == HO_OK && any) status = ho_extract_of(options, &extract, err);
    if (status == HO_OK)
        status = read_table(local, options != NULL ? options : &defaults, any ? &extract : NULL, threads,
                            panel, report, err);
    free(local);
    ho_extract_clear(&extract);
    ho_options_clear(ho_load_option_table(), &defaults);
    return status;
}

/* The tables of input/ as Parquet, where every later run finds them, and the proof that they are the same. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "bridge/arrow/arrow.h"
#include "panel/panel.h"
#include "report/json.h"
#include "run/input.h"
#include "run/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <heavyopt/store.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static bool same(const ho_panel *a, const ho_panel *b)
{
    bool equal =
        ho_panel_periods(a) == ho_panel_periods(b) && ho_panel_strategies(a) == ho_panel_strategies(b);
    for (size_t t = 0; equal && t < ho_panel_periods(a); t++) {
        equal = ho_panel_period(a, t)->date == ho_panel_period(b, t)->date &&
                memcmp(ho_panel_row(a, t), ho_panel_row(b, t), ho_panel_strategies(a) * sizeof(double)) == 0;
    }
    for (size_t j = 0; equal && j < ho_panel_strategies(a); j++)
        equal = strcmp(ho_panel_name(a, j), ho_panel_name(b, j)) == 0;
    return equal;
}

/* Through the cache, which lies in the share, and straight from the file; *was_current: nothing was to be done. */
static ho_status convert_one(const char *path, bool *was_current, size_t cells[2], ho_error *err)
{
    ho_load_options load = {0};
    ho_load_report first = {0}, second = {0}, third = {0};
    ho_panel *kept = NULL, *again = NULL, *source = NULL;
    bool write = false;
    int threads = ho_threads(0);
    ho_status status = ho_options_defaults(ho_load_option_table(), &load, err);
    if (status == HO_OK)
        status = ho_table_read_cached(path, &load, false, threads, &kept, &first, &write, err);
    *was_current = !write;
    if (status == HO_OK && write) status = ho_cache_write(path, &load, kept, &first, err);
    if (status == HO_OK)
        status = ho_table_read_cached(path, &load, false, threads, &again, &second, NULL, err);
    if (status == HO_OK && !second.from_cache)
        status = ho_fail(err, HO_ERR_IO, "%.700s: no Parquet was written", path);
    if (status == HO_OK) status = ho_table_read(path, &load, threads, &source, &third, err);
    if (status == HO_OK && !same(source, again))
        status = ho_fail(err, HO_ERR_DIFFERENCE, "%.700s: the Parquet files do not hold its values", path);
    if (status == HO_OK) {
        cells[0] = ho_panel_strategies(source);
        cells[1] = ho_panel_periods(source);
    }
    ho_panel_free(&kept);
    ho_panel_free(&again);
    ho_panel_free(&source);
    ho_load_report_clear(&first);
    ho_load_report_clear(&second);
    ho_load_report_clear(&third);
    ho_options_clear(ho_load_option_table(), &load);
    return status;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static ho_status list_tables(const char *folder, ho_strings *names, ho_error *err)
{
    DIR *dir = opendir(folder);
    ho_status status = HO_OK;
    for (const struct dirent *entry; dir != NULL && status == HO_OK && (entry = readdir(dir)) != NULL;) {
        size_t length = strlen(entry->d_name);
        bool table =
            length > 4 && entry->d_name[0] != '.' && strcasecmp(entry->d_name + length - 4, ".csv") == 0;
        if (table) status = ho_strings_add(names, entry->d_name, err);
    }
    if (dir != NULL) closedir(dir);
    if (names->count > 1) qsort(names->items, names->count, sizeof *names->items, by_text);
    return status;
}

static ho_status one_table(ho_migration *m, const char *name, const char *path, bool dry, ho_error *err)
{
    struct stat facts;
    bool current = false;
    size_t cells[2] = {0, 0};
    ho_error why = {""};
    if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode)) return HO_OK;
    if (dry)
        return ho_strings_printf(&m->steps, err, "would convert input/%.300s (%lld bytes)", name,
                                 (long long)facts.st_size);
    ho_migrate_point();
    if (convert_one(path, &current, cells, &why) != HO_OK) {
        (void)json_array_append_new(
            m->failed, json_pack("{s:o,s:o}", "file", ho_json_text(name), "reason", ho_json_text(why.text)));
        return ho_strings_printf(&m->steps, err, "input/%.300s was left out: %.600s", name, why.text);
    }
    (void)json_array_append_new(m->converted, json_pack("{s:o,s:I,s:I,s:b}", "file", ho_json_text(name),
                                                        "strategies", (json_int_t)cells[0], "rows",
                                                        (json_int_t)cells[1], "was_current", current));
    return ho_strings_printf(&m->steps, err,
                             "%s input/%.300s: %zu strategies x %zu rows, every value compared",
                             current ? "current" : "converted", name, cells[0], cells[1]);
}

ho_status ho_migrate_data(ho_migration *m, const ho_hooks *hooks, bool dry, ho_error *err)
{
    char folder[PATH_MAX], path[PATH_MAX];
    ho_strings names = {0};
    size_t made = 0;
    if (ho_arrow_version() == NULL)
        return ho_strings_printf(&m->steps, err, "no table was converted: this build has no Parquet");
    snprintf(folder, sizeof folder, "%.4000s/data/parquet/strategies", m->share);
    int reason = dry ? 0 : ho_folders_make(folder, 0777, &made);
    if (reason != 0) return ho_fail(err, HO_ERR_IO, "%.700s: %s", folder, strerror(reason));
    if (setenv("HEAVYOPT_SHARE", m->share, 1) != 0) return ho_fail_memory(err, 0, "the environment");
    snprintf(folder, sizeof folder, "%.4000s/input", m->share);
    ho_status status = list_tables(folder, &names, err);
    for (size_t i = 0; i < names.count && status == HO_OK; i++) {
        ho_tell(hooks, "tables", (double)i / (double)names.count, NAN);
        snprintf(path, sizeof path, "%.3800s/%.255s", folder, names.items[i]);
        status = one_table(m, names.items[i], path, dry, err);
    }
    ho_strings_clear(&names);
    return status;
}

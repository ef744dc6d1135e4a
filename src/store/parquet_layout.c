/* What a store consists of: tables of columns and notes, the cut into parts, hashes of content. Reads and writes no
 * file. */
#include "store/parquet.h"

#include "base/date.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const ho_parquet_column ho_pnl_columns[PNL_COLUMNS] = {
    {"date", HO_PARQUET_DATE, HO_PARQUET_DELTA, true},
    {"period", HO_PARQUET_INT32, HO_PARQUET_DELTA, true},
    {"strategy", HO_PARQUET_INT32, HO_PARQUET_DELTA, true},
    {"pnl", HO_PARQUET_DOUBLE, HO_PARQUET_PLAIN, false},
};

const ho_parquet_column ho_strategy_columns[STRATEGY_COLUMNS] = {
    {"id", HO_PARQUET_INT32, HO_PARQUET_DELTA, true},
    {"name", HO_PARQUET_TEXT, HO_PARQUET_PLAIN, false},
    {"group", HO_PARQUET_TEXT, HO_PARQUET_DICTIONARY, false},
    {"window_start", HO_PARQUET_INT32, HO_PARQUET_DICTIONARY, true},
    {"window_end", HO_PARQUET_INT32, HO_PARQUET_DICTIONARY, true},
    {"stop_loss", HO_PARQUET_DOUBLE, HO_PARQUET_DICTIONARY, true},
    {"take_profit", HO_PARQUET_DOUBLE, HO_PARQUET_DICTIONARY, true},
    {"source", HO_PARQUET_TEXT, HO_PARQUET_DICTIONARY, false},
};

const ho_parquet_column ho_period_columns[PERIOD_COLUMNS] = {
    {"id", HO_PARQUET_INT32, HO_PARQUET_DELTA, true},
    {"date", HO_PARQUET_DATE, HO_PARQUET_PLAIN, true},
    {"start_time", HO_PARQUET_INT32, HO_PARQUET_DICTIONARY, true},
    {"end_time", HO_PARQUET_INT32, HO_PARQUET_DICTIONARY, true},
    {"day", HO_PARQUET_TEXT, HO_PARQUET_DICTIONARY, false},
    {"zone", HO_PARQUET_TEXT, HO_PARQUET_DICTIONARY, false},
    {"market_regime", HO_PARQUET_TEXT, HO_PARQUET_DICTIONARY, false},
    {"confidence", HO_PARQUET_DOUBLE, HO_PARQUET_PLAIN, false},
    {"threshold", HO_PARQUET_DOUBLE, HO_PARQUET_PLAIN, false},
    {"capital", HO_PARQUET_DOUBLE, HO_PARQUET_PLAIN, false},
};

const char *const ho_store_notes[NOTE_COUNT] = {
    [NOTE_FORMAT] = "heavyopt.format",         [NOTE_VERSION] = "heavyopt.version",
    [NOTE_SOURCE] = "heavyopt.source",         [NOTE_BYTES] = "heavyopt.source_bytes",
    [NOTE_MTIME] = "heavyopt.source_mtime_ns", [NOTE_HASH] = "heavyopt.source_hash",
    [NOTE_REPORT] = "heavyopt.report",         [NOTE_CACHE] = "heavyopt.cache",
    [NOTE_STORE] = "heavyopt.store",
};

ho_status ho_store_parts(const ho_period *periods, size_t count, bool by_month, ho_store_part **parts,
                         size_t *part_count, ho_error *err)
{
    ho_store_part *made = HO_NEW(ho_store_part, count);
    if (made == NULL) return ho_fail_memory(err, count * sizeof *made, "the parts of a store");
    size_t n = 0;
    int year = 0, month = 0;
    for (size_t t = 0; t < count; t++) {
        ho_civil day = ho_date_to_civil(periods[t].date);
        if (day.year < 1 || day.year > 9999 || (t > 0 && periods[t].date < periods[t - 1].date)) {
            free(made);
            return ho_fail(err, HO_ERR_DATA,
                           "period %zu: its date lies before the one above or outside the years 1 to 9999",
                           t);
        }
        if (t == 0 || (by_month && (day.year != year || day.month != month))) {
            made[n] = (ho_store_part){.first = t};
            if (by_month)
                snprintf(made[n].path, sizeof made[n].path, "pnl/year=%04d/month=%02d/part-0.parquet",
                         day.year, day.month);
            else
                snprintf(made[n].path, sizeof made[n].path, "pnl/part-0.parquet");
            n++;
        }
        year = day.year;
        month = day.month;
        made[n - 1].count++;
    }
    *parts = made;
    *part_count = n;
    return HO_OK;
}

static ho_status list_parts(const char *folder, const ho_panel *panel, bool by_month, ho_strings *paths,
                            ho_error *err)
{
    ho_store_part *parts = NULL;
    size_t count = 0;
    HO_TRY(ho_store_parts(panel->periods, panel->values.rows, by_month, &parts, &count, err));
    ho_status status = HO_OK;
    for (size_t i = 0; i < count && status == HO_OK; i++)
        status = ho_strings_printf(paths, err, "%s/%s", folder, parts[i].path);
    free(parts);
    for (size_t i = 0; i < paths->count && status == HO_OK; i++) {
        if (access(paths->items[i], R_OK) == 0) continue;
        ho_strings_clear(paths);
        break;
    }
    return status;
}

ho_status ho_store_pnl_files(const char *folder, const ho_panel *panel, ho_strings *paths, ho_error *err)
{
    ho_error why;
    if (!ho_store_looks_like(folder)) return HO_OK;
    for (int by_month = 1; by_month >= 0 && paths->count == 0; by_month--) {
        const ho_status status = list_parts(folder, panel, by_month != 0, paths, &why);
        if (status == HO_ERR_MEMORY) return ho_fail(err, status, "%s", why.text);
    }
    return HO_OK;
}

uint64_t ho_hash_row(const double *row, size_t strategies)
{
    return XXH3_64bits(row, strategies * sizeof *row);
}

uint64_t ho_hash_part(const uint64_t *row_hashes, size_t count)
{
    return XXH3_64bits(row_hashes, count * sizeof *row_hashes);
}

static void add_text(XXH3_state_t *state, const char *text)
{
    XXH3_64bits_update(state, text, strlen(text) + 1);
}

static void add_labels(XXH3_state_t *state, const ho_strings *labels)
{
    uint64_t count = labels->count;
    XXH3_64bits_update(state, &count, sizeof count);
    for (size_t i = 0; i < labels->count; i++)
        add_text(state, labels->items[i]);
}

uint64_t ho_hash_periods(const ho_period *periods, size_t count, const ho_strings *zones,
                         const ho_strings *regimes)
{
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    for (size_t t = 0; t < count; t++) {
        const ho_period *p = &periods[t];
        int32_t whole[5] = {p->date, p->start, p->end, p->zone, p->regime};
        double real[3] = {p->confidence, p->transition, p->capital};
        XXH3_64bits_update(&state, whole, sizeof whole);
        XXH3_64bits_update(&state, real, sizeof real);
    }
    add_labels(&state, zones);
    add_labels(&state, regimes);
    return XXH3_64bits_digest(&state);
}

uint64_t ho_hash_head(const ho_panel *panel, const char *const notes[NOTE_COUNT])
{
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    for (size_t i = 0; i < panel->values.columns; i++)
        add_text(&state, panel->names[i]);
    for (size_t i = 0; i < NOTE_COUNT; i++)
        add_text(&state, notes[i]);
    return XXH3_64bits_digest(&state);
}

const char *ho_hex_print(uint64_t number, char out[HO_HEX_SIZE])
{
    snprintf(out, HO_HEX_SIZE, "%016llx", (unsigned long long)number);
    return out;
}

bool ho_store_looks_like(const char *folder)
{
    static const char *const own[] = {"strategies.parquet", "periods.parquet", "pnl"};
    bool any = false;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        struct stat facts;
        char *path = ho_path_join(folder, own[i]);
        any |= path != NULL && stat(path, &facts) == 0;
        free(path);
    }
    return any;
}

#include "store/formats.h"

#include "base/files.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const ho_file_format formats[] = {
    {"CSV", "a header with a date", ".csv", "csv", "a column a strategy, or a row a date and strategy"},
    {"packed CSV", "begins as gzip or zstd does", "", NULL, "several members in a row are one text"},
    {"CSV in a ZIP archive", "begins with `PK`", "", NULL, "one file in the archive"},
    {"XLSX workbook", "begins with `PK`, and holds sheets", ".xlsx", NULL,
     "the first sheet with a date in the header; old binary workbooks (.xls) are refused with advice"},
    {"Parquet file", "begins with `PAR1`", ".parquet .parq .pq", "parquet", "of any writer, wide or tall"},
    {"Arrow file (IPC, Feather 2)", "begins with `ARROW1`", ".arrow .feather .ipc", "arrow", "wide or tall"},
    {"Arrow stream", "begins with four bytes 0xff", "", NULL, "wide or tall"},
    {"store", "a folder with `strategies.parquet`", "", NULL, "`convert` makes it: [STORE.md](STORE.md)"},
    {"folder of Parquet or Arrow files", "such files below it", "", NULL,
     "one below the other, folders like `zone=A` are columns"},
    {"folder of tables", "CSV files or workbooks in it", "", NULL,
     "side by side, joined by date, zone and start time"},
};

size_t ho_file_format_count(void)
{
    return sizeof formats / sizeof *formats;
}

const ho_file_format *ho_file_format_at(size_t i)
{
    return &formats[i];
}

/* Whether the name ends in one of the endings of a list, which blanks separate. */
static bool ends_in(const char *path, const char *endings)
{
    size_t length = ho_path_is_remote(path) ? strcspn(path, "?") : strlen(path);
    for (const char *at = endings; *at != '\0';) {
        size_t size = strcspn(at, " ");
        if (length > size && strncmp(path + length - size, at, size) == 0) return true;
        at += size + (at[size] == ' ');
    }
    return false;
}

const char *ho_format_written_for(const char *path)
{
    for (size_t i = 0; i < ho_file_format_count(); i++) {
        if (formats[i].written != NULL && ends_in(path, formats[i].endings)) return formats[i].written;
    }
    return NULL;
}

const char *ho_column_kind_meaning(ho_column_kind kind)
{
    static const char *const meanings[] = {
        [HO_COLUMN_VALUE] = "a strategy",
        [HO_COLUMN_DATE] = "the date; required",
        [HO_COLUMN_ZONE] = "label of the intraday zone",
        [HO_COLUMN_DAY] = "weekday; recomputed from the date, wrong ones are counted in one warning",
        [HO_COLUMN_START] = "HH:MM or HH:MM:SS",
        [HO_COLUMN_END] = "HH:MM or HH:MM:SS; a row that ends before it starts is a warning",
        [HO_COLUMN_REGIME] = "label",
        [HO_COLUMN_CONFIDENCE] = "0 to 100; when no value is above 1, a fraction, with a note. Missing: 100",
        [HO_COLUMN_TRANSITION] = "0 to 1; above 0.5 a change of regime is under way. Missing: 0",
        [HO_COLUMN_CAPITAL] = "rupees, above 0",
        [HO_COLUMN_PARTITION] = "partition key; not read",
        [HO_COLUMN_LABEL] = "a label; left out",
        [HO_COLUMN_DERIVED] = "derived; left out with a warning, `--keep-column` keeps it",
    };
    return meanings[kind];
}

/* room: store
 *
 * Tables in and out: CSV files and the Parquet store become a panel of the file's rows, with a report of what was in
 * the file, what was left out and why. Formats: docs/FORMATS.md. */
#ifndef HEAVYOPT_STORE_H
#define HEAVYOPT_STORE_H

#include <heavyopt/options.h>
#include <heavyopt/panel.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ho_load_options {
    char *missing;           /* "zero" or "error" */
    bool nan_as_missing;     /* `nan` is a missing cell (inf never) */
    bool strict;             /* skipped columns are errors */
    bool skip_bad_columns;   /* a mostly numeric column with a bad cell is left out */
    ho_strings keep_columns; /* columns that look derived, and are wanted all the same */
    bool drop_constant;      /* leave constant columns out */
    int64_t strat_limit;     /* the first n strategies only; 0: all */
    char *date_format;       /* "auto", or one of the formats of docs/FORMATS.md, as YYYY-mm-dd */
    char *from, *to;         /* the first and the last day that are wanted, as 2024-10-30; NULL: any */
    ho_strings names;        /* the strategies that are wanted, or @FILE with a name a line; none: all */
    double memory_limit; /* gigabytes that the process may take, refused before they are; 0: what is there */
    ho_strings nulls;    /* further texts that mean a missing cell, as \\N does */
    char *
        header_from; /* the header of a CSV file that has none: a file whose first line it is, or the names */
    char *prefix;    /* of columns put together from several files: "auto", "always", "never" */
    int64_t chunk_size; /* rows of a CSV file that are read at a time; 0: all, or as many as memory allows */
} ho_load_options;

HO_API ho_option_table ho_load_option_table(void); /* fields of ho_load_options */

typedef enum ho_skip_reason {
    HO_SKIP_LABEL,    /* symbol, ticker */
    HO_SKIP_INDEX,    /* an unnamed first column that counts rows */
    HO_SKIP_EMPTY,    /* every cell missing */
    HO_SKIP_TEXT,     /* more than half of the cells are not numbers */
    HO_SKIP_BAD,      /* a bad cell, with skip_bad_columns */
    HO_SKIP_DERIVED,  /* a total, an equity curve, a drawdown: not a strategy */
    HO_SKIP_CONSTANT, /* with drop_constant */
    HO_SKIP_LIMIT,    /* past strat_limit */
    HO_SKIP_NAMES,    /* not among the names asked for; counted, not named */
    HO_SKIP_COUNT
} ho_skip_reason;

HO_API const char *ho_skip_reason_name(ho_skip_reason reason); /* "derived" */

typedef struct ho_load_report {
    char *path;
    char format[16]; /* "csv", "arrow", "store" */
    char hash[17];   /* XXH3-64 of the source file's bytes, hexadecimal */
    int64_t source_bytes;
    int64_t source_mtime_ns;
    int64_t rows, dates, strategies;   /* rows after equal (date, zone, start) were summed */
    ho_strings metadata;               /* names of the metadata columns found */
    ho_strings skipped[HO_SKIP_COUNT]; /* "name: why", the first 20 a reason */
    int64_t skipped_count[HO_SKIP_COUNT];
    int64_t missing_cells;
    char *worst_column; /* most missing cells, or NULL */
    int64_t worst_missing;
    int64_t rows_outside; /* rows before `from` or after `to` */
    ho_strings sources;   /* of a table put together from several: a line each */
    int64_t duplicate_names, summed_rows, blank_lines, day_mismatches;
    int64_t zero_variance, identical; /* constant columns; columns equal to an earlier one */
    char date_format[24];
    int32_t first_date, last_date; /* days since 1970-01-01 */
    ho_strings warnings;           /* one line each */
    bool from_cache;               /* read from a fresh store in place of the source */
    double seconds;                /* reading and parsing; not stored */
} ho_load_report;

HO_API void ho_load_report_clear(ho_load_report *report);

/* Reads a CSV, XLSX, Parquet or Arrow file, the folder of a store, or a folder of such files into a panel of the rows.
 * HO_ERR_DATA: missing, empty, a directory with nothing to read, malformed, NaN, changed while it was read; HO_ERR_IO:
 * the reading itself failed; HO_ERR_USAGE: bad options; HO_ERR_UNAVAILABLE: no CSV, in a build without Arrow. The caller owns *panel and clears
 * *report (zeroed before). */
HO_API HO_MUST_USE ho_status ho_table_read(const char *path, const ho_load_options *options, int threads,
                                           ho_panel **panel, ho_load_report *report, ho_error *err);

typedef struct ho_store_options {
    char *compression;      /* "none|snappy|gzip|lz4|zstd" */
    int64_t row_group_size; /* rows of the pnl table; a row group holds whole periods */
    bool partition_by_date; /* year=/month= folders */
    bool use_dictionary;    /* where a sample shows that it shrinks */
} ho_store_options;

HO_API ho_option_table ho_store_option_table(void);

/* Writes the panel as a store folder: beside its place first, renamed when complete, so that a crash leaves the old
 * store or the new one. An existing store there is replaced; any other existing thing is HO_ERR_USAGE. */
HO_API HO_MUST_USE ho_status ho_store_write(const char *folder, const ho_panel *panel,
                                            const ho_load_report *report, const ho_store_options *options,
                                            ho_error *err);

/* What an append did. */
typedef struct ho_appended {
    int64_t rows, rows_met;              /* rows that are new; rows that the store had already */
    int64_t strategies, strategies_gone; /* strategies that are new; those of the store without a row here */
    int64_t cells_replaced;              /* with "replace": cells that are other than before */
} ho_appended;

/* Adds the rows of a panel to a store, which is rewritten as a whole: what is read meanwhile is the old store or the
 * new one. A strategy that is new has 0 in the rows before, one that is gone 0 in the rows added. overlap says what
 * becomes of a cell that both have, in a row with the same date, start and zone: "same" (both must be equal, else
 * HO_ERR_DATA), "keep" the store's, "replace" it by the panel's. Two appends at once wait for each other. With no
 * folder there a store is made. Also what ho_store_write and the reading of a store can come to. */
HO_API HO_MUST_USE ho_status ho_store_append(const char *folder, const ho_panel *panel,
                                             const ho_load_report *report, const char *overlap,
                                             const ho_store_options *options, int threads, ho_appended *done,
                                             ho_error *err);

typedef struct ho_export_options {
    char *layout;           /* "wide": a column a strategy; "tall": a row a period and strategy */
    char *format;           /* "parquet", "csv", "arrow", or "auto": by the name's ending */
    char *compression;      /* as ho_store_options; of Arrow files lz4 and zstd */
    int64_t row_group_size; /* of a tall Parquet or Arrow file */
} ho_export_options;

HO_API ho_option_table ho_export_option_table(void);

/* True for a name that "auto" knows the format of: .parquet, .pq, .csv, .arrow, .feather, .ipc. */
HO_API bool ho_export_knows(const char *path);

/* Writes the panel as one file for other programs; it is put in its place when it is complete. Parquet and Arrow files
 * read back as the same panel, bit for bit; CSV files too, as long as no rule of docs/FORMATS.md leaves a column out.
 * HO_ERR_USAGE: a name without a known ending, another thing in its place. */
HO_API HO_MUST_USE ho_status ho_table_export(const char *path, const ho_panel *panel,
                                             const ho_export_options *options, ho_error *err);

/* As ho_table_read, through the cache: a fresh store made of the same source with the same load options is read in
 * its place, but for `rebuild`. *write (write may be NULL) says whether the cache has none and could take one: then
 * the caller may call ho_cache_write, at leisure. */
HO_API HO_MUST_USE ho_status ho_table_read_cached(const char *path, const ho_load_options *options,
                                                  bool rebuild, int threads, ho_panel **panel,
                                                  ho_load_report *report, bool *write, ho_error *err);
/* Writes the store of `path` into the cache. Failure is worth a warning, no more: nothing depends on it. */
HO_API HO_MUST_USE ho_status ho_cache_write(const char *path, const ho_load_options *options,
                                            const ho_panel *panel, const ho_load_report *report,
                                            ho_error *err);

#ifdef __cplusplus
}
#endif
#endif

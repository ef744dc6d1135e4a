/* The input of a command: options that say how a table is read, and the reading. */
#ifndef HO_RUN_INPUT_H
#define HO_RUN_INPUT_H

#include "run/hooks.h"
#include "store/load_options.h"

#include <heavyopt/store.h>

typedef struct ho_input_settings {
    char *input;
    char *period; /* "day" or "row" */
    bool no_cache, rebuild;
    int64_t threads; /* 0: as many as the processors */
    ho_load_options load;
} ho_input_settings;

/* Rows of ho_option for a settings struct S that holds the ho_input_settings at P (`in.` with its point, or empty). */
/* clang-format off */
#define HO_TABLE_OPTION_ROWS(S, P) \
    {"input", 'i', "FILE", "The table: a CSV, XLSX, Parquet or Arrow file, a store, or a folder of tables.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P input)}, \
    {"threads", 't', "N", "Threads, 0 for one a processor; the result is the same for any number.", \
     HO_OPTION_INT, 0, 1024, "0", NULL, offsetof(S, P threads)}, \
    HO_LOAD_OPTION_ROWS(S, P load.)

/* The same for a command that works on periods and reads through the cache. */
#define HO_INPUT_OPTION_ROWS(S, P) \
    {"period", 0, "WHAT", "A period is a day, with the rows of a date summed, or each row by itself.", \
     HO_OPTION_CHOICE, 0, 0, "day", "day|row", offsetof(S, P period)}, \
    {"no-cache", 0, NULL, "Neither read nor write the cache of tables read before.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P no_cache)}, \
    {"rebuild", 0, NULL, "Read the input anew and write the cache again.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P rebuild)}, \
    HO_TABLE_OPTION_ROWS(S, P)
/* clang-format on */

typedef struct ho_input {
    ho_panel *panel; /* periods as asked for */
    ho_load_report report;
    bool write_cache; /* the source was read, and a ho_cache_writer may keep it */
    ho_panel
        *rows; /* the rows that the periods were summed of, where they are not the panel itself, else NULL */
    ho_panel *original; /* the rows as they were read, where they were changed since; else NULL */
    const struct ho_day_zones *zones; /* borrowed: found by ho_day_zones_shape; NULL: the rows' own */
    int threads;
    double seconds;
} ho_input;

/* Reads the table; each warning of the load goes to the hooks. *input is zeroed memory and is cleared by the caller,
 * also on failure. */
HO_MUST_USE ho_status ho_input_read(const ho_input_settings *settings, const ho_hooks *hooks, ho_input *input,
                                    ho_error *err);

/* The same for the rows of the table as they are, without the cache. */
HO_MUST_USE ho_status ho_input_read_rows(const ho_input_settings *settings, const ho_hooks *hooks,
                                         ho_input *input, ho_error *err);
void ho_input_clear(ho_input *input);

/* Hands the warnings of the load on. */
void ho_input_warn(const ho_input *input, const ho_hooks *hooks);

/* An input of rows that were made elsewhere, which it takes, also on failure; *input is zeroed memory. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_input_of_rows(const ho_input_settings *settings, ho_panel *rows, ho_input *input,
                                       ho_error *err);

/* The rows that the periods are made of: they themselves, where nothing was summed. */
const ho_panel *ho_input_rows(const ho_input *input);

/* Takes the rows: they become the periods, or the periods are summed of them by day and they stay in *kept, which is else
 * NULL. On failure the rows are freed. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_rows_to_periods(bool by_day, ho_panel *rows, ho_panel **kept, ho_panel **periods,
                                         ho_error *err);

/* True where the periods are a store's own rows: nothing was summed. */
bool ho_input_is_store(const ho_input *input);

/* Before periods or rows are changed: where the cache has still to be written, what was read becomes `original`, and
 * a copy takes its place. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_input_keep_original(ho_input *input, ho_error *err);

/* Writes the cache in a thread of its own; end waits for it. Failure to write is a warning. */
typedef struct ho_cache_writer ho_cache_writer;
ho_cache_writer *ho_cache_writer_start(const ho_input_settings *settings,
                                       const ho_input *input); /* or NULL */
void ho_cache_writer_end(ho_cache_writer **writer, const ho_hooks *hooks);

/* "csv, 88 rows of 22 dates; 3 columns left out (derived 1, text 2)"; the caller frees it. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_input_text(const ho_input *input, char **text, ho_error *err);

/* The number of threads that an option asks for: 0 is one a processor that the process may use. */
int ho_threads(int64_t wanted);

#endif

/* The inside of `heavyopt correlation`: its settings, the file of the matrix, and what is said in the end. */
#ifndef HO_RUN_CORRELATION_H
#define HO_RUN_CORRELATION_H

#include "run/engine.h"
#include "run/input.h"
#include "stats/tiles.h"

typedef struct ho_correlation_settings {
    ho_input_settings in;
    char *output, *portfolio;
    bool float64;
    ho_engine_settings engine;
} ho_correlation_settings;

/* A matrix of all columns on its way into a file: NumPy's format, version 1.0, and the names beside it. */
typedef struct ho_matrix_file {
    char *path, *unfinished; /* unfinished: its name until it is complete */
    char *names, *names_unfinished;
    int file;
    size_t columns, header, item; /* bytes of the header and of a number */
    int64_t bytes;
} ho_matrix_file;

/* Takes the disk space at once; `path` ends in .npy. HO_ERR_IO. *file is zeroed memory and is
 * cleared by the caller, also on failure. */
HO_MUST_USE ho_status ho_matrix_file_open(const char *path, const ho_panel *panel, bool wide,
                                          ho_matrix_file *file, ho_error *err);

/* For ho_tiles_run: `user` is the ho_matrix_file. */
HO_MUST_USE ho_status ho_matrix_file_take(void *user, const ho_tile *tile, ho_error *err);

/* Gives both files their names. */
HO_MUST_USE ho_status ho_matrix_file_finish(ho_matrix_file *file, ho_error *err);

/* Removes what was not finished. */
void ho_matrix_file_clear(ho_matrix_file *file);

/* What there is to say about all pairs. */
typedef struct ho_correlation_told {
    const ho_correlation_settings *settings;
    ho_option_table options;
    const ho_input *input;
    const ho_pairs *pairs;
    const ho_matrix_file *file; /* NULL: none was asked for */
    const ho_device *device;    /* that multiplied; NULL: none */
    double seconds, total;      /* for the correlations, and in all */
} ho_correlation_told;

HO_MUST_USE ho_status ho_correlation_json(const ho_correlation_told *told, char **text, ho_error *err);
HO_MUST_USE ho_status ho_correlation_summary(const ho_correlation_told *told, char **text, ho_error *err);

/* The K x K matrix of a portfolio: as CSV in the file that the settings name, else in the summary. */
HO_MUST_USE ho_status ho_correlation_portfolio(const ho_correlation_settings *settings,
                                               ho_option_table options, const ho_input *input,
                                               const uint32_t *members, size_t count, ho_outcome *outcome,
                                               ho_error *err);

#endif

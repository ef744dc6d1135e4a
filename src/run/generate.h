/* `heavyopt generate`: a simulated table of the production shape, for tests and benchmarks. Simulated means: made by
 * generate_market.c's price path and honest trading rules, not drawn cell by cell; it promises nothing about markets. */
#ifndef HO_RUN_GENERATE_H
#define HO_RUN_GENERATE_H

#include "run/generate_edges.h"

#include <heavyopt/command.h>

typedef struct ho_generate_settings {
    int64_t strategies, days, seed;
    int64_t zones;  /* 0: one row a day */
    int64_t candle; /* minutes; 0: every bar */
    int64_t threads;
    char *output;
    char *start_date; /* YYYY-mm-dd */
    ho_edge_settings planted;
} ho_generate_settings;

extern const ho_command ho_command_generate;

/* Writes the file of these settings: beside its place first, renamed when complete, so that nothing is left after a
 * failure or a cancel (*interrupted is then true and there is no file). *bytes is the file's length. HO_ERR_USAGE: a
 * start date that is none, more strategies than the grid has; HO_ERR_IO: path and reason. */
HO_MUST_USE ho_status ho_generate(const ho_generate_settings *settings, const ho_hooks *hooks, int64_t *bytes,
                                  bool *interrupted, ho_error *err);

#endif

/* The file of `bound --certificate`: the proof of a bound, for anybody to check. Format: docs/BOUND.md. */
#ifndef HO_RUN_BOUND_FILE_H
#define HO_RUN_BOUND_FILE_H

#include <heavyopt/bound.h>

/* All borrowed. */
typedef struct ho_bound_file {
    const char *path, *input, *period;
    const ho_panel *panel;
    const ho_problem *problem;
    const ho_bound_goal *goal;
    const ho_bound *bound;
} ho_bound_file;

/* HO_ERR_IO: the path and the reason; HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_bound_file_write(const ho_bound_file *file, ho_error *err);

#endif

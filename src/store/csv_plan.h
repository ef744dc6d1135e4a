/* How a CSV file is read, by its size and what memory there is: whole, some rows at a time, or (on its way to a store,
 * csv_aside.h) with its numbers in a file. The table is the same. */
#ifndef HO_STORE_CSV_PLAN_H
#define HO_STORE_CSV_PLAN_H

#include <heavyopt/store.h>

typedef struct ho_csv_plan {
    size_t rows; /* at a time; 0: the file is read whole */
    bool aside;  /* the numbers go into a file */
} ho_csv_plan;

/* Looks at the first lines and the size of the file. may_aside: the caller can do without the numbers in memory.
 * HO_ERR_MEMORY: reading it needs more than is left here, or than the options' limit allows. What is no text, or cannot
 * be read, is to be read whole: its reader knows better what to say. */
HO_MUST_USE ho_status ho_csv_plan_of(const char *path, const ho_load_options *options, bool may_aside,
                                     ho_csv_plan *plan, ho_error *err);

/* Reads it as planned, which is not aside. As ho_csv_read. */
HO_MUST_USE ho_status ho_csv_read_planned(const char *path, const ho_load_options *options, int threads,
                                          ho_panel **panel, ho_load_report *report, ho_error *err);

#endif

/* The part of a table that a run wants: days from one to another, strategies by name. Asked for by load options; a
 * store is read no further than the part needs, other tables are cut after they were read. */
#ifndef HO_STORE_EXTRACT_H
#define HO_STORE_EXTRACT_H

#include "panel/panel.h"

#include <heavyopt/store.h>

typedef struct ho_extract {
    int32_t from, to; /* days, both wanted */
    bool named;       /* only the names are wanted */
    ho_strings names; /* owned; files of names are read already */
} ho_extract;

/* True when the options want less than all. */
bool ho_extract_any(const ho_load_options *options);

/* The options of reading the whole table that the part is cut out of; owns nothing. What is constant, and which are
 * the first strategies, is asked of the part later: ho_store_select. */
ho_load_options ho_extract_whole(const ho_load_options *options);

/* HO_ERR_USAGE: no date, from after to; HO_ERR_DATA: a file of names that cannot be read. The caller clears it. */
HO_MUST_USE ho_status ho_extract_of(const ho_load_options *options, ho_extract *out, ho_error *err);
void ho_extract_clear(ho_extract *extract);

/* A part of a panel: rows first .. first + count - 1, and strategies, which are all when NULL. */
typedef struct ho_part {
    size_t first, count;
    uint32_t *strategies; /* owned, ascending */
    size_t strategy_count;
} ho_part;

/* The part of a panel (its values are not looked at). HO_ERR_USAGE: a name that no strategy has; HO_ERR_DATA: no row
 * lies between the dates. The caller frees part->strategies. */
HO_MUST_USE ho_status ho_extract_find(const char *path, const ho_extract *extract, const ho_panel *panel,
                                      ho_part *part, ho_error *err);

/* The strategies' numbers by their names. */
typedef struct ho_name_index {
    uint32_t *slots; /* owned; a number + 1, 0: free */
    size_t mask;
} ho_name_index;

HO_MUST_USE ho_status ho_name_index_of(const ho_panel *panel, ho_name_index *index, ho_error *err);
uint32_t ho_name_find(const ho_name_index *index, const ho_panel *panel,
                      const char *name); /* or UINT32_MAX */

/* Counts equal and constant strategies, rows and dates of the panel anew. */
HO_MUST_USE ho_status ho_load_report_recount(const ho_panel *panel, int threads, ho_load_report *report,
                                             ho_error *err);

/* Makes the report of a whole table that of its part, whose panel is given. */
HO_MUST_USE ho_status ho_extract_report(const ho_extract *extract, const ho_panel *panel, int threads,
                                        ho_load_report *report, ho_error *err);

/* Cuts a panel that was read whole; may replace *panel. */
HO_MUST_USE ho_status ho_extract_apply(const char *path, const ho_extract *extract, int threads,
                                       ho_panel **panel, ho_load_report *report, ho_error *err);

#endif

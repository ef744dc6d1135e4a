/* Which strategies may and which must be in a portfolio: names from the user become flags and indices. */
#ifndef HO_SCREEN_SELECT_H
#define HO_SCREEN_SELECT_H

#include <heavyopt/options.h>
#include <heavyopt/panel.h>

typedef struct ho_selection {
    uint8_t *allowed;  /* a flag a strategy; owned */
    uint32_t *include; /* ascending; owned */
    size_t include_count, allowed_count;
} ho_selection;

/* HO_ERR_USAGE: a name that the panel does not have (the nearest is named), or one that is both included and
 * excluded. A name given twice counts once. */
HO_MUST_USE ho_status ho_select(const ho_panel *panel, const ho_strings *include, const ho_strings *exclude,
                                ho_selection *selection, ho_error *err);
void ho_selection_clear(ho_selection *selection);

/* The strategy of that name; `what` says in the error where the name was met ("--include", "names.txt: line 3"). */
HO_MUST_USE ho_status ho_find_strategy(const ho_panel *panel, const char *name, const char *what,
                                       uint32_t *strategy, ho_error *err);

#endif

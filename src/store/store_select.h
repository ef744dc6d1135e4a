/* The load options that shape a store's strategies after it was read: drop_constant and strat_limit. The others ask
 * how cells are written, which a store has behind it. */
#ifndef HO_STORE_STORE_SELECT_H
#define HO_STORE_STORE_SELECT_H

#include <heavyopt/store.h>

/* May replace *panel; names what was left out in the report. HO_ERR_DATA: nothing is left. */
HO_MUST_USE ho_status ho_store_select(const char *path, const ho_load_options *options, ho_panel **panel,
                                      ho_load_report *report, ho_error *err);

#endif

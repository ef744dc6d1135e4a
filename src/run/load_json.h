/* What was read, as a member of a command's document. */
#ifndef HO_RUN_LOAD_JSON_H
#define HO_RUN_LOAD_JSON_H

#include <heavyopt/panel.h>
#include <heavyopt/store.h>
#include <jansson.h>

/* The same for a table and for its cache. NULL: no memory. */
json_t *ho_load_json(const ho_load_report *report, const ho_panel *panel);

#endif

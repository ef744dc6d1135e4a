/* The zones of a table by weight: what the zone fitness values. */
#ifndef HO_RUN_ZONES_H
#define HO_RUN_ZONES_H

#include "run/hooks.h"
#include "run/input.h"

/* A period a date: the rows of its zones, each times the weight of its zone, summed. Zones are the labels of the table
 * but for "Outside Market", "Undefined", "nan" and the empty one, in the order of their names, numbers by their value;
 * weights are divided by their sum, and all equal where `text` is NULL or is not one number of 0 or more a zone (with
 * a warning). HO_ERR_DATA: the table has no zones. */
HO_MUST_USE ho_status ho_zones_weigh(const char *text, const ho_input *input, const ho_hooks *hooks,
                                     ho_panel **zoned, ho_error *err);

#endif

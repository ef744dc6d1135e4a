/* The zones of a table: by its own labels, by the clock of its rows, or by the windows in its strategies' names. */
#ifndef HO_RUN_ZONES_H
#define HO_RUN_ZONES_H

#include "panel/zone_clock.h"
#include "run/hooks.h"
#include "run/input.h"

typedef struct ho_zone_settings {
    char *zone, *method, *open, *close, *boundaries, *windows;
    int64_t count;
    bool override;
} ho_zone_settings;

/* clang-format off */
#define HO_ZONE_OPTION_ROWS(S, P) \
    {"zone", 0, "NAME|each", "Use the rows of this zone of the day only; each: a portfolio for every zone besides.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P zone)}, \
    {"zone-method", 0, "HOW", "Zones by the clock, where the table has none of its own: equal parts of the market's day, " \
     "between zone-boundaries (freeform), or in zone-windows (custom).", \
     HO_OPTION_CHOICE, 0, 0, "equal", "equal|freeform|custom", offsetof(S, P method)}, \
    {"zone-count", 0, "N", "Equal zones of a day.", HO_OPTION_INT, 1, 64, "4", NULL, offsetof(S, P count)}, \
    {"zone-boundaries", 0, "HH:MM,...", "Times between which zones lie.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P boundaries)}, \
    {"zone-windows", 0, "HH:MM-HH:MM,...", "Zones from a time up to another.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P windows)}, \
    {"zone-override", 0, NULL, "Zones by the clock also where the table has its own.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P override)}, \
    {"market-open", 0, "HH:MM[:SS]", "When the market opens; what begins before is in no zone.", \
     HO_OPTION_TEXT, 0, 0, "09:15:00", NULL, offsetof(S, P open)}, \
    {"market-close", 0, "HH:MM[:SS]", "When it closes; what begins then or later is in no zone.", \
     HO_OPTION_TEXT, 0, 0, "15:30:00", NULL, offsetof(S, P close)}
/* clang-format on */

/* Zones in the order of their names, numbers by their value ("Zone 2" before "Zone 10"); "Outside Market", "Undefined",
 * "nan" and the empty name are none. */
typedef struct ho_day_zones {
    ho_zone_clock clock;
    bool by_clock; /* rows or names got their zones from the clock */
    size_t count;
    ho_strings names;
    int32_t *label_of; /* the panel's label of each zone; -1 where rows have none */
    int32_t
        *strategies; /* where zones are those of the strategies' names: the zone of each, or -1; else NULL */
    ho_strings warnings;
    size_t rows_outside; /* rows or strategies in no zone */
} ho_day_zones;

typedef enum ho_day_zones_use {
    HO_DAY_ZONES_UNUSED, /* unless a zone is named */
    HO_DAY_ZONES_WANTED, /* where the table tells them */
    HO_DAY_ZONES_NEEDED
} ho_day_zones_use;

/* Where they are of use: finds the zones of the input's rows, gives rows labels by the clock where they
 * have none (or `override`), and leaves the rows or strategies of the named zone; else does nothing. input->zones is set,
 * and borrows *zones, which is zeroed memory and the caller's to clear after a failure too. HO_ERR_USAGE: an unknown
 * zone, times that are none; HO_ERR_DATA: the table tells no zones. */
HO_MUST_USE ho_status ho_day_zones_shape(const ho_zone_settings *settings, ho_day_zones_use use,
                                         const char *period, const ho_hooks *hooks, ho_input *input,
                                         ho_day_zones *zones, ho_error *err);
void ho_day_zones_clear(ho_day_zones *zones);

/* The zones of rows by their labels, as ho_day_zones_shape finds them. */
HO_MUST_USE ho_status ho_day_zones_of_rows(const ho_panel *rows, ho_day_zones *zones, ho_error *err);

/* Equal but for capitals, blanks, '-' and '_': "zone1" is "Zone 1". */
bool ho_zone_is(const char *zone, const char *name, size_t length);

/* A number of 0 or more a zone, their sum 1: from "1,2,3,4" in the order of the zones, or "zone1:1,zone2:3" (names in
 * small letters without blanks do; a zone that is not named weighs 1). Where the numbers are not as many as the zones,
 * one is below 0, or all are 0, all zones weigh the same, with a warning; so they do where text is NULL. HO_ERR_USAGE:
 * what is no number, a name that no zone has. */
HO_MUST_USE ho_status ho_zone_weights(const ho_day_zones *zones, const char *text, const ho_hooks *hooks,
                                      double *weights, ho_error *err);

/* A period a date: the rows of its zones, each times the weight of its zone, summed. HO_ERR_DATA: the table has no
 * zones. */
HO_MUST_USE ho_status ho_day_zones_weigh(const char *text, const ho_input *input, const ho_hooks *hooks,
                                         ho_panel **zoned, ho_error *err);

/* The periods of one zone and the rows that they were summed of (or NULL), the caller's. *periods is NULL where zones
 * are those of the strategies' names: the input's own periods are the zone's then. HO_ERR_DATA: the zone has no row. */
HO_MUST_USE ho_status ho_day_zones_part(const ho_day_zones *zones, size_t zone, bool by_day,
                                        const ho_input *input, ho_panel **rows, ho_panel **periods,
                                        ho_error *err);

#endif

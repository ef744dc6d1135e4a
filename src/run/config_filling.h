/* The filling of one command's settings from the layers, and the keys that only say something together. */
#ifndef HO_RUN_CONFIG_FILLING_H
#define HO_RUN_CONFIG_FILLING_H

#include "run/config.h"
#include "run/hooks.h"

enum { HO_LONGEST_LIST = 512, HO_CONFIG_ORIGIN = 512 };

/* The smallest and the largest size of a range, which are keys of their own. */
typedef struct ho_config_range {
    char first[32], last[32], origin[HO_CONFIG_ORIGIN];
    const ho_option *option; /* that they set; NULL: neither was there */
} ho_config_range;

/* What some keys of a layer say together; zeroed memory is nothing. */
typedef struct ho_config_together {
    ho_config_range sizes, zone_sizes;
    char with[HO_LONGEST_LIST];    /* algorithms switched on, */
    char without[HO_LONGEST_LIST]; /* and off; */
    bool algorithms, only;         /* there were some; and only those switched on run */
    char origin_algorithms[HO_CONFIG_ORIGIN];
    ho_strings weights; /* "sharpe=2": all weights of measures, */
    bool own_weights;   /* of which some are the user's own choice of measures */
    char close[32];     /* the correlation above which pairs are close, */
    bool enforced;      /* and none may be */
    ho_strings counts;  /* "label=3", which hold in the balanced mode only */
    bool balanced;
    char least_zone[32], most_zone[32]; /* strategies a zone, where zones are asked for */
    bool zoned;
    char zone_weights[4 * HO_LONGEST_LIST]; /* "A:1,B:2" */
    char origin[HO_CONFIG_ORIGIN];          /* of the last of these */
    char *folder, *zone_folder; /* owned: of the tables, as a whole and of zones; NULL: not named */
    char origin_folder[HO_CONFIG_ORIGIN], origin_zone_folder[HO_CONFIG_ORIGIN];
} ho_config_together;

typedef struct ho_config_filling {
    const ho_command *command;
    const ho_hooks *hooks;
    void *settings;
    char **origins; /* an option of the table each, NULL: default */
    bool strict;
    size_t unknown; /* unknown keys of this layer */
    const ho_config_layer *layer;
    ho_config_together together;
} ho_config_filling;

/* Sets an option, and where its value is from. */
HO_MUST_USE ho_status ho_config_set(ho_config_filling *f, const ho_option *option, const char *value,
                                    const char *origin, ho_error *err);

/* Says a fault of a value with its place in place of the option's name. */
ho_status ho_config_bad_value(const char *origin, const char *value, ho_status status, const ho_error *why,
                              ho_error *err);
HO_MUST_USE ho_status ho_config_bool(const char *value, const char *origin, bool *out, ho_error *err);

/* A warning, or where they are told to be strict an error; `near` may be NULL. */
HO_MUST_USE ho_status ho_config_unknown(ho_config_filling *f, const char *origin, const char *near,
                                        ho_error *err);

/* Keeps the value of a key until the layer ends; then sets what they came to, and forgets. */
HO_MUST_USE ho_status ho_config_together_add(ho_config_filling *f, const ho_config_key *row,
                                             const ho_option *option, const ho_ini_entry *entry,
                                             const char *origin, ho_error *err);
HO_MUST_USE ho_status ho_config_together_finish(ho_config_filling *f, ho_error *err);
void ho_config_together_clear(ho_config_together *together);

#endif

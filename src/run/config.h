/* The layers of a configuration, one above the other, as ho_config_fill and `heavyopt config` walk them. */
#ifndef HO_RUN_CONFIG_H
#define HO_RUN_CONFIG_H

#include "run/config_keys.h"
#include "run/ini.h"

#include <heavyopt/config.h>

enum { HO_CONFIG_LAYERS = 4 };

typedef struct ho_config_layer {
    char *name; /* as messages and origins say it; "" for the environment */
    ho_ini ini; /* of the environment: section, key and value of each variable that is a key */
    bool found;
} ho_config_layer;

/* Rising precedence: the share's two files, --config, the environment. */
typedef struct ho_config_layers {
    ho_config_layer items[HO_CONFIG_LAYERS];
} ho_config_layers;

/* *layers is zeroed memory; the caller clears it, also on failure. */
HO_MUST_USE ho_status ho_config_layers_read(const ho_config_place *place, ho_config_layers *layers,
                                            ho_error *err);
void ho_config_layers_clear(ho_config_layers *layers);

/* "config/production_config.ini:12 [ULTA] enabled"; "HEAVYOPT_ULTA_ENABLED". */
void ho_config_origin(const ho_config_layer *layer, const ho_ini_entry *entry, char *out, size_t size);

/* What an entry is to a command. */
typedef enum ho_config_use {
    HO_CONFIG_USED,    /* it sets an option of the command */
    HO_CONFIG_OTHER,   /* it sets an option of another command */
    HO_CONFIG_USELESS, /* a known key that has no effect; *why says why */
    HO_CONFIG_IGNORED, /* an unknown section */
    HO_CONFIG_UNKNOWN  /* an unknown key of a known section; *why is the nearest key or NULL */
} ho_config_use;

/* row and option (may be NULL) are what a used entry goes through: a row of the table or none, and the option. command
 * may be NULL: an entry of any command is then of another one. */
ho_config_use ho_config_use_of(const ho_command *command, const ho_ini_entry *entry,
                               const ho_config_key **row, const ho_option **option, const char **why);

/* HEAVYOPT_SECTION_KEY; out is cut to size. */
void ho_config_variable(const char *section, const char *key, char *out, size_t size);

#endif

/* room: run
 *
 * Settings from files and from the environment. An option has its value from the first of these that names it: the
 * command line (the caller's business), the environment (HEAVYOPT_SECTION_KEY), the file of --config,
 * config/production_config.ini of the share, config/parquet_arrow_config.ini of the share, the option's default.
 * Options that may be given several times add up. Keys: docs/CONFIGURATION.md. */
#ifndef HEAVYOPT_CONFIG_H
#define HEAVYOPT_CONFIG_H

#include <heavyopt/command.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ho_config_place {
    const char *share; /* the folder whose config/ is read; NULL: $HEAVYOPT_SHARE, else the current folder */
    const char *file;  /* INI, or JSON with the same keys; or NULL */
    char *const *environment; /* "NAME=value" texts, NULL ends; or NULL: none */
    bool strict;              /* an unknown key is an error and no warning */
} ho_config_place;

/* Fills the zeroed settings of the command: defaults, files, environment. hooks (may be NULL) gets the warnings.
 * origins (may be NULL) is an empty list that gets a line an option of the table, in its order: "default",
 * "config/production_config.ini:12 [ULTA] enabled", "HEAVYOPT_OPTIMIZE_SEED"; the caller clears it, as the settings,
 * also on failure. HO_ERR_USAGE: a file that cannot be read, a line that is none, a value out of its range: file,
 * line, key and range are named. */
HO_API HO_MUST_USE ho_status ho_config_fill(const ho_command *command, const ho_config_place *place,
                                            const ho_hooks *hooks, void *settings, ho_strings *origins,
                                            ho_error *err);

#ifdef __cplusplus
}
#endif
#endif

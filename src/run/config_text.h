/* A configuration as text: a file to begin with, and the reference in the docs. Both come from the tables. */
#ifndef HO_RUN_CONFIG_TEXT_H
#define HO_RUN_CONFIG_TEXT_H

#include "run/config_keys.h"

/* A parquet_arrow_config.ini: the keys of the old system that have an effect, at their defaults, and every option of
 * every command as a comment. The caller frees it. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_config_default_text(char **text, ho_error *err);

/* docs/CONFIGURATION.md; the caller frees it. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_config_reference_text(char **text, ho_error *err);

#endif

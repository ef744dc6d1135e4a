/* A portfolio as a text file: a strategy's name a line; blank lines and surrounding blanks do not count. */
#ifndef HO_RUN_PORTFOLIO_FILE_H
#define HO_RUN_PORTFOLIO_FILE_H

#include "run/input.h"

/* The strategies named, ascending; *members is the caller's to free. HO_ERR_DATA: no such file, or an empty one;
 * HO_ERR_USAGE: a name that the table does not have, or one named twice (file and line said). */
HO_MUST_USE ho_status ho_portfolio_file_read(const char *path, const ho_panel *panel, uint32_t **members,
                                             size_t *count, ho_error *err);

/* The same for an input whose cache is not being written yet. Where the file names NAME_inv and the table has only NAME,
 * NAME is turned round: a portfolio of a run that did so can be looked at without its settings. */
HO_MUST_USE ho_status ho_portfolio_file_take(const char *path, ho_input *input, uint32_t **members,
                                             size_t *count, ho_error *err);

#endif

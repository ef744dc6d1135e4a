/* A portfolio as a text file: a strategy's name a line; blank lines and surrounding blanks do not count. */
#ifndef HO_RUN_PORTFOLIO_FILE_H
#define HO_RUN_PORTFOLIO_FILE_H

#include <heavyopt/panel.h>

/* The strategies named, ascending; *members is the caller's to free. HO_ERR_DATA: no such file, or an empty one;
 * HO_ERR_USAGE: a name that the table does not have, or one named twice (file and line said). */
HO_MUST_USE ho_status ho_portfolio_file_read(const char *path, const ho_panel *panel, uint32_t **members,
                                             size_t *count, ho_error *err);

#endif

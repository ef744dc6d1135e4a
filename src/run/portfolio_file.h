/* A portfolio as a text file: a strategy's name a line; blank lines and surrounding blanks do not count. */
#ifndef HO_RUN_PORTFOLIO_FILE_H
#define HO_RUN_PORTFOLIO_FILE_H

#include "run/input.h"

/* The strategies named, ascending; *members is the caller's to free. HO_ERR_DATA: no such file, or an empty one;
 * HO_ERR_USAGE: a name that the table does not have, or one named twice (file and line said). */
HO_MUST_USE ho_status ho_portfolio_file_read(const char *path, const ho_panel *panel, uint32_t **members,
                                             size_t *count, ho_error *err);

/* The lines of such a file, and where they stand. */
typedef struct ho_portfolio_lines {
    ho_strings names, places;
} ho_portfolio_lines;

/* Reads the file, for an input whose cache is not being written yet. Where a line is NAME_inv and the table has only NAME,
 * NAME is turned round in the input: a portfolio of a run that did so can be looked at without its settings. *lines is
 * zeroed memory and the caller's to clear after a failure too. */
HO_MUST_USE ho_status ho_portfolio_file_take(const char *path, ho_input *input, ho_portfolio_lines *lines,
                                             ho_error *err);

/* The strategies that the lines name, as ho_portfolio_file_read. */
HO_MUST_USE ho_status ho_portfolio_lines_find(const ho_portfolio_lines *lines, const ho_panel *panel,
                                              uint32_t **members, size_t *count, ho_error *err);
void ho_portfolio_lines_clear(ho_portfolio_lines *lines);

#endif

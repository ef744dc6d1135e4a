/* A file of strategies that may not be together: names with tabs between them, at most one of a line may be chosen;
 * blank lines do not count. */
#ifndef HO_RUN_EXCLUSIVE_FILE_H
#define HO_RUN_EXCLUSIVE_FILE_H

#include <heavyopt/panel.h>

/* All pairs of each line: first, second, first, second, ...; *pairs is the caller's to free. HO_ERR_DATA: no such file,
 * or one that is no text; HO_ERR_USAGE: a name that the table does not have, or a line with one name (file and line
 * said). */
HO_MUST_USE ho_status ho_exclusive_file_read(const char *path, const ho_panel *panel, uint32_t **pairs,
                                             size_t *count, ho_error *err);

#endif

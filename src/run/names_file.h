/* Text files of strategies' names, line by line. */
#ifndef HO_RUN_NAMES_FILE_H
#define HO_RUN_NAMES_FILE_H

#include <heavyopt/status.h>

/* Takes one line that is not blank, without blanks and line end around it; `where` is "FILE: line N". The line may be
 * cut up. */
typedef ho_status (*ho_names_line)(void *user, const char *where, char *line, ho_error *err);

/* Hands each line over; ends at the first that fails. HO_ERR_DATA: no such file, or one that is no text. */
HO_MUST_USE ho_status ho_names_file_each(const char *path, ho_names_line take, void *user, ho_error *err);

/* Cuts blanks and the line end off both sides, and a UTF-8 byte order mark. Returns where the rest begins. */
char *ho_names_trim(char *text);

#endif

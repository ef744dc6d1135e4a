/* Whether a CSV file will fit into memory, judged before it is read. */
#ifndef HO_STORE_CSV_ROOM_H
#define HO_STORE_CSV_ROOM_H

#include <heavyopt/status.h>

/* Looks at the first lines and the size of the file; HO_ERR_MEMORY where reading it needs more than is left here, or
 * than a limit of gigabytes other than 0 allows. What is no plain text file, or cannot be read, passes: its reader
 * knows better what to say. */
HO_MUST_USE ho_status ho_csv_room(const char *path, double limit, ho_error *err);

#endif

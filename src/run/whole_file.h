/* A file of results that is there whole, or not at all: written beside its place, then renamed. */
#ifndef HO_RUN_WHOLE_FILE_H
#define HO_RUN_WHOLE_FILE_H

#include <heavyopt/status.h>
#include <stdio.h>

/* Makes the file at `path` of what `put` prints. HO_ERR_IO: path and reason. */
HO_MUST_USE ho_status ho_whole_file_write(const char *path, void (*put)(const void *what, FILE *file),
                                          const void *what, ho_error *err);

#endif

/* A file as a whole in memory, as it was at one moment. */
#ifndef HO_STORE_FILE_BYTES_H
#define HO_STORE_FILE_BYTES_H

#include <heavyopt/status.h>
#include <stddef.h>

/* The bytes, behind which a 0 stands, are the caller's to free. HO_ERR_DATA: missing, no regular file, changed while it
 * was read; HO_ERR_IO: reading failed. */
HO_MUST_USE ho_status ho_file_bytes(const char *path, char **bytes, size_t *size, ho_error *err);

#endif

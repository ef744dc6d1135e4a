/* ZIP archives in memory, by minizip. A build without minizip and expat opens none: HO_ERR_UNAVAILABLE. */
#ifndef HO_STORE_XLSX_ZIP_H
#define HO_STORE_XLSX_ZIP_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct ho_zip ho_zip;

bool ho_zip_available(void); /* in this build */

/* True for bytes that begin as an archive does. */
bool ho_zip_knows(const char *bytes, size_t size);

/* The bytes stay the caller's and outlive the archive. HO_ERR_DATA: damaged, or more members than any table has. */
HO_MUST_USE ho_status ho_zip_open(const char *name, const char *bytes, size_t size, ho_zip **zip,
                                  ho_error *err);
void ho_zip_close(ho_zip **zip); /* accepts NULL and nulls */

/* Members in the order of the archive, folders left out. */
size_t ho_zip_count(const ho_zip *zip);
const char *ho_zip_member(const ho_zip *zip, size_t i);

/* The member's number, or ho_zip_count(); case does not matter. */
size_t ho_zip_find(const ho_zip *zip, const char *member);

/* Unpacks a member, whose check sum is verified; a 0 follows its bytes, which the caller frees. HO_ERR_DATA: damaged, or
 * it claims to be over 1,100 times as large as it is packed, which no table is. */
HO_MUST_USE ho_status ho_zip_read(ho_zip *zip, size_t i, char **bytes, size_t *size, ho_error *err);

#endif

/* SHA-256 of a file, as sha256sum prints it (FIPS 180-4): for manifests that people check with their own tools. */
#ifndef HO_BASE_SHA256_H
#define HO_BASE_SHA256_H

#include <stddef.h>

#define HO_SHA256_TEXT 65 /* 64 hexadecimal digits and a 0 */

void ho_sha256(const void *bytes, size_t length, char out[HO_SHA256_TEXT]);

/* Of a file's content; 0 or an errno. */
int ho_sha256_file(const char *path, char out[HO_SHA256_TEXT]);

#endif

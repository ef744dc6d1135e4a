/* Memory with the size products checked. free() frees all of it. In builds with HO_INJECT (the debug and asan
 * presets) ho_memory_fail_at makes the n-th allocation from now on fail, so that tests can walk every error path. */
#ifndef HO_BASE_MEMORY_H
#define HO_BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Zeroed memory for count items; count 0 gives a pointer that may be freed. NULL when there is none. */
void *ho_new_array(size_t count, size_t size);
#define HO_NEW(type, count) ((type *)ho_new_array((count), sizeof(type)))

/* realloc with a checked product; the old block stays when NULL comes back. New items are not zeroed. */
void *ho_grow_array(void *block, size_t count, size_t size);

/* Not zeroed, aligned to 2 MiB and advised to huge pages when large, else to 64 bytes. */
void *ho_new_pages(size_t bytes);

/* A limit in bytes on what this process has in memory, 0: none. Blocks of four megabytes and more that would pass it are
 * refused as if there were no memory: in time, and with a message, where the system would end the process later. */
void ho_memory_cap(int64_t bytes);
int64_t ho_memory_cap_now(void);

/* Whether so many more bytes keep to the limit. */
bool ho_memory_may(size_t bytes);

char *ho_copy_text(const char *text);
char *ho_copy_bytes(const char *text, size_t length); /* adds the terminating 0 */

/* True in builds that can fail allocations on demand; n = 0 switches it off, 1 fails the next one. */
bool ho_memory_fail_at(long n);

#endif

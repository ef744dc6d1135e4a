/* How much memory this process may still take, so that work that cannot fit is refused before it begins. What is
 * there may change at any moment: passing is no promise. */
#ifndef HO_BASE_MEMORY_LEFT_H
#define HO_BASE_MEMORY_LEFT_H

#include <heavyopt/status.h>
#include <stdint.h>

typedef struct ho_memory_left {
    int64_t bytes;  /* INT64_MAX: nothing is known to limit it */
    const char *by; /* what does, to be said after "left" */
} ho_memory_left;

/* The least of: what the machine has available (MemAvailable), what the control groups of this process and those
 * above allow (versions 1 and 2), what its address space may grow by (RLIMIT_AS). */
ho_memory_left ho_memory_left_here(void);

int64_t ho_memory_resident(void); /* bytes that this process has in memory now; 0: not known */

/* HO_ERR_MEMORY, in one line with the numbers, unless `bytes` more fit into what is left here and, with a limit of
 * gigabytes (1e9) other than 0, into what that leaves this process. `what` begins the line: it needs them. */
HO_MUST_USE ho_status ho_memory_ask(const char *what, int64_t bytes, double limit, ho_error *err);

#endif

/* Writing an ho_error. See status.h for the contract. */
#ifndef HO_BASE_ERROR_H
#define HO_BASE_ERROR_H

#include <heavyopt/status.h>
#include <stddef.h>

/* Formats the text into err (when not NULL) and returns status: `return ho_fail(err, HO_ERR_DATA, "...", ...);`.
 * Bytes below blank in the result (a hostile name may hold them) become '?', so that the line stays one line. */
ho_status ho_fail(ho_error *err, ho_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "out of memory: N bytes for WHAT"; bytes 0, where the number is not known: "out of memory for WHAT". */
ho_status ho_fail_memory(ho_error *err, size_t bytes, const char *what);

#define HO_TRY(call)                                      \
    do {                                                  \
        ho_status ho_try_status = (call);                 \
        if (ho_try_status != HO_OK) return ho_try_status; \
    } while (0)

#endif

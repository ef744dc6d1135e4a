/* room: base
 *
 * What a call can come to, and the one line that says why. Every function of heavyopt that can fail returns an
 * ho_status (HO_OK is 0) and takes an ho_error last, which may be NULL. The error is the caller's own memory, is
 * written only on failure, and names the thing and the numbers: "prices.csv: line 83 has 28 fields, the header has
 * 29". The library never prints and never exits. Why a search stopped is a result, not a status. */
#ifndef HEAVYOPT_STATUS_H
#define HEAVYOPT_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#define HO_API      __attribute__((visibility("default")))
#define HO_MUST_USE __attribute__((warn_unused_result))

/* name, exit code of the program, sentence */
#define HO_STATUS_LIST(X)                                                      \
    X(HO_OK, 0, "done")                                                        \
    X(HO_ERR_IO, 1, "a file could not be written or read to its end")          \
    X(HO_ERR_MEMORY, 1, "out of memory")                                       \
    X(HO_ERR_INTERNAL, 1, "a fault of heavyopt itself")                        \
    X(HO_ERR_USAGE, 2, "wrong usage or configuration")                         \
    X(HO_ERR_DATA, 3, "bad input data")                                        \
    X(HO_ERR_UNAVAILABLE, 4, "not available in this build or on this machine") \
    X(HO_ERR_DIFFERENCE, 5, "validation found a difference")

typedef enum ho_status {
#define HO_STATUS_ENUM(name, exit_code, sentence) name,
    HO_STATUS_LIST(HO_STATUS_ENUM)
#undef HO_STATUS_ENUM
        HO_STATUS_COUNT
} ho_status;

typedef struct ho_error {
    char text[1024]; /* one line, no newline, always terminated */
} ho_error;

HO_API const char *ho_status_name(ho_status status);     /* "HO_ERR_DATA" */
HO_API const char *ho_status_sentence(ho_status status); /* "bad input data" */
HO_API int ho_status_exit_code(ho_status status);        /* 3 */

#ifdef __cplusplus
}
#endif
#endif

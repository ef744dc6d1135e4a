/* A share: a folder with input/, output/, jobs/, logs/. */
#ifndef HO_JOBS_SHARE_H
#define HO_JOBS_SHARE_H

#include <heavyopt/options.h>
#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

typedef struct ho_share {
    char root[PATH_MAX]; /* real path */
    int lock;            /* of jobs/processing/.lock */
    bool remote;         /* not this machine's disk: a rename is no claim there */
} ho_share;

/* Opens a share and makes its missing folders (`make`) or demands that jobs/queue is there. *share is zeroed memory and
 * is closed by the caller, also on failure. HO_ERR_USAGE: no such folder; HO_ERR_IO. */
HO_MUST_USE ho_status ho_share_open(const char *folder, bool make, ho_share *share, ho_error *err);
void ho_share_close(ho_share *share);

/* The path of something in the share; false: too long. */
bool ho_share_path(const ho_share *share, char out[PATH_MAX], const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Steps of several servers do not interleave between lock and unlock. False: not to be had for some seconds (a client
 * holds it); whoever waits tries again at its next round. The lock of a process that dies is free. */
bool ho_share_lock(const ho_share *share);
void ho_share_unlock(const ho_share *share);

/* The text appears under the name whole or not at all, in place of what is there; it is on the disk then. errno says why
 * not. */
bool ho_share_put(const char *path, const char *text);
bool ho_share_put_json(const char *path, const json_t *value);

/* A text file up to `most` bytes, only a regular one, no link followed; NULL: errno says why (EFBIG, ELOOP, EINVAL). The
 * caller frees it; *length (may be NULL) is its size, a 0 stands behind. */
char *ho_share_get(const char *path, size_t most, size_t *length);
json_t *ho_share_get_json(const char *path); /* NULL: none, or no JSON */

/* Names in a folder that end in `ending` and do not begin with a point, sorted; HO_ERR_IO, HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_share_list(const char *folder, const char *ending, ho_strings *names, ho_error *err);

/* [A-Za-z0-9._-]{1,128}, not beginning with a point. */
bool ho_job_name_valid(const char *name);

/* The real path of an input that a client names: below input/, whatever slashes, drive letter or case were used.
 * HO_ERR_DATA: not there (errno ENOENT), not below input/, no file. */
HO_MUST_USE ho_status ho_share_input(const ho_share *share, const char *named, char out[PATH_MAX],
                                     ho_error *err);

/* "2026-11-24T03:51:03+05:30" */
void ho_time_text(char out[40]);

#endif

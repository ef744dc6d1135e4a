/* Tables on other machines: s3://bucket/key. A store is read where it is, as far as it is wanted; any other table is
 * fetched into a temporary folder and read there. What is written is made here, complete, and then copied. */
#ifndef HO_STORE_REMOTE_H
#define HO_STORE_REMOTE_H

#include <heavyopt/store.h>

/* A copy of a file or folder here, for a while. */
typedef struct ho_remote_copy {
    char *folder; /* owned: temporary */
    char *path;   /* owned: the copy in it */
    int64_t mtime_ns;
} ho_remote_copy;

/* True where a store stands. Also what ho_remote_look can come to. */
HO_MUST_USE ho_status ho_remote_is_store(const char *uri, bool *is, ho_error *err);

/* The copy is the caller's to clear, also on failure. HO_ERR_DATA: nothing there. */
HO_MUST_USE ho_status ho_remote_copy_of(const char *uri, ho_remote_copy *copy, ho_error *err);
void ho_remote_copy_clear(ho_remote_copy *copy);

/* A temporary folder; `name` is then the path in it where something is to be made. */
HO_MUST_USE ho_status ho_remote_room(const char *name, ho_remote_copy *copy, ho_error *err);

/* A store that was made here to its place there: strategies.parquet, which knows the hashes of all the rest, comes last,
 * and what the new store has not is taken away. A reader in between gets an error, never parts of two. HO_ERR_USAGE: the
 * place holds something else. */
HO_MUST_USE ho_status ho_remote_put_store(const char *folder, const char *uri, ho_error *err);

/* Messages about the copy become messages about the URI. */
void ho_remote_rename(const ho_remote_copy *copy, const char *uri, ho_error *err);

#endif

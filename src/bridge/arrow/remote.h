/* Files elsewhere, through Arrow's file systems: s3://bucket/key and what else this copy of Arrow knows. Where keys and
 * endpoints come from is the file system's affair: for S3 the usual variables (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL, ...)
 * and files; a URI that carries a key itself is refused, since it would stand in logs. Requests that fail are tried
 * again by the file system, as often as its own rules say.
 *
 * All of them: HO_ERR_IO where the other side does not answer or refuses to write, HO_ERR_DATA where there is no such
 * thing or it may not be read, HO_ERR_USAGE for a URI that is none, HO_ERR_UNAVAILABLE in builds without Arrow and for
 * schemes that this copy does not know, HO_ERR_MEMORY. */
#ifndef HO_BRIDGE_ARROW_REMOTE_H
#define HO_BRIDGE_ARROW_REMOTE_H

#include <heavyopt/status.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ho_remote_kind { HO_REMOTE_NOTHING, HO_REMOTE_FILE, HO_REMOTE_FOLDER } ho_remote_kind;

typedef struct ho_remote_facts {
    ho_remote_kind kind;
    int64_t bytes, mtime_ns;
} ho_remote_facts;

/* Nothing there is no failure. */
HO_MUST_USE ho_status ho_remote_look(const char *uri, ho_remote_facts *facts, ho_error *err);

/* Hands over the names of the files below a folder, as seen from it, in their order. */
typedef ho_status (*ho_remote_take)(void *user, const char *name, ho_error *err);
HO_MUST_USE ho_status ho_remote_list(const char *uri, ho_remote_take take, void *user, ho_error *err);

/* Copies a file here, and there; an object there appears when it is complete. */
HO_MUST_USE ho_status ho_remote_fetch(const char *uri, const char *path, ho_error *err);
HO_MUST_USE ho_status ho_remote_put(const char *path, const char *uri, ho_error *err);

HO_MUST_USE ho_status ho_remote_remove(const char *uri, ho_error *err);

#ifdef __cplusplus
}
#endif
#endif

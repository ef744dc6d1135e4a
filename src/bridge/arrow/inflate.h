/* Compressed bytes, by the codecs that come with Arrow. */
#ifndef HO_BRIDGE_ARROW_INFLATE_H
#define HO_BRIDGE_ARROW_INFLATE_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ho_packing {
    HO_PACKED_NOT,
    HO_PACKED_GZIP,
    HO_PACKED_ZSTD,
    HO_PACKED_DEFLATE /* as in ZIP files: nothing in front */
} ho_packing;

/* What the first bytes of a file say: not, gzip or zstd. */
ho_packing ho_packing_of(const void *bytes, size_t size);

/* Several gzip members or zstd frames in a row are one text. The caller frees *out. HO_ERR_DATA: damaged, cut short,
 * more than `most` bytes; HO_ERR_MEMORY; HO_ERR_UNAVAILABLE: not in this build. name is for messages. */
HO_MUST_USE ho_status ho_inflate(const char *name, ho_packing packing, const void *bytes, size_t size,
                                 size_t most, char **out, size_t *out_size, ho_error *err);

/* The same piece by piece. */
typedef struct ho_inflater ho_inflater;
HO_MUST_USE ho_status ho_inflater_new(const char *name, ho_packing packing, ho_inflater **inflater,
                                      ho_error *err);

/* Takes *size bytes at most and gives *room at most; both say afterwards how many these were. Nothing taken and nothing
 * given: it wants more bytes. HO_ERR_DATA: damaged. */
HO_MUST_USE ho_status ho_inflater_step(ho_inflater *inflater, const char *name, const void *bytes,
                                       size_t *size, void *out, size_t *room, ho_error *err);

/* Whether what was taken is complete. */
bool ho_inflater_done(ho_inflater *inflater);
void ho_inflater_free(ho_inflater **inflater);

#ifdef __cplusplus
}
#endif
#endif

#include "store/csv_stream.h"

#include "base/error.h"
#include "base/memory.h"
#include "bridge/arrow/inflate.h"
#include "store/csv_text.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { PIECE = 1 << 18 /* packed bytes that are read in one go */ };

struct ho_csv_stream {
    const char *name;
    int file;          /* -1: in memory */
    const char *bytes; /* borrowed */
    struct stat facts;
    size_t size, done;     /* of the file */
    XXH3_state_t *hash;    /* owned */
    ho_inflater *inflater; /* NULL: plain */
    char *packed;          /* owned: PIECE bytes, of which at .. end are not yet unpacked */
    size_t at, end, unpacked;
    bool ended;
};

/* The next bytes of the file itself; 0 at its end. */
static ho_status fetch(ho_csv_stream *s, char *to, size_t room, size_t *got, ho_error *err)
{
    size_t left = s->size - s->done;
    ssize_t read = (ssize_t)(left < room ? left : room);
    if (s->file < 0)
        memcpy(to, s->bytes + s->done, (size_t)read);
    else
        do {
            read = pread(s->file, to, left < room ? left : room, (off_t)s->done);
        } while (read < 0 && errno == EINTR);
    if (read < 0) return ho_fail(err, HO_ERR_IO, "%s: reading failed: %s", s->name, strerror(errno));
    if (read == 0 && left > 0)
        return ho_fail(err, HO_ERR_DATA, "%s: the file shrank while it was read", s->name);
    XXH3_64bits_update(s->hash, to, (size_t)read);
    s->done += (size_t)read;
    *got = (size_t)read;
    return HO_OK;
}

static ho_status begin(ho_csv_stream *s, ho_error *err)
{
    char first[4];
    size_t size = s->size < sizeof first ? s->size : sizeof first, got = size;
    if (s->size == 0) return ho_fail(err, HO_ERR_DATA, "%s: the file is empty", s->name);
    s->hash = XXH3_createState();
    if (s->hash == NULL) return ho_fail_memory(err, 0, s->name);
    XXH3_64bits_reset(s->hash);
    if (s->file < 0)
        memcpy(first, s->bytes, size);
    else
        got = pread(s->file, first, size, 0) == (ssize_t)size ? size : 0; /* a failure is met again */
    ho_packing packing = ho_packing_of(first, got);
    if (packing == HO_PACKED_NOT) return HO_OK;
    s->packed = ho_new_array(PIECE, 1);
    if (s->packed == NULL) return ho_fail_memory(err, PIECE, s->name);
    return ho_inflater_new(s->name, packing, &s->inflater, err);
}

static ho_status open_stream(ho_csv_stream of, ho_csv_stream **stream, ho_error *err)
{
    ho_csv_stream *s = HO_NEW(ho_csv_stream, 1);
    if (s == NULL) {
        if (of.file >= 0) close(of.file);
        return ho_fail_memory(err, sizeof *s, of.name);
    }
    *s = of;
    ho_status status = of.file < 0 ? HO_OK : ho_csv_file_facts(of.name, of.file, &s->facts, err);
    if (status == HO_OK && of.file >= 0) s->size = (size_t)s->facts.st_size;
    if (status == HO_OK) status = begin(s, err);
    if (status == HO_OK)
        *stream = s;
    else
        ho_csv_stream_close(&s);
    return status;
}

ho_status ho_csv_stream_open(const char *path, ho_csv_stream **stream, ho_error *err)
{
    ho_csv_stream of = {.name = path};
    HO_TRY(ho_csv_file_open(path, &of.file, err));
    return open_stream(of, stream, err);
}

ho_status ho_csv_stream_memory(const char *name, const char *bytes, size_t size, ho_csv_stream **stream,
                               ho_error *err)
{
    return open_stream((ho_csv_stream){.name = name, .file = -1, .bytes = bytes, .size = size}, stream, err);
}

void ho_csv_stream_close(ho_csv_stream **stream)
{
    ho_csv_stream *s = *stream;
    if (s == NULL) return;
    if (s->file >= 0) close(s->file);
    ho_inflater_free(&s->inflater);
    XXH3_freeState(s->hash);
    free(s->packed);
    free(s);
    *stream = NULL;
}

/* One step of unpacking; *got 0: no text left, or none yet. */
static ho_status unpack(ho_csv_stream *s, char *to, size_t room, size_t *got, ho_error *err)
{
    if (s->at == s->end) {
        s->at = s->end = 0;
        HO_TRY(fetch(s, s->packed, PIECE, &s->end, err));
    }
    size_t taken = s->end - s->at;
    *got = 0;
    s->ended = taken == 0 && ho_inflater_done(s->inflater);
    if (s->ended) return HO_OK;
    *got = room;
    HO_TRY(ho_inflater_step(s->inflater, s->name, s->packed + s->at, &taken, to, got, err));
    s->at += taken;
    s->unpacked += *got;
    if (s->unpacked > ho_csv_most_unpacked(s->size))
        return ho_fail(err, HO_ERR_DATA, "%s: unpacks to more than %zu bytes; that is no table", s->name,
                       ho_csv_most_unpacked(s->size));
    if (*got > 0 || taken > 0) return HO_OK;
    return ho_fail(err, HO_ERR_DATA, "%s: the compressed file ends too early or is damaged", s->name);
}

ho_status ho_csv_stream_read(ho_csv_stream *s, char *to, size_t room, size_t *got, ho_error *err)
{
    for (*got = 0; *got == 0 && !s->ended;) {
        if (s->inflater != NULL) {
            HO_TRY(unpack(s, to, room, got, err));
        } else {
            HO_TRY(fetch(s, to, room, got, err));
            s->ended = *got == 0;
        }
    }
    if (*got > 0 || s->file < 0) return HO_OK;
    return ho_csv_file_unchanged(s->name, s->file, &s->facts, err);
}

int64_t ho_csv_stream_bytes(const ho_csv_stream *s)
{
    return (int64_t)s->size;
}

int64_t ho_csv_stream_mtime_ns(const ho_csv_stream *s)
{
    if (s->file < 0) return 0;
    return (int64_t)s->facts.st_mtim.tv_sec * 1000000000 + s->facts.st_mtim.tv_nsec;
}

uint64_t ho_csv_stream_hash(const ho_csv_stream *s)
{
    return XXH3_64bits_digest(s->hash);
}

bool ho_csv_stream_packed(const ho_csv_stream *s)
{
    return s->inflater != NULL;
}

size_t ho_csv_stream_done(const ho_csv_stream *s)
{
    return s->done;
}

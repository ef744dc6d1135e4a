#include "store/xlsx/zip.h"

#include "base/error.h"
#include "base/memory.h"

#include <ioapi.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <unzip.h>

enum { MOST_MEMBERS = 100000, LONGEST_NAME = 1024, PIECE = 1 << 24, LEAST = 1 << 20 };

typedef struct member {
    char *name; /* owned */
    unz64_file_pos place;
    uint64_t packed, size;
    bool encrypted;
} member;

/* What minizip reads as if it were a file. */
typedef struct memory {
    const char *bytes;
    size_t size, at;
} memory;

struct ho_zip {
    const char *name;
    memory memory;
    unzFile file;
    member *members;
    size_t count, capacity;
};

static voidpf ZCALLBACK open_memory(voidpf opaque, const void *name, int mode)
{
    (void)name, (void)mode;
    return opaque;
}

static uLong ZCALLBACK read_memory(voidpf opaque, voidpf stream, void *to, uLong size)
{
    (void)stream;
    memory *m = opaque;
    size_t left = m->size - m->at, take = size < left ? size : left;
    memcpy(to, m->bytes + m->at, take);
    m->at += take;
    return take;
}

static uLong ZCALLBACK write_memory(voidpf opaque, voidpf stream, const void *from, uLong size)
{
    (void)opaque, (void)stream, (void)from, (void)size;
    return 0;
}

static ZPOS64_T ZCALLBACK tell_memory(voidpf opaque, voidpf stream)
{
    (void)stream;
    return ((const memory *)opaque)->at;
}

static long ZCALLBACK seek_memory(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
    (void)stream;
    memory *m = opaque;
    uint64_t from = origin == ZLIB_FILEFUNC_SEEK_CUR ? m->at : origin == ZLIB_FILEFUNC_SEEK_END ? m->size : 0;
    if (offset > m->size - from) return -1; /* never backwards: minizip seeks from the beginning */
    m->at = (size_t)(from + offset);
    return 0;
}

static int ZCALLBACK close_memory(voidpf opaque, voidpf stream)
{
    (void)opaque, (void)stream;
    return 0;
}

bool ho_zip_available(void)
{
    return true;
}

static ho_status damaged(const ho_zip *zip, ho_error *err)
{
    return ho_fail(err, HO_ERR_DATA, "%s: the archive is damaged or cut short", zip->name);
}

static ho_status add_member(ho_zip *zip, ho_error *err)
{
    char name[LONGEST_NAME + 1];
    unz_file_info64 facts;
    member m = {0};
    if (unzGetCurrentFileInfo64(zip->file, &facts, name, sizeof name, NULL, 0, NULL, 0) != UNZ_OK ||
        facts.size_filename > LONGEST_NAME || unzGetFilePos64(zip->file, &m.place) != UNZ_OK)
        return damaged(zip, err);
    name[facts.size_filename] = '\0';
    if (facts.size_filename == 0 || name[facts.size_filename - 1] == '/') return HO_OK;
    if (zip->count == zip->capacity) {
        size_t capacity = zip->capacity == 0 ? 32 : 2 * zip->capacity;
        member *grown = ho_grow_array(zip->members, capacity, sizeof *grown);
        if (grown == NULL) return ho_fail_memory(err, capacity * sizeof *grown, zip->name);
        zip->members = grown;
        zip->capacity = capacity;
    }
    m.name = ho_copy_text(name);
    if (m.name == NULL) return ho_fail_memory(err, facts.size_filename, zip->name);
    m.packed = facts.compressed_size;
    m.size = facts.uncompressed_size;
    m.encrypted = (facts.flag & 1) != 0;
    zip->members[zip->count++] = m;
    return HO_OK;
}

static ho_status list_members(ho_zip *zip, ho_error *err)
{
    int step = unzGoToFirstFile(zip->file);
    for (; step == UNZ_OK; step = unzGoToNextFile(zip->file)) {
        HO_TRY(add_member(zip, err));
        if (zip->count > MOST_MEMBERS)
            return ho_fail(err, HO_ERR_DATA, "%s: more than %d files in one archive", zip->name,
                           MOST_MEMBERS);
    }
    return step == UNZ_END_OF_LIST_OF_FILE ? HO_OK : damaged(zip, err);
}

ho_status ho_zip_open(const char *name, const char *bytes, size_t size, ho_zip **zip, ho_error *err)
{
    ho_zip *made = HO_NEW(ho_zip, 1);
    if (made == NULL) return ho_fail_memory(err, sizeof *made, name);
    made->name = name;
    made->memory = (memory){bytes, size, 0};
    zlib_filefunc64_def functions = {.zopen64_file = open_memory,
                                     .zread_file = read_memory,
                                     .zwrite_file = write_memory,
                                     .ztell64_file = tell_memory,
                                     .zseek64_file = seek_memory,
                                     .zclose_file = close_memory,
                                     .zerror_file = close_memory,
                                     .opaque = &made->memory};
    made->file = unzOpen2_64(name, &functions);
    ho_status status = made->file == NULL ? damaged(made, err) : list_members(made, err);
    if (status == HO_OK)
        *zip = made;
    else
        ho_zip_close(&made);
    return status;
}

void ho_zip_close(ho_zip **zip)
{
    if (*zip == NULL) return;
    if ((*zip)->file != NULL) unzClose((*zip)->file);
    for (size_t i = 0; i < (*zip)->count; i++)
        free((*zip)->members[i].name);
    free((*zip)->members);
    free(*zip);
    *zip = NULL;
}

size_t ho_zip_count(const ho_zip *zip)
{
    return zip->count;
}

const char *ho_zip_member(const ho_zip *zip, size_t i)
{
    return zip->members[i].name;
}

size_t ho_zip_find(const ho_zip *zip, const char *wanted)
{
    size_t i = 0;
    while (i < zip->count && strcasecmp(zip->members[i].name, wanted) != 0)
        i++;
    return i;
}

/* The open member to its end; false when it has fewer or more bytes than it says. */
static bool read_open(unzFile file, char *to, uint64_t size)
{
    for (uint64_t done = 0; done < size;) {
        uint64_t left = size - done;
        int got = unzReadCurrentFile(file, to + done, left < PIECE ? (unsigned)left : PIECE);
        if (got <= 0) return false;
        done += (uint64_t)got;
    }
    char more;
    return unzReadCurrentFile(file, &more, 1) == 0;
}

ho_status ho_zip_read(ho_zip *zip, size_t i, char **bytes, size_t *size, ho_error *err)
{
    const member *m = &zip->members[i];
    if (m->encrypted)
        return ho_fail(err, HO_ERR_DATA, "%s: %s is locked by a password; save it without one", zip->name,
                       m->name);
    /* deflate packs 1,032 bytes into one at most, and a member cannot be packed into more than the archive */
    if (m->packed > zip->memory.size || m->size > 1100 * m->packed + LEAST)
        return ho_fail(err, HO_ERR_DATA, "%s: %s says that it unpacks to %llu bytes; that is no table",
                       zip->name, m->name, (unsigned long long)m->size);
    char *to = ho_new_array((size_t)m->size + 1, 1);
    if (to == NULL) return ho_fail_memory(err, (size_t)m->size + 1, zip->name);
    bool good = unzGoToFilePos64(zip->file, &m->place) == UNZ_OK && unzOpenCurrentFile(zip->file) == UNZ_OK;
    if (good) {
        good = read_open(zip->file, to, m->size);
        good = unzCloseCurrentFile(zip->file) == UNZ_OK && good; /* tells whether the check sum is right */
    }
    if (!good) {
        free(to);
        return ho_fail(err, HO_ERR_DATA, "%s: %s is damaged or cut short", zip->name, m->name);
    }
    *bytes = to;
    *size = (size_t)m->size;
    return HO_OK;
}

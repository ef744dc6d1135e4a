#include "store/remote.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "bridge/arrow/remote.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD "strategies.parquet"

ho_status ho_remote_is_store(const char *uri, bool *is, ho_error *err)
{
    ho_remote_facts facts = {0};
    char *head = ho_path_join(uri, HEAD);
    if (head == NULL) return ho_fail_memory(err, strlen(uri), uri);
    ho_status status = ho_remote_look(head, &facts, err);
    free(head);
    if (status == HO_OK) *is = facts.kind == HO_REMOTE_FILE;
    return status;
}

void ho_remote_copy_clear(ho_remote_copy *copy)
{
    if (copy->folder != NULL) ho_folder_remove(copy->folder);
    free(copy->folder);
    free(copy->path);
    *copy = (ho_remote_copy){0};
}

ho_status ho_remote_room(const char *name, ho_remote_copy *copy, ho_error *err)
{
    const char *room = getenv("TMPDIR");
    char *folder = ho_path_join(room != NULL && *room == '/' ? room : "/tmp", "heavyopt-XXXXXX");
    if (folder == NULL) return ho_fail_memory(err, 0, name);
    if (mkdtemp(folder) == NULL) {
        ho_status status = ho_fail(err, HO_ERR_IO, "%s: no temporary folder: %s", folder, strerror(errno));
        free(folder);
        return status;
    }
    copy->folder = folder;
    copy->path = ho_path_join(folder, name);
    return copy->path != NULL ? HO_OK : ho_fail_memory(err, strlen(name), name);
}

/* The last name of a URI, without its query; endings say what a file of a folder is. */
static void last_name(const char *uri, char out[256])
{
    const char *end = strchr(uri, '?');
    if (end == NULL) end = uri + strlen(uri);
    while (end > uri && end[-1] == '/')
        end--;
    const char *first = end;
    while (first > uri && first[-1] != '/')
        first--;
    size_t length = (size_t)(end - first);
    if (length == 0 || length > 255) { /* a bucket by itself, or a name that no file here may have */
        first = "table";
        length = 5;
    }
    memcpy(out, first, length);
    out[length] = '\0';
}

typedef struct fetching {
    const char *uri, *path;
    int64_t mtime_ns;
} fetching;

static ho_status fetch_one(void *user, const char *name, ho_error *err)
{
    fetching *f = user;
    if (strstr(name, "..") != NULL) /* a key may be called anything */
        return ho_fail(err, HO_ERR_DATA, "%s: a file called %.200s cannot be kept here", f->uri, name);
    char *from = ho_path_join(f->uri, name), *to = ho_path_join(f->path, name);
    ho_status status = from == NULL || to == NULL ? ho_fail_memory(err, 0, f->uri) : HO_OK;
    if (status == HO_OK) {
        char *slash = strrchr(to, '/');
        size_t made = 0;
        *slash = '\0';
        int reason = ho_folders_make(to, 0700, &made);
        *slash = '/';
        if (reason != 0) status = ho_fail(err, HO_ERR_IO, "%s: %s", to, strerror(reason));
    }
    if (status == HO_OK) status = ho_remote_fetch(from, to, err);
    free(from);
    free(to);
    return status;
}

ho_status ho_remote_copy_of(const char *uri, ho_remote_copy *copy, ho_error *err)
{
    char name[256];
    ho_remote_facts facts = {0};
    HO_TRY(ho_remote_look(uri, &facts, err));
    if (facts.kind == HO_REMOTE_NOTHING)
        return ho_fail(err, HO_ERR_DATA, "%s: there is nothing of that name", uri);
    last_name(uri, name);
    HO_TRY(ho_remote_room(name, copy, err));
    copy->mtime_ns = facts.mtime_ns;
    if (facts.kind == HO_REMOTE_FILE) return ho_remote_fetch(uri, copy->path, err);
    fetching f = {.uri = uri, .path = copy->path};
    if (mkdir(copy->path, 0700) != 0) return ho_fail(err, HO_ERR_IO, "%s: %s", copy->path, strerror(errno));
    return ho_remote_list(uri, fetch_one, &f, err);
}

/* What a place holds, and what of it a new store has too. */
typedef struct putting {
    const char *folder, *uri;
    ho_strings there, here;
    bool head; /* a store stands there */
} putting;

static ho_status note_there(void *user, const char *name, ho_error *err)
{
    putting *p = user;
    p->head |= strcmp(name, HEAD) == 0;
    return ho_strings_add(&p->there, name, err);
}

static ho_status check_place(const putting *p, ho_error *err)
{
    for (size_t i = 0; i < p->there.count; i++) {
        const char *name = p->there.items[i];
        bool own =
            strcmp(name, HEAD) == 0 || strcmp(name, "periods.parquet") == 0 || strncmp(name, "pnl/", 4) == 0;
        if (!own || !p->head)
            return ho_fail(err, HO_ERR_USAGE, "%s: will not be replaced, it holds '%.100s' and is no store",
                           p->uri, name);
    }
    return HO_OK;
}

static ho_status put_one(const putting *p, const char *name, ho_error *err)
{
    char *from = ho_path_join(p->folder, name), *to = ho_path_join(p->uri, name);
    ho_status status =
        from == NULL || to == NULL ? ho_fail_memory(err, 0, p->uri) : ho_remote_put(from, to, err);
    free(from);
    free(to);
    return status;
}

/* nftw has no room for an argument of the caller's. */
static _Thread_local putting *walking;
static _Thread_local ho_status walked;

static int note_here(const char *path, const struct stat *facts, int type, struct FTW *walk)
{
    (void)facts, (void)walk;
    if (type != FTW_F) return 0;
    walked = ho_strings_add(&walking->here, path + strlen(walking->folder) + 1, NULL);
    return walked != HO_OK;
}

static ho_status put_all(putting *p, ho_error *err)
{
    walking = p;
    walked = HO_OK;
    if (nftw(p->folder, note_here, 16, FTW_PHYS) != 0 || walked != HO_OK)
        return ho_fail(err, HO_ERR_IO, "%s: cannot be walked", p->folder);
    for (size_t i = 0; i < p->here.count; i++) {
        if (strcmp(p->here.items[i], HEAD) != 0) HO_TRY(put_one(p, p->here.items[i], err));
    }
    HO_TRY(put_one(p, HEAD, err));
    for (size_t i = 0; i < p->there.count; i++) {
        if (ho_strings_has(&p->here, p->there.items[i])) continue;
        char *old = ho_path_join(p->uri, p->there.items[i]);
        ho_status status = old == NULL ? ho_fail_memory(err, 0, p->uri) : ho_remote_remove(old, err);
        free(old);
        if (status != HO_OK) return status;
    }
    return HO_OK;
}

ho_status ho_remote_put_store(const char *folder, const char *uri, ho_error *err)
{
    putting p = {.folder = folder, .uri = uri};
    ho_status status = ho_remote_list(uri, note_there, &p, err);
    if (status == HO_OK) status = check_place(&p, err);
    if (status == HO_OK) status = put_all(&p, err);
    ho_strings_clear(&p.there);
    ho_strings_clear(&p.here);
    return status;
}

void ho_remote_rename(const ho_remote_copy *copy, const char *uri, ho_error *err)
{
    char *at = err != NULL && copy->path != NULL ? strstr(err->text, copy->path) : NULL;
    if (at == NULL) return;
    ho_error told = *err;
    const char *rest = told.text + (at - err->text) + strlen(copy->path);
    (void)ho_fail(err, HO_OK, "%.*s%.400s%s", (int)(at - err->text), told.text, uri, rest);
}

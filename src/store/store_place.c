#include "store/store_place.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { TRIES = 16, PREFIX = 27 /* ".heavyopt-" + 16 digits + "-" */ };

/* Whether `pnl` in the folder is a store's: it holds years and nothing else. */
static bool holds_years(const char *folder)
{
    char *path = ho_path_join(folder, "pnl");
    DIR *open = path != NULL ? opendir(path) : NULL;
    bool years = open != NULL;
    for (struct dirent *entry; years && (entry = readdir(open)) != NULL;)
        years = entry->d_name[0] == '.' || strncmp(entry->d_name, "year=", 5) == 0;
    if (open != NULL) closedir(open);
    free(path);
    return years;
}

/* A folder may be replaced when it is empty, or holds a store's strategies, or at least its years, and nothing that a
 * store has not. */
static ho_status check_folder(const char *folder, ho_error *err)
{
    static const char *const own[] = {".", "..", "strategies.parquet", "periods.parquet", "pnl"};
    DIR *open = opendir(folder);
    if (open == NULL) return ho_fail(err, HO_ERR_IO, "%s: cannot be read: %s", folder, strerror(errno));
    bool strategies = false, empty = true;
    ho_status status = HO_OK;
    for (struct dirent *entry; status == HO_OK && (entry = readdir(open)) != NULL;) {
        size_t i = 0;
        while (i < 5 && strcmp(entry->d_name, own[i]) != 0)
            i++;
        if (i == 5)
            status = ho_fail(err, HO_ERR_USAGE,
                             "%s: will not be replaced, it holds '%s', which is no part of a store", folder,
                             entry->d_name);
        strategies |= i == 2;
        empty &= i < 2;
    }
    closedir(open);
    if (status == HO_OK && !empty && !strategies && !holds_years(folder))
        status = ho_fail(err, HO_ERR_USAGE, "%s: will not be replaced, it is no store", folder);
    return status;
}

/* The absolute place behind `folder`; a link to a folder stands for that folder. */
static ho_status find_target(const char *folder, ho_place *place, ho_error *err)
{
    struct stat facts;
    if (stat(folder, &facts) == 0) {
        if (!S_ISDIR(facts.st_mode))
            return ho_fail(err, HO_ERR_USAGE, "%s: will not be replaced, it is no folder", folder);
        HO_TRY(check_folder(folder, err));
        place->target = realpath(folder, NULL);
        if (place->target == NULL || strcmp(place->target, "/") == 0)
            return ho_fail(err, HO_ERR_IO, "%s: no place for a store", folder);
    } else {
        char *text = ho_copy_text(folder);
        if (text == NULL) return ho_fail_memory(err, 0, "the name of a folder");
        for (size_t end = strlen(text); end > 1 && text[end - 1] == '/'; end--)
            text[end - 1] = '\0';
        char *slash = strrchr(text, '/');
        const char *name = slash != NULL ? slash + 1 : text;
        if (slash != NULL && slash != text) *slash = '\0';
        char *parent = realpath(slash == NULL ? "." : slash == text ? "/" : text, NULL);
        ho_status status = HO_OK;
        if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            status = ho_fail(err, HO_ERR_USAGE, "'%s' is no name for a store", folder);
        else if (parent == NULL)
            status =
                ho_fail(err, HO_ERR_IO, "%s: the folder that is to hold it: %s", folder, strerror(errno));
        else if ((place->target = ho_path_join(parent, name)) == NULL)
            status = ho_fail_memory(err, 0, "the name of a folder");
        free(parent);
        free(text);
        if (status != HO_OK) return status;
    }
    const char *last = strrchr(place->target, '/');
    place->parent = ho_copy_bytes(place->target, last == place->target ? 1 : (size_t)(last - place->target));
    return place->parent != NULL ? HO_OK : ho_fail_memory(err, 0, "the name of a folder");
}

/* The temporary folders of one place share a prefix, made from its name. */
static void prefix_of(const ho_place *place, char prefix[PREFIX + 1])
{
    const char *name = strrchr(place->target, '/') + 1;
    snprintf(prefix, PREFIX + 1, ".heavyopt-%016llx-", (unsigned long long)XXH3_64bits(name, strlen(name)));
}

/* Held while the writer lives; -1 when somebody else holds it or it is gone. File systems without locks count as
 * "held by me" only for the writer's own new folder, never for another's. */
static int lock_folder(const char *path, bool own)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return -1;
    struct stat facts;
    bool locked = flock(folder, LOCK_EX | LOCK_NB) == 0 || (own && errno != EWOULDBLOCK);
    if (locked && fstat(folder, &facts) == 0 && facts.st_nlink > 0) return folder;
    close(folder);
    return -1;
}

static void remove_leftovers(const ho_place *place)
{
    char prefix[PREFIX + 1];
    prefix_of(place, prefix);
    DIR *open_parent = opendir(place->parent);
    if (open_parent == NULL) return;
    for (struct dirent *entry; (entry = readdir(open_parent)) != NULL;) {
        if (strncmp(entry->d_name, prefix, PREFIX) != 0) continue;
        char *path = ho_path_join(place->parent, entry->d_name);
        int lock = path == NULL ? -1 : lock_folder(path, false);
        if (lock >= 0) {
            ho_folder_remove(path);
            close(lock);
        }
        free(path);
    }
    closedir(open_parent);
}

/* A fresh name in the parent. */
static char *fresh_path(const ho_place *place)
{
    char prefix[PREFIX + 1];
    prefix_of(place, prefix);
    char *stem = ho_path_join(place->parent, prefix), *path = stem != NULL ? ho_path_fresh(stem) : NULL;
    free(stem);
    return path;
}

static ho_status make_temp(ho_place *place, ho_error *err)
{
    for (int i = 0; i < TRIES; i++) {
        place->temp = fresh_path(place);
        if (place->temp == NULL) return ho_fail_memory(err, 0, "the name of a folder");
        if (mkdir(place->temp, 0777) == 0) {
            /* another writer may have taken the folder for a leftover before the lock was held: make another */
            place->lock = lock_folder(place->temp, true);
            if (place->lock >= 0) return HO_OK;
        } else if (errno != EEXIST) {
            ho_status status = ho_fail(err, HO_ERR_IO, "%s: no folder can be made in %s: %s", place->target,
                                       place->parent, strerror(errno));
            free(place->temp);
            place->temp = NULL;
            return status;
        }
        free(place->temp);
        place->temp = NULL;
    }
    return ho_fail(err, HO_ERR_IO, "%s: no temporary folder could be held in %s", place->target,
                   place->parent);
}

static void clear(ho_place *place)
{
    if (place->lock >= 0) close(place->lock);
    free(place->target);
    free(place->parent);
    free(place->temp);
    *place = (ho_place){.lock = -1};
}

ho_status ho_place_begin(const char *folder, ho_place *place, ho_error *err)
{
    ho_place made = {.lock = -1};
    ho_status status = find_target(folder, &made, err);
    if (status == HO_OK) {
        /* with nothing at the place, a leftover may be the old store, from a writer that was killed between two
         * steps: it goes only when the new one stands */
        if (access(made.target, F_OK) == 0) remove_leftovers(&made);
        status = make_temp(&made, err);
    }
    if (status != HO_OK) {
        clear(&made);
        return status;
    }
    *place = made;
    return HO_OK;
}

void ho_place_abandon(ho_place *place)
{
    if (place->temp != NULL) ho_folder_remove(place->temp);
    clear(place);
}

/* Where a file system cannot exchange two names: the old one steps aside for a moment. */
static int swap_in_steps(const ho_place *place)
{
    char *aside = fresh_path(place);
    if (aside == NULL) return ENOMEM;
    int fault = rename(place->target, aside) == 0 ? 0 : errno;
    if (fault == 0 && rename(place->temp, place->target) != 0) {
        fault = errno;
        (void)rename(aside, place->target);
    }
    if (fault == 0) ho_folder_remove(aside);
    free(aside);
    return fault;
}

ho_status ho_place_commit(ho_place *place, ho_error *err)
{
    if (rename(place->temp, place->target) == 0) { /* nothing there, or an empty folder */
        remove_leftovers(place);
        clear(place);
        return HO_OK;
    }
    int fault = errno; /* something is there, as a rule; which number says so depends on the file system */
    if (access(place->target, F_OK) == 0) {
        ho_status status = check_folder(place->target, err);
        if (status != HO_OK) {
            ho_place_abandon(place);
            return status;
        }
        bool exchanged = renameat2(AT_FDCWD, place->temp, AT_FDCWD, place->target, RENAME_EXCHANGE) == 0;
        fault = exchanged ? 0 : swap_in_steps(place);
    }
    ho_status status = HO_OK;
    if (fault != 0)
        status =
            ho_fail(err, fault == ENOMEM ? HO_ERR_MEMORY : HO_ERR_IO,
                    "%s: the new store could not be put in its place: %s", place->target, strerror(fault));
    ho_place_abandon(place); /* the temporary name now holds the old store, or what could not be placed */
    return status;
}

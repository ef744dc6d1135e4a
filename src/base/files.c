#include "base/files.h"

#include "base/memory.h"

#include <errno.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

char *ho_path_join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = ho_new_array(size, 1);
    if (path != NULL) snprintf(path, size, "%s/%s", folder, name);
    return path;
}

char *ho_path_fresh(const char *stem)
{
    size_t size = strlen(stem) + 17;
    char *path = ho_new_array(size, 1);
    uint64_t number;
    if (getrandom(&number, sizeof number, 0) != sizeof number) number = (uint64_t)getpid();
    if (path != NULL) snprintf(path, size, "%s%016llx", stem, (unsigned long long)number);
    return path;
}

int ho_folders_make(const char *path, mode_t mode, size_t *made)
{
    char *part = ho_copy_text(path);
    if (part == NULL) return ENOMEM;
    int reason = 0;
    size_t length = strlen(part);
    for (size_t i = 1; i <= length && reason == 0; i++) {
        if (part[i] != '/' && part[i] != '\0') continue;
        char cut = part[i];
        part[i] = '\0';
        if (mkdir(part, mode) != 0)
            reason = errno != EEXIST ? errno : 0;
        else if (*made == 0 || i < *made)
            *made = i;
        part[i] = cut;
    }
    free(part);
    struct stat info;
    if (reason == 0 && stat(path, &info) != 0) reason = errno;
    if (reason == 0 && !S_ISDIR(info.st_mode)) reason = ENOTDIR;
    return reason;
}

void ho_folders_unmake(const char *path, size_t made)
{
    char *part = made != 0 ? ho_copy_text(path) : NULL;
    if (part == NULL) return;
    for (size_t length = strlen(part); length >= made; length--) {
        if (part[length] != '\0' && part[length] != '/') continue;
        part[length] = '\0';
        (void)rmdir(part);
    }
    free(part);
}

static int remove_one(const char *path, const struct stat *facts, int type, struct FTW *walk)
{
    (void)facts, (void)type, (void)walk;
    (void)remove(path);
    return 0;
}

void ho_folder_remove(const char *path)
{
    enum { OPEN_AT_ONCE = 16 };
    (void)nftw(path, remove_one, OPEN_AT_ONCE, FTW_DEPTH | FTW_PHYS);
}

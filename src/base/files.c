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

/* The bytes of a scheme with its "://"; 0: none. */
static size_t scheme_of(const char *path)
{
    size_t length = 0;
    while ((path[length] >= 'a' && path[length] <= 'z') ||
           (length > 0 && path[length] >= '0' && path[length] <= '9'))
        length++;
    return length > 1 && strncmp(path + length, "://", 3) == 0 ? length + 3 : 0;
}

bool ho_path_is_remote(const char *path)
{
    return scheme_of(path) != 0 && strncmp(path, "file://", 7) != 0;
}

static int hex_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

char *ho_path_local(const char *path)
{
    if (strncmp(path, "file://", 7) != 0) return ho_copy_text(path);
    const char *from = path + 7;
    if (strncmp(from, "localhost/", 10) == 0) from += 9;
    char *copy = ho_copy_text(from), *to = copy;
    for (; copy != NULL && *from != '\0'; from++) {
        int high = *from == '%' ? hex_of(from[1]) : -1, low = high >= 0 ? hex_of(from[2]) : -1;
        bool coded = low >= 0 && 16 * high + low != 0;
        *to++ = coded ? (char)(16 * high + low) : *from;
        if (coded) from += 2;
    }
    if (copy != NULL) *to = '\0';
    return copy;
}

char *ho_path_join(const char *folder, const char *name)
{
    size_t length = strlen(folder), size = length + strlen(name) + 2;
    const char *query = ho_path_is_remote(folder) ? strchr(folder, '?') : NULL;
    if (query != NULL) length = (size_t)(query - folder);
    while (query != NULL && length > 0 && folder[length - 1] == '/')
        length--;
    char *path = ho_new_array(size, 1);
    if (path != NULL)
        snprintf(path, size, "%.*s/%s%s", (int)length, folder, name, query != NULL ? query : "");
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

#include "store/file_bytes.h"

#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ho_status read_all(const char *path, int fd, char *to, size_t size, ho_error *err)
{
    for (size_t done = 0; done < size;) {
        ssize_t got = read(fd, to + done, size - done);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return ho_fail(err, HO_ERR_IO, "%s: reading failed: %s", path, strerror(errno));
        if (got == 0) return ho_fail(err, HO_ERR_DATA, "%s: the file shrank while it was read", path);
        done += (size_t)got;
    }
    return HO_OK;
}

static ho_status read_open(const char *path, int fd, char **bytes, size_t *size, ho_error *err)
{
    struct stat before, after;
    if (fstat(fd, &before) != 0) return ho_fail(err, HO_ERR_IO, "%s: %s", path, strerror(errno));
    if (!S_ISREG(before.st_mode)) return ho_fail(err, HO_ERR_DATA, "%s: is no regular file", path);
    char *to = (uint64_t)before.st_size < SIZE_MAX ? ho_new_array((size_t)before.st_size + 1, 1) : NULL;
    if (to == NULL) return ho_fail_memory(err, (size_t)before.st_size, path);
    ho_status status = read_all(path, fd, to, (size_t)before.st_size, err);
    if (status == HO_OK &&
        (fstat(fd, &after) != 0 || after.st_size != before.st_size ||
         after.st_mtim.tv_sec != before.st_mtim.tv_sec || after.st_mtim.tv_nsec != before.st_mtim.tv_nsec))
        status = ho_fail(err, HO_ERR_DATA, "%s: the file changed while it was read", path);
    if (status != HO_OK) {
        free(to);
        return status;
    }
    *bytes = to;
    *size = (size_t)before.st_size;
    return HO_OK;
}

ho_status ho_file_bytes(const char *path, char **bytes, size_t *size, ho_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return ho_fail(err, HO_ERR_DATA, "%s: cannot be opened: %s", path, strerror(errno));
    ho_status status = read_open(path, fd, bytes, size, err);
    close(fd);
    return status;
}

#include "base/memory_left.h"

#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The number behind a name in a file of such lines, in bytes; -1: not there. `scale` is that of the numbers. */
static int64_t number_in(const char *path, const char *name, int64_t scale)
{
    char line[256];
    long long value = -1;
    size_t length = strlen(name);
    FILE *file = fopen(path, "re");
    if (file == NULL) return -1;
    while (value < 0 && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, length) == 0 && sscanf(line + length, " %lld", &value) != 1) value = -1;
    }
    fclose(file);
    return value < 0 || value > INT64_MAX / scale ? -1 : value * scale;
}

int64_t ho_memory_resident(void)
{
    long long all = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return 0;
    if (fscanf(file, "%lld %lld", &all, &resident) != 2) resident = 0;
    fclose(file);
    return (int64_t)resident * sysconf(_SC_PAGESIZE);
}

static void lower(ho_memory_left *left, int64_t bytes, const char *by)
{
    if (bytes >= left->bytes) return;
    left->bytes = bytes > 0 ? bytes : 0;
    left->by = by;
}

/* One control group: its limit less what it has, of which the page cache that nobody uses can be taken back. */
static void look_at_group(const char *folder, const char *limit, const char *now, const char *cache,
                          ho_memory_left *left)
{
    char path[1200];
    snprintf(path, sizeof path, "%s/%s", folder, limit);
    int64_t most = number_in(path, "", 1);
    snprintf(path, sizeof path, "%s/%s", folder, now);
    int64_t used = number_in(path, "", 1);
    if (most < 0 || used < 0) return; /* "max", or no such group */
    snprintf(path, sizeof path, "%s/memory.stat", folder);
    int64_t idle = number_in(path, cache, 1);
    lower(left, most - used + (idle > 0 ? idle : 0), "by the control group's limit");
}

/* The groups of this process, from its own up to the root. */
static void look_at_groups(ho_memory_left *left)
{
    char line[1024];
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (file == NULL) return;
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        char *first = strchr(line, ':'), *path = first != NULL ? strchr(first + 1, ':') : NULL;
        if (path == NULL) continue;
        *path++ = '\0';
        const bool second = first[1] == '\0', memory = strstr(first, "memory") != NULL;
        if (!second && !memory) continue;
        for (;;) {
            char folder[1100];
            snprintf(folder, sizeof folder, "/sys/fs/cgroup%s%s", second ? "" : "/memory", path);
            if (second)
                look_at_group(folder, "memory.max", "memory.current", "inactive_file", left);
            else
                look_at_group(folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file",
                              left);
            char *cut = strrchr(path, '/');
            if (cut == NULL || *path == '\0') break;
            *cut = '\0';
        }
    }
    fclose(file);
}

ho_memory_left ho_memory_left_here(void)
{
    ho_memory_left left = {INT64_MAX, "by nothing known"};
    int64_t available = number_in("/proc/meminfo", "MemAvailable:", 1024);
    if (available >= 0) lower(&left, available, "on this machine");
    look_at_groups(&left);
    struct rlimit space;
    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY) {
        int64_t used = number_in("/proc/self/status", "VmSize:", 1024);
        int64_t most = space.rlim_cur < INT64_MAX ? (int64_t)space.rlim_cur : INT64_MAX;
        if (used >= 0) lower(&left, most - used, "by the limit of the address space");
    }
    return left;
}

/* 1,234 MB, or 12.3 GB */
static const char *in_words(int64_t bytes, char text[32])
{
    if (bytes < 10000000000)
        snprintf(text, 32, "%lld MB", (long long)((bytes + 999999) / 1000000));
    else
        snprintf(text, 32, "%.1f GB", 1e-9 * (double)bytes);
    return text;
}

ho_status ho_memory_ask(const char *what, int64_t bytes, double limit, ho_error *err)
{
    char need[32], there[32];
    ho_memory_left left = ho_memory_left_here();
    if (limit > 0) {
        int64_t now = number_in("/proc/self/status", "VmRSS:", 1024);
        lower(&left, (int64_t)(limit * 1e9) - (now > 0 ? now : 0), "by the memory limit");
    }
    if (bytes <= left.bytes) return HO_OK;
    return ho_fail(err, HO_ERR_MEMORY,
                   "%s needs about %s more memory, and %s are left %s: about %.0f %% of it would fit", what,
                   in_words(bytes, need), in_words(left.bytes, there), left.by,
                   100 * (double)left.bytes / (double)bytes);
}

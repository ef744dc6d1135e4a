#include "run/portfolio_file.h"

#include "base/error.h"
#include "base/memory.h"
#include "screen/select.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Cuts blanks and the line end off both sides; a UTF-8 byte order mark too. */
static char *trimmed(char *line)
{
    if (strncmp(line, "\xef\xbb\xbf", 3) == 0) line += 3;
    line += strspn(line, " \t");
    size_t length = strlen(line);
    while (length > 0 && strchr(" \t\r\n", line[length - 1]) != NULL)
        line[--length] = '\0';
    return line;
}

/* Marks each strategy that a line of the file names. */
static ho_status read_lines(FILE *file, const char *path, const ho_panel *panel, uint8_t *marks,
                            size_t *count, ho_error *err)
{
    char *line = NULL, where[1024];
    size_t size = 0, number = 0;
    ho_status status = HO_OK;
    for (ssize_t length; status == HO_OK && (length = getline(&line, &size, file)) >= 0;) {
        bool text = strlen(line) == (size_t)length;
        char *name = trimmed(line);
        uint32_t j = 0;
        snprintf(where, sizeof where, "%.500s: line %zu", path, ++number);
        if (!text) status = ho_fail(err, HO_ERR_DATA, "%s holds a NUL byte; this is no text file", where);
        if (!text) break;
        if (*name == '\0') continue;
        status = ho_find_strategy(panel, name, where, &j, err);
        if (status == HO_OK && marks[j])
            status = ho_fail(err, HO_ERR_USAGE, "%s: %.200s is named twice", where, name);
        if (status == HO_OK) {
            marks[j] = 1;
            ++*count;
        }
    }
    free(line);
    if (status == HO_OK && ferror(file))
        status = ho_fail(err, HO_ERR_DATA, "%.500s: %s", path, strerror(errno));
    if (status == HO_OK && *count == 0) status = ho_fail(err, HO_ERR_DATA, "%.500s: names no strategy", path);
    return status;
}

/* A pipe or a terminal may speak; a folder has no lines, and a device such as /dev/zero no end. */
static ho_status check_kind(FILE *file, const char *path, ho_error *err)
{
    struct stat facts;
    if (fstat(fileno(file), &facts) != 0)
        return ho_fail(err, HO_ERR_DATA, "%.700s: %s", path, strerror(errno));
    if (S_ISREG(facts.st_mode) || S_ISFIFO(facts.st_mode) || isatty(fileno(file))) return HO_OK;
    return ho_fail(err, HO_ERR_DATA, "%.700s: %s; a file with a strategy's name a line was expected", path,
                   S_ISDIR(facts.st_mode) ? "is a directory" : "is no regular file");
}

ho_status ho_portfolio_file_read(const char *path, const ho_panel *panel, uint32_t **members, size_t *count,
                                 ho_error *err)
{
    size_t n = ho_panel_strategies(panel), named = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL) return ho_fail(err, HO_ERR_DATA, "%.700s: %s", path, strerror(errno));
    uint8_t *marks = HO_NEW(uint8_t, n);
    ho_status status = marks != NULL ? check_kind(file, path, err) : ho_fail_memory(err, n, "a portfolio");
    if (status == HO_OK) status = read_lines(file, path, panel, marks, &named, err);
    fclose(file);
    uint32_t *list = status == HO_OK ? HO_NEW(uint32_t, named) : NULL;
    if (status == HO_OK && list == NULL) status = ho_fail_memory(err, named * sizeof *list, "a portfolio");
    if (status == HO_OK) {
        size_t k = 0;
        for (uint32_t j = 0; j < n; j++) {
            if (marks[j]) list[k++] = j;
        }
        *members = list;
        *count = named;
    }
    free(marks);
    return status;
}

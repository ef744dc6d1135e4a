#include "run/names_file.h"

#include "base/error.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *ho_names_trim(char *line)
{
    if (strncmp(line, "\xef\xbb\xbf", 3) == 0) line += 3;
    line += strspn(line, " \t");
    size_t length = strlen(line);
    while (length > 0 && strchr(" \t\r\n", line[length - 1]) != NULL)
        line[--length] = '\0';
    return line;
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

static ho_status read_lines(FILE *file, const char *path, ho_names_line take, void *user, ho_error *err)
{
    char *line = NULL, where[1024];
    size_t size = 0, number = 0;
    ho_status status = HO_OK;
    for (ssize_t length; status == HO_OK && (length = getline(&line, &size, file)) >= 0;) {
        snprintf(where, sizeof where, "%.500s: line %zu", path, ++number);
        const bool is_text = strlen(line) == (size_t)length;
        char *text = ho_names_trim(line);
        if (!is_text)
            status = ho_fail(err, HO_ERR_DATA, "%s holds a NUL byte; this is no text file", where);
        else if (*text != '\0')
            status = take(user, where, text, err);
    }
    free(line);
    if (status == HO_OK && ferror(file))
        status = ho_fail(err, HO_ERR_DATA, "%.500s: %s", path, strerror(errno));
    return status;
}

ho_status ho_names_file_each(const char *path, ho_names_line take, void *user, ho_error *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) return ho_fail(err, HO_ERR_DATA, "%.700s: %s", path, strerror(errno));
    ho_status status = check_kind(file, path, err);
    if (status == HO_OK) status = read_lines(file, path, take, user, err);
    fclose(file);
    return status;
}

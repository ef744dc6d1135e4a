/* INI files as the old system's people wrote them: [section], key = value or key: value, comments on lines of their
 * own or behind a blank, values in quotes. Knows no key. */
#ifndef HO_RUN_INI_H
#define HO_RUN_INI_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct ho_ini_entry {
    char *section, *key, *value;
    size_t line;     /* from 1; 0: the file is JSON, which has no lines */
    bool overridden; /* the same key of the same section comes again further down */
} ho_ini_entry;

typedef struct ho_ini {
    ho_ini_entry *entries; /* in the order of the file */
    size_t count, capacity;
} ho_ini;

/* Reads a file; one whose first byte is '{' as JSON: an object of objects is sections of keys, "a.b" is key b of
 * section a, a key by itself has the section "". *ini is zeroed memory; the caller clears it, also on failure.
 * *found (may be NULL) says whether the file exists; when it is given, a missing file is no error. HO_ERR_USAGE: cannot
 * be read, above 4 MiB, a line that is none (named). */
HO_MUST_USE ho_status ho_ini_read(const char *path, ho_ini *ini, bool *found, ho_error *err);

/* The same for text in memory; `name` stands for the file in messages. The text is changed. */
HO_MUST_USE ho_status ho_ini_parse(const char *name, char *text, size_t length, ho_ini *ini, ho_error *err);
void ho_ini_clear(ho_ini *ini);

#endif

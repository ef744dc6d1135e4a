/* Text: lists of strings and texts with printf, spelling distance, comparison of names as people write them. */
#ifndef HO_BASE_STRINGS_H
#define HO_BASE_STRINGS_H

#include <heavyopt/options.h>
#include <stdio.h>

/* Adds a formatted line to the list. */
HO_MUST_USE ho_status ho_strings_printf(ho_strings *list, ho_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

bool ho_strings_has(const ho_strings *list, const char *text);

/* A text that is printed piece by piece: begun, printed to `file`, ended. */
typedef struct ho_text {
    FILE *file;
    char *bytes;
    size_t size;
} ho_text;

/* HO_ERR_MEMORY. The text stays where it is until it is ended: the stream points into it. */
HO_MUST_USE ho_status ho_text_begin(ho_text *text, ho_error *err);

/* Closes the stream; the caller frees *out. HO_ERR_MEMORY: some of the text found no room. */
HO_MUST_USE ho_status ho_text_end(ho_text *text, char **out, ho_error *err);

/* Prints a text that may hold anything (a name, a path) as part of a line for people: control characters, which
 * would break the line or speak to the terminal, become '?'. */
void ho_text_put(const char *text, FILE *file);

/* Edit distance (Damerau, adjacent transpositions) of two short texts, case ignored, '-' '_' ' ' equal. */
size_t ho_text_distance(const char *a, const char *b);

/* Equal when case is ignored and '-', '_' and ' ' are taken as one. */
bool ho_text_same(const char *a, const char *b);

/* The name nearest to `wanted` if it is near enough to be a slip of the pen, else NULL. */
const char *ho_text_nearest(const char *wanted, const char *const *names, size_t count);

#endif

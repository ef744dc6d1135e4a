/* room: base
 *
 * Options are data. A table of ho_option describes the fields of one settings struct; defaults, range checks, the
 * command line, --help and the settings printed in a report all come from that one table.
 *
 * Fields by type: BOOL is `bool`, INT is `int64_t`, REAL is `double`, TEXT and CHOICE are `char *` owned by the
 * struct (NULL when unset), LIST is `ho_strings`. A settings struct starts zeroed, is filled by
 * ho_options_defaults, and is emptied by ho_options_clear. */
#ifndef HEAVYOPT_OPTIONS_H
#define HEAVYOPT_OPTIONS_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A growing list of owned strings. Zeroed memory is an empty list. */
typedef struct ho_strings {
    char **items;
    size_t count;
    size_t capacity;
} ho_strings;

HO_API HO_MUST_USE ho_status ho_strings_add(ho_strings *list, const char *text,
                                            ho_error *err); /* copies text */
HO_API void ho_strings_clear(ho_strings *list);

typedef enum ho_option_type {
    HO_OPTION_BOOL,   /* true/false, yes/no, on/off, 1/0 in any case */
    HO_OPTION_INT,    /* a whole number in min..max */
    HO_OPTION_REAL,   /* a finite number in min..max */
    HO_OPTION_TEXT,   /* any text */
    HO_OPTION_CHOICE, /* one of `choices`, separated by '|' */
    HO_OPTION_LIST    /* text that may be given several times */
} ho_option_type;

typedef struct ho_option {
    const char *name;  /* "portfolio-size": on the command line --portfolio-size; '-' and '_' are equal */
    char letter;       /* 'p' for -p, or 0 */
    const char *value; /* what stands for the value in --help: "N|A:B"; NULL for BOOL */
    const char *text;  /* one sentence, with a capital and a stop */
    ho_option_type type;
    double min, max;     /* INT and REAL, both ends allowed */
    const char *def;     /* the default as text; NULL leaves the field zero */
    const char *choices; /* CHOICE: "legacy|ratio" */
    size_t offset;       /* of the field in the settings struct */
} ho_option;

typedef struct ho_option_table {
    const ho_option *options;
    size_t count;
} ho_option_table;

/* Fills `settings` with the defaults. HO_ERR_MEMORY, or HO_ERR_INTERNAL when a default breaks its own range. */
HO_API HO_MUST_USE ho_status ho_options_defaults(ho_option_table table, void *settings, ho_error *err);

/* Sets one option from text. HO_ERR_USAGE: no such option (the nearest is named), or a value that does not parse or
 * lies outside its range; the field then keeps what it had. */
HO_API HO_MUST_USE ho_status ho_options_set(ho_option_table table, void *settings, const char *name,
                                            const char *value, ho_error *err);

/* The option of that name ('-' equals '_', case does not matter) or letter, or NULL. */
HO_API const ho_option *ho_options_find(ho_option_table table, const char *name);
HO_API const ho_option *ho_options_find_letter(ho_option_table table, char letter);

/* The name in the table that a slip of the pen may have turned into `name`, or NULL. */
HO_API const char *ho_options_nearest(ho_option_table table, const char *name);

/* Writes the field's present value as text into `out` (terminated, cut to `size`); a list is joined by ','. */
HO_API void ho_option_print(const ho_option *option, const void *settings, char *out, size_t size);

/* Frees every owned field and zeroes it. */
HO_API void ho_options_clear(ho_option_table table, void *settings);

#ifdef __cplusplus
}
#endif
#endif

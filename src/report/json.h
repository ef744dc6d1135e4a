/* jansson with the project's rules: texts that are no UTF-8 lose their foreign bytes, numbers that are not finite are
 * null. A NULL from any of them means that memory ran out; json_pack takes NULL and gives NULL. */
#ifndef HO_REPORT_JSON_H
#define HO_REPORT_JSON_H

#include <heavyopt/metrics.h>
#include <heavyopt/options.h>
#include <jansson.h>

json_t *ho_json_text(const char *text);
json_t *ho_json_number(double value);
json_t *ho_json_numbers(const double *values, size_t count);

/* Takes the item. False when it does not fit or is NULL: the array is then gone, and NULL. */
bool ho_json_append(json_t **array, json_t *item);
json_t *ho_json_texts(const ho_strings *list);
json_t *ho_json_names(const ho_panel *panel, const uint32_t *members, size_t count); /* of the members */

/* {"key": value, ...} of all metrics, with "undefined" and "infinite" beside them in `into` naming the nulls,
 * and "thin_tail" naming the confidence levels, percent, whose tail is less than one of the periods. */
int ho_json_metrics(json_t *into, const double *values, size_t periods);

/* {"legacy": value, ...} of all kinds of fitness. */
json_t *ho_json_scores(const double scores[HO_FITNESS_KINDS]);

/* The settings of a table as typed members: booleans, numbers, texts, lists. Options that say where and how a run
 * works, and not what it finds, are left out. */
json_t *ho_json_settings(ho_option_table table, const void *settings);

/* Does the option say where and how a run works, and not what it finds? */
bool ho_json_of_the_place(const char *option);

/* The command line that finds the same portfolio again, as text for a shell. */
json_t *ho_json_repeat(const char *command, const char *input, ho_option_table table, const void *settings);

/* {"path", "strategies", "periods", "hash"} of a table that was read. */
json_t *ho_json_input(const ho_panel *panel, const char *path, const char *hash);

/* The document as text with a newline, a list of plain values on one line; *text is the caller's. Takes its own reference away: root is gone after. */
HO_MUST_USE ho_status ho_json_finish(json_t *root, char **text, ho_error *err);

#endif

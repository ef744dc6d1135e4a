/* jansson with the project's rules: texts that are no UTF-8 lose their foreign bytes, numbers that are not finite are
 * null. A NULL from any of them means that memory ran out; jansson's setters take NULL and report it. */
#ifndef HO_REPORT_JSON_H
#define HO_REPORT_JSON_H

#include <heavyopt/metrics.h>
#include <heavyopt/options.h>
#include <jansson.h>

json_t *ho_json_text(const char *text);
json_t *ho_json_number(double value);

/* {"key": value, ...} of all metrics, with "undefined" and "infinite" beside them in `into` naming the nulls. */
int ho_json_metrics(json_t *into, const double *values);

/* The settings of a table as typed members: booleans, numbers, texts, lists. `leave_out` names options that say
 * where and how a run works, not what it finds; a NULL ends it. */
json_t *ho_json_settings(ho_option_table table, const void *settings, const char *const *leave_out);

/* The document as text with a newline; *text is the caller's. Takes its own reference away: root is gone after. */
HO_MUST_USE ho_status ho_json_finish(json_t *root, char **text, ho_error *err);

#endif

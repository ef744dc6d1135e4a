/* The inside of a panel, for the rooms that fill and read it. The public face is heavyopt/panel.h. */
#ifndef HO_PANEL_PANEL_H
#define HO_PANEL_PANEL_H

#include "panel/matrix.h"

#include <heavyopt/options.h>
#include <heavyopt/panel.h>

struct ho_panel {
    ho_matrix values;   /* periods x strategies */
    ho_period *periods; /* values.rows of them */
    char **names;       /* values.columns of them, inside name_bytes */
    char *name_bytes;   /* all names, each with its 0 */
    ho_strings zones;   /* labels that periods[].zone counts through */
    ho_strings regimes;
    /* The values, in a device's memory too (kernels/device); borrowed. NULL: they are not. */
    const struct ho_device_numbers *on_device;
};

/* A panel with room for its rows; values not initialised, periods set to "absent", names unset (see set_names). */
HO_MUST_USE ho_status ho_panel_new(size_t periods, size_t strategies, ho_panel **panel, ho_error *err);

/* The same without values: values.data stays NULL until the caller makes it. */
HO_MUST_USE ho_status ho_panel_new_bare(size_t periods, size_t strategies, ho_panel **panel, ho_error *err);

/* Copies the names; lengths[i] bytes at names[i], without a 0. */
HO_MUST_USE ho_status ho_panel_set_names(ho_panel *panel, const char *const *names, const size_t *lengths,
                                         ho_error *err);

/* A label's number, added when new; the empty label is -1. */
HO_MUST_USE ho_status ho_panel_label(ho_strings *labels, const char *text, size_t length, int32_t *number,
                                     ho_error *err);

/* The panel with the rows of a date summed into one period (in row order). A date's capital is the largest of its
 * rows (zones reuse the money); zone, regime and times are those of a date's only row and absent where there are
 * several. */
HO_MUST_USE ho_status ho_panel_by_day(const ho_panel *rows, ho_panel **days, ho_error *err);

/* The panel of some of its strategies, in the order given. */
HO_MUST_USE ho_status ho_panel_choose(const ho_panel *panel, const uint32_t *strategies, size_t count,
                                      ho_panel **chosen, ho_error *err);

/* The panel of `periods` rows from `first` on and of some strategies, in the order given, all when NULL. Where the
 * panel is bare, the values are left unset. */
HO_MUST_USE ho_status ho_panel_cut(const ho_panel *panel, size_t first, size_t periods,
                                   const uint32_t *strategies, size_t count, ho_panel **cut, ho_error *err);

/* The number of distinct dates. */
size_t ho_panel_dates(const ho_panel *panel);

/* What makes a unit column of strategy j: z[t][j] = (x[t][j] - mean[j]) * scale[j], of length 1, where scale[j] is
 * 1 / ||x_j - mean_j||, or 0 where the column is constant (its largest and smallest value are equal: a floating mean
 * may leave dust). Sums run in order of the periods. mean and scale hold one number a strategy. */
void ho_panel_scales(const ho_panel *panel, int threads, double *mean, double *scale);

#endif

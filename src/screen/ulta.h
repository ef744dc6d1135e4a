/* Inversion ("ULTA" on the desk): a strategy that loses steadily is turned round, its other side taken in its place. A
 * decision looks at the periods that it is given and at no other, so that walk-forward runs can decide on their training
 * periods alone. */
#ifndef HO_SCREEN_ULTA_H
#define HO_SCREEN_ULTA_H

#include <heavyopt/panel.h>

typedef enum ho_ulta_rule {
    HO_ULTA_THRESHOLD, /* total below roi_threshold, enough negative periods, and a better ratio turned round */
    HO_ULTA_LEGACY     /* a negative ratio, and a better one turned round */
} ho_ulta_rule;

typedef struct ho_ulta_settings {
    ho_ulta_rule rule;
    double roi_threshold;      /* rupees */
    int64_t min_negative_days; /* periods below 0, their number */
    double negative_share;     /* and their share of all periods */
} ho_ulta_settings;

/* One side of a strategy. */
typedef struct ho_ulta_side {
    double roi, worst;   /* sum and smallest of its periods */
    double max_drawdown; /* zero start */
    double ratio;        /* roi / |worst|, infinite where worst is 0: not the drawdown, as the desk has it */
} ho_ulta_side;

typedef struct ho_ulta_case {
    uint32_t strategy;
    size_t negative; /* periods below 0 */
    ho_ulta_side before, after;
} ho_ulta_case;

/* What the rule says of a strategy with these two sides. */
bool ho_ulta_inverts(const ho_ulta_settings *settings, size_t periods, const ho_ulta_case *of);

/* The strategies of the panel that are to be turned round, in their order, from the periods first .. first+periods-1
 * alone. The caller frees *cases. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_ulta_decide(const ho_panel *panel, size_t first, size_t periods,
                                     const ho_ulta_settings *settings, int threads, ho_ulta_case **cases,
                                     size_t *count, ho_error *err);

/* Turns them round in all periods of the panel: x becomes -x, the name NAME_inv (NAME_inv.1, .2, ... where another
 * strategy has that name). HO_ERR_MEMORY: the panel is as it was. */
HO_MUST_USE ho_status ho_ulta_apply(ho_panel *panel, const ho_ulta_case *cases, size_t count, ho_error *err);

#endif

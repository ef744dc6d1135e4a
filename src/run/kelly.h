/* Kelly's sizes of a portfolio, as options and as part of a document: shared by optimize and evaluate. */
#ifndef HO_RUN_KELLY_H
#define HO_RUN_KELLY_H

#include "run/goal.h"

#include <jansson.h>

typedef struct ho_kelly_options {
    bool kelly, use_leverage;
    char *fallback, *win_rate;
    double most, least, max_leverage, lot_capital;
} ho_kelly_options;

/* clang-format off */
#define HO_KELLY_OPTION_ROWS(S, P) \
    {"kelly", 0, NULL, "Size the members of the portfolio by Kelly's fractions, beside the search of equal lots.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P kelly)}, \
    {"kelly-max-position-size", 0, "SHARE", "The largest fraction of a member.", \
     HO_OPTION_REAL, 0, 1, "0.25", NULL, offsetof(S, P most)}, \
    {"kelly-min-position-size", 0, "SHARE", "The smallest fraction of a member, also of one without an edge.", \
     HO_OPTION_REAL, 0, 1, "0.01", NULL, offsetof(S, P least)}, \
    {"kelly-fallback-mode", 0, "MODE", "When no member has an edge: equal weights, the smallest fraction each, or nothing; " \
     "exclude leaves members without an edge out at any time.", \
     HO_OPTION_CHOICE, 0, 0, "equal_weight", "equal_weight|min_position|exclude", offsetof(S, P fallback)}, \
    {"kelly-use-leverage", 0, NULL, "Let the weights add up to more than the capital.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P use_leverage)}, \
    {"kelly-max-leverage", 0, "X", "What they may add up to then.", \
     HO_OPTION_REAL, 0, 1000, "2", NULL, offsetof(S, P max_leverage)}, \
    {"kelly-win-rate", 0, "OF", "The win rate of all periods, or of those with a result.", \
     HO_OPTION_CHOICE, 0, 0, "all", "all|active", offsetof(S, P win_rate)}, \
    {"lot-capital", 0, "RUPEES", "What one lot of a strategy binds, for whole lots; 0: not known.", \
     HO_OPTION_REAL, 0, 1e15, "0", NULL, offsetof(S, P lot_capital)}
/* clang-format on */

/* HO_ERR_USAGE: options that contradict each other. */
HO_MUST_USE ho_status ho_kelly_check(const ho_kelly_options *options, ho_error *err);

/* How many of `count` lots in all each member gets by its weight; none where no member has one. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_kelly_lots(const ho_kelly_options *options, const ho_goal *goal,
                                    const ho_panel *panel, const uint32_t *members, size_t count,
                                    double *lots, ho_error *err);

/* *json is the object, or null where Kelly was not asked for. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_kelly_json(const ho_kelly_options *options, const ho_goal *goal,
                                    const ho_panel *panel, const uint32_t *members, size_t count,
                                    json_t **json, ho_error *err);

#endif

/* `heavyopt walkforward`: the whole optimization again on days that it is allowed to see, and what the portfolio did on
 * days that it was not. What the files of the command share. */
#ifndef HO_RUN_WALKFORWARD_H
#define HO_RUN_WALKFORWARD_H

#include "robust/bands.h"
#include "robust/deflate.h"
#include "robust/folds.h"
#include "robust/overfit.h"
#include "run/optimization.h"

typedef struct ho_fold_options {
    char *train, *test, *cv;
    int64_t folds, purge, embargo, random, resamples;
    double ruin;
    bool anchored, bound, list;
} ho_fold_options;

typedef struct ho_walkforward_settings {
    ho_optimize_settings optimize; /* first: an optimization takes this for its own settings */
    ho_fold_options folds;
} ho_walkforward_settings;

/* A series in short. ratio is total over drawdown, infinite or 0 where there was none. */
typedef struct ho_side {
    size_t periods;
    double total, drawdown, ratio, mean, sharpe; /* the last two of a period */
} ho_side;

ho_side ho_side_of(const double *series, size_t periods);

/* True when `a` earned more for its drawdown, or as much and more in all. */
bool ho_side_is_better(const ho_side *a, const ho_side *b);

/* The table as it would have been traded: what zones, regimes and weekdays leave of it, nothing weighed or turned round. */
typedef struct ho_world {
    ho_input input;
    ho_day_zones zones;
    ho_regimes regimes;
    int32_t *dates; /* distinct, ascending */
    size_t *first;  /* days + 1: the periods of a day are first[d] .. first[d+1]-1 */
    size_t days;
} ho_world;

typedef struct ho_fold {
    int32_t train_from, train_to, test_from, test_to; /* dates, the first and the last of each */
    size_t train_days, test_days;
    size_t size; /* of the portfolio */
    uint32_t *members;
    double *signs; /* of the members: -1 where the fold turned it round */
    double *lots;  /* of the members by Kelly's weights, as many in all as members; NULL: not asked for */
    size_t turned; /* strategies turned round in all */
    const char *method;
    double fitness; /* on the training days */
    ho_side in, out;
    double *train_series; /* as traded; in.periods */
    double *series;       /* on the test days; out.periods, the rest below as long */
    double *top, *all,
        *before; /* best singles; all strategies, lots of one portfolio; the fold before's choice, or NULL */
    double *sized;  /* the choice with those lots, or NULL */
    double *random; /* count x periods */
    ho_side out_top, out_all, out_before, out_sized;
    size_t below;   /* random portfolios that it is better than */
    double overlap; /* |both| / |either| with the fold before's members; NaN for the first */
} ho_fold;

/* One way through the days: all folds' tests joined, or a path of a combinatorial plan. */
typedef struct ho_joined {
    size_t periods;
    double *series;
    ho_side side;
} ho_joined;

/* How much of what was seen in training came true. Profit a period adds up, whatever the number of periods. Ratios grow
 * with it: both are the median over all stretches of `length` periods, the longest that all trainings and the tests have,
 * in training the median of the folds. */
typedef struct ho_kept {
    double mean_in, mean_out; /* profit of a period */
    double share, low,
        high; /* mean_out / mean_in, and 5 and 95 % of it over resamples of the tests; NaN: no such */
    size_t length;
    double ratio_in, ratio_out;
    size_t without_drawdown; /* folds whose training had none, or less than a rupee of it */
} ho_kept;

typedef struct ho_walkforward {
    const ho_walkforward_settings *settings;
    ho_option_table options;
    const ho_hooks *hooks;
    ho_input base; /* as read */
    ho_world world;
    ho_folds folds;
    ho_fold *results;
    size_t done;                        /* folds of results that are there */
    ho_joined joined, top, all, before; /* one after the other; of a combinatorial plan `joined` is empty, */
    ho_joined sized;                    /* and this one also where Kelly's sizes were not asked for */
    ho_joined *paths;
    size_t path_count;
    double *random_low, *random_mid, *random_high; /* equity of the joined random portfolios: 5, 50, 95 % */
    double *random_ratios;                         /* of the joined ones, ascending */
    size_t random_count,
        below;      /* below: of the joined random portfolios, those that the joined one is better than */
    double p_value; /* (1 + those at least as good) / (1 + all) */
    ho_kept kept;
    double overlap_mean, overlap_least;
    double
        lower_half; /* share of the folds whose choice was no better than the middle one of random portfolios */
    ho_overfit overfit;
    ho_resampler resampler;
    ho_bands bands;
    ho_deflated strategies;   /* the best single strategy */
    ho_sharpe chosen;         /* of the portfolio that the whole run chose, on all days; */
    double trials, deviation; /* the sets that its search valued, the Sharpe ratios of random portfolios */
    double luck, deflated;
    double *joined_metrics;
    double seconds;
} ho_walkforward;

/* The world of the settings; HO_ERR_USAGE, HO_ERR_DATA. The caller clears it. */
HO_MUST_USE ho_status ho_world_make(const ho_walkforward_settings *settings, const ho_input *base,
                                    ho_world *world, ho_error *err);
void ho_world_clear(ho_world *world);

/* The series of members on days of a use, in order of time, and its side; signs NULL: all 1. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_world_series(const ho_world *world, const uint8_t *use, ho_fold_use wanted,
                                      const uint32_t *members, const double *signs, size_t count,
                                      double **series, ho_side *side, ho_error *err);

/* Searches on a split's training days and measures on its test days. The portfolio of the fold before is what `before`
 * holds, or NULL. On failure the fold is empty. */
HO_MUST_USE ho_status ho_fold_run(const ho_walkforward *w, size_t split, const ho_fold *before, ho_fold *fold,
                                  ho_error *err);
void ho_fold_clear(ho_fold *fold);

/* What else could have been held on a fold's test days. */
HO_MUST_USE ho_status ho_fold_rivals(const ho_walkforward *w, size_t split, const ho_optimization *o,
                                     const double *signs, const ho_fold *before, ho_fold *fold,
                                     ho_error *err);

/* Everything that is made of all folds together. */
HO_MUST_USE ho_status ho_walkforward_conclude(ho_walkforward *w, ho_error *err);

/* The Sharpe ratio of the whole run's portfolio, deflated by all sets that were valued on the way to it. */
HO_MUST_USE ho_status ho_walkforward_deflate(ho_walkforward *w, const ho_optimization *whole, ho_error *err);

/* The object "out_of_sample" of the document; the caller's. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_walkforward_json(const ho_walkforward *w, json_t **object, ho_error *err);

/* One honest sentence, and what it cannot say; the caller frees them. */
HO_MUST_USE ho_status ho_walkforward_verdict(const ho_walkforward *w, char **verdict, char **limits,
                                             ho_error *err);

#endif

/* Every kind of fitness, each with the settings that change its way through the objective. */
#ifndef TESTS_METRICS_KINDS_H
#define TESTS_METRICS_KINDS_H

#include <heavyopt/metrics.h>

enum { KINDS = 26, KIND_LABELS = 300 };

/* Labels of 300 strategies: 0, 1, none, 0, ... */
static inline const int32_t *kind_labels(void)
{
    static int32_t label[KIND_LABELS];
    for (int j = 0; j < KIND_LABELS; j++)
        label[j] = j % 3 == 2 ? -1 : j % 3;
    return label;
}

/* Clusters of three neighbours, and every seventh strategy in one more. */
static inline const uint32_t *kind_clusters(void)
{
    static uint32_t cluster[KIND_LABELS];
    for (uint32_t j = 0; j < KIND_LABELS; j++)
        cluster[j] = j % 7 == 0 ? 0 : j / 3;
    return cluster;
}

static inline ho_fitness_weight weight_of(const char *key, double weight)
{
    return (ho_fitness_weight){ho_metric_find(key), weight};
}

static inline ho_fitness weighted_by_default(void)
{
    return (ho_fitness){.kind = HO_FITNESS_WEIGHTED,
                        .weights = {weight_of("roi_dd_ratio", .35), weight_of("total_roi", .25),
                                    weight_of("max_drawdown", .15), weight_of("win_rate", .15),
                                    weight_of("profit_factor", .1)},
                        .weight_count = 5,
                        .measures = {.periods_per_year = 252, .risk_free_rate = .02}};
}

static inline ho_fitness of_capital(ho_fitness_kind kind, double capital)
{
    return (ho_fitness){.kind = kind,
                        .measures = {.periods_per_year = 252, .risk_free_rate = .02, .capital = capital},
                        .confidence = .8,
                        .var_limit = .025,
                        .penalised = .3,
                        .enhanced = .7};
}

/* By blocks of the periods, and with near-duplicates. */
static inline ho_fitness robust_of_kind(int kind)
{
    static const double desired[] = {2, 1};
    ho_fitness f = {.kind = HO_FITNESS_LEGACY};
    if (kind == 20) f.blocks = (ho_fitness_blocks){.count = 4};
    if (kind == 21) f.blocks = (ho_fitness_blocks){3, HO_TAKE_MEAN, 0, 1, true};
    if (kind == 22) f = (ho_fitness){.kind = HO_FITNESS_RATIO, .blocks = {5, HO_TAKE_QUANTILE, .3, 0, false}};
    if (kind == 23) {
        f.metric = HO_LEGACY_LESS_MAX_DD;
        f.drawdown_threshold = 3000;
        f.blocks = (ho_fitness_blocks){.count = 4, .take = HO_TAKE_MEAN};
    }
    if (kind >= 24) f.near = (ho_near_duplicates){kind_clusters(), .7};
    if (kind == 25) {
        f.kind = HO_FITNESS_ZONE;
        f.metric = HO_LEGACY_ROI;
        f.blocks = (ho_fitness_blocks){.count = 2};
        f.balance = (ho_balance){kind_labels(), desired, 2, 1.5};
    }
    return f;
}

/* Kinds 0 to 5 are the legacy metrics. Those that count wins or measure spread jump where a rounding leaves dust. */
static inline ho_fitness fitness_of_kind(int kind)
{
    static const double desired[] = {2, 1};
    ho_fitness f = {.kind = HO_FITNESS_LEGACY};
    if (kind < 6) f.metric = (ho_legacy_metric)kind;
    if (kind == 6 || kind == 8) f.kind = HO_FITNESS_RATIO;
    if (kind == 7) f.drawdown_threshold = 3000;
    if (kind == 8 || kind == 10) f.convention = HO_CONVENTION_LEGACY;
    if (kind >= 9 && kind <= 11) f.kind = HO_FITNESS_ZONE;
    if (kind == 9 || kind == 10) f.metric = HO_LEGACY_LESS_MAX_DD;
    if (kind == 9) f.drawdown_threshold = 3000;
    if (kind == 12) f.multiplicative = .1;
    if (kind == 13) f.balance = (ho_balance){kind_labels(), desired, 2, 1.5};
    if (kind == 14) f = weighted_by_default();
    if (kind == 15) {
        f = weighted_by_default();
        f.convention = HO_CONVENTION_LEGACY;
        f.weights[5] = weight_of("ulcer_index", -.5);
        f.weight_count = 6;
        f.sharpe_adjust = true;
    }
    if (kind == 16) f = of_capital(HO_FITNESS_ENHANCED, 0);
    if (kind == 17) f = of_capital(HO_FITNESS_ENHANCED, 20000);
    if (kind == 18) f = of_capital(HO_FITNESS_PENALISED, 0);
    if (kind == 19) {
        f = of_capital(HO_FITNESS_HYBRID, 20000);
        f.measures.minimum_acceptable_return = 50;
        f.balance = (ho_balance){kind_labels(), desired, 2, .5};
    }
    if (kind >= 20) f = robust_of_kind(kind);
    return f;
}

static inline bool kind_jumps(int kind)
{
    return (kind >= 3 && kind <= 5) || (kind >= 14 && kind < 20);
}

#endif

#include "run/fitness_options.h"

#include "base/strings.h"

#include <string.h>

ho_fitness ho_fitness_of_settings(const ho_fitness_settings *s)
{
    static const struct {
        const char *name;
        ho_legacy_metric metric;
    } metrics[] = {
        {"ratio", HO_LEGACY_RATIO},
        {"roi", HO_LEGACY_ROI},
        {"less max dd", HO_LEGACY_LESS_MAX_DD},
        {"win percentage", HO_LEGACY_WIN_PERCENTAGE},
        {"profit factor", HO_LEGACY_PROFIT_FACTOR},
        {"expectancy", HO_LEGACY_EXPECTANCY},
    };
    ho_fitness fitness = {.kind = HO_FITNESS_LEGACY, .drawdown_threshold = s->drawdown_threshold};
    if (strcmp(s->fitness, "ratio") == 0) fitness.kind = HO_FITNESS_RATIO;
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
        if (ho_text_same(metrics[i].name, s->metric)) fitness.metric = metrics[i].metric;
    }
    return fitness;
}

ho_convention ho_convention_of(const char *name)
{
    static const char *const names[] = {"default", "legacy", "platform", "rockafellar"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (ho_text_same(names[i], name)) return (ho_convention)i;
    }
    return HO_CONVENTION_DEFAULT;
}

#include "run/fitness_options.h"

#include "base/strings.h"

ho_convention ho_convention_of(const char *name)
{
    static const char *const names[] = {"default", "legacy", "platform", "rockafellar"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (ho_text_same(names[i], name)) return (ho_convention)i;
    }
    return HO_CONVENTION_DEFAULT;
}

ho_fitness_kind ho_fitness_kind_of(const char *name)
{
    int kind = HO_FITNESS_KINDS - 1;
    while (kind > 0 && !ho_text_same(ho_fitness_kind_name((ho_fitness_kind)kind), name))
        kind--;
    return (ho_fitness_kind)kind;
}

ho_legacy_metric ho_legacy_metric_of(const char *name)
{
    static const char *const names[] = {"ratio",          "roi",           "less max dd",
                                        "win percentage", "profit factor", "expectancy"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (ho_text_same(names[i], name)) return (ho_legacy_metric)i;
    }
    return HO_LEGACY_RATIO;
}

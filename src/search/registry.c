/* The algorithms, in the order in which they are run, listed and preferred at equal fitness. A new one is a folder
 * and a line here: docs/HOWTO-add-an-algorithm.md. */
#include "search/search.h"

#include <string.h>

#define ALGORITHMS(X) \
    X(ga)             \
    X(pso)            \
    X(sa)             \
    X(de)             \
    X(aco)            \
    X(hc)             \
    X(bo)             \
    X(rs)             \
    X(ils)            \
    X(lp)             \
    /* the next one above this line */

#define DECLARE(name) extern const ho_algorithm ho_algorithm_##name;
ALGORITHMS(DECLARE)

#define ENTRY(name) &ho_algorithm_##name,
static const ho_algorithm *const registry[] = {ALGORITHMS(ENTRY)};

size_t ho_algorithm_count(void)
{
    return sizeof registry / sizeof *registry;
}

const ho_algorithm *ho_algorithm_at(size_t i)
{
    return i < ho_algorithm_count() ? registry[i] : NULL;
}

const ho_algorithm *ho_algorithm_find(const char *name)
{
    for (size_t i = 0; i < ho_algorithm_count(); i++) {
        if (strcmp(registry[i]->name, name) == 0) return registry[i];
    }
    return NULL;
}

const char *ho_algorithm_name(const ho_algorithm *a)
{
    return a->name;
}

const char *ho_algorithm_title(const ho_algorithm *a)
{
    return a->title;
}

const char *ho_algorithm_paper(const ho_algorithm *a)
{
    return a->paper;
}

const char *ho_algorithm_text(const ho_algorithm *a)
{
    return a->text;
}

ho_option_table ho_algorithm_options(const ho_algorithm *a)
{
    return (ho_option_table){a->options, a->option_count};
}

size_t ho_algorithm_params_size(const ho_algorithm *a)
{
    return a->params_size;
}

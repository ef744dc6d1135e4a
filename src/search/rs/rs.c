/* Random search: uniform sets without bias. It learns nothing; it is what the others are measured against. */
#include "base/error.h"
#include "base/memory.h"
#include "search/search.h"

typedef struct rs_params {
    int64_t iterations;
} rs_params;

static const ho_option options[] = {
    {"iterations", 0, "N", "Sets to draw at most; 0: as many as the work budget allows.", HO_OPTION_INT, 0,
     1e12, "0", NULL, offsetof(rs_params, iterations)},
};

enum { TOGETHER = 128 };

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    const rs_params *p = params;
    uint32_t *sets = HO_NEW(uint32_t, TOGETHER * s->size);
    if (sets == NULL) return ho_fail_memory(err, TOGETHER * s->size * sizeof *sets, "random sets");
    double values[TOGETHER];
    int64_t left = p->iterations == 0 ? INT64_MAX : p->iterations - 1; /* a search begins with such a set */
    while (left > 0 && !ho_search_done(s)) {
        const size_t count = left < TOGETHER ? (size_t)left : TOGETHER;
        for (size_t i = 0; i < count; i++)
            ho_search_random_set(s, sets + i * s->size);
        left -= (int64_t)ho_search_score_many(s, sets, count, values);
    }
    free(sets);
    return HO_OK;
}

const ho_algorithm ho_algorithm_rs = {
    .name = "rs",
    .title = "random search",
    .paper = "J. Bergstra, Y. Bengio, Random search for hyper-parameter optimization, JMLR 13 (2012)",
    .text = "Draws sets uniformly; the baseline of the comparison.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .params_size = sizeof(rs_params),
    .run = run,
};

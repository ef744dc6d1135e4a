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

static ho_status run(ho_search *s, const void *params, ho_error *err)
{
    const rs_params *p = params;
    uint32_t *set = HO_NEW(uint32_t, s->size);
    if (set == NULL) return ho_fail_memory(err, s->size * sizeof *set, "a random set");
    for (int64_t i = 1; (p->iterations == 0 || i < p->iterations) && !ho_search_done(s); i++) {
        ho_search_random_set(s, set); /* the first set of a search is such a one already */
        (void)ho_search_score(s, set);
    }
    free(set);
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

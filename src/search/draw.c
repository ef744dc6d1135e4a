/* Drawing sets and candidates without bias. */
#include "search/core.h"

/* R. W. Floyd's algorithm: J. Bentley, "Programming pearls: a sample of brilliance", CACM 30 (1987). Every subset is
 * equally likely, in `size` draws whatever the number of candidates. */
void ho_search_random_set(ho_search *s, uint32_t *members)
{
    ho_marks *marks = &s->core->marks;
    ho_marks_clear(marks);
    for (size_t i = 0; i < s->size; i++) {
        size_t top = s->pool_count - s->size + i;
        uint32_t j = s->pool[ho_rng_below(&s->rng, (uint32_t)top + 1)];
        if (ho_marked(marks, j)) j = s->pool[top];
        ho_mark(marks, j);
        members[i] = j;
    }
    (void)ho_search_repair(s, members);
}

bool ho_search_random_swap(ho_search *s, size_t *slot, uint32_t *in)
{
    if (s->core->rules != NULL) return ho_search_random_allowed_swap(s, slot, in);
    *slot = ho_rng_below(&s->rng, (uint32_t)s->size);
    for (;;) {
        *in = s->pool[ho_rng_below(&s->rng, (uint32_t)s->pool_count)];
        if (s->open[*in]) return true;
    }
}

uint32_t ho_search_random_unmarked(ho_search *s, const ho_marks *marks)
{
    for (;;) {
        uint32_t j = s->pool[ho_rng_below(&s->rng, (uint32_t)s->pool_count)];
        if (!ho_marked(marks, j)) return j;
    }
}

/* Problems with random rules, drawn from any source of numbers, and a plain check of sets that shares nothing with the
 * search. */
#ifndef HO_TESTS_SEARCH_CONSTRAINED_H
#define HO_TESTS_SEARCH_CONSTRAINED_H

#include <heavyopt/search.h>
#include <string.h>

enum { RULES_MOST = 200, RULES_WORDS = (RULES_MOST + 63) / 64, RULES_GROUPS = 8, RULES_KINDS = 3 };

/* A number below `bound` (bound > 0). */
typedef uint32_t (*draw_below)(void *source, uint32_t bound);

typedef struct relation {
    uint64_t rows[RULES_MOST][RULES_WORDS];
    uint8_t any[RULES_MOST]; /* rows that hold nothing are NULL to the search */
} relation;

typedef struct constrained {
    ho_problem problem;
    uint8_t allowed[RULES_MOST];
    uint32_t include[RULES_GROUPS];
    ho_grouping groupings[RULES_KINDS];
    uint32_t group[RULES_KINDS][RULES_MOST], most[RULES_KINDS][RULES_GROUPS];
    uint32_t least[RULES_KINDS][RULES_GROUPS];
    ho_conflicts conflicts[2];
    relation relations[2];
} constrained;

static inline const uint64_t *relation_row(const void *data, uint32_t candidate)
{
    const relation *r = data;
    return r->any[candidate] ? r->rows[candidate] : NULL;
}

static inline void forbid(constrained *c, size_t which, uint32_t a, uint32_t b)
{
    relation *r = &c->relations[which];
    if (a == b) return;
    r->rows[a][b / 64] |= UINT64_C(1) << (b % 64);
    r->rows[b][a / 64] |= UINT64_C(1) << (a % 64);
    r->any[a] = r->any[b] = 1;
}

static inline void draw_grouping(constrained *c, size_t q, draw_below below, void *source)
{
    static const char *const names[RULES_KINDS] = {"first grouping", "second grouping", "third grouping"};
    const size_t n = c->problem.candidates, groups = 1 + below(source, RULES_GROUPS);
    const uint32_t most = (uint32_t)c->problem.size / (uint32_t)groups + 2;
    for (size_t j = 0; j < n; j++)
        c->group[q][j] = below(source, 10) == 0 ? HO_NOBODY : below(source, (uint32_t)groups);
    for (size_t g = 0; g < groups; g++) {
        c->most[q][g] = below(source, 8) == 0 ? 0 : 1 + below(source, most);
        c->least[q][g] = below(source, 4) == 0 ? 1 + below(source, 2) : 0;
    }
    const uint32_t kind = below(source, 3);
    c->groupings[q] = (ho_grouping){.name = names[q],
                                    .groups = groups,
                                    .group = c->group[q],
                                    .most = kind != 1 ? c->most[q] : NULL,
                                    .least = kind != 0 ? c->least[q] : NULL};
}

/* n candidates, sets of size: a mask, includes, up to three groupings and two relations, or some of these. */
static inline void draw_problem(constrained *c, size_t n, size_t size, draw_below below, void *source)
{
    memset(c, 0, sizeof *c);
    c->problem =
        (ho_problem){.candidates = n, .size = size, .groupings = c->groupings, .conflicts = c->conflicts};
    if (below(source, 3) == 0) {
        for (size_t j = 0; j < n; j++)
            c->allowed[j] = below(source, 6) != 0;
        c->problem.allowed = c->allowed;
    }
    const size_t includes = below(source, 3) == 0 ? below(source, (uint32_t)(size < 3 ? size : 3) + 1) : 0;
    for (uint32_t j = below(source, (uint32_t)n); j < n && c->problem.include_count < includes;
         j += 1 + below(source, 4)) {
        c->allowed[j] = 1;
        c->include[c->problem.include_count++] = j;
    }
    c->problem.include = c->include;
    c->problem.grouping_count = below(source, RULES_KINDS + 1);
    for (size_t q = 0; q < c->problem.grouping_count; q++)
        draw_grouping(c, q, below, source);
    c->problem.conflict_count = below(source, 3);
    for (size_t r = 0; r < c->problem.conflict_count; r++) {
        const uint32_t in_ten = below(source, 6);
        for (uint32_t a = 0; a < n; a++) {
            for (uint32_t b = 0; b < a; b++) {
                if (below(source, 10) < in_ten) forbid(c, r, a, b);
            }
        }
        c->conflicts[r] =
            (ho_conflicts){r == 0 ? "first relation" : "second relation", &c->relations[r], relation_row};
    }
}

/* Is that, ascending, a set of the problem? */
static inline bool keeps_to(const constrained *c, const uint32_t *set)
{
    const ho_problem *p = &c->problem;
    size_t included = 0;
    for (size_t i = 0; i < p->size; i++) {
        if (set[i] >= p->candidates || (i != 0 && set[i] <= set[i - 1])) return false;
        if (p->allowed != NULL && !p->allowed[set[i]]) return false;
        for (size_t k = 0; k < p->include_count; k++)
            included += p->include[k] == set[i];
        for (size_t k = 0; k < i; k++) {
            for (size_t r = 0; r < p->conflict_count; r++) {
                if (c->relations[r].rows[set[i]][set[k] / 64] >> (set[k] % 64) & 1) return false;
            }
        }
    }
    if (included != p->include_count) return false;
    for (size_t q = 0; q < p->grouping_count; q++) {
        for (size_t g = 0; g < p->groupings[q].groups; g++) {
            uint32_t members = 0;
            for (size_t i = 0; i < p->size; i++)
                members += c->group[q][set[i]] == g;
            if (p->groupings[q].most != NULL && members > c->most[q][g]) return false;
            if (p->groupings[q].least != NULL && members < c->least[q][g]) return false;
        }
    }
    return true;
}

#endif

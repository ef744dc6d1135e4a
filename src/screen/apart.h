/* Strategies that may not be together: correlated too much, or named as pairs. Rows of bits, as ho_conflicts wants
 * them. */
#ifndef HO_SCREEN_APART_H
#define HO_SCREEN_APART_H

#include <heavyopt/panel.h>
#include <heavyopt/rules.h>

typedef struct ho_apart {
    size_t words; /* of a row */
    uint64_t *rows;
    uint8_t *any; /* a strategy: its row holds something */
} ho_apart;

/* Two strategies are apart when their correlation (Pearson's, in double; 0 with a constant column) is above `most`.
 * A bit for every pair: N * N / 8 bytes, 82 MB for 25,544 strategies. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_apart_by_correlation(const ho_panel *panel, double most, int threads,
                                              ho_apart *apart, ho_error *err);

/* Those that a list of pairs names: first, second, first, second, ... HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_apart_by_pairs(size_t strategies, const uint32_t *pairs, size_t count,
                                        ho_apart *apart, ho_error *err);
void ho_apart_clear(ho_apart *apart);

/* The row of ho_conflicts; data is the ho_apart. */
const uint64_t *ho_apart_row(const void *data, uint32_t strategy);

#endif

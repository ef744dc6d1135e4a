#include "metrics/copies.h"

#include "base/error.h"
#include "base/memory.h"

#include <heavyopt/objective.h>
#include <string.h>
#include <xxhash.h>

enum { WORTH_IT = 50 }; /* one strategy in so many is a copy */

typedef struct hashed {
    uint64_t hash;
    uint32_t strategy;
} hashed;

static int by_hash(const void *a, const void *b)
{
    const hashed *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return (x->strategy > y->strategy) - (x->strategy < y->strategy);
}

static bool equal_columns(const ho_columns *c, uint32_t a, uint32_t b)
{
    return memcmp(c->data + a * c->stride, c->data + b * c->stride, c->periods * sizeof *c->data) == 0;
}

/* next and leader (the smallest strategy of the same column) of each strategy; the number of copies. Two columns of
 * one hash that differ, an accident of 2^-64, count as unequal to one that stands between them. */
static size_t link_copies(const ho_columns *c, const hashed *sorted, size_t strategies, uint32_t *next,
                          uint32_t *leader)
{
    size_t copies = 0;
    for (size_t i = 0; i < strategies; i++) {
        const uint32_t j = sorted[i].strategy;
        next[j] = HO_NOBODY;
        leader[j] = j;
        if (i == 0 || sorted[i - 1].hash != sorted[i].hash) continue;
        const uint32_t before = sorted[i - 1].strategy;
        if (!equal_columns(c, before, j)) continue;
        next[before] = j;
        leader[j] = leader[before];
        copies++;
    }
    return copies;
}

static ho_status compact(const ho_matrix *by_time, const ho_columns *c, const uint32_t *leader,
                         bool with_values, int threads, ho_copies *out, ho_error *err)
{
    out->mean = HO_NEW(double, out->distinct);
    out->scale = HO_NEW(double, out->distinct);
    out->first = HO_NEW(uint32_t, out->distinct);
    if (out->mean == NULL || out->scale == NULL || out->first == NULL)
        return ho_fail_memory(err, out->distinct * 2 * sizeof(double), "the distinct columns");
    if (with_values) HO_TRY(ho_matrix_new(by_time->rows, out->distinct, &out->values, err));
    size_t d = 0;
    for (uint32_t j = 0; j < by_time->columns; j++) {
        if (leader[j] != j) continue;
        out->first[d] = j;
        out->mean[d] = c->mean[j];
        out->scale[d++] = c->scale[j];
    }
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
    for (size_t t = 0; t < out->values.rows; t++) {
        const double *from = ho_matrix_row(by_time, t);
        double *to = ho_matrix_row(&out->values, t);
        for (size_t i = 0; i < out->distinct; i++)
            to[i] = from[out->first[i]];
    }
    return HO_OK;
}

ho_status ho_copies_find(const ho_matrix *by_time, const ho_columns *c, bool with_values, int threads,
                         ho_copies *copies, ho_error *err)
{
    const size_t strategies = by_time->columns;
    hashed *sorted = HO_NEW(hashed, strategies);
    uint32_t *leader = HO_NEW(uint32_t, strategies);
    ho_copies found = {.next = HO_NEW(uint32_t, strategies)};
    ho_status status = HO_OK;
    if (sorted == NULL || leader == NULL || found.next == NULL) {
        status = ho_fail_memory(err, strategies * sizeof *sorted, "the distinct columns");
    } else {
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
        for (size_t j = 0; j < strategies; j++)
            sorted[j] =
                (hashed){XXH3_64bits(c->data + j * c->stride, c->periods * sizeof *c->data), (uint32_t)j};
        qsort(sorted, strategies, sizeof *sorted, by_hash);
        const size_t count = link_copies(c, sorted, strategies, found.next, leader);
        found.distinct = strategies - count;
        if (count * WORTH_IT < strategies)
            ho_copies_free(&found);
        else
            status = compact(by_time, c, leader, with_values, threads, &found, err);
    }
    free(sorted);
    free(leader);
    if (status == HO_OK)
        *copies = found;
    else
        ho_copies_free(&found);
    return status;
}

void ho_copies_free(ho_copies *copies)
{
    ho_matrix_free(&copies->values);
    free(copies->mean);
    free(copies->scale);
    free(copies->first);
    free(copies->next);
    *copies = (ho_copies){0};
}

/* Unrelated sets in single precision for every vector instruction set: one source, compiled once a set as
 * kernels_vector.c is. */
#include "kernels/kernels_sets.h"

#include <math.h>
#include <stdbool.h>

enum { SETS = HO_SETS_LANES };

/* Periods whose sums stay in registers over all members; SSE2 has half the room. */
#ifdef __AVX__
enum { STRETCH = 2 * SETS };
#else
enum { STRETCH = SETS };
#endif

/* The sums of one set over `width` periods from `from` on, into lane `lane` of the room; g's squares are added up.
 * Columns lie all over memory: those of the set after it are fetched meanwhile, a line a step. */
HO_ALWAYS_INLINE void sum_stretch(const ho_sets *s, const uint32_t *members, const uint32_t *next,
                                  size_t from, int width, size_t lane, float shift, float *square,
                                  bool with_pairs)
{
    const size_t periods = s->periods, stride = s->stride;
    const float *columns = s->columns;
    float sum[STRETCH], g[STRETCH];
#pragma omp simd
    for (int i = 0; i < width; i++)
        sum[i] = g[i] = 0; /* an initialiser becomes a slow instruction */
    for (size_t k = 0; k < s->size; k++) {
        const float *column = columns + members[k] * stride, *x = column + from;
        const float scale = column[periods + 1];
        for (int i = 0; i < width; i += SETS)
            __builtin_prefetch(columns + next[k] * stride + from + i);
#pragma omp simd
        for (int i = 0; i < width; i++) {
            sum[i] += x[i];
            if (with_pairs) g[i] += x[i] * scale;
        }
    }
    float *row = s->room + from * SETS + lane;
    for (int i = 0; i < width; i++)
        row[i * SETS] = sum[i];
    if (!with_pairs) return;
#pragma omp simd
    for (int i = 0; i < width; i++)
        g[i] -= shift;
    for (size_t i = periods - from; i < (size_t)width; i++)
        g[i] = 0; /* past the last period */
    for (int part = 0; part < width; part += SETS) {
#pragma omp simd
        for (int i = 0; i < SETS; i++)
            square[i] += g[part + i] * g[part + i];
    }
}

HO_ALWAYS_INLINE float sum_set(const ho_sets *s, const uint32_t *members, const uint32_t *next, size_t lane,
                               bool with_pairs)
{
    float square[SETS] = {0}, shift = 0;
    int32_t varying = 0;
    for (size_t k = 0; k < s->size; k++) {
        const float *facts = s->columns + members[k] * s->stride + s->periods;
        shift += facts[0];
        varying += facts[1] != 0;
        __builtin_prefetch(s->columns + next[k] * s->stride + s->periods);
    }
    size_t from = 0;
    for (; from + SETS < s->periods && from + STRETCH <= s->stride; from += STRETCH)
        sum_stretch(s, members, next, from, STRETCH, lane, shift, square, with_pairs);
    for (; from < s->periods; from += SETS)
        sum_stretch(s, members, next, from, SETS, lane, shift, square, with_pairs);
    for (size_t half = SETS / 2; half > 0; half /= 2) {
        for (size_t i = 0; i < half; i++)
            square[i] += square[i + half];
    }
    return square[0] - (float)varying;
}

/* The series in the room, a set a lane; the first `count` lanes are wanted. */
static void walk_room(const ho_sets *s, size_t count, float *sums, float *drawdowns)
{
    float sum[SETS] = {0}, below[SETS] = {0}, drawdown[SETS] = {0};
    const float *r = s->room;
    size_t t = 0;
    if (!s->zero_start) {
        for (int i = 0; i < SETS; i++)
            sum[i] += r[i];
        r += SETS;
        t = 1;
    }
    for (; t < s->periods; t++) {
#pragma omp simd
        for (int i = 0; i < SETS; i++) {
            sum[i] += r[i];
            const float deeper = below[i] - r[i];
            below[i] = deeper > 0 ? deeper : 0;
            drawdown[i] = below[i] > drawdown[i] ? below[i] : drawdown[i];
        }
        r += SETS;
    }
    for (size_t i = 0; i < count; i++) {
        sums[i] = sum[i];
        drawdowns[i] = drawdown[i];
    }
}

static void count_room(const ho_sets *s, size_t first, size_t count, const ho_sets_walked *out)
{
    int32_t wins[SETS] = {0}, losses[SETS] = {0};
    float gain[SETS] = {0}, loss[SETS] = {0};
    const float *r = s->room;
    for (size_t t = 0; t < s->periods; t++) {
#pragma omp simd
        for (int i = 0; i < SETS; i++) {
            wins[i] += r[i] > 0;
            losses[i] += r[i] < 0;
            gain[i] += r[i] > 0 ? r[i] : 0.0f;
            loss[i] += -r[i] > 0 ? -r[i] : 0.0f;
        }
        r += SETS;
    }
    for (size_t i = 0; i < count; i++) {
        out->wins[first + i] = (float)wins[i];
        out->losses[first + i] = (float)losses[i];
        out->gain[first + i] = gain[i];
        out->loss[first + i] = loss[i];
    }
}

extern ho_walk_sets_of HO_OF_SET(ho_walk_sets_);
void HO_OF_SET(ho_walk_sets_)(const ho_sets *s, const ho_sets_walked *out)
{
    for (size_t first = 0; first < s->count; first += SETS) {
        const size_t lanes = s->count - first < SETS ? s->count - first : SETS;
        for (size_t lane = 0; lane < lanes; lane++) {
            const size_t set = first + lane;
            const uint32_t *members = s->members + set * s->size;
            const uint32_t *next = set + 1 < s->count ? members + s->size : members;
            if (out->pairs != NULL)
                out->pairs[set] = sum_set(s, members, next, lane, true);
            else
                (void)sum_set(s, members, next, lane, false);
        }
        for (size_t i = 0; lanes < SETS && i < s->periods * SETS; i++) {
            if (i % SETS >= lanes) s->room[i] = 0;
        }
        walk_room(s, lanes, out->sum + first, out->drawdown + first);
        if (out->wins != NULL) count_room(s, first, lanes, out);
    }
}

/* The loops that all the time goes into: pointers and lengths only. kernels_ref.c is the truth; kernels_vector.c is
 * one source compiled once an instruction set. Every set gives the same bits: a candidate is a lane, each lane does
 * the same operations in the same order, and contraction is off. */
#ifndef HO_KERNELS_KERNELS_H
#define HO_KERNELS_KERNELS_H

#include "kernels/series.h"

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HO_ALWAYS_INLINE static inline __attribute__((always_inline))

/* For candidate j the series r[t] = base[t] + x[t*stride + j] is walked once, t = 0 .. periods-1:
 *   equity += r; peak = max(peak, equity); drawdown = max(drawdown, peak - equity); dot += v[t] * x[t*stride + j]
 * with equity = drawdown = dot = 0 before and peak = start_peak: 0 for a drawdown that counts a loss from the first
 * period on, -INFINITY for one that starts at the first period's equity. max(a, b) is b > a ? b : a, so that NaN
 * goes the same way everywhere. */
typedef struct ho_scan {
    size_t periods;
    size_t stride;      /* doubles between rows of x */
    const double *x;    /* row 0 of the first candidate */
    const double *base; /* periods: the set's series without the member that leaves */
    const double *v;    /* periods; NULL: dot is not wanted */
    double start_peak;
    double hurdle; /* scan_spread only */
} ho_scan;

/* What a walk leaves, an array item a candidate. */
typedef struct ho_walked {
    double *sum; /* equity at the end */
    double *drawdown;
    double *dot;
    double *wins, *losses; /* scan_counts only: the number of periods with r > 0, with r < 0 */
    double *gain, *loss;   /* scan_counts only: the sum of the positive r, of the |negative r| */
    double *low, *high;    /* scan_spread only: the smallest and the largest r */
    double *square,
        *shortfall; /* scan_spread only: the sum of (r - sum / periods)^2, of min(r - hurdle, 0)^2 */
} ho_walked;

/* The same walk in single precision, to find out which few candidates deserve the one above; the depth under the last
 * peak is carried, as in ho_sets:
 *   r = base[t] + x[t*stride + j]; sum += r; below = max(0, below - r); drawdown = max(drawdown, below);
 *   dot += v[t] * x[t*stride + j]
 * where below stays 0 in the first period unless zero_start. */
typedef struct ho_sieve {
    size_t periods, stride; /* stride in floats */
    const float *x;         /* row 0 of the first candidate */
    const float *base;      /* periods */
    const float *v;         /* periods; NULL: dot is not wanted */
    bool zero_start;
    float unit; /* sieve_smooth only: depths are counted in this unit while they are in powers */
} ho_sieve;

/* An array item a candidate. */
typedef struct ho_sieved {
    float *sum, *drawdown, *dot;
} ho_sieved;

/* A set's sums without one of its members, in double and in single precision, for period t:
 *   base[t] = series[t] - x[t]                        base_size = the sum of |base[t]|
 *   v[t] = units[t] - (x[t] - mean) * scale           v_sum, v_square: of v[t], of v[t]^2; v_high: the largest |v[t]|
 * A sum here is one of 16 parts, of the periods with equal t % 16 in their order, added in halves. */
typedef struct ho_leaving {
    size_t periods;
    const double *series, *units, *x; /* units NULL: nothing of v is wanted */
    double mean, scale;
    double *base, *v;
    float *single_base, *single_v; /* NULL: not wanted */
} ho_leaving;

typedef struct ho_left {
    double base_size, v_sum, v_square, v_high;
} ho_left;

/* What sieved numbers may be off by, and the value that is made of them: for a candidate with the numbers sum,
 * drawdown and dot, and with size = base_size + absolute, twice = 2 dot scale, lean = absolute scale,
 *   sum is off by sum_part size, drawdown by depth_part size + depth_step drawdown, both by `least` more,
 *   weight twice by 2 weight dot_part lean + few weight (|pairs| + |twice|) + least
 *   bare = sum / drawdown where drawdown > none (else any number), or sum / divisor, or - drawdown / divisor
 *   value = bare - weight (pairs + twice), where only_positive takes a negative sum of pairs for 0, and a drawdown
 *   below halved_below halves it. */
typedef enum ho_sieve_bare { HO_SIEVE_RATIO, HO_SIEVE_TOTAL, HO_SIEVE_DEPTH } ho_sieve_bare;

typedef struct ho_sieve_bounds {
    ho_sieve_bare bare;
    bool only_positive;
    float base_size, sum_part, depth_part, depth_step, least;
    float divisor, none, halved_below;
    float weight, pairs, dot_part, few;
} ho_sieve_bounds;

typedef struct ho_columns {
    const double *data; /* column c at data + c*stride */
    size_t stride, periods;
    const double *mean, *scale;
} ho_columns;

/* Many sets at once, in single precision: a value to search by, never one to report.
 *
 * A column is `periods` values, then its shift = mean * scale, then its scale; column c starts at columns + c*stride.
 * For each set the series r[t] = x_0[t] + x_1[t] + ... and g[t] = x_0[t] * scale_0 + x_1[t] * scale_1 + ... less
 * (shift_0 + shift_1 + ...), over its members in the order given, and then
 *   sum += r; below = max(0, below - r); drawdown = max(drawdown, below); square[t % 16] += g * g
 * where below stays 0 in the first period unless zero_start: the depth under the last peak is carried and not the
 * peak, so that a small drawdown of a large sum keeps its digits. pairs = the 16 squares, added in halves, less the
 * number of members with scale != 0. */
typedef struct ho_sets {
    const float *columns;    /* 64-byte aligned */
    size_t stride, periods;  /* stride in floats: a multiple of HO_SETS_LANES, at least periods + 2 */
    const uint32_t *members; /* count * size */
    size_t size, count;
    bool zero_start;
    float *room; /* HO_SETS_LANES * (periods + HO_SETS_LANES) floats, overwritten */
} ho_sets;

#define HO_SETS_LANES 16

/* An array item a set. */
typedef struct ho_sets_walked {
    float *sum, *drawdown;
    float *pairs;                       /* NULL: not wanted */
    float *wins, *losses, *gain, *loss; /* wins NULL: none of the four is wanted; as in ho_walked */
} ho_sets_walked;

/* A row's numbers, each in one of the bins of equal width from -1 to 1, and their sums: bin[k] is the whole part of
 * row[k] * half + half, held within 0..2*half (NaN: 0); sum[k % 16] += row[k] and square[k % 16] += row[k]^2 from 0,
 * in order of k; high is the largest bin, 0 of none. */
typedef struct ho_binned {
    float sum[16], square[16];
    int32_t high;
} ho_binned;

/* Two weighted sums down each column of a time-major matrix: a_sum[j] = a[0] x[0][j] + a[1] x[1][j] + ... from 0, in
 * order of the periods, and b_sum[j] the same with b. */
typedef struct ho_weighing {
    const double *x;
    size_t stride, periods, columns;
    const double *a, *b;   /* periods each */
    double *a_sum, *b_sum; /* columns each */
} ho_weighing;

/* What a column is worth over some blocks of the periods, larger being better; n is the number of periods. */
typedef enum ho_choice_kind {
    HO_CHOICE_SUM, /* a */
    HO_CHOICE_SHARPE, /* a |a| / (b - a^2 / n), b the sum of squares: the order of Sharpe's ratio; see choices.h */
    HO_CHOICE_QUOTIENT, /* a / b; b = 0: infinite where a > 0, else 0 */
    HO_CHOICE_RATIO,    /* sum / drawdown; drawdown up to 1e-6: 100 sum if positive, else 10 sum */
    HO_CHOICE_DRAWDOWN, /* -drawdown */
    HO_CHOICE_KINDS
} ho_choice_kind;

#define HO_CHOICE_BLOCKS 24 /* at most */

/* Every choice of half of the blocks, in lexicographic order of their numbers: choice 0 is 0, 1, 2, ...; the last
 * choices are the other halves of the first ones, in reverse. The blocks of a choice follow each other in order. Row k
 * of an array is block k, `stride` doubles from one to the next. */
typedef struct ho_choices {
    ho_choice_kind kind;
    size_t blocks; /* even, 2 .. HO_CHOICE_BLOCKS */
    size_t stride;
    const double *length; /* a block: its number of periods */
    const double *a;      /* the sum; the first of two sums for the kinds without a path */
    const double *b;      /* SHARPE and QUOTIENT: the second sum */
    const double *high, *low,
        *drawdown; /* RATIO and DRAWDOWN: of the equity from 0 at the block's start, the highest
                                   (>= 0) and the lowest (<= 0), and the drawdown */
} ho_choices;

typedef void ho_choices_best_of(const ho_choices *choices, size_t columns, uint32_t first, double *best,
                                uint32_t *winner);
typedef void ho_choices_rank_of(const ho_choices *choices, size_t columns, const double *hurdle,
                                uint32_t *below, uint32_t *equal);

/* A small matrix, row after row; rows do not overlap. */
typedef struct ho_dense {
    double *a;
    size_t rows, columns, stride;
} ho_dense;

/* A dot product is eight sums, of the products k with k % 8 alike, in order of k from 0, added in halves:
 * ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7)). */
typedef void ho_dense_sum_of(const ho_dense *matrix, const double *weights, double *out);
typedef void ho_dense_dots_of(const ho_dense *matrix, const double *v, double *out);
typedef void ho_dense_eliminate_of(const ho_dense *matrix, size_t pivot, const double *times, double *norm);

/* What swaps can come to at most, from the falls of the set over some intervals of the periods, in single precision: for
 * candidate j
 *   fall = the largest of 0 and -(base[i] + x[i*stride + j]), less `error`; gain = rest + total[j], 0 if it is less
 *   upper[j] = gain / fall * stretch - weight * (pairs + 2 * (dots[j] - leaving[j])), INFINITY unless fall > none
 * as no drawdown is less than the deepest fall. */
typedef struct ho_falls {
    size_t intervals, stride; /* floats between rows of x */
    const float *x;           /* a candidate's sum over each interval */
    const float *base;        /* intervals: the set's, without the member that leaves */
    const float *total;       /* a candidate */
    const float *dots,
        *leaving; /* a candidate: with the unit columns of all members, of the one that leaves */
    float rest, error, none, stretch, weight, pairs;
} ho_falls;

#define HO_FALLS_LANES 16 /* candidates come in whole multiples */

/* Returns the largest. */
typedef float ho_falls_upper_of(const ho_falls *falls, size_t candidates, float *upper);
typedef void ho_leave_of(const ho_leaving *leaving, ho_left *out);
typedef void ho_sieve_of(const ho_sieve *sieve, size_t candidates, const ho_sieved *out);
typedef ho_sieve_of ho_sieve_smooth_of;
typedef void ho_sieve_upper_of(const ho_sieve_bounds *bounds, const ho_sieved *walked, const float *absolute,
                               const float *scale, size_t candidates, float *upper);
typedef void ho_walk_sets_of(const ho_sets *sets, const ho_sets_walked *out);

typedef struct ho_kernels {
    const char *name; /* "ref", "sse2", "avx2", "avx512" */
    void (*scan)(const ho_scan *scan, size_t candidates, const ho_walked *out);
    void (*scan_counts)(const ho_scan *scan, size_t candidates, const ho_walked *out); /* scan, and counts */
    void (*scan_spread)(const ho_scan *scan, size_t candidates,
                        const ho_walked *out); /* scan_counts, and the spread */

    /* As scan, but drawdown is the fourth root of the sum of (peak - equity)^4: smooth where the largest one jumps. */
    void (*scan_smooth)(const ho_scan *scan, size_t candidates, const ho_walked *out);

    ho_leave_of *leave;
    ho_sieve_of *sieve;
    ho_sieve_smooth_of *sieve_smooth; /* as scan_smooth */
    /* upper[i]: no value that the true numbers of candidate i make is above; INFINITY where there is no bound. dot is
     * not read where weight is 0. */
    ho_sieve_upper_of *sieve_upper;

    ho_falls_upper_of *falls_upper;

    /* sum[t] = x_0[t] + x_1[t] + ..., units[t] = (x_0[t] - mean_0) * scale_0 + ... over members[0..count-1] in that
     * order, where x_k is the column that starts at columns + members[k]*stride (strategy-major), mean_k is
     * mean[members[k]], scale_k likewise. units may be NULL (then mean and scale are not read); count >= 1. */
    void (*sum_columns)(const ho_columns *columns, const uint32_t *members, size_t count, double *sum,
                        double *units);
    ho_walk_sets_of *walk_sets;
    void (*bin_row)(const float *row, size_t count, float half, int32_t *bin, ho_binned *out);
    void (*weigh)(const ho_weighing *weighing);

    /* For each choice s and the columns j in order: where column j is worth more than best[s], best[s] becomes that and
     * winner[s] first + j. NaN is worth nothing. */
    ho_choices_best_of *choices_best;

    /* For each choice s: below[s] += the number of columns worth less than hurdle[s], equal[s] += just that. */
    ho_choices_rank_of *choices_rank;

    /* Columns as series of their own: series.h. */
    ho_series_walk_of *series_walk;
    ho_series_count_of *series_count;

    /* out[j] = weights[0] a[0][j] + weights[1] a[1][j] + ... from 0, in order of the rows; those of weight 0 are left out. */
    ho_dense_sum_of *dense_sum;

    /* out[i] = the dot product of row i and v. */
    ho_dense_dots_of *dense_dots;

    /* a[i][k] -= times[i] a[pivot][k] for every row i but the pivot's, and those with times[i] = 0; then norm[i] = the dot
     * product of row i with itself, for every row. */
    ho_dense_eliminate_of *dense_eliminate;
} ho_kernels;

/* The best set of this machine, or the one that HEAVYOPT_CPU names (ref|sse2|avx2|avx512). HO_ERR_USAGE: an unknown
 * name; HO_ERR_UNAVAILABLE: not on this processor. Chosen anew at each call, so that tests can switch. */
HO_MUST_USE ho_status ho_kernels_choose(const ho_kernels **kernels, ho_error *err);

/* All sets that this machine can run, "ref" first. */
size_t ho_kernels_count(void);
const ho_kernels *ho_kernels_at(size_t i);

#endif

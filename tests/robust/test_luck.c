/* What is said of pure luck: on numbers without any edge, half of the winners land in the lower half, p-values are
 * uniform, the deflated Sharpe ratio is seldom sure; and a real edge is told from it. */
#include "test.h"

#include "base/memory.h"
#include "base/rng.h"
#include "robust/bands.h"
#include "robust/deflate.h"
#include "robust/overfit.h"
#include "robust/sharpe.h"
#include "robust/superior.h"
#include "stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static ho_matrix noise(size_t periods, size_t columns, uint64_t seed)
{
    ho_error err;
    ho_matrix x = {0};
    ho_rng rng = ho_rng_new(seed, "noise", 0);
    assert_ok(ho_matrix_new(periods, columns, &x, &err));
    for (size_t t = 0; t < periods; t++) {
        for (size_t j = 0; j < columns; j++)
            ho_matrix_row(&x, t)[j] = 1000 * ho_rng_normal(&rng);
    }
    return x;
}

static double overfitting_of(const ho_matrix *x, ho_block_measure measure)
{
    ho_error err;
    ho_overfit found = {0};
    const ho_overfit_of of = {.x = x, .measure = measure, .blocks = 8, .threads = 2};
    assert_ok(ho_overfit_make(&of, &found, &err));
    const double probability = found.probability;
    ho_overfit_clear(&found);
    return probability;
}

static void noise_is_overfitted_half_of_the_time(void **state)
{
    (void)state;
    enum { SEEDS = 100 };
    for (int measure = 0; measure <= HO_BLOCKS_DRAWDOWN; measure++) {
        double mean = 0, square = 0;
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            ho_matrix x = noise(48, 33, seed);
            const double p = overfitting_of(&x, (ho_block_measure)measure);
            mean += p / SEEDS;
            square += p * p / SEEDS;
            ho_matrix_free(&x);
        }
        const double error = sqrt((square - mean * mean) / SEEDS);
        assert_true(fabs(mean - 0.5) < 4 * error);
        assert_true(error < 0.04);
    }
}

static void an_edge_that_lasts_is_not_overfitted(void **state)
{
    (void)state;
    enum { SEEDS = 20, PERIODS = 128 };
    for (int measure = 0; measure <= HO_BLOCKS_RATIO; measure++) {
        double turning = 0, noisy = 0;
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            ho_matrix x = noise(PERIODS, 50, seed);
            for (size_t t = 0; t < PERIODS; t++)
                ho_matrix_row(&x, t)[23] += 1500;
            assert_true(overfitting_of(&x, (ho_block_measure)measure) == 0);
            for (size_t t = 0; t < PERIODS; t++)
                ho_matrix_row(&x, t)[23] -= 1500;
            noisy += overfitting_of(&x, (ho_block_measure)measure) / SEEDS;
            for (size_t t = 0; t < PERIODS; t++)
                ho_matrix_row(&x, t)[23] += t < PERIODS / 2 ? -1500 : 1500;
            turning += overfitting_of(&x, (ho_block_measure)measure) / SEEDS;
            ho_matrix_free(&x);
        }
        assert_true(turning > noisy); /* an edge that turns round is worse than none */
    }
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The largest distance of the numbers' distribution from the uniform one, times sqrt(n): above 1.63 once in a hundred
 * times. */
static double uniform_distance(double *values, size_t n)
{
    double most = 0;
    qsort(values, n, sizeof *values, ascending);
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fabs(values[i] - (double)i / (double)n));
        most = fmax(most, fabs(values[i] - (double)(i + 1) / (double)n));
    }
    return most * sqrt((double)n);
}

static ho_superior superior_of(const ho_matrix *x, uint64_t seed, size_t resamples)
{
    ho_error err;
    ho_superior found;
    const ho_resampler r = {HO_RESAMPLE_STATIONARY, x->rows, 1, seed, "test"};
    const ho_superior_of of = {.x = x, .resampler = &r, .resamples = resamples, .threads = 2};
    assert_ok(ho_superior_make(&of, &found, &err));
    return found;
}

static void p_values_of_noise_are_uniform(void **state)
{
    (void)state;
    enum { SEEDS = 200, RESAMPLES = 99 };
    double means[SEEDS], studied[SEEDS];
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        ho_matrix x = noise(80, 15, seed);
        const ho_superior found = superior_of(&x, seed, RESAMPLES);
        means[seed] = found.means.p[HO_SUPERIOR_UPPER];
        studied[seed] = found.studied.p[HO_SUPERIOR_UPPER];
        assert_true(found.means.p[HO_SUPERIOR_LOWER] <= found.means.p[HO_SUPERIOR_CONSISTENT]);
        assert_true(found.means.p[HO_SUPERIOR_CONSISTENT] <= found.means.p[HO_SUPERIOR_UPPER]);
        ho_matrix_free(&x);
    }
    assert_true(uniform_distance(means, SEEDS) < 1.63);
    assert_true(uniform_distance(studied, SEEDS) < 1.63);
}

static void a_strategy_with_an_edge_is_superior(void **state)
{
    (void)state;
    ho_matrix x = noise(120, 300, 4);
    for (size_t t = 0; t < 120; t++)
        ho_matrix_row(&x, t)[77] += 600;
    const ho_superior found = superior_of(&x, 1, 500);
    assert_true(found.means.best == 77 && found.studied.best == 77);
    assert_true(found.means.p[HO_SUPERIOR_UPPER] < 0.01 && found.studied.p[HO_SUPERIOR_CONSISTENT] < 0.01);
    assert_true(found.means.statistic > found.means.critical[HO_SUPERIOR_UPPER]);
    ho_matrix_free(&x);
}

static void the_normal_distribution_is_known_far_out(void **state)
{
    (void)state;
    /* SciPy's norm.ppf and norm.cdf */
    assert_near(ho_normal_quantile_of(0.975), 1.959963984540054, 1e-15);
    assert_near(ho_normal_quantile_of(0.5), 0.0, 0);
    assert_near(ho_normal_quantile_of(1e-12), -7.034483825301132, 1e-15);
    assert_near(ho_normal_quantile_of(0.001), -3.090232306167813, 1e-15);
    assert_near(ho_normal_below(-1.0), 0.15865525393145707, 1e-15);
    assert_true(ho_normal_quantile_of(0) == (double)-INFINITY &&
                ho_normal_quantile_of(1) == (double)INFINITY);
    for (double share = 1e-9; share < 1; share += 0.013)
        assert_near(ho_normal_below(ho_normal_quantile_of(share)), share, 1e-14);
}

static void a_sharpe_ratio_has_an_error_and_a_track(void **state)
{
    (void)state;
    /* Bailey and Lopez de Prado 2012, a hedge fund of two years of months: 1.585 a year, skewness -2.448, kurtosis
     * 10.164, probability 0.913 */
    ho_sharpe s = {.periods = 24, .value = 1.585 / sqrt(12), .skewness = -2.448, .kurtosis = 10.164};
    s.error = sqrt((1 - s.skewness * s.value + (s.kurtosis - 1) / 4 * s.value * s.value) / 23);
    assert_near(ho_sharpe_probability(&s, 0), 0.913, 5e-4);
    const double track = ho_sharpe_track_length(&s, 0, 0.95);
    ho_sharpe longer = s;
    longer.error = s.error * sqrt(23 / (track - 1));
    assert_near(ho_sharpe_probability(&longer, 0), 0.95, 1e-12);
    assert_true(isinf(ho_sharpe_track_length(&s, 2, 0.95)));
    static const double flat[] = {5, 5, 5}, one[] = {3};
    assert_true(isnan(ho_sharpe_of(flat, 3).value) && isnan(ho_sharpe_of(one, 1).value));
    assert_true(ho_sharpe_of_luck(1, 0.3) == 0 && ho_sharpe_of_luck(1000, 0.3) > ho_sharpe_of_luck(10, 0.3));
}

static void many_trials_deflate_a_sharpe_ratio(void **state)
{
    (void)state;
    /* Bailey and Lopez de Prado 2014, the numerical example: 2.5 a year in five years of 250 days, skewness -3, kurtosis
     * 10; the trials' ratios have a variance of 1/2 a year. 100 of them: 0.1132 by luck, and 0.9004 is left; of 46, 0.9505 */
    ho_sharpe s = {.periods = 1250, .value = 2.5 / sqrt(250), .skewness = -3, .kurtosis = 10};
    s.error = sqrt((1 - s.skewness * s.value + (s.kurtosis - 1) / 4 * s.value * s.value) / 1249);
    const double deviation = sqrt(0.5 / 250);
    double luck, deflated;
    ho_deflate(&s, 100, deviation, &luck, &deflated);
    assert_near(luck, 0.1132, 5e-5);
    assert_near(deflated, 0.9004, 5e-5);
    ho_deflate(&s, 46, deviation, &luck, &deflated);
    assert_near(deflated, 0.9505, 5e-5);
}

static void resamples_are_blocks_of_neighbours(void **state)
{
    (void)state;
    enum { N = 50, LENGTH = 100000 };
    uint32_t *drawn = HO_NEW(uint32_t, LENGTH), again[LENGTH / 100];
    for (int kind = 0; kind <= HO_RESAMPLE_CIRCULAR; kind++) {
        const ho_resampler r = {(ho_resample_kind)kind, N, 4, 3, "blocks"};
        size_t starts = 0, counts[N] = {0};
        ho_resample_draw(&r, 5, LENGTH, drawn);
        for (size_t i = 0; i < LENGTH; i++) {
            assert_in_range(drawn[i], 0, N - 1);
            counts[drawn[i]]++;
            starts += i == 0 || drawn[i] != (drawn[i - 1] + 1) % N;
        }
        /* a block may begin where the last one would have gone on */
        assert_near((double)LENGTH / (double)starts, 4 / (1 - 1.0 / N), 0.02);
        for (size_t t = 0; t < N; t++)
            assert_near((double)counts[t] * N / LENGTH, 1, 0.12);
        ho_resample_draw(&r, 5, LENGTH / 100, again);
        assert_memory_equal(again, drawn, sizeof again);
    }
    free(drawn);
}

static void bands_hold_what_was_seen(void **state)
{
    (void)state;
    enum { T = 100 };
    ho_error err;
    ho_bands bands = {0};
    double series[T];
    ho_rng rng = ho_rng_new(1, "bands", 0);
    for (size_t t = 0; t < T; t++)
        series[t] = 100 + 1000 * ho_rng_normal(&rng);
    const ho_resampler r = {HO_RESAMPLE_STATIONARY, T, 2, 3, "bands"};
    const ho_metric_settings measures = {.periods_per_year = 252};
    ho_bands_of of = {.series = series,
                      .resampler = &r,
                      .measures = &measures,
                      .length = 40,
                      .resamples = 500,
                      .ruin = 5000,
                      .threads = 2};
    assert_ok(ho_bands_make(&of, &bands, &err));
    const ho_band *total = &bands.measures[ho_metric_find("total_roi")];
    for (size_t q = 1; q < HO_BAND_QUANTILES; q++)
        assert_true(total->at[q - 1] < total->at[q]);
    assert_memory_equal(total, &bands.equity[39], sizeof *total); /* the equity ends at the total */
    assert_true(bands.ruin > 0 && bands.ruin < 0.5);
    size_t deep = 0;
    for (size_t i = 0; i < of.resamples; i++)
        deep += bands.drawdowns[i] >= of.ruin;
    assert_true(bands.ruin <= (double)deep / 500); /* ruin is a drawdown from the start */
    ho_bands one = {0};
    of.threads = 1;
    assert_ok(ho_bands_make(&of, &one, &err));
    assert_memory_equal(one.measures, bands.measures, ho_metric_count() * sizeof *one.measures);
    assert_memory_equal(one.drawdowns, bands.drawdowns, 500 * sizeof *one.drawdowns);
    ho_bands_clear(&one);
    ho_bands_clear(&bands);
    assert_null(bands.equity);
}

static void a_cancel_leaves_nothing_half_told(void **state)
{
    (void)state;
    ho_error err;
    ho_matrix x = noise(32, 100, 1);
    const int now = 1;
    ho_overfit found = {0};
    const ho_overfit_of of = {.x = &x, .measure = HO_BLOCKS_RATIO, .blocks = 8, .threads = 2, .cancel = &now};
    assert_ok(ho_overfit_make(&of, &found, &err));
    assert_true(found.interrupted);
    ho_overfit_clear(&found);
    const ho_overfit_of short_of = {.x = &x, .measure = HO_BLOCKS_RATIO, .blocks = 24, .threads = 1};
    x.rows = 20;
    assert_refused(ho_overfit_make(&short_of, &found, &err), HO_ERR_USAGE, "24 blocks of 20 periods");
    x.rows = 32;
    ho_matrix_free(&x);
}

static void a_failed_allocation_is_an_error_and_no_leak(void **state)
{
    (void)state;
    ho_error err;
    ho_matrix x = noise(32, 40, 1);
    if (!ho_memory_fail_at(0)) skip();
    const ho_resampler r = {HO_RESAMPLE_STATIONARY, 32, 1, 1, "test"};
    const ho_metric_settings measures = {.periods_per_year = 252};
    double series[32] = {1, -2, 3};
    const ho_overfit_of overfit = {.x = &x, .measure = HO_BLOCKS_RATIO, .blocks = 4, .threads = 2};
    const ho_superior_of superior = {.x = &x, .resampler = &r, .resamples = 10, .threads = 2};
    const ho_bands_of bands = {.series = series,
                               .resampler = &r,
                               .measures = &measures,
                               .length = 32,
                               .resamples = 10,
                               .threads = 1};
    for (int what = 0; what < 3; what++) {
        ho_status status = HO_ERR_MEMORY;
        for (long n = 1; status != HO_OK; n++) {
            ho_overfit o = {0};
            ho_superior s;
            ho_bands b = {0};
            ho_memory_fail_at(n);
            status = what == 0   ? ho_overfit_make(&overfit, &o, &err)
                     : what == 1 ? ho_superior_make(&superior, &s, &err)
                                 : ho_bands_make(&bands, &b, &err);
            ho_memory_fail_at(0);
            assert_true(status == HO_OK || status == HO_ERR_MEMORY);
            assert_true(n < 200);
            ho_overfit_clear(&o);
            ho_bands_clear(&b);
        }
    }
    ho_matrix_free(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_overfitted_half_of_the_time),
        cmocka_unit_test(an_edge_that_lasts_is_not_overfitted),
        cmocka_unit_test(p_values_of_noise_are_uniform),
        cmocka_unit_test(a_strategy_with_an_edge_is_superior),
        cmocka_unit_test(the_normal_distribution_is_known_far_out),
        cmocka_unit_test(a_sharpe_ratio_has_an_error_and_a_track),
        cmocka_unit_test(many_trials_deflate_a_sharpe_ratio),
        cmocka_unit_test(resamples_are_blocks_of_neighbours),
        cmocka_unit_test(bands_hold_what_was_seen),
        cmocka_unit_test(a_cancel_leaves_nothing_half_told),
        cmocka_unit_test(a_failed_allocation_is_an_error_and_no_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

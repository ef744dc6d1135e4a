/* Correlations of all pairs by tiles: the same as a plain double loop over pairs, on any number of threads. */
#include "test.h"

#include "base/memory.h"
#include "base/rng.h"
#include "panel/panel.h"
#include "stats/stats.h"
#include "stats/tiles.h"

#include <math.h>
#include <string.h>

enum { PERIODS = 31 };

/* A common factor and noise; from 40 columns on some are constant, equal, opposite, multiples and nearly equal. */
static ho_panel *panel_of(size_t columns)
{
    ho_panel *panel = NULL;
    ho_error err;
    assert_ok(ho_panel_new(PERIODS, columns, &panel, &err));
    ho_rng rng = ho_rng_new(columns, "tiles", 0);
    for (size_t t = 0; t < PERIODS; t++) {
        double *row = ho_matrix_row(&panel->values, t), market = ho_rng_normal(&rng);
        for (size_t j = 0; j < columns; j++)
            row[j] = 500 * market + 1000 * ho_rng_normal(&rng) + 100;
        if (columns < 40) continue;
        row[3] = 0.1;
        row[columns - 1] = -7;
        row[columns - 2] = row[5];
        row[columns - 3] = -row[5];
        row[columns / 2] = row[5];
        row[columns - 4] = 3 * row[6] + 2;
        row[8] = row[7] + ho_rng_normal(&rng);
        row[columns - 5] = row[8] + ho_rng_normal(&rng);
    }
    return panel;
}

/* Every pair by the function that the small matrix comes from. */
static double *plain_matrix(const ho_panel *panel)
{
    ho_error err;
    size_t n = ho_panel_strategies(panel);
    double *matrix = HO_NEW(double, n *n);
    uint32_t *all = HO_NEW(uint32_t, n);
    assert_non_null(matrix);
    assert_non_null(all);
    for (size_t j = 0; j < n; j++)
        all[j] = (uint32_t)j;
    const ho_member_columns columns = {panel->values.data, panel->values.stride, PERIODS, all, n};
    assert_ok(ho_correlation_matrix(&columns, matrix, &err));
    free(all);
    return matrix;
}

/* A whole matrix, put together from its tiles; each place is written once. */
typedef struct square {
    size_t columns;
    double *values;
    uint8_t *seen;
} square;

static ho_status keep(void *user, const ho_tile *tile, ho_error *err)
{
    square *to = user;
    (void)err;
    for (size_t r = 0; r < tile->rows; r++) {
        for (size_t c = 0; c < tile->columns; c++) {
            size_t from = r * tile->columns + c, at = (tile->row + r) * to->columns + tile->column + c;
            to->values[at] = tile->wide ? ((const double *)tile->values)[from]
                                        : (double)((const float *)tile->values)[from];
            to->seen[at]++;
        }
    }
    return HO_OK;
}

static void check_pairs(const ho_panel *panel, const double *plain, const ho_pairs *pairs)
{
    size_t n = ho_panel_strategies(panel);
    double sum = 0, squares = 0, largest = -2;
    uint64_t above[2] = {0}, below = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++) {
            double r = plain[i * n + j];
            sum += r;
            squares += r * r;
            /* a hair's breadth from the edge float may fall on either side */
            above[0] += r > 0.7 + 1e-5;
            above[1] += r > 0.7 - 1e-5;
            below += r < pairs->mean;
            bool identical = true;
            for (size_t t = 0; t < PERIODS; t++)
                identical = identical && ho_panel_row(panel, t)[i] == ho_panel_row(panel, t)[j];
            if (!identical && r != 0 && r > largest) largest = r;
            if (r > 0.99 + 1e-5) assert_int_equal(pairs->cluster[i], pairs->cluster[j]);
        }
    }
    uint64_t count = (uint64_t)n * (n - 1) / 2, counted = 0;
    assert_int_equal(pairs->pairs, count);
    for (size_t b = 0; b < HO_PAIR_BINS; b++)
        counted += pairs->bins[b];
    assert_int_equal(counted, count);
    assert_true(ho_pairs_above(pairs, 0.7) >= above[0] && ho_pairs_above(pairs, 0.7) <= above[1]);
    assert_int_equal(ho_pairs_above(pairs, -1), count);
    if (count == 0) {
        assert_true(pairs->mean == 0 && pairs->deviation == 0);
        assert_true(isnan(pairs->largest) && isnan(ho_pairs_quantile(pairs, .5)));
        return;
    }
    double mean = sum / (double)count;
    assert_near(pairs->mean, mean, 1e-7);
    assert_near(pairs->deviation, sqrt(fmax(0, squares / (double)count - mean * mean)), n > 2 ? 1e-6 : 1e-3);
    assert_near(pairs->largest, largest, 1e-12);
    assert_near(plain[pairs->first * n + pairs->second], largest, 1e-12);
    double share = (double)below / (double)count;
    if (n > 100) assert_near(ho_pairs_quantile(pairs, share), pairs->mean, 1e-3);
}

static void check_matrix(const double *plain, const square *got, bool wide)
{
    size_t n = got->columns;
    for (size_t i = 0; i < n; i++) {
        assert_true(got->values[i * n + i] == 1);
        for (size_t j = 0; j < n; j++) {
            double r = got->values[i * n + j];
            if (got->seen[i * n + j] != 1)
                fail_msg("%zu, %zu is written %d times", i, j, got->seen[i * n + j]);
            assert_true(r >= -1 && r <= 1 && r == got->values[j * n + i]);
            if (fabs(r - plain[i * n + j]) > (wide ? 1e-14 : 1e-6))
                fail_msg("%zu, %zu is %.17g, not %.17g", i, j, r, plain[i * n + j]);
        }
    }
}

static void tiles_are_a_plain_double_loop_at_odd_sizes(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 40, 511, 513, 1023, 1025};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t n = sizes[i];
        ho_error err;
        ho_panel *panel = panel_of(n);
        double *plain = plain_matrix(panel);
        for (int way = 0; way < 4; way++) {
            square got = {n, HO_NEW(double, n *n), HO_NEW(uint8_t, n * n)};
            const bool wide = way % 2 != 0;
            const ho_tiles_run run = {
                .wide = wide, .threads = 2, .take = way < 2 ? keep : NULL, .user = &got};
            ho_pairs pairs;
            assert_ok(ho_pairs_count(panel, &run, &pairs, &err));
            check_pairs(panel, plain, &pairs);
            if (run.take != NULL) check_matrix(plain, &got, wide);
            assert_int_equal(pairs.constant, n < 40 ? 0 : 2);
            assert_int_equal(pairs.identical, n < 40 ? 0 : 2);
            ho_pairs_clear(&pairs);
            free(got.values);
            free(got.seen);
        }
        free(plain);
        ho_panel_free(&panel);
    }
}

static void counts_do_not_depend_on_the_number_of_threads(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *panel = panel_of(1500);
    ho_pairs one, other;
    ho_tiles_run run = {.threads = 1};
    assert_ok(ho_pairs_count(panel, &run, &one, &err));
    for (run.threads = 2; run.threads < 8; run.threads += 5) {
        assert_ok(ho_pairs_count(panel, &run, &other, &err));
        assert_memory_equal(one.bins, other.bins, sizeof one.bins);
        assert_memory_equal(one.cluster, other.cluster, 1500 * sizeof *one.cluster);
        assert_true(one.mean == other.mean && one.deviation == other.deviation);
        assert_true(one.first == other.first && one.second == other.second && one.largest == other.largest);
        ho_pairs_clear(&other);
    }
    ho_pairs_clear(&one);
    ho_panel_free(&panel);
}

static void the_mean_of_all_pairs_is_that_of_one_sum_of_unit_columns(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *panel = panel_of(1200);
    static uint32_t all[1200];
    for (uint32_t j = 0; j < 1200; j++)
        all[j] = j;
    const ho_member_columns columns = {panel->values.data, panel->values.stride, PERIODS, all, 1200};
    double average;
    assert_ok(ho_average_correlation(&columns, &average, &err));
    for (int wide = 0; wide < 2; wide++) {
        const ho_tiles_run run = {.wide = wide != 0, .threads = 2};
        ho_pairs pairs;
        assert_ok(ho_pairs_count(panel, &run, &pairs, &err));
        assert_near(pairs.mean, average, 1e-8);
        ho_pairs_clear(&pairs);
    }
    ho_panel_free(&panel);
}

static void near_duplicates_join_in_chains_and_the_largest_pair_is_not_identical(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *panel = panel_of(600);
    const ho_tiles_run run = {.threads = 2};
    ho_pairs pairs;
    assert_ok(ho_pairs_count(panel, &run, &pairs, &err));
    /* 5 and its two copies; 6 and its multiple; 7, 8 and 595 */
    static const uint32_t together[][2] = {{300, 5}, {598, 5}, {596, 6}, {8, 7}, {595, 7}};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(pairs.cluster[together[i][0]], together[i][1]);
    size_t joined = 0;
    for (uint32_t j = 0; j < 600; j++)
        joined += pairs.cluster[j] != j;
    assert_int_equal(joined, 5);
    assert_true(pairs.first == 6 && pairs.second == 596 && pairs.largest == 1);
    ho_pairs_clear(&pairs);
    ho_panel_free(&panel);
}

static void all_columns_equal_are_one_cluster_without_a_largest_pair(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *panel = panel_of(700);
    for (size_t t = 0; t < PERIODS; t++) {
        double *row = ho_matrix_row(&panel->values, t);
        for (size_t j = 1; j < 700; j++)
            row[j] = row[0];
    }
    const ho_tiles_run run = {.threads = 2};
    ho_pairs pairs;
    assert_ok(ho_pairs_count(panel, &run, &pairs, &err));
    assert_true(isnan(pairs.largest));
    assert_int_equal(pairs.identical, 699);
    for (size_t j = 0; j < 700; j++)
        assert_int_equal(pairs.cluster[j], 0);
    assert_int_equal(ho_pairs_above(&pairs, 0.99), pairs.pairs);
    assert_near(pairs.mean, 1, 1e-6);
    ho_pairs_clear(&pairs);
    ho_panel_free(&panel);
}

static ho_status refuse(void *user, const ho_tile *tile, ho_error *err)
{
    (void)user;
    (void)tile;
    snprintf(err->text, sizeof err->text, "the disk is full");
    return HO_ERR_IO;
}

static void a_tile_that_is_refused_ends_the_run_with_its_reason(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *panel = panel_of(1100);
    const ho_tiles_run run = {.threads = 2, .take = refuse};
    ho_pairs pairs = {.columns = 77};
    assert_refused(ho_pairs_count(panel, &run, &pairs, &err), HO_ERR_IO, "the disk is full");
    assert_int_equal(pairs.columns, 77);
    ho_panel_free(&panel);
}

static void a_cancelled_run_says_so(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *panel = panel_of(1100);
    const volatile int cancel = 1;
    const ho_tiles_run run = {.threads = 2, .cancel = &cancel};
    ho_pairs pairs;
    assert_ok(ho_pairs_count(panel, &run, &pairs, &err));
    assert_true(pairs.interrupted);
    ho_pairs_clear(&pairs);
    ho_panel_free(&panel);
}

static void huge_and_tiny_columns_stay_within_bounds(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *panel = panel_of(6);
    for (size_t t = 0; t < PERIODS; t++) {
        double *row = ho_matrix_row(&panel->values, t);
        row[0] = t % 2 != 0 ? 1.7e308 : -1.7e308;
        row[1] *= 1e-165;
        row[2] = t == 7 ? 5e-324 : 0;
        row[3] *= 1e200;
    }
    for (int wide = 0; wide < 2; wide++) {
        const ho_tiles_run run = {.wide = wide != 0, .threads = 1};
        ho_pairs pairs;
        assert_ok(ho_pairs_count(panel, &run, &pairs, &err));
        assert_int_equal(ho_pairs_above(&pairs, -1), 15);
        ho_pairs_clear(&pairs);
    }
    ho_panel_free(&panel);
}

static void without_memory_the_outputs_stay(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    ho_error err;
    ho_panel *panel = panel_of(50);
    ho_pairs pairs = {.columns = 77};
    square got = {50, HO_NEW(double, 50 * 50), HO_NEW(uint8_t, 50 * 50)};
    const ho_tiles_run run = {.threads = 1, .take = keep, .user = &got};
    ho_status status = HO_ERR_MEMORY;
    long failures = 0;
    for (long n = 1; status != HO_OK && n < 100; n++) {
        ho_memory_fail_at(n);
        status = ho_pairs_count(panel, &run, &pairs, &err);
        ho_memory_fail_at(0);
        if (status == HO_OK) break;
        failures++;
        assert_int_equal(status, HO_ERR_MEMORY);
        assert_int_equal(pairs.columns, 77);
    }
    assert_true(status == HO_OK && failures >= 8);
    ho_pairs_clear(&pairs);
    free(got.values);
    free(got.seen);
    ho_panel_free(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiles_are_a_plain_double_loop_at_odd_sizes),
        cmocka_unit_test(counts_do_not_depend_on_the_number_of_threads),
        cmocka_unit_test(the_mean_of_all_pairs_is_that_of_one_sum_of_unit_columns),
        cmocka_unit_test(near_duplicates_join_in_chains_and_the_largest_pair_is_not_identical),
        cmocka_unit_test(all_columns_equal_are_one_cluster_without_a_largest_pair),
        cmocka_unit_test(a_tile_that_is_refused_ends_the_run_with_its_reason),
        cmocka_unit_test(a_cancelled_run_says_so),
        cmocka_unit_test(huge_and_tiny_columns_stay_within_bounds),
        cmocka_unit_test(without_memory_the_outputs_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Matrices and panels: strides, transposes, days out of zone rows, unit columns. */
#include "test.h"

#include "base/memory.h"
#include "panel/panel.h"

#include <math.h>
#include <string.h>

static void strides_avoid_the_page(void **state)
{
    (void)state;
    ho_error err;
    static const size_t columns[] = {1, 7, 8, 511, 512, 1024, 25544, 25600};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        ho_matrix m = {0};
        assert_ok(ho_matrix_new(3, columns[i], &m, &err));
        assert_true(m.stride >= columns[i] && m.stride % 8 == 0 && m.stride * sizeof(double) % 4096 != 0);
        assert_int_equal((uintptr_t)m.data % 64, 0);
        ho_matrix_free(&m);
        assert_null(m.data);
    }
    ho_matrix m = {0};
    assert_int_equal(ho_matrix_new(SIZE_MAX / 64, SIZE_MAX / 64, &m, &err), HO_ERR_MEMORY);
    assert_null(m.data);
}

static void transposing_twice_changes_nothing(void **state)
{
    (void)state;
    ho_error err;
    ho_matrix m, t, back;
    assert_ok(ho_matrix_new(37, 101, &m, &err));
    for (size_t r = 0; r < 37; r++) {
        for (size_t c = 0; c < 101; c++)
            ho_matrix_row(&m, r)[c] = (double)(r * 1000 + c);
    }
    assert_ok(ho_matrix_transpose(&m, 2, &t, &err));
    assert_true(ho_matrix_row(&t, 100)[36] == 36100);
    assert_ok(ho_matrix_transpose(&t, 1, &back, &err));
    for (size_t r = 0; r < 37; r++)
        assert_memory_equal(ho_matrix_row(&m, r), ho_matrix_row(&back, r), 101 * sizeof(double));
    ho_matrix_free(&m);
    ho_matrix_free(&t);
    ho_matrix_free(&back);
}

static ho_panel *two_days_of_zones(void)
{
    ho_error err;
    ho_panel *p = NULL;
    assert_ok(ho_panel_new(3, 2, &p, &err));
    static const char *const names[] = {"first", "second"};
    static const size_t lengths[] = {5, 6};
    assert_ok(ho_panel_set_names(p, names, lengths, &err));
    static const double values[3][2] = {{1, -2}, {10, 20}, {100, 200}};
    for (size_t t = 0; t < 3; t++) {
        memcpy(ho_matrix_row(&p->values, t), values[t], sizeof values[t]);
        p->periods[t].date = t < 2 ? 5 : 6;
        p->periods[t].capital = t == 1 ? 50 : 20;
        assert_ok(ho_panel_label(&p->zones, t == 1 ? "B" : "A", 1, &p->periods[t].zone, &err));
    }
    return p;
}

static void a_day_is_the_sum_of_its_rows(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *rows = two_days_of_zones(), *days = NULL;
    assert_int_equal(ho_panel_zones(rows), 2);
    assert_int_equal(ho_panel_dates(rows), 2);
    assert_ok(ho_panel_by_day(rows, &days, &err));
    assert_int_equal(ho_panel_periods(days), 2);
    assert_true(ho_panel_row(days, 0)[0] == 11 && ho_panel_row(days, 0)[1] == 18);
    assert_true(ho_panel_row(days, 1)[0] == 100 && ho_panel_row(days, 1)[1] == 200);
    assert_string_equal(ho_panel_name(days, 1), "second");
    assert_true(ho_panel_period(days, 0)->capital == 50);
    assert_int_equal(ho_panel_period(days, 0)->zone, -1);
    assert_string_equal(ho_panel_zone(days, ho_panel_period(days, 1)->zone), "A");
    ho_panel_free(&rows);
    ho_panel_free(&days);
    assert_null(days);
}

static void unit_columns_have_length_one_or_zero(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *p = NULL;
    assert_ok(ho_panel_new(5, 70, &p, &err));
    for (size_t t = 0; t < 5; t++) {
        for (size_t j = 0; j < 70; j++)
            ho_matrix_row(&p->values, t)[j] = j == 3 ? 0.1 : sin((double)(t * 70 + j));
    }
    double mean[70], scale[70];
    ho_panel_scales(p, 2, mean, scale);
    for (size_t j = 0; j < 70; j++) {
        double sum = 0, square = 0;
        for (size_t t = 0; t < 5; t++) {
            double z = (ho_matrix_row(&p->values, t)[j] - mean[j]) * scale[j];
            sum += z;
            square += z * z;
        }
        assert_near(sum, 0, 1e-15);
        /* 0.1 repeated leaves dust in a float mean: a constant column is found by its largest and smallest value */
        assert_near(square, j == 3 ? 0 : 1, 1e-14);
    }
    ho_panel_free(&p);
}

static void memory_can_run_out_while_days_are_made(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    ho_error err;
    ho_panel *rows = two_days_of_zones();
    for (long n = 1;; n++) {
        ho_panel *days = NULL;
        ho_memory_fail_at(n);
        ho_status status = ho_panel_by_day(rows, &days, &err);
        ho_memory_fail_at(0);
        if (status == HO_OK) {
            ho_panel_free(&days);
            break;
        }
        assert_int_equal(status, HO_ERR_MEMORY);
        assert_null(days);
    }
    ho_panel_free(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strides_avoid_the_page),
        cmocka_unit_test(transposing_twice_changes_nothing),
        cmocka_unit_test(a_day_is_the_sum_of_its_rows),
        cmocka_unit_test(unit_columns_have_length_one_or_zero),
        cmocka_unit_test(memory_can_run_out_while_days_are_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Limits become groups and pairs: what names tell, zones, copies, correlation, active days. */
#include "test.h"

#include "base/memory.h"
#include "base/rng.h"
#include "panel/panel.h"
#include "screen/limits.h"
#include "stats/stats.h"

#include <math.h>
#include <string.h>

static ho_panel *panel_named(size_t periods, const char *const *names, size_t count)
{
    size_t lengths[16];
    ho_error err;
    ho_panel *p = NULL;
    for (size_t j = 0; j < count; j++)
        lengths[j] = strlen(names[j]);
    assert_ok(ho_panel_new(periods, count, &p, &err));
    assert_ok(ho_panel_set_names(p, names, lengths, &err));
    for (size_t t = 0; t < periods; t++) {
        p->periods[t].date = (int32_t)t;
        memset(ho_matrix_row(&p->values, t), 0, count * sizeof(double));
    }
    return p;
}

static const char *const names[] = {"SENSEX 916-1530 SL5%",        "NIFTY 916-1530 SL7%",
                                    "SENSEX 1426-1456 SL73%TP32%", "hello",
                                    "SENSEX 0916-1456 SL5%",       "NIFTY 925-1530 SL5%"};

static void names_tell_groups(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *p = panel_named(1, names, 6);
    ho_groups g = {0};
    static const uint32_t symbol[] = {1, 0, 1, HO_NOBODY, 1, 0}, window[] = {1, 1, 3, HO_NOBODY, 0, 2},
                          entry[] = {0, 0, 2, HO_NOBODY, 0, 1};
    assert_ok(ho_groups_make(p, p, HO_GROUP_SYMBOL, &g, &err));
    assert_memory_equal(g.group, symbol, sizeof symbol);
    assert_int_equal(g.count, 2);
    assert_int_equal(g.without, 1);
    assert_string_equal(g.labels[0], "NIFTY");
    assert_string_equal(g.labels[1], "SENSEX");
    ho_groups_clear(&g);
    assert_ok(ho_groups_make(p, p, HO_GROUP_WINDOW, &g, &err));
    assert_memory_equal(g.group, window, sizeof window);
    assert_string_equal(g.labels[0], "0916-1456");
    assert_string_equal(g.labels[3], "1426-1456");
    ho_groups_clear(&g);
    assert_ok(ho_groups_make(p, p, HO_GROUP_ENTRY, &g, &err));
    assert_memory_equal(g.group, entry, sizeof entry);
    ho_groups_clear(&g);
    ho_panel_free(&p);
}

static void a_zone_is_where_all_results_are(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *p = panel_named(4, names, 5);
    static const double values[4][5] = {{1, 0, 0, 0, 2}, {0, 5, 0, 0, 0}, {3, 0, 0, 0, 1}, {0, 0, 0, 7, 0}};
    int32_t zone = -1;
    assert_ok(ho_panel_label(&p->zones, "B", 1, &zone, &err));
    assert_ok(ho_panel_label(&p->zones, "A", 1, &zone, &err));
    for (size_t t = 0; t < 4; t++) {
        memcpy(ho_matrix_row(&p->values, t), values[t], sizeof values[t]);
        p->periods[t].zone = t == 3 ? -1 : (int32_t)(t % 2);
    }
    ho_groups g = {0};
    assert_ok(ho_groups_make(p, p, HO_GROUP_ZONE, &g, &err));
    static const uint32_t zones[] = {1, 0, HO_NOBODY, HO_NOBODY, 1}; /* never; in a period of no zone */
    assert_memory_equal(g.group, zones, sizeof zones);
    assert_string_equal(g.labels[0], "A");
    ho_groups_clear(&g);
    ho_panel_free(&p);
}

static void copies_are_groups_called_by_the_first(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *p = panel_named(2, names, 6);
    static const double values[2][6] = {{1, 2, 1, 2, 5, 1}, {4, 4, 4, 4, 4, 4}};
    for (size_t t = 0; t < 2; t++)
        memcpy(ho_matrix_row(&p->values, t), values[t], sizeof values[t]);
    ho_groups g = {0};
    assert_ok(ho_groups_of_copies(p, &g, &err));
    static const uint32_t copies[] = {0, 1, 0, 1, HO_NOBODY, 0};
    assert_memory_equal(g.group, copies, sizeof copies);
    assert_int_equal(g.count, 2);
    assert_string_equal(g.labels[1], names[1]);
    ho_groups_clear(&g);
    ho_panel_free(&p);
}

/* Panels of 1,100 strategies have more than one tile. Correlations of a small one repeat exactly. */
static void pairs_above_the_limit_are_apart(void **state)
{
    (void)state;
    enum { MANY = 1100, PERIODS = 9 };
    static const double limits[] = {0.7, 0.25, 0, -0.5};
    ho_error err;
    ho_panel *p = NULL;
    ho_rng rng = ho_rng_new(3, "apart", 0);
    double *matrix = HO_NEW(double, MANY *MANY);
    uint32_t *all = HO_NEW(uint32_t, MANY);
    assert_ok(ho_panel_new(PERIODS, MANY, &p, &err));
    for (uint32_t j = 0; j < MANY; j++) {
        all[j] = j;
        for (size_t t = 0; t < PERIODS; t++)
            ho_matrix_row(&p->values, t)[j] = j % 50 == 7 ? 3 : (double)ho_rng_below(&rng, 4);
    }
    const ho_member_columns columns = {p->values.data, p->values.stride, PERIODS, all, MANY};
    assert_ok(ho_correlation_matrix(&columns, matrix, &err));
    for (size_t l = 0; l < 4; l++) {
        for (int threads = 1; threads <= 3; threads += 2) {
            ho_apart apart = {0};
            size_t pairs = 0;
            assert_ok(ho_apart_by_correlation(p, limits[l], threads, &apart, &err));
            for (uint32_t i = 0; i < MANY; i++) {
                const uint64_t *row = ho_apart_row(&apart, i);
                for (uint32_t j = 0; j < MANY; j++) {
                    const bool is = row != NULL && (row[j / 64] >> (j % 64) & 1) != 0;
                    const bool should = i != j && matrix[i * MANY + j] > limits[l] + 1e-12;
                    if (is != should)
                        fail_msg("%g: pair %u, %u of %.17g", limits[l], i, j, matrix[i * MANY + j]);
                    pairs += is;
                }
            }
            assert_true(pairs > 1000);
            ho_apart_clear(&apart);
        }
    }
    free(matrix);
    free(all);
    ho_panel_free(&p);
}

static void named_pairs_are_apart_both_ways(void **state)
{
    (void)state;
    ho_error err;
    static const uint32_t pairs[] = {3, 70, 5, 5};
    ho_apart apart = {0};
    assert_ok(ho_apart_by_pairs(100, pairs, 2, &apart, &err));
    assert_true(ho_apart_row(&apart, 3)[1] == UINT64_C(1) << 6 && ho_apart_row(&apart, 3)[0] == 0);
    assert_true(ho_apart_row(&apart, 70)[0] == UINT64_C(1) << 3);
    assert_null(ho_apart_row(&apart, 5));
    ho_apart_clear(&apart);
}

typedef struct making {
    ho_panel *panel;
    ho_limit_settings settings;
    ho_selection selection;
    ho_limits limits;
} making;

static ho_status make(making *m, ho_error *err)
{
    static const ho_strings none = {0};
    const ho_limits_of of = {.settings = &m->settings, .panel = m->panel, .threads = 1};
    ho_limits_clear(&m->limits);
    ho_selection_clear(&m->selection);
    assert_int_equal(ho_select(m->panel, &none, &none, &m->selection, err), HO_OK);
    return ho_limits_make(&of, &m->selection, &m->limits, err);
}

static ho_status make_with(making *m, const char *max_per_group, ho_error *err)
{
    ho_strings_clear(&m->settings.max_per_group);
    assert_int_equal(ho_strings_add(&m->settings.max_per_group, max_per_group, err), HO_OK);
    return make(m, err);
}

static void limits_are_read_and_said(void **state)
{
    (void)state;
    ho_error err;
    making m = {.panel = panel_named(3, names, 6), .settings.max_correlation = 1};
    for (size_t t = 0; t < 3; t++)
        ho_matrix_row(&m.panel->values, t)[t] = 1;
    assert_ok(make(&m, &err));
    assert_int_equal(m.limits.grouping_count + m.limits.conflict_count, 0);
    assert_ok(make_with(&m, "2", &err));
    assert_string_equal(m.limits.groupings[0].name, "--max-per-group 2");
    assert_int_equal(m.limits.groupings[0].groups, 4);
    assert_int_equal(m.limits.groupings[0].most[3], 2);
    assert_null(m.limits.groupings[0].least);
    assert_string_equal(m.limits.warnings.items[0],
                        "--max-per-group 2: 1 of 6 strategies tell no window and are "
                        "not limited, such as hello");
    assert_ok(make_with(&m, "Symbol=0", &err));
    assert_int_equal(m.limits.groupings[0].groups, 2);
    static const char *const wrong[] = {"",   "window=",     "window=-1", "1.5",
                                        "2 ", "99999999999", "colour=2",  "=2"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_refused(make_with(&m, wrong[i], &err), HO_ERR_USAGE, "--max-per-group");
    assert_refused(make_with(&m, "colour=2", &err), HO_ERR_USAGE, "by symbol, window, entry, exit or zone");
    assert_refused(make_with(&m, "zone=2", &err), HO_ERR_USAGE, "do not tell the zone of any strategy");
    ho_strings_clear(&m.settings.max_per_group);

    m.settings.min_active_days = 1;
    m.settings.distinct = true;
    m.settings.max_correlation = 0.5;
    assert_ok(ho_strings_add(&m.settings.min_per_group, "symbol=1", &err));
    assert_ok(make(&m, &err));
    assert_int_equal(m.limits.inactive, 3);
    assert_int_equal(m.selection.allowed_count, 3);
    assert_int_equal(m.limits.grouping_count, 2);
    assert_int_equal(m.limits.groupings[0].least[1], 1);
    assert_string_equal(m.limits.groupings[1].name, "--distinct");
    assert_int_equal(m.limits.conflict_count, 1);
    assert_string_equal(m.limits.conflicts[0].name, "--max-correlation 0.5");
    ho_strings_clear(&m.settings.min_per_group);
    ho_limits_clear(&m.limits);
    ho_selection_clear(&m.selection);
    ho_panel_free(&m.panel);
}

static void no_name_that_tells_is_an_error(void **state)
{
    (void)state;
    ho_error err;
    static const char *const plain[] = {"a", "b"};
    making m = {.panel = panel_named(1, plain, 2), .settings.max_correlation = 1};
    assert_refused(
        make_with(&m, "window=1", &err), HO_ERR_USAGE,
        "--max-per-group window=1: no strategy's name tells its window, as SENSEX 1426-1456 SL73% does");
    ho_strings_clear(&m.settings.max_per_group);
    ho_limits_clear(&m.limits);
    ho_selection_clear(&m.selection);
    ho_panel_free(&m.panel);
}

/* Rows of a day are one day; a zero is no activity. */
static void active_days_are_dates(void **state)
{
    (void)state;
    ho_error err;
    making m = {.panel = panel_named(4, names, 3), .settings = {.max_correlation = 1, .min_active_days = 2}};
    static const double values[4][3] = {{1, 1, 0}, {1, 0, 0}, {0, -0.0, 2}, {0, 3, 2}};
    for (size_t t = 0; t < 4; t++) {
        memcpy(ho_matrix_row(&m.panel->values, t), values[t], sizeof values[t]);
        m.panel->periods[t].date = (int32_t)(t / 2);
    }
    assert_ok(make(&m, &err));
    assert_false(m.selection.allowed[0]); /* two rows of one date */
    assert_true(m.selection.allowed[1]);
    assert_false(m.selection.allowed[2]);
    ho_strings include = {0};
    assert_ok(ho_strings_add(&include, names[2], &err));
    static const ho_strings none = {0};
    ho_selection_clear(&m.selection);
    ho_limits_clear(&m.limits);
    assert_ok(ho_select(m.panel, &include, &none, &m.selection, &err));
    const ho_limits_of of = {.settings = &m.settings, .panel = m.panel, .threads = 1};
    assert_refused(ho_limits_make(&of, &m.selection, &m.limits, &err), HO_ERR_USAGE,
                   "--min-active-days 2: --include SENSEX 1426-1456 SL73%TP32% has 1");
    ho_strings_clear(&include);
    ho_limits_clear(&m.limits);
    ho_selection_clear(&m.selection);
    ho_panel_free(&m.panel);
}

static void lack_of_memory_leaks_nothing(void **state)
{
    (void)state;
    ho_error err;
    if (!ho_memory_fail_at(0)) skip();
    static const ho_strings none = {0};
    making m = {.panel = panel_named(3, names, 6), .settings = {.max_correlation = 0.5, .distinct = true}};
    assert_ok(ho_strings_add(&m.settings.max_per_group, "symbol=1", &err));
    assert_ok(ho_select(m.panel, &none, &none, &m.selection, &err));
    static const uint32_t pair[] = {0, 1};
    const ho_limits_of of = {
        .settings = &m.settings, .panel = m.panel, .pairs = pair, .pair_count = 1, .threads = 1};
    ho_status status = HO_ERR_MEMORY;
    long n = 0;
    while (status != HO_OK) {
        ho_memory_fail_at(++n);
        status = ho_limits_make(&of, &m.selection, &m.limits, &err);
        ho_memory_fail_at(0);
        assert_true(status == HO_OK || status == HO_ERR_MEMORY);
        ho_limits_clear(&m.limits);
    }
    assert_true(n > 15);
    ho_strings_clear(&m.settings.max_per_group);
    ho_selection_clear(&m.selection);
    ho_panel_free(&m.panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_tell_groups),
        cmocka_unit_test(a_zone_is_where_all_results_are),
        cmocka_unit_test(copies_are_groups_called_by_the_first),
        cmocka_unit_test(pairs_above_the_limit_are_apart),
        cmocka_unit_test(named_pairs_are_apart_both_ways),
        cmocka_unit_test(limits_are_read_and_said),
        cmocka_unit_test(no_name_that_tells_is_an_error),
        cmocka_unit_test(active_days_are_dates),
        cmocka_unit_test(lack_of_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Names become flags and indices; wrong ones are refused with the nearest. */
#include "test.h"

#include "base/memory.h"
#include "panel/panel.h"
#include "screen/select.h"

#include <string.h>

static ho_panel *five(void)
{
    static const char *const names[] = {"alpha", "beta", "gamma", "delta", "epsilon"};
    static const size_t lengths[] = {5, 4, 5, 5, 7};
    ho_error err;
    ho_panel *p = NULL;
    assert_ok(ho_panel_new(1, 5, &p, &err));
    assert_ok(ho_panel_set_names(p, names, lengths, &err));
    return p;
}

static void names_become_flags_and_indices(void **state)
{
    (void)state;
    ho_error err;
    ho_panel *p = five();
    ho_strings include = {0}, exclude = {0};
    ho_selection s = {0};
    assert_ok(ho_strings_add(&include, "delta", &err));
    assert_ok(ho_strings_add(&include, "alpha", &err));
    assert_ok(ho_strings_add(&include, "delta", &err));
    assert_ok(ho_strings_add(&exclude, "beta", &err));
    assert_ok(ho_select(p, &include, &exclude, &s, &err));
    assert_int_equal(s.include_count, 2);
    assert_true(s.include[0] == 0 && s.include[1] == 3);
    assert_int_equal(s.allowed_count, 4);
    assert_false(s.allowed[1]);
    ho_selection_clear(&s);
    assert_ok(ho_strings_add(&exclude, "delta", &err));
    assert_refused(ho_select(p, &include, &exclude, &s, &err), HO_ERR_USAGE, "both included and excluded");
    ho_strings_clear(&exclude);
    assert_ok(ho_strings_add(&exclude, "gama", &err));
    assert_refused(ho_select(p, &include, &exclude, &s, &err), HO_ERR_USAGE,
                   "--exclude: no strategy is named gama: did "
                   "you mean gamma?");
    assert_null(s.allowed);
    ho_strings_clear(&include);
    ho_strings_clear(&exclude);
    ho_panel_free(&p);
}

static void memory_can_run_out_at_any_point(void **state)
{
    (void)state;
    if (!ho_memory_fail_at(0)) {
        print_message("skipped: this build cannot fail allocations\n");
        skip();
    }
    ho_error err;
    ho_panel *p = five();
    ho_strings none = {0};
    for (long n = 1;; n++) {
        ho_selection s = {0};
        ho_memory_fail_at(n);
        ho_status status = ho_select(p, &none, &none, &s, &err);
        ho_memory_fail_at(0);
        ho_selection_clear(&s);
        if (status == HO_OK) break;
        assert_int_equal(status, HO_ERR_MEMORY);
    }
    ho_panel_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_become_flags_and_indices),
        cmocka_unit_test(memory_can_run_out_at_any_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Work that cannot fit is refused in one line with the numbers; what fits passes. */
#include "test.h"

#include "base/memory_left.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static void what_fits_passes(void **state)
{
    (void)state;
    ho_error err = {.text = ""};
    assert_int_equal(ho_memory_ask("a", 0, 0, &err), HO_OK);
    assert_int_equal(ho_memory_ask("a", 1000, 1e6, &err), HO_OK);
    assert_string_equal(err.text, "");
    assert_true(ho_memory_left_here().bytes > 0);
}

static void what_does_not_fit_is_refused_with_the_numbers(void **state)
{
    (void)state;
    ho_error err = {.text = ""};
    assert_int_equal(ho_memory_ask("table.csv: reading", (int64_t)30e9, 0.001, &err), HO_ERR_MEMORY);
    assert_string_equal(err.text, "table.csv: reading needs about 30.0 GB more memory, and 0 MB are left by "
                                  "the memory limit: about 0 % of it would fit");
    assert_int_equal(ho_memory_ask("it", 200000001, 0.001, &err), HO_ERR_MEMORY);
    assert_non_null(strstr(err.text, "201 MB"));
    assert_int_equal(ho_memory_ask("it", INT64_MAX, 0, NULL), HO_ERR_MEMORY);
}

/* The address space of a sanitizer's process is beyond any limit. */
static void the_limit_of_the_address_space_counts(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__)
    skip();
#endif
    struct rlimit before, now;
    assert_int_equal(getrlimit(RLIMIT_AS, &before), 0);
    now = before;
    now.rlim_cur = (rlim_t)1 << 30;
    assert_int_equal(setrlimit(RLIMIT_AS, &now), 0);
    ho_memory_left left = ho_memory_left_here();
    ho_error err = {.text = ""};
    ho_status refused = ho_memory_ask("it", (int64_t)1 << 30, 0, &err);
    assert_int_equal(setrlimit(RLIMIT_AS, &before), 0);
    assert_true(left.bytes < (int64_t)1 << 30);
    assert_int_equal(refused, HO_ERR_MEMORY);
    assert_non_null(strstr(err.text, " are left "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_passes),
        cmocka_unit_test(what_does_not_fit_is_refused_with_the_numbers),
        cmocka_unit_test(the_limit_of_the_address_space_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

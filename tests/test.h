/* What every test program includes: cmocka with its own needs, and the marks of a skipped program. */
#ifndef HO_TESTS_TEST_H
#define HO_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <heavyopt/status.h>
#include <stdio.h>

/* The call succeeds; else its one line is printed and the test fails. `err` is an ho_error in scope. */
#define assert_ok(call)                                                                                \
    do {                                                                                               \
        ho_status assert_ok_status = (call);                                                           \
        if (assert_ok_status != HO_OK) fail_msg("%s: %s", ho_status_name(assert_ok_status), err.text); \
    } while (0)

/* The call fails with that status and its line holds the text. */
#define assert_refused(call, status, part)                                                \
    do {                                                                                  \
        ho_status assert_refused_status = (call);                                         \
        if (assert_refused_status != (status) || strstr(err.text, (part)) == NULL)        \
            fail_msg("expected %s with '%s', got %s: %s", ho_status_name(status), (part), \
                     ho_status_name(assert_refused_status), err.text);                    \
    } while (0)

/* |a - b| <= tolerance * max(1, |b|); both are printed. NaN equals NaN. */
#define assert_near(a, b, tolerance)                                                      \
    do {                                                                                  \
        double near_a = (a), near_b = (b);                                                \
        double near_scale = near_b < 0 ? -near_b : near_b;                                \
        double near_gap = near_a < near_b ? near_b - near_a : near_a - near_b;            \
        int near_same = near_a == near_b || (near_a != near_a && near_b != near_b);       \
        if (!near_same && !(near_gap <= (tolerance) * (near_scale > 1 ? near_scale : 1))) \
            fail_msg("%s is %.17g, expected %.17g", #a, near_a, near_b);                  \
    } while (0)

#endif

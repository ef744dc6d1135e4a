/* What the tests of stores share: a folder of their own, panels of random bits, comparison bit for bit. */
#ifndef HO_TESTS_STORE_TEST_H
#define HO_TESTS_STORE_TEST_H

#include "test.h"

#include "base/date.h"
#include "base/memory.h"
#include "base/rng.h"
#include "base/strings.h"
#include "store/parquet.h"
#include "store/store_report.h"

#include <dirent.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SKIP_WITHOUT_ARROW()                                             \
    do {                                                                 \
        if (ho_arrow_version() == NULL) {                                \
            print_message("skipped: this build has no Arrow/Parquet\n"); \
            skip();                                                      \
        }                                                                \
    } while (0)

static inline int remove_it(const char *path, const struct stat *facts, int type, struct FTW *walk)
{
    (void)facts, (void)type, (void)walk;
    return remove(path);
}

static inline void remove_folder(const char *path)
{
    (void)nftw(path, remove_it, 16, FTW_DEPTH | FTW_PHYS);
}

/* A fresh folder, named in `out`. */
static inline void make_folder(char out[64])
{
    strcpy(out, "/tmp/heavyopt-test-XXXXXX");
    assert_non_null(mkdtemp(out));
}

static inline size_t entries_in(const char *path)
{
    size_t count = 0;
    DIR *open = opendir(path);
    assert_non_null(open);
    for (struct dirent *entry; (entry = readdir(open)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(open);
    return count;
}

/* Any bits at all: denormals, both zeros, infinities and NaN with payloads among them. */
static inline double random_value(ho_rng *rng, bool few)
{
    static const double special[] = {-0.0, 0.0, 4.9406564584124654e-324, -2.2250738585072009e-308,
                                     1.7976931348623157e308};
    uint32_t which = ho_rng_below(rng, 10);
    if (which < 5) return special[which];
    if (few) return (double)ho_rng_below(rng, 50) * 0.05;
    uint64_t bits = ho_rng_next(rng);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* few: values that a dictionary serves well. days: calendar days from one date to the next. */
static inline ho_panel *random_panel(size_t periods, size_t strategies, size_t zones, int days, bool few,
                                     uint64_t seed)
{
    static const char *const labels[] = {"Z\xc3\xa9ro",      "A", "Bullish \"Vol\"",
                                         "\xe2\x82\xb9,;\n", "B", "\xff\xfe"};
    ho_error err;
    ho_panel *p = NULL;
    ho_rng rng = ho_rng_new(seed, "panel", 0);
    assert_ok(ho_panel_new(periods, strategies, &p, &err));
    for (size_t i = 6; zones > 0 && i-- > 0;) { /* in an order of their own, some never used */
        int32_t number;
        assert_ok(ho_panel_label(&p->zones, labels[i], strlen(labels[i]), &number, &err));
        assert_ok(ho_panel_label(&p->regimes, labels[5 - i], strlen(labels[5 - i]), &number, &err));
    }
    for (size_t t = 0; t < periods; t++) {
        ho_period *at = &p->periods[t];
        at->date = ho_date_from_civil(2021, 11, 29) + (int32_t)(zones > 0 ? t / zones : t) * days;
        if (zones > 0) {
            at->start = (int32_t)(t % zones) * 3600;
            at->end = at->start + 3599;
            at->zone = (int32_t)ho_rng_below(&rng, 4) - 1;
            at->regime = (int32_t)ho_rng_below(&rng, 7) - 1;
            at->confidence = ho_rng_unit(&rng);
            at->transition = ho_rng_unit(&rng);
            at->capital = 1e6 * ho_rng_unit(&rng);
        }
        for (size_t j = 0; j < strategies; j++)
            ho_matrix_row(&p->values, t)[j] = random_value(&rng, few);
    }
    ho_strings names = {0};
    for (size_t j = 0; j < strategies; j++)
        assert_ok(ho_strings_printf(&names, &err,
                                    j % 3 != 0   ? "SENSEX 926-1456 SL%zu%%TP32%%"
                                    : j % 2 == 0 ? "=\xe2\x82\xb9 ../\t%zu\n\"',"
                                                 : "%zu",
                                    j));
    size_t *lengths = HO_NEW(size_t, strategies);
    for (size_t j = 0; j < strategies; j++)
        lengths[j] = strlen(names.items[j]);
    assert_ok(ho_panel_set_names(p, (const char *const *)names.items, lengths, &err));
    free(lengths);
    ho_strings_clear(&names);
    return p;
}

static inline bool same_labels(const ho_strings *a, const ho_strings *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = strcmp(a->items[i], b->items[i]) == 0;
    return same;
}

static inline bool same_panel(const ho_panel *a, const ho_panel *b)
{
    if (a->values.rows != b->values.rows || a->values.columns != b->values.columns) return false;
    bool same = same_labels(&a->zones, &b->zones) && same_labels(&a->regimes, &b->regimes);
    for (size_t t = 0; t < a->values.rows; t++) {
        const ho_period *p = &a->periods[t], *q = &b->periods[t];
        same &= memcmp(ho_matrix_row(&a->values, t), ho_matrix_row(&b->values, t),
                       a->values.columns * sizeof(double)) == 0;
        same &= p->date == q->date && p->start == q->start && p->end == q->end && p->zone == q->zone &&
                p->regime == q->regime && p->confidence == q->confidence && p->transition == q->transition &&
                p->capital == q->capital;
    }
    for (size_t j = 0; j < a->values.columns; j++)
        same &= strcmp(a->names[j], b->names[j]) == 0;
    return same;
}

static inline bool same_report(const ho_load_report *a, const ho_load_report *b)
{
    char *x = NULL, *y = NULL;
    ho_error err;
    assert_ok(ho_load_report_to_note(a, &x, &err));
    assert_ok(ho_load_report_to_note(b, &y, &err));
    bool same = strcmp(x, y) == 0;
    if (!same) print_message("%s\n%s\n", x, y);
    free(x);
    free(y);
    return same;
}

/* A report with something in every field. */
static inline ho_load_report full_report(void)
{
    ho_error err;
    ho_load_report r = {.format = "csv",
                        .hash = "0123456789abcdef",
                        .source_bytes = INT64_C(1) << 40,
                        .source_mtime_ns = INT64_MAX,
                        .rows = 1,
                        .dates = 2,
                        .strategies = 3,
                        .missing_cells = 4,
                        .worst_missing = 5,
                        .duplicate_names = 6,
                        .summed_rows = 7,
                        .blank_lines = 8,
                        .day_mismatches = 9,
                        .zero_variance = 10,
                        .identical = 11,
                        .date_format = "dd-Mon-YYYY",
                        .first_date = -1,
                        .last_date = INT32_MAX};
    r.path = ho_copy_text("/some where/\xff\xfe.csv");
    r.worst_column = ho_copy_text("\xe2\x82\xb9");
    assert_ok(ho_strings_add(&r.metadata, "Zone", &err));
    assert_ok(ho_strings_add(&r.warnings, "line 1: \"\\\t", &err));
    for (int i = 0; i < HO_SKIP_COUNT; i++) {
        r.skipped_count[i] = 100 + i;
        assert_ok(ho_strings_printf(&r.skipped[i], &err, "%d: why", i));
    }
    return r;
}

#endif

/* A damaged store gives an error or the values that were written, never a wrong number and never a crash: bytes are
 * changed and files cut short at many places of every file. */
#include "store/store_test.h"

static const char *const files[] = {"strategies.parquet", "periods.parquet",
                                    "pnl/year=2021/month=11/part-0.parquet",
                                    "pnl/year=2021/month=12/part-0.parquet"};
enum { FILES = sizeof files / sizeof *files };

static char folder[64], place[96];

typedef struct bytes {
    char path[192];
    char *data;
    size_t size;
} bytes;

static bytes load(const char *name)
{
    bytes b = {.data = NULL};
    snprintf(b.path, sizeof b.path, "%s/%s", place, name);
    FILE *file = fopen(b.path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    b.size = (size_t)ftell(file);
    rewind(file);
    b.data = malloc(b.size);
    assert_int_equal(fread(b.data, 1, b.size, file), b.size);
    fclose(file);
    return b;
}

static void save(const bytes *b, size_t size)
{
    FILE *file = fopen(b->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(b->data, 1, size, file), size);
    fclose(file);
}

/* Reads the store; true when it was refused. */
static bool refused_or_equal(const ho_panel *p, const ho_load_report *report, const char *what, size_t at)
{
    ho_error err = {""};
    ho_panel *back = NULL;
    ho_load_report read = {0};
    ho_status status = ho_store_read(place, 1, &back, &read, &err);
    if (status == HO_OK) {
        if (!same_panel(p, back) || !same_report(report, &read))
            fail_msg("%s at %zu: wrong values", what, at);
        ho_panel_free(&back);
        ho_load_report_clear(&read);
        return false;
    }
    if (status != HO_ERR_DATA && status != HO_ERR_MEMORY)
        fail_msg("%s at %zu: %s: %s", what, at, ho_status_name(status), err.text);
    if (strstr(err.text, place) == NULL) fail_msg("%s at %zu: no file named: %s", what, at, err.text);
    assert_null(back);
    return true;
}

static void walk(const char *codec_name, bool few, uint64_t seed)
{
    ho_error err;
    make_folder(folder);
    snprintf(place, sizeof place, "%s/store", folder);
    char codec[8];
    strcpy(codec, codec_name);
    ho_store_options options = {codec, 40, true, true};
    ho_panel *p = random_panel(8, 19, 2, 1, few, seed);
    ho_load_report report = full_report();
    assert_ok(ho_store_write(place, p, &report, &options, &err));
    ho_rng rng = ho_rng_new(seed, "damage", 0);
    size_t tried = 0, refused = 0;
    for (size_t f = 0; f < FILES; f++) {
        bytes b = load(files[f]);
        for (size_t at = ho_rng_below(&rng, 8); at < b.size; at += 1 + ho_rng_below(&rng, 8)) {
            char kept = b.data[at];
            b.data[at] = (char)(kept ^ (char)(1 + ho_rng_below(&rng, 255)));
            save(&b, b.size);
            refused += refused_or_equal(p, &report, files[f], at);
            b.data[at] = kept;
            tried++;
        }
        for (size_t size = 0; size < b.size; size += 1 + ho_rng_below(&rng, 97)) {
            save(&b, size);
            assert_true(refused_or_equal(p, &report, files[f], size));
        }
        save(&b, b.size);
        assert_false(refused_or_equal(p, &report, files[f], b.size));
        free(b.data);
    }
    print_message("%zu of %zu changed bytes were refused, the others change nothing\n", refused, tried);
    assert_true(refused > tried / 2);
    ho_panel_free(&p);
    ho_load_report_clear(&report);
    remove_folder(folder);
}

static void changed_bytes_in_dictionaries_and_snappy_do_no_harm(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    walk("snappy", true, 1);
}

static void changed_bytes_in_plain_values_do_no_harm(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    walk("none", false, 2);
}

static void changed_bytes_in_zstd_do_no_harm(void **state)
{
    (void)state;
    SKIP_WITHOUT_ARROW();
    walk("zstd", true, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changed_bytes_in_dictionaries_and_snappy_do_no_harm),
        cmocka_unit_test(changed_bytes_in_plain_values_do_no_harm),
        cmocka_unit_test(changed_bytes_in_zstd_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

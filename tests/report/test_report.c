/* The life of a run's folder: filled, put in place whole, named anew when taken, gone on failure; and that names with
 * everything in them come back out of the files. */
#include "test.h"

#include "base/memory.h"
#include "panel/panel.h"
#include "report/report.h"

#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct sample {
    ho_panel *panel;
    ho_search_result result;
    uint32_t members[2];
    ho_report_size size;
    double *metrics, *measures, table[8];
    ho_strings warnings, notes;
    double scores[HO_FITNESS_KINDS];
    double series[3], edges[3], matrix[4];
    size_t counts[2];
    ho_report_group month;
    ho_report_member members_alone[2];
    ho_report_details details;
    ho_report_limits limits;
    ho_relations relations;
    uint32_t copies[4];
    ho_report report;
    char folder[64];
} sample;

static const char *const hostile[] = {"plain", "a,\"b\"\n=cmd()", "../../<script>",
                                      "\xf0\x9f\x98\x80 \xe0\xa4\xb9"};
static const char *const heads[] = {"ROI", "Max Drawdown"};

static int begin(void **state)
{
    ho_error err;
    sample *s = HO_NEW(sample, 1);
    size_t lengths[4];
    for (size_t i = 0; i < 4; i++)
        lengths[i] = strlen(hostile[i]);
    assert_ok(ho_panel_new(3, 4, &s->panel, &err));
    assert_ok(ho_panel_set_names(s->panel, hostile, lengths, &err));
    for (size_t t = 0; t < 3; t++) {
        for (size_t j = 0; j < 4; j++)
            ho_matrix_row(&s->panel->values, t)[j] = (double)(t + j);
        s->panel->periods[t].date = (int32_t)(19000 + t);
    }
    s->members[0] = 1;
    s->members[1] = 3;
    s->result = (ho_search_result){.algorithm = ho_algorithm_at(0),
                                   .size = 2,
                                   .members = s->members,
                                   .fitness = 0.1 + 0.2,
                                   .raw_fitness = -INFINITY,
                                   .evaluations = 12};
    s->size = (ho_report_size){.size = 2, .algorithms = &s->result, .count = 1, .best = &s->result};
    s->metrics = HO_NEW(double, ho_metric_count());
    s->metrics[1] = NAN;
    s->metrics[2] = INFINITY;
    s->table[0] = -INFINITY;
    s->table[1] = 1.0 / 3;
    s->edges[1] = 5;
    s->edges[2] = 10;
    s->month = (ho_report_group){.label = "2022-01", .periods = 3};
    s->details = (ho_report_details){.periods = 3,
                                     .size = 2,
                                     .pnl = s->series,
                                     .equity = s->series,
                                     .depths = s->series,
                                     .months = &s->month,
                                     .month_count = 1,
                                     .edges = s->edges,
                                     .counts = s->counts,
                                     .bins = 2,
                                     .rolling_pnl = s->series,
                                     .rolling_sharpe = s->series,
                                     .members = s->members_alone,
                                     .correlation = s->matrix,
                                     .random_low = s->series,
                                     .random_mid = s->series,
                                     .random_high = s->series,
                                     .top = {.equity = s->series},
                                     .all = {.equity = s->series}};
    s->copies[1] = s->copies[2] = HO_NOBODY;
    s->limits = (ho_report_limits){
        .largest_correlation = 0.5, .first = 1, .second = 3, .inactive = 6, .copies = s->copies};
    s->measures = HO_NEW(double, 2 * ho_metric_count());
    s->size.measures = s->measures;
    s->size.metrics = s->metrics;
    s->size.equity = s->size.depths = s->series;
    s->report = (ho_report){.stamp = "20240102_030405",
                            .input = "in\xff.csv",
                            .input_hash = "0011",
                            .panel = s->panel,
                            .money = "rupees",
                            .sizes = &s->size,
                            .size_count = 1,
                            .best = &s->size,
                            .metrics = s->metrics,
                            .scores = s->scores,
                            .correlation = 0.25,
                            .strategies = {heads, 2, s->table},
                            .limits = &s->limits,
                            .relations = &s->relations,
                            .details = &s->details,
                            .warnings = &s->warnings,
                            .threads = 2,
                            .kernels = "ref"};
    assert_ok(ho_report_choose("html,text,csv", true, &s->report.files.kinds, &err));
    strcpy(s->folder, "report-test-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    *state = s;
    return 0;
}

static void empty(const char *folder)
{
    char path[512];
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(path, sizeof path, "%.200s/%.255s", folder, entry->d_name);
        if (unlink(path) != 0) empty(path);
    }
    if (dir != NULL) closedir(dir);
    rmdir(folder);
}

static int end(void **state)
{
    sample *s = *state;
    empty(s->folder);
    ho_panel_free(&s->panel);
    ho_strings_clear(&s->warnings);
    ho_strings_clear(&s->notes);
    free(s->metrics);
    free(s->measures);
    free(s);
    return 0;
}

static size_t entries(const char *folder)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return count;
}

static char *content(const char *folder, const char *name)
{
    char path[512], *text = HO_NEW(char, 65536);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, 65535, file) > 0);
    fclose(file);
    return text;
}

static void a_run_appears_whole_and_never_over_another(void **state)
{
    sample *s = *state;
    ho_error err;
    char *first = NULL, *second = NULL, output[128], expected[256];
    snprintf(output, sizeof output, "%s/made/for/it", s->folder);
    assert_ok(ho_report_write(&s->report, output, &s->notes, &first, &err));
    assert_ok(ho_report_write(&s->report, output, &s->notes, &second, &err));
    snprintf(expected, sizeof expected, "%s/run_20240102_030405", output);
    assert_string_equal(first, expected);
    strcat(expected, "_2");
    assert_string_equal(second, expected);
    assert_int_equal(entries(output), 2);
    assert_int_equal(entries(first), 16);
    free(first);
    free(second);
}

static void hostile_names_come_back_whole(void **state)
{
    sample *s = *state;
    ho_error err;
    char *folder = NULL;
    assert_ok(ho_report_write(&s->report, s->folder, &s->notes, &folder, &err));
    char *csv = content(folder, "portfolio_composition_20240102_030405.csv");
    assert_non_null(strstr(csv, "1,1,\"a,\"\"b\"\"\n=cmd()\","));
    free(csv);
    csv = content(folder, "strategy_metrics.csv");
    assert_non_null(strstr(csv, "plain,-inf,0.3333333333333333\n"));
    free(csv);
    char *text = content(
        folder, "optimization_summary_20240102_030405.txt"); /* a line a name, no orders to terminals */
    assert_non_null(strstr(text, "    1  a,\"b\"?=cmd()\n"));
    free(text);
    text = content(folder, "result.json");
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    json_t *best = json_object_get(root, "best"), *names = json_object_get(best, "portfolio");
    assert_string_equal(json_string_value(json_array_get(names, 0)), hostile[1]);
    assert_string_equal(json_string_value(json_array_get(names, 1)), hostile[3]);
    assert_true(json_real_value(json_object_get(best, "fitness")) == 0.1 + 0.2);
    assert_string_equal(json_string_value(json_object_get(json_object_get(root, "input"), "path")),
                        "in?.csv");
    json_t *limits = json_object_get(root, "limits"), *pair = json_object_get(limits, "largest_correlation");
    assert_string_equal(json_string_value(json_object_get(pair, "second")), hostile[3]);
    assert_int_equal(json_integer_value(json_object_get(limits, "left_out_inactive")), 6);
    json_t *copies = json_object_get(limits, "copies"), *of = json_array_get(copies, 0);
    assert_int_equal(json_array_size(copies), 1); /* the first member is like no other */
    assert_string_equal(json_string_value(json_object_get(of, "member")), hostile[3]);
    assert_string_equal(json_string_value(json_array_get(json_object_get(of, "copies"), 0)), hostile[0]);
    assert_int_equal(json_array_size(json_object_get(best, "undefined")), 1);
    assert_int_equal(json_array_size(json_object_get(best, "infinite")), 1);
    assert_true(json_is_null(json_object_get(json_object_get(best, "metrics"), ho_metric_at(1)->key)));
    json_decref(root);
    free(text);
    free(folder);
}

/* Each takes away the folders that it made for its check: maybe those that another has just begun to use. */
static void runs_that_start_together_share_a_new_output(void **state)
{
    enum { RUNS = 4, ROUNDS = 300 };
    sample *s = *state;
    char parent[96], output[128];
    pid_t runs[RUNS];
    snprintf(parent, sizeof parent, "%s/new", s->folder);
    snprintf(output, sizeof output, "%s/output", parent);
    for (int i = 0; i < RUNS; i++) {
        runs[i] = fork();
        assert_true(runs[i] >= 0);
        if (runs[i] != 0) continue;
        ho_status status = HO_OK;
        for (int round = 0; round < ROUNDS && status == HO_OK; round++) {
            status = ho_report_check_output(output, NULL);
            rmdir(
                output); /* else it stands for good once the run that made it found another's folder in it */
            rmdir(parent);
        }
        _exit((int)status);
    }
    int failed = 0, code = 0;
    for (int i = 0; i < RUNS; i++) {
        assert_int_equal(waitpid(runs[i], &code, 0), runs[i]);
        failed += code != 0;
    }
    assert_int_equal(failed, 0);
    assert_int_equal(entries(s->folder), 0);
}

static void failure_leaves_nothing(void **state)
{
    sample *s = *state;
    ho_error err;
    char *folder = NULL, output[128];
    snprintf(output, sizeof output, "%s/file", s->folder);
    FILE *file = fopen(output, "w");
    assert_non_null(file);
    fclose(file);
    assert_refused(ho_report_write(&s->report, output, &s->notes, &folder, &err), HO_ERR_IO,
                   "Not a directory");
    assert_refused(ho_report_check_output(output, &err), HO_ERR_IO, "Not a directory");
    unlink(output);
    char deep[512];
    snprintf(deep, sizeof deep, "%s/new/%0300d", s->folder,
             0); /* the second name is longer than a name may be */
    assert_refused(ho_report_check_output(deep, &err), HO_ERR_IO, "too long");
    assert_refused(ho_report_write(&s->report, deep, &s->notes, &folder, &err), HO_ERR_IO, "too long");
    assert_int_equal(entries(s->folder), 0);
    assert_refused(ho_report_check_output("", &err), HO_ERR_USAGE, "empty");
    snprintf(output, sizeof output, "%s/a/b", s->folder);
    assert_ok(ho_report_check_output(output, &err));
    assert_int_equal(entries(s->folder), 0); /* checking made nothing that stays */
    if (!ho_memory_fail_at(0)) {
        print_message("this build cannot fail allocations: that part is left out\n");
        return;
    }
    for (long n = 1;; n++) {
        ho_memory_fail_at(n);
        ho_status status = ho_report_write(&s->report, output, &s->notes, &folder, &err);
        ho_memory_fail_at(0);
        if (status == HO_OK) break;
        assert_int_equal(status, HO_ERR_MEMORY);
        assert_null(folder);
        assert_int_equal(entries(s->folder), 0);
    }
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_appears_whole_and_never_over_another, begin, end),
        cmocka_unit_test_setup_teardown(hostile_names_come_back_whole, begin, end),
        cmocka_unit_test_setup_teardown(runs_that_start_together_share_a_new_output, begin, end),
        cmocka_unit_test_setup_teardown(failure_leaves_nothing, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

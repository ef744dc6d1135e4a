/* Configuration: what the reader makes of a file, which source of a value wins, what is said of the rest. */
#include "test.h"

#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "run/config.h"
#include "run/config_text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct room {
    char folder[64];
    ho_strings warnings;
} room;

static int set_up(void **state)
{
    room *r = calloc(1, sizeof *r);
    strcpy(r->folder, "/tmp/heavyopt-config-XXXXXX");
    assert_non_null(mkdtemp(r->folder));
    char path[128];
    snprintf(path, sizeof path, "%s/config", r->folder);
    assert_int_equal(mkdir(path, 0777), 0);
    *state = r;
    return 0;
}

static int tear_down(void **state)
{
    room *r = *state;
    ho_folder_remove(r->folder);
    ho_strings_clear(&r->warnings);
    free(r);
    return 0;
}

static void write_file(const room *r, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", r->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void note(void *user, const char *line)
{
    room *r = user;
    ho_error err;
    assert_ok(ho_strings_add(&r->warnings, line, &err));
}

/* The value of an option of optimize, and where it is from. */
typedef struct resolved {
    char value[512], origin[512];
} resolved;

static ho_status resolve(room *r, const char *file, char *const *environment, bool strict, const char *option,
                         resolved *out, ho_error *err)
{
    const ho_command *command = ho_command_find("optimize");
    const ho_hooks hooks = {.warn = note, .user = r};
    ho_config_place place = {r->folder, file, environment, strict};
    ho_strings origins = {0};
    void *settings = calloc(1, command->settings_size);
    ho_status status = ho_config_fill(command, &place, &hooks, settings, &origins, err);
    const ho_option *o = ho_options_find(command->options, option);
    if (status == HO_OK) {
        ho_option_print(o, settings, out->value, sizeof out->value);
        snprintf(out->origin, sizeof out->origin, "%s", origins.items[o - command->options.options]);
    }
    ho_options_clear(command->options, settings);
    free(settings);
    ho_strings_clear(&origins);
    return status;
}

static void parse(const char *text, ho_ini *ini)
{
    char *copy = strdup(text);
    ho_error err;
    *ini = (ho_ini){0};
    assert_ok(ho_ini_parse("a.ini", copy, strlen(copy), ini, &err));
    free(copy);
}

static void a_value_ends_where_its_comment_begins(void **state)
{
    (void)state;
    static const struct {
        const char *line, *value;
    } lines[] = {
        {"k = v", "v"},
        {"k: v", "v"},
        {"k=v # why", "v"},
        {"k = v;x", "v;x"},
        {"k = v ; why", "v"},
        {"k = a#b", "a#b"},
        {"k = \"a # b\"", "a # b"},
        {"k = \"a\" # b", "a"},
        {"k = 50%", "50%"},
        {"k =", ""},
        {"k = # nothing", ""},
        {"  k\t=\tv  ", "v"},
        {"k = a = b", "a = b"},
        {"k = \"open", "\"open"},
        {"k = %(home)s", "%(home)s"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char text[128];
        ho_ini ini;
        snprintf(text, sizeof text, "[s]\n%s\n", lines[i].line);
        parse(text, &ini);
        assert_int_equal(ini.count, 1);
        assert_string_equal(ini.entries[0].key, "k");
        assert_string_equal(ini.entries[0].value, lines[i].value);
        assert_int_equal(ini.entries[0].line, 2);
        ho_ini_clear(&ini);
    }
}

static void any_line_end_and_a_mark_before_the_first_line_are_read(void **state)
{
    (void)state;
    static const char *const texts[] = {"\xef\xbb\xbf[s]\r\na = 1\r\n; note\r\nb = 2",
                                        "[s]\ra = 1\r# note\rb = 2\r", "[ s ]\na = 1\n\nb = 2\n\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ho_ini ini;
        parse(texts[i], &ini);
        assert_int_equal(ini.count, 2);
        assert_string_equal(ini.entries[1].section, "s");
        assert_string_equal(ini.entries[1].value, "2");
        assert_int_equal(ini.entries[1].line, 4);
        ho_ini_clear(&ini);
    }
    ho_ini ini;
    parse("[s]\na = 1,\n    2,\n    3 # three\nb = 4\nA = 5\n", &ini);
    assert_int_equal(ini.count, 3);
    assert_string_equal(ini.entries[0].value, "1, 2, 3");
    assert_true(ini.entries[0].overridden);
    assert_false(ini.entries[2].overridden);
    ho_ini_clear(&ini);
}

static void lines_that_are_none_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } bad[] = {{"[s\na = 1\n", "a.ini:1: a section without its ]"},
               {"a = 1\n", "a.ini:1: a = 1 stands before the first [section]"},
               {"[s]\n\nwhat is this\n", "a.ini:3: expected key = value, got what is this"},
               {"{\"a\": 1,\n b}", "a.ini:2: no JSON"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char *copy = strdup(bad[i].text);
        ho_ini ini = {0};
        ho_error err;
        assert_refused(ho_ini_parse("a.ini", copy, strlen(copy), &ini, &err), HO_ERR_USAGE, bad[i].words);
        ho_ini_clear(&ini);
        free(copy);
    }
}

/* Each source is added to those below it, and wins. */
static void the_higher_source_wins(void **state)
{
    room *r = *state;
    ho_error err;
    resolved v;
    char file[128];
    snprintf(file, sizeof file, "%s/own.ini", r->folder);
    assert_ok(resolve(r, NULL, NULL, false, "portfolio-size", &v, &err));
    assert_string_equal(v.value, "35");
    assert_string_equal(v.origin, "default");
    write_file(r, "config/parquet_arrow_config.ini", "[optimization]\nportfolio_size = 20 # K\n");
    assert_ok(resolve(r, NULL, NULL, false, "portfolio-size", &v, &err));
    assert_string_equal(v.value, "20");
    assert_non_null(strstr(v.origin, "config/parquet_arrow_config.ini:2 [optimization] portfolio_size"));
    write_file(r, "config/production_config.ini", "[PORTFOLIO_OPTIMIZATION]\ndefault_portfolio_size: 25\n");
    assert_ok(resolve(r, NULL, NULL, false, "portfolio-size", &v, &err));
    assert_string_equal(v.value, "25");
    write_file(r, "own.ini", "[Portfolio]\nmin_size = 3\nmax_size = 5\n");
    assert_ok(resolve(r, file, NULL, false, "portfolio-size", &v, &err));
    assert_string_equal(v.value, "3:5");
    char *environment[] = {"PATH=/bin", "HEAVYOPT_OPTIMIZATION_PORTFOLIO_SIZE=40", NULL};
    assert_ok(resolve(r, file, environment, false, "portfolio-size", &v, &err));
    assert_string_equal(v.value, "40");
    assert_string_equal(v.origin, "HEAVYOPT_OPTIMIZATION_PORTFOLIO_SIZE");
    char *own[] = {"HEAVYOPT_OPTIMIZE_PORTFOLIO_SIZE=41", "HEAVYOPT_OPTIMIZATION_PORTFOLIO_SIZE=40", NULL};
    assert_ok(resolve(r, file, own, false, "portfolio-size", &v, &err));
    assert_string_equal(v.value, "41");
    assert_int_equal(r->warnings.count, 0);
}

/* Every option of every command can be set by [command] option, and by its variable. */
static void every_option_has_a_key_and_a_variable(void **state)
{
    room *r = *state;
    ho_error err;
    for (size_t c = 0; c < ho_command_count(); c++) {
        const ho_command *command = ho_command_at(c);
        for (size_t i = 0; i < command->options.count; i++) {
            const ho_option *o = &command->options.options[i], *found = NULL;
            const ho_config_key *row = NULL;
            const char *why = NULL;
            ho_ini_entry entry = {(char *)command->name, (char *)o->name, "", 1, false};
            assert_int_equal(ho_config_use_of(command, &entry, &row, &found, &why), HO_CONFIG_USED);
            assert_ptr_equal(found, o);
            char name[128], variable[256];
            ho_config_variable(command->name, o->name, name, sizeof name);
            snprintf(variable, sizeof variable, "%s=x", name);
            char *environment[] = {variable, NULL};
            ho_config_place place = {r->folder, NULL, environment, false};
            ho_config_layers layers = {0};
            assert_ok(ho_config_layers_read(&place, &layers, &err));
            assert_int_equal(layers.items[HO_CONFIG_LAYERS - 1].ini.count, 1);
            ho_config_layers_clear(&layers);
        }
    }
}

/* No key of the old system is silently dropped: it sets an option that exists, or says why it does not. */
static void every_old_key_works_or_says_why_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < ho_config_key_count(); i++) {
        const ho_config_key *row = ho_config_key_at(i);
        bool works = row->kind != HO_KEY_NONE && ho_config_option_exists(row->option);
        if (!works && row->why == NULL)
            fail_msg("[%s] %s has neither an option nor a reason", row->section, row->key);
        if (strcmp(row->key, "*") != 0 && ho_config_key_find(row->section, row->key) != row)
            fail_msg("[%s] %s stands in the table twice", row->section, row->key);
    }
}

static void the_algorithms_are_those_that_the_old_programs_ran(void **state)
{
    room *r = *state;
    ho_error err;
    resolved v;
    write_file(r, "config/production_config.ini",
               "[ALGORITHMS]\nuse_genetic_algorithm = True\nuse_simulated_annealing = yes\nuse_ant_colony = "
               "False\n");
    assert_ok(resolve(r, NULL, NULL, false, "algorithms", &v, &err));
    assert_string_equal(v.value, "ga,sa");
    write_file(r, "config/production_config.ini", "[ALGORITHMS]\nuse_genetic_algorithm = False\n");
    assert_ok(resolve(r, NULL, NULL, false, "algorithms", &v, &err));
    assert_string_equal(v.value, "ga");
    write_file(r, "config/production_config.ini", "[ALGORITHMS]\nga_enabled = true\npso_enabled = false\n");
    assert_ok(resolve(r, NULL, NULL, false, "algorithms", &v, &err));
    assert_null(strstr(v.value, "pso"));
    assert_non_null(strstr(v.value, "de"));
}

/* [FITNESS_CALCULATION] and its weights; [FILE_RATIOS] counts only in the balanced mode; switches have two words. */
static void keys_that_speak_together_set_one_option(void **state)
{
    room *r = *state;
    ho_error err;
    resolved v;
    write_file(r, "config/production_config.ini",
               "[fitness_weights]\nroi_dd_ratio_weight = .5\nwin_rate_weight = 2\n");
    assert_ok(resolve(r, NULL, NULL, false, "weight", &v, &err));
    assert_string_equal(v.value, "");
    assert_ok(resolve(r, NULL, NULL, false, "win-rate-weight", &v, &err));
    assert_string_equal(v.value, "2");
    write_file(r, "config/production_config.ini",
               "[fitness_weights]\nroi_dd_ratio_weight = .5\nsharpe = 3\nulcer-index_weight = -1\n");
    assert_ok(resolve(r, NULL, NULL, false, "weight", &v, &err));
    assert_string_equal(v.value, "roi_dd_ratio=.5,sharpe=3,ulcer_index=-1");
    assert_non_null(strstr(v.origin, "[fitness_weights]"));
    write_file(r, "config/production_config.ini", "[fitness_weights]\nsharp = 3\n");
    assert_ok(resolve(r, NULL, NULL, false, "weight", &v, &err));
    assert_string_equal(v.value, "");
    assert_refused(resolve(r, NULL, NULL, true, "weight", &v, &err), HO_ERR_USAGE,
                   "unknown key: did you mean sharpe?");
    static const char counts[] = "[FILE_RATIOS]\nnifty = 3\nbank = 2\n[OPTIMIZATION]\nbalanced_mode = %s\n";
    char text[256];
    snprintf(text, sizeof text, counts, "true");
    write_file(r, "config/production_config.ini", text);
    assert_ok(resolve(r, NULL, NULL, false, "balance", &v, &err));
    assert_string_equal(v.value, "nifty=3,bank=2");
    snprintf(text, sizeof text, counts, "no");
    write_file(r, "config/production_config.ini", text);
    assert_ok(resolve(r, NULL, NULL, false, "balance", &v, &err));
    assert_string_equal(v.value, "");
    write_file(r, "config/production_config.ini",
               "[ULTA]\nenabled = yes\n[MARKET_REGIME_CONFIG]\nconfidence_weighting = off\n"
               "regime_specific_portfolios = 0\nmin_confidence_threshold = 80\n");
    assert_ok(resolve(r, NULL, NULL, false, "ulta", &v, &err));
    assert_string_equal(v.value, "on");
    assert_ok(resolve(r, NULL, NULL, false, "regime-weights", &v, &err));
    assert_string_equal(v.value, "off");
    assert_ok(resolve(r, NULL, NULL, false, "regime", &v, &err));
    assert_string_equal(v.value, "");
    assert_ok(resolve(r, NULL, NULL, false, "regime-min-confidence", &v, &err));
    assert_string_equal(v.value, "80");
    static const char enforced[] = "[optimization]\n%senforce_correlation = %s\n";
    static const struct {
        const char *threshold, *enforce, *limit;
    } closest[] = {{"correlation_threshold = .6\n", "yes", "0.6"},
                   {"correlation_threshold = .6\n", "no", "1"},
                   {"", "true", "0.7"}};
    for (size_t i = 0; i < sizeof closest / sizeof *closest; i++) {
        snprintf(text, sizeof text, enforced, closest[i].threshold, closest[i].enforce);
        write_file(r, "config/production_config.ini", text);
        assert_ok(resolve(r, NULL, NULL, false, "max-correlation", &v, &err));
        assert_string_equal(v.value, closest[i].limit);
    }
    write_file(r, "config/production_config.ini", "[parquet]\narrow_memory_pool_gb = 4.0\n");
    assert_ok(resolve(r, NULL, NULL, false, "memory-limit", &v, &err));
    assert_string_equal(v.value, "4");
}

static void bad_values_name_file_line_and_range(void **state)
{
    room *r = *state;
    static const struct {
        const char *text, *words;
    } bad[] = {
        {"[optimization]\nportfolio_size = 0\n",
         ":2 [optimization] portfolio_size = 0: expected a whole number from 1"},
        {"[optimize]\nseed = soon\n", ":2 [optimize] seed = soon: expected a whole number from 0"},
        {"[general]\n[enhanced_metrics]\nrisk_free_rate = 7\n",
         ":3 [enhanced_metrics] risk_free_rate = 7: expected a number from -1 to 1"},
        {"[ALGORITHM_PARAMETERS]\nga_mutation_rate = 2\n",
         ":2 [ALGORITHM_PARAMETERS] ga_mutation_rate = 2: expected a number from 0 to 1"},
        {"[FILE_RATIOS]\na = -1\n", ":2 [FILE_RATIOS] a = -1: expected a number of 0 or more"},
        {"[fitness_weights]\nsharpe = much\n", ":2 [fitness_weights] sharpe = much: expected a number"},
        {"[ULTA]\nenabled = perhaps\n", ":2 [ULTA] enabled = perhaps: expected true or false"},
        {"[ALGORITHMS]\nuse_ant_colony = perhaps\n",
         ":2 [ALGORITHMS] use_ant_colony = perhaps: expected true or false"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ho_error err;
        resolved v;
        write_file(r, "config/production_config.ini", bad[i].text);
        assert_refused(resolve(r, NULL, NULL, false, "seed", &v, &err), HO_ERR_USAGE, bad[i].words);
        assert_non_null(strstr(err.text, "config/production_config.ini"));
    }
}

static void unknown_keys_are_warned_of_or_refused(void **state)
{
    room *r = *state;
    ho_error err;
    resolved v;
    write_file(r, "config/production_config.ini",
               "[ULTA]\nenabeld = true\n[nobody_knows]\nx = 1\n[FITNESS_CALCULATION]\nmode = of_the_moon\n");
    assert_ok(resolve(r, NULL, NULL, false, "fitness", &v, &err));
    assert_int_equal(r->warnings.count, 2);
    assert_non_null(strstr(r->warnings.items[0], ":2 [ULTA] enabeld: unknown key: did you mean enabled?"));
    assert_non_null(strstr(r->warnings.items[1], "mode = of_the_moon is not known here"));
    assert_string_equal(v.value, "legacy");
    assert_refused(resolve(r, NULL, NULL, true, "fitness", &v, &err), HO_ERR_USAGE, "did you mean enabled?");
}

static void json_says_the_same_in_three_ways(void **state)
{
    room *r = *state;
    ho_error err;
    resolved v;
    char file[128];
    snprintf(file, sizeof file, "%s/own.json", r->folder);
    static const char *const ways[] = {"{\"optimize\": {\"seed\": 7}}", " {\"optimize.seed\": 7}",
                                       "{\"seed\": 7}", "\xef\xbb\xbf{\"seed\": \"7\"}"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        write_file(r, "own.json", ways[i]);
        assert_ok(resolve(r, file, NULL, true, "seed", &v, &err));
        assert_string_equal(v.value, "7");
    }
}

/* The file to begin with changes nothing and holds no key that is not known. */
static void the_default_file_is_the_default(void **state)
{
    room *r = *state;
    ho_error err;
    char *text = NULL;
    const ho_command *command = ho_command_find("optimize");
    assert_ok(ho_config_default_text(&text, &err));
    write_file(r, "config/parquet_arrow_config.ini", text);
    free(text);
    for (size_t i = 0; i < command->options.count; i++) {
        const ho_option *o = &command->options.options[i];
        resolved v;
        assert_ok(resolve(r, NULL, NULL, true, o->name, &v, &err));
        assert_string_equal(v.value, o->def != NULL ? o->def : "");
    }
    assert_int_equal(r->warnings.count, 0);
}

static void no_allocation_that_fails_is_lost(void **state)
{
    room *r = *state;
    if (!ho_memory_fail_at(0)) skip();
    write_file(r, "config/production_config.ini",
               "[PORTFOLIO]\nmin_size = 3\n[ALGORITHMS]\nuse_ant_colony = on\n[ULTA]\nx = "
               "1\n[optimize]\ninclude = a\n");
    const ho_command *command = ho_command_find("optimize");
    bool failed = true;
    for (long n = 1; failed; n++) {
        char *environment[] = {"HEAVYOPT_OPTIMIZE_SEED=3", NULL};
        ho_config_place place = {r->folder, NULL, environment, false};
        ho_strings origins = {0};
        ho_error err;
        void *settings = calloc(1, command->settings_size);
        ho_memory_fail_at(n);
        ho_status status = ho_config_fill(command, &place, NULL, settings, &origins, &err);
        ho_memory_fail_at(0);
        failed = status != HO_OK;
        if (failed) assert_int_equal(status, HO_ERR_MEMORY);
        ho_options_clear(command->options, settings);
        free(settings);
        ho_strings_clear(&origins);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_ends_where_its_comment_begins),
        cmocka_unit_test(any_line_end_and_a_mark_before_the_first_line_are_read),
        cmocka_unit_test(lines_that_are_none_are_named),
        cmocka_unit_test_setup_teardown(the_higher_source_wins, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_option_has_a_key_and_a_variable, set_up, tear_down),
        cmocka_unit_test(every_old_key_works_or_says_why_not),
        cmocka_unit_test_setup_teardown(keys_that_speak_together_set_one_option, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_algorithms_are_those_that_the_old_programs_ran, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(bad_values_name_file_line_and_range, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_keys_are_warned_of_or_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_says_the_same_in_three_ways, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_default_file_is_the_default, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_allocation_that_fails_is_lost, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("configuration", tests, NULL, NULL);
}

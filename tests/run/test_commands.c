/* Every command and algorithm of the tables is said in one style, and can be filled and cleared. */
#include "test.h"

#include "base/memory.h"

#include <ctype.h>
#include <heavyopt/command.h>
#include <heavyopt/search.h>
#include <string.h>

static void check_options(const char *owner, ho_option_table table, size_t settings_size)
{
    ho_error err;
    void *settings = ho_new_array(settings_size + 1, 1);
    assert_non_null(settings);
    assert_ok(ho_options_defaults(table, settings, &err));
    ho_options_clear(table, settings);
    free(settings);
    for (size_t i = 0; i < table.count; i++) {
        const ho_option *o = &table.options[i];
        const char *text = o->text;
        /* a choice may begin with the word that is chosen */
        bool begins = isupper((unsigned char)text[0]) || o->type == HO_OPTION_CHOICE;
        if (!begins || text[strlen(text) - 1] != '.')
            fail_msg("%s --%s: no sentence: %s", owner, o->name, text);
        if ((o->type == HO_OPTION_BOOL) != (o->value == NULL))
            fail_msg("%s --%s: a value has a name, a switch has none", owner, o->name);
        for (size_t other = 0; other < i; other++) {
            assert_string_not_equal(o->name, table.options[other].name);
            if (o->letter != 0 && o->letter == table.options[other].letter)
                fail_msg("%s: -%c stands for --%s and --%s", owner, o->letter, table.options[other].name,
                         o->name);
        }
    }
}

static void commands_are_said_in_one_style(void **state)
{
    (void)state;
    for (size_t i = 0; i < ho_command_count(); i++) {
        const ho_command *c = ho_command_at(i);
        assert_ptr_equal(ho_command_find(c->name), c);
        if (!islower((unsigned char)c->sentence[0]) || c->sentence[strlen(c->sentence) - 1] == '.')
            fail_msg("%s: %s", c->name, c->sentence);
        for (size_t p = 0; p < 3 && c->positional[p] != NULL; p++)
            assert_non_null(ho_options_find(c->options, c->positional[p]));
        for (size_t p = 0; p < 3 && c->required[p] != NULL; p++)
            assert_non_null(ho_options_find(c->options, c->required[p]));
        check_options(c->name, c->options, c->settings_size);
    }
}

static void algorithms_are_said_in_one_style(void **state)
{
    (void)state;
    for (size_t i = 0; i < ho_algorithm_count(); i++) {
        const ho_algorithm *a = ho_algorithm_at(i);
        assert_true(strlen(ho_algorithm_paper(a)) > 10 && strlen(ho_algorithm_text(a)) > 10);
        check_options(ho_algorithm_name(a), ho_algorithm_options(a), ho_algorithm_params_size(a));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_said_in_one_style),
        cmocka_unit_test(algorithms_are_said_in_one_style),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

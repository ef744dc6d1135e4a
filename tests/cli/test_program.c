/* The program with a command of the test's own: what arguments become, which words go where, the exit codes. Each
 * run is a child process with its standard output and error in files. */
#include "test.h"

#include "cli/cli.h"

#include <heavyopt/config.h>

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct settings {
    char *input, *output, *mode;
    int64_t size;
    double rate;
    bool loud;
    ho_strings include;
} settings;

static const ho_option options[] = {
    {"input", 'i', "FILE", "The table.", HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(settings, input)},
    {"output", 'o', "DIR", "The folder.", HO_OPTION_TEXT, 0, 0, "here", NULL, offsetof(settings, output)},
    {"portfolio-size", 'p', "N", "How many.", HO_OPTION_INT, 1, 64, "35", NULL, offsetof(settings, size)},
    {"rate", 0, "R", "A number.", HO_OPTION_REAL, -1, 1, "0", NULL, offsetof(settings, rate)},
    {"loud", 'l', NULL, "Speak up.", HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(settings, loud)},
    {"include", 0, "NAME", "A member.", HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(settings, include)},
    {"mode", 0, "MODE", "What happens.", HO_OPTION_CHOICE, 0, 0, "done",
     "done|bad-data|interrupted|signal|warn", offsetof(settings, mode)},
};

/* Tells what it was given, and fails as it is told to. */
static ho_status work(const void *data, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const settings *s = data;
    if (strcmp(s->mode, "bad-data") == 0) {
        snprintf(err->text, sizeof err->text, "%s: line 3 has 2 fields", s->input);
        return HO_ERR_DATA;
    }
    if (strcmp(s->mode, "warn") == 0) hooks->warn(hooks->user, "a name stands twice");
    if (strcmp(s->mode, "signal") == 0) raise(SIGTERM);
    outcome->interrupted = strcmp(s->mode, "interrupted") == 0 || *hooks->cancel != 0;
    hooks->progress(hooks->user, "search", 0.5, 1.25);
    char include[256];
    ho_option_print(&options[5], s, include, sizeof include);
    outcome->json = malloc(1024);
    outcome->summary = malloc(1024);
    assert_non_null(outcome->json);
    assert_non_null(outcome->summary);
    snprintf(outcome->json, 1024, "{\"input\": \"%s\"}\n", s->input);
    snprintf(outcome->summary, 1024, "i=%s o=%s p=%d r=%g l=%d n=%s\n", s->input, s->output, (int)s->size,
             s->rate, s->loud, include);
    return HO_OK;
}

static const ho_command command = {
    "work",
    "does what it is told to, in a sentence long enough that it has to be wrapped somewhere",
    {"input", "output", NULL},
    {"input", NULL},
    {options, sizeof options / sizeof *options},
    sizeof(settings),
    work,
    "Example:\n    heavyopt work prices.csv",
    false,
};

size_t ho_command_count(void)
{
    return 1;
}

const ho_command *ho_command_at(size_t i)
{
    return i == 0 ? &command : NULL;
}

/* A configuration file is named for the size that it holds. */
ho_status ho_config_fill(const ho_command *c, const ho_config_place *place, const ho_hooks *hooks, void *data,
                         ho_strings *origins, ho_error *err)
{
    (void)hooks, (void)origins;
    ho_status status = ho_options_defaults(c->options, data, err);
    if (status == HO_OK && place->file != NULL)
        status = ho_options_set(c->options, data, "portfolio-size", place->file, err);
    return status;
}

const ho_command *ho_command_find(const char *name)
{
    return strcmp(name, command.name) == 0 ? &command : NULL;
}

const char *ho_version_text(void)
{
    return "heavyopt test\n";
}

void ho_outcome_clear(ho_outcome *outcome)
{
    free(outcome->json);
    free(outcome->summary);
    *outcome = (ho_outcome){0};
}

typedef struct result {
    int code; /* -1: ended by a signal */
    char out[8192], err[8192];
} result;

static void read_back(FILE *file, char *text, size_t size)
{
    rewind(file);
    size_t n = fread(text, 1, size - 1, file);
    text[n] = '\0';
    fclose(file);
}

/* Runs the program in a child; `full` gives it a full disk as standard output, `closed` none at all. */
typedef enum where { FILES, FULL, CLOSED } where;

static result run_to(where output, char **argv)
{
    result r = {0};
    FILE *out = tmpfile(), *err = tmpfile();
    assert_true(out != NULL && err != NULL);
    int argc = 0;
    while (argv[argc] != NULL)
        argc++;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        int target = output == FULL ? open("/dev/full", O_WRONLY) : fileno(out);
        dup2(target, STDOUT_FILENO);
        dup2(fileno(err), STDERR_FILENO);
        if (output == CLOSED) close(STDOUT_FILENO);
        int code = cli_program(argc, argv);
        fflush(NULL);
        _exit(code); /* the leak checker of a fork talks of its parent's threads */
    }
    int status = 0;
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    r.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    read_back(out, r.out, sizeof r.out);
    read_back(err, r.err, sizeof r.err);
    return r;
}

#define run_at(where, ...) run_to(where, (char *[]){"heavyopt", __VA_ARGS__, NULL})
#define run(...)           run_at(FILES, __VA_ARGS__)

/* The program ends with the code, and the text holds the part. */
#define assert_ends(r, wanted, text, part)                                                                 \
    do {                                                                                                   \
        if ((r).code != (wanted) || strstr((r).text, (part)) == NULL)                                      \
            fail_msg("expected %d with '%s', got %d\n%s%s", (wanted), (part), (r).code, (r).out, (r).err); \
    } while (0)

static int lines_of(const char *text)
{
    int lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

static void every_way_to_write_an_option_means_the_same(void **state)
{
    (void)state;
    result r = run("work", "--input", "a.csv", "--portfolio-size", "9", "--rate", "-0.5", "--loud");
    assert_ends(r, 0, out, "i=a.csv o=here p=9 r=-0.5 l=1 n=\n");
    assert_string_equal(r.err, "");
    r = run("work", "-i", "a.csv", "-p9", "--rate=-0.5", "-l");
    assert_ends(r, 0, out, "i=a.csv o=here p=9 r=-0.5 l=1 n=\n");
    r = run("work", "-lp=9", "a.csv", "--Rate=-0.5");
    assert_ends(r, 0, out, "i=a.csv o=here p=9 r=-0.5 l=1 n=\n");
    r = run("work", "--portfolio_size=9", "--loud=yes", "a.csv", "--rate=-.5");
    assert_ends(r, 0, out, "i=a.csv o=here p=9 r=-0.5 l=1 n=\n");
    r = run("work", "-p", "8", "a.csv", "-p", "9", "--loud=false", "--include", "x", "--include=y z");
    assert_ends(r, 0, out, "p=9 r=0 l=0 n=x,y z\n");
}

static void loose_arguments_fill_what_is_not_named(void **state)
{
    (void)state;
    assert_ends(run("work", "a.csv", "out"), 0, out, "i=a.csv o=out ");
    assert_ends(run("work", "out", "-i", "a.csv"), 0, out, "i=a.csv o=out ");
    assert_ends(run("work", "--", "-p", "--loud"), 0, out, "i=-p o=--loud ");
    assert_ends(run("work", "-"), 0, out, "i=- ");
    assert_ends(run("work", "a", "b", "c"), 2, err, "heavyopt: unexpected argument c\n");
}

static void wrong_usage_ends_with_one_line_and_code_2(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[3], *line;
    } cases[] = {
        {{"wrok"}, "unknown command wrok: did you mean work?"},
        {{"zzzzzzz"}, "unknown command zzzzzzz (heavyopt help lists them)"},
        {{"help", "hwork"}, "unknown command hwork: did you mean work?"},
        {{"--jason"}, "unknown option --jason: did you mean --json?"},
        {{"--json"}, "a command is missing (heavyopt help lists them)"},
        {{"work"}, "work needs --input FILE (heavyopt help work says more)"},
        {{"work", "a.csv", "--portfolio-sze=3"},
         "unknown option --portfolio-sze: did you mean --portfolio-size?"},
        {{"work", "a.csv", "--qiet"}, "unknown option --qiet: did you mean --quiet?"},
        {{"work", "a.csv", "--something"}, "unknown option --something (heavyopt help work lists them)"},
        {{"work", "a.csv", "-x"}, "unknown option -x in -x"},
        {{"work", "a.csv", "-quiet"}, "unknown option -quiet: did you mean --quiet?"},
        {{"work", "a.csv", "-p"}, "--portfolio-size needs a value: --portfolio-size N"},
        {{"work", "--input", "--loud"}, "--input needs a value: --input FILE"},
        {{"work", "a.csv", "-p0"}, "--portfolio-size 0: expected a whole number from 1 to 64"},
        {{"work", "a.csv", "-p3.5"}, "--portfolio-size 3.5: expected a whole number from 1 to 64"},
        {{"work", "a.csv", "--loud=maybe"}, "--loud maybe: expected true or false"},
        {{"work", "a.csv", "--mode=gone"}, "--mode gone: expected one of done|"},
        {{"w\nrk\n"}, "unknown command w?rk?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *argv[5] = {(char *)"heavyopt"};
        for (int a = 0; a < 3; a++)
            argv[a + 1] = (char *)cases[i].arguments[a];
        result r = run_to(FILES, argv);
        assert_ends(r, 2, err, cases[i].line);
        assert_int_equal(strncmp(r.err, "heavyopt: ", 10), 0);
        assert_int_equal(lines_of(r.err), 1);
        assert_string_equal(r.out, "");
    }
}

static void help_comes_from_the_tables(void **state)
{
    (void)state;
    result all = run("help");
    assert_ends(all, 0, out, "  work  does what it is told to");
    assert_ends(all, 0, out, "  130  interrupted");
    assert_string_equal(run("--help").out, all.out);
    assert_string_equal(run_to(FILES, (char *[]){"heavyopt", NULL}).out, all.out);
    result one = run("help", "work");
    assert_string_equal(run("work", "--help").out, one.out);
    assert_string_equal(run("work", "-p", "3", "-h").out, one.out);
    assert_ends(one, 0, out, "Usage: heavyopt work INPUT [OUTPUT] [--option value ...]\n");
    assert_ends(
        one, 0, out,
        "\nDoes what it is told to, in a sentence long enough that it has to be wrapped\nsomewhere.\n");
    assert_ends(one, 0, out, "  -p, --portfolio-size N      How many. [from 1 to 64; default 35]\n");
    assert_ends(one, 0, out, "--mode MODE");
    assert_ends(one, 0, out, "[one of done, bad-data, interrupted,");
    assert_ends(one, 0, out, "--include NAME              A member. [may be given several times]\n");
    assert_ends(one, 0, out, "  -l, --loud                  Speak up.\n");
    assert_ends(one, 0, out, "\n    heavyopt work prices.csv\n");
    assert_ends(run("--version"), 0, out, "heavyopt test\n");
    assert_ends(run("work", "-V"), 0, out, "heavyopt test\n");
    for (const char *line = one.out; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        assert_true(strcspn(line, "\n") <= 80);
        if (*line == '\0') break;
    }
}

static void json_goes_alone_to_standard_output(void **state)
{
    (void)state;
    result r = run("work", "a.csv", "--json", "--mode=warn");
    assert_ends(r, 0, err, "heavyopt: warning: a name stands twice\ni=a.csv ");
    assert_string_equal(r.out, "{\"input\": \"a.csv\"}\n");
    r = run("work", "a.csv", "--json", "--quiet");
    assert_ends(r, 0, out, "{\"input\": \"a.csv\"}\n");
    assert_string_equal(r.err, "");
    r = run("work", "a.csv", "-q", "--json=false");
    assert_ends(r, 0, out, "");
    assert_string_equal(r.out, "");
    assert_string_equal(r.err, "");
}

static void failures_and_signals_have_their_exit_codes(void **state)
{
    (void)state;
    result r = run("work", "a.csv", "--mode=bad-data");
    assert_ends(r, 3, err, "heavyopt: a.csv: line 3 has 2 fields\n");
    assert_string_equal(r.out, "");
    assert_ends(run("work", "a.csv", "--mode=interrupted"), 130, out, "i=a.csv");
    assert_ends(run("work", "a.csv", "--mode=signal"), 130, out, "i=a.csv");
}

static void a_full_or_closed_standard_output_is_a_failure(void **state)
{
    (void)state;
    result r = run_at(FULL, "work", "a.csv");
    assert_ends(r, 1, err, "heavyopt: standard output: No space left on device\n");
    assert_int_equal(lines_of(r.err), 1);
    assert_ends(run_at(FULL, "help"), 1, err, "heavyopt: standard output: No space left on device\n");
    assert_ends(run_at(CLOSED, "work", "a.csv"), 1, err, "heavyopt: standard output: Bad file descriptor\n");
    assert_ends(run_at(CLOSED, "--version"), 1, err, "heavyopt: standard output: ");
    assert_int_equal(run_at(CLOSED, "work", "a.csv", "--quiet").code, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_write_an_option_means_the_same),
        cmocka_unit_test(loose_arguments_fill_what_is_not_named),
        cmocka_unit_test(wrong_usage_ends_with_one_line_and_code_2),
        cmocka_unit_test(help_comes_from_the_tables),
        cmocka_unit_test(json_goes_alone_to_standard_output),
        cmocka_unit_test(failures_and_signals_have_their_exit_codes),
        cmocka_unit_test(a_full_or_closed_standard_output_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

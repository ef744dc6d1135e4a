/* One call of the program: the arguments are read, one command runs, its words and its JSON go where they belong,
 * and the exit code says how it went. */
#include "cli/cli.h"

#include <heavyopt/config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fail_with(ho_status status, const ho_error *err)
{
    fprintf(stderr, "heavyopt: %s\n", err->text);
    return ho_status_exit_code(status);
}

/* Buffered text may meet a full disk or a closed pipe as late as here. */
static int close_output(int code)
{
    errno = 0;
    bool failed = ferror(stdout) != 0;
    failed |= fflush(stdout) != 0;
    if (!failed) return code;
    fprintf(stderr, "heavyopt: standard output: %s\n", errno != 0 ? strerror(errno) : "a write failed");
    return ho_status_exit_code(HO_ERR_IO);
}

static void on_progress(void *user, const char *stage, double share, double best)
{
    cli_bar_report(user, stage, share, best);
}

static void on_warning(void *user, const char *line)
{
    cli_bar_clear(user);
    fprintf(stderr, "heavyopt: warning: %s\n", line);
}

static int run_command(const ho_command *command, const cli_common *common, const void *settings)
{
    ho_error err = {.text = ""};
    cli_bar bar = cli_bar_new(common->quiet, common->no_color);
    const ho_hooks hooks = {on_progress, on_warning, &bar, cli_signals_flag()};
    ho_outcome outcome = {0};
    ho_status status = command->run(settings, &hooks, &outcome, &err);
    cli_bar_clear(&bar);
    int code = ho_status_exit_code(status);
    if (outcome.json != NULL && common->json) fputs(outcome.json, stdout);
    if (outcome.summary != NULL && !common->quiet) fputs(outcome.summary, common->json ? stderr : stdout);
    if (status != HO_OK) fail_with(status, &err);
    if (outcome.interrupted) code = EXIT_INTERRUPTED;
    ho_outcome_clear(&outcome);
    return code;
}

static void common_clear(cli_common *common)
{
    ho_options_clear(cli_common_options, common);
}

static void warn_on_stderr(void *user, const char *line)
{
    (void)user;
    fprintf(stderr, "heavyopt: warning: %s\n", line);
}

/* The arguments are read twice: once to learn which configuration they name, and again over it. */
static ho_status read_settings(const ho_command *command, char *const *args, size_t count, cli_common *common,
                               void *settings, ho_error *err)
{
    ho_status status = cli_read_arguments(command, args, count, common, settings, err);
    ho_options_clear(command->options, settings);
    memset(settings, 0, command->settings_size);
    if (status != HO_OK || common->help || common->version) return status;
    if (common->share != NULL && setenv("HEAVYOPT_SHARE", common->share, 1) != 0)
        return cli_fail(err, HO_ERR_MEMORY, "out of memory: %zu bytes", strlen(common->share));
    const ho_config_place place = {common->share, common->config, environ, common->strict_config};
    const ho_hooks hooks = {.warn = warn_on_stderr};
    status = ho_config_fill(command, &place, &hooks, settings, NULL, err);
    cli_common again = {.json = false};
    if (status == HO_OK) status = cli_read_arguments(command, args, count, &again, settings, err);
    common_clear(&again);
    return status == HO_OK ? cli_check_required(command, settings, err) : status;
}

static int with_settings(const ho_command *command, char *const *args, size_t count)
{
    ho_error err = {.text = ""};
    cli_common common = {.json = false};
    void *settings = calloc(1, command->settings_size + 1);
    if (settings == NULL) {
        return fail_with(cli_fail(&err, HO_ERR_MEMORY, "out of memory: %zu bytes", command->settings_size),
                         &err);
    }
    ho_status status = ho_options_defaults(command->options, settings, &err);
    if (status == HO_OK) status = read_settings(command, args, count, &common, settings, &err);
    int code = 0;
    if (status != HO_OK)
        code = fail_with(status, &err);
    else if (common.help)
        cli_print_command(stdout, command);
    else if (common.version)
        fputs(ho_version_text(), stdout);
    else
        code = run_command(command, &common, settings);
    ho_options_clear(command->options, settings);
    common_clear(&common);
    free(settings);
    return code;
}

/* No command: `heavyopt`, `heavyopt --help`, `heavyopt --version`. */
static int without_command(char *const *args, size_t count)
{
    ho_error err = {.text = ""};
    cli_common common = {0};
    ho_status status = cli_read_arguments(NULL, args, count, &common, NULL, &err);
    common_clear(&common);
    if (status != HO_OK) return fail_with(status, &err);
    if (common.version)
        fputs(ho_version_text(), stdout);
    else if (common.help || count == 0)
        cli_print_overview(stdout);
    else
        return fail_with(cli_fail(&err, HO_ERR_USAGE, "a command is missing (heavyopt help lists them)"),
                         &err);
    return 0;
}

static int help_about(const char *name)
{
    ho_error err = {.text = ""};
    const ho_command *command = cli_find_command(name, &err);
    if (command == NULL) return fail_with(HO_ERR_USAGE, &err);
    cli_print_command(stdout, command);
    return 0;
}

static int dispatch(int argc, char **argv)
{
    char *const *args = argv + 1;
    size_t count = argc > 0 ? (size_t)argc - 1 : 0;
    if (count == 0 || args[0][0] == '-') return without_command(args, count);
    if (strcmp(args[0], "help") == 0)
        return count > 1 && args[1][0] != '-' ? help_about(args[1]) : without_command(args, 0);
    ho_error err = {.text = ""};
    const ho_command *command = cli_find_command(args[0], &err);
    if (command == NULL) return fail_with(HO_ERR_USAGE, &err);
    return with_settings(command, args + 1, count - 1);
}

int cli_program(int argc, char **argv)
{
    cli_descriptors_fill();
    return close_output(dispatch(argc, argv));
}

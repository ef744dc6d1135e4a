/* The program's own words: arguments to settings, help out of the tables, the bar on a terminal, signals. Everything
 * heavyopt can do comes from the table of commands in <heavyopt/command.h>; nothing here knows what a command does. */
#ifndef HO_CLI_CLI_H
#define HO_CLI_CLI_H

#include <heavyopt/command.h>

#include <stdio.h>

enum { EXIT_INTERRUPTED = 130 }; /* a result, not a status: the best so far was written */

/* What every command takes besides its own options. */
typedef struct cli_common {
    bool json, quiet, no_color, help, version, strict_config;
    char *config, *share; /* owned; NULL: not given */
} cli_common;

extern const ho_option_table cli_common_options;

/* Writes the line into `err`, control characters made visible, and gives `status` back. */
ho_status cli_fail(ho_error *err, ho_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The command of that name; NULL with the nearest name in `err`. */
const ho_command *cli_find_command(const char *name, ho_error *err);

/* Reads `args` into `common` and `settings` (both filled with defaults before; they stay the caller's to clear, also
 * on failure). `command` NULL: only the common options are known. --help and --version end the reading.
 * HO_ERR_USAGE, HO_ERR_MEMORY. */
HO_MUST_USE ho_status cli_read_arguments(const ho_command *command, char *const *args, size_t count,
                                         cli_common *common, void *settings, ho_error *err);

/* Has every option without which the command cannot run a value, from wherever? HO_ERR_USAGE. */
HO_MUST_USE ho_status cli_check_required(const ho_command *command, const void *settings, ho_error *err);

void cli_print_overview(FILE *out);
void cli_print_command(FILE *out, const ho_command *command);

/* The bar on standard error. Zeroed but for `on`, it shows itself with the first report and leaves nothing behind
 * after cli_bar_clear. */
typedef struct cli_bar {
    bool on, colour, shown;
    double drawn_at, began_at; /* seconds; of this stage */
    char stage[48];
} cli_bar;

cli_bar cli_bar_new(bool quiet, bool no_color);
void cli_bar_report(cli_bar *bar, const char *stage, double share, double best);
void cli_bar_clear(cli_bar *bar);

/* SIGINT and SIGTERM raise the flag, a second one ends the program at once with 130; SIGPIPE becomes a failed write. */
const volatile int *cli_signals_flag(void);

/* Standard descriptors that the caller closed are filled, so that no data file gets their numbers; a write to them
 * still fails. */
void cli_descriptors_fill(void);

/* The whole program; returns its exit code. */
int cli_program(int argc, char **argv);

#endif

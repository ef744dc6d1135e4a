/* One line on standard error that says how far the work is. It is shown only where a person looks on (a terminal,
 * not --quiet) and is gone before anything else is printed. */
#include "cli/cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

cli_bar cli_bar_new(bool quiet)
{
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
    bool dumb = term == NULL || strcmp(term, "dumb") == 0;
    return (cli_bar){
        .on = !quiet && !dumb && isatty(STDERR_FILENO) &&
              terminal_width() >= 56, /* else the line would break */
        .colour = no_color == NULL || *no_color == '\0',
    };
}

static void put_bar(const cli_bar *bar, int cells, double share)
{
    int full = (int)floor(share * cells);
    fputs(bar->colour ? "\033[32m" : "[", stderr);
    for (int i = 0; i < cells; i++)
        fputs(i < full ? (bar->colour ? "\u2588" : "#") : (bar->colour ? "\u2591" : "."), stderr);
    fputs(bar->colour ? "\033[0m" : "]", stderr);
}

void cli_bar_report(cli_bar *bar, const char *stage, double share, double best)
{
    if (!bar->on) return;
    double t = now();
    bool same_stage = strncmp(bar->stage, stage, sizeof bar->stage - 1) == 0;
    if (bar->shown && same_stage && t - bar->drawn_at < 0.1) return; /* ten a second is plenty */
    snprintf(bar->stage, sizeof bar->stage, "%s", stage);
    bar->drawn_at = t;
    share = share >= 0 && share <= 1 ? share : 0;
    char found[32] = "";
    if (isfinite(best)) snprintf(found, sizeof found, "  best %.4f", best);
    int cells = terminal_width() - 24 - 8 - (int)strlen(found) - 1;
    if (cells > 40) cells = 40;
    cli_bar_clear(bar);
    fprintf(stderr, "%-22.22s", bar->stage);
    if (cells >= 5) put_bar(bar, cells, share);
    fprintf(stderr, " %3.0f %%%s", 100 * share, found);
    fflush(stderr);
    bar->shown = true;
}

void cli_bar_clear(cli_bar *bar)
{
    if (!bar->shown) return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    bar->shown = false;
}

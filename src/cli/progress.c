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

cli_bar cli_bar_new(bool quiet, bool no_color)
{
    const char *term = getenv("TERM"), *wish = getenv("NO_COLOR");
    bool dumb = term == NULL || strcmp(term, "dumb") == 0;
    return (cli_bar){
        .on = !quiet && !dumb && isatty(STDERR_FILENO),
        .colour = !no_color && (wish == NULL || *wish == '\0'),
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

/* "  12 s left" once there is something to judge it by, else nothing. */
static void print_left(double seconds, double share, char *out, size_t size)
{
    const double left = seconds / share * (1 - share);
    *out = '\0';
    if (seconds < 1 || share < 0.03 || share >= 1) return;
    if (left < 100)
        snprintf(out, size, "  %.0f s left", ceil(left));
    else if (left < 6000)
        snprintf(out, size, "  %.0f min left", ceil(left / 60));
    else
        snprintf(out, size, "  %.1f h left", left / 3600);
}

/* What does not fit on the line is left out: the bar first, then the time left, then the best so far. */
static void draw(const cli_bar *bar, double share, const char *found, const char *left)
{
    enum { STAGE = 16, PERCENT = 6, FEWEST = 5, MOST = 40 };
    int room = terminal_width() - 1 - STAGE - PERCENT;
    if (room < 0) return;
    const bool says_found = room >= (int)strlen(found);
    room -= says_found ? (int)strlen(found) : 0;
    const bool says_left = says_found && room >= (int)strlen(left);
    room -= says_left ? (int)strlen(left) : 0;
    const int cells = room - 2 < MOST ? room - 2 : MOST;
    fprintf(stderr, "%-*.*s", STAGE, STAGE, bar->stage);
    if (cells >= FEWEST) put_bar(bar, cells, share);
    fprintf(stderr, " %3.0f %%%s%s", 100 * share, says_found ? found : "", says_left ? left : "");
}

void cli_bar_report(cli_bar *bar, const char *stage, double share, double best)
{
    if (!bar->on) return;
    double t = now();
    bool same_stage = strncmp(bar->stage, stage, sizeof bar->stage - 1) == 0;
    if (bar->shown && same_stage && t - bar->drawn_at < 0.1) return; /* ten a second is plenty */
    if (!same_stage) bar->began_at = t;
    snprintf(bar->stage, sizeof bar->stage, "%s", stage);
    bar->drawn_at = t;
    share = share >= 0 && share <= 1 ? share : 0;
    char found[32] = "", left[32];
    if (isfinite(best)) snprintf(found, sizeof found, "  best %.4f", best);
    print_left(t - bar->began_at, share, left, sizeof left);
    cli_bar_clear(bar);
    draw(bar, share, found, left);
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

#include "panel/hints.h"

#include <stdbool.h>
#include <string.h>

static const ho_hints none = {.window_start = -1, .window_end = -1, .stop_loss = -1, .take_profit = -1};

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* HHMM or HMM; moves *at past it. */
static bool take_time(const char **at, int32_t *seconds)
{
    int32_t value = 0;
    size_t count = 0;
    for (; digit((*at)[count]) && count < 5; count++)
        value = 10 * value + ((*at)[count] - '0');
    if (count < 3 || count > 4 || value / 100 > 23 || value % 100 > 59) return false;
    *seconds = value / 100 * 3600 + value % 100 * 60;
    *at += count;
    return true;
}

/* `mark` and a percentage: SL73%, TP12.5%. By hand, since strtod would ask the locale what a point is. */
static bool take_percent(const char **at, const char *mark, double *percent)
{
    if (strncmp(*at, mark, 2) != 0 || !digit((*at)[2])) return false;
    const char *c = *at + 2;
    double value = 0, scale = 1;
    for (int count = 0; digit(*c); c++) {
        if (++count > 9) return false;
        value = 10 * value + (*c - '0');
    }
    if (*c == '.' && digit(c[1])) {
        for (c++; digit(*c) && scale < 1e6; c++) {
            value = 10 * value + (*c - '0');
            scale *= 10;
        }
    }
    if (*c != '%') return false;
    *percent = value / scale;
    *at = c + 1;
    return true;
}

/* Nothing more, or the mark of a strategy that was turned round: _inv, _inv.2 */
static bool ends(const char *at)
{
    if (strncmp(at, "_inv", 4) != 0) return *at == '\0';
    at += 4;
    if (*at == '.' && digit(at[1])) {
        for (at++; digit(*at);)
            at++;
    }
    return *at == '\0';
}

ho_hints ho_hints_of(const char *name)
{
    ho_hints hints = none;
    const char *blank = strchr(name, ' ');
    if (blank == NULL || blank == name) return none;
    hints.group_length = (size_t)(blank - name);
    const char *at = blank + 1;
    if (!take_time(&at, &hints.window_start) || *at++ != '-') return none;
    if (!take_time(&at, &hints.window_end) || *at++ != ' ') return none;
    if (!take_percent(&at, "SL", &hints.stop_loss)) return none;
    if (*at == ' ') at++;
    if (!ends(at) && !take_percent(&at, "TP", &hints.take_profit)) return none;
    return ends(at) ? hints : none;
}

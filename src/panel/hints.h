/* What a strategy's name tells by the trading desk's habit: `SENSEX 1426-1456 SL73%TP32%`. Hints only: names are
 * opaque, and a name of any other shape has no hints. */
#ifndef HO_PANEL_HINTS_H
#define HO_PANEL_HINTS_H

#include <stddef.h>
#include <stdint.h>

typedef struct ho_hints {
    size_t group_length;           /* the name's first bytes, the underlying; 0: none */
    int32_t window_start;          /* seconds since midnight; -1: none */
    int32_t window_end;            /* as window_start */
    double stop_loss, take_profit; /* percent; -1: none */
} ho_hints;

ho_hints ho_hints_of(const char *name);

#endif

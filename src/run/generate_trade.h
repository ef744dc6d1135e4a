/* What the grid's strategies earn on one day's path. */
#ifndef HO_RUN_GENERATE_TRADE_H
#define HO_RUN_GENERATE_TRADE_H

#include "run/generate_grid.h"
#include "run/generate_market.h"

/* values[zone * cells + window * HO_GRID_RULES + rule], cells = window_count * HO_GRID_RULES: rupees for one lot.
 * `zones` (>= 1) equal parts of the session share a day's profit as it arises: open positions are marked at the
 * borders, so that the zones of a day add up to the day. */
void ho_trade_day(const ho_grid *grid, ho_market_path *path, size_t zones, double *values);

#endif

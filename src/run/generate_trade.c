/* A strategy sells a call and a put at the money when its window opens. Each leg is bought back at the first look, after
 * every bar or every candle from there, that finds its price at or past its stop-loss or take-profit (percent of the
 * price it was sold at), else when the window closes.
 * Both deals pay slippage. A stop fills at the bar's own price, past the level: gaps cost. */
#include "run/generate_trade.h"

static const double lot = 10, slippage = 0.0015;

/* One leg of one window: its prices, and the bar of its end under each level alone. */
typedef struct leg {
    const double *price;
    size_t entry, end;
    size_t stopped[HO_GRID_STOPS], taken[HO_GRID_TAKES];
} leg;

static void watch_levels(const ho_grid *grid, const double *price, size_t entry, size_t end, leg *out)
{
    *out = (leg){.price = price, .entry = entry, .end = end};
    const size_t step = grid->candle > 0 ? (size_t)grid->candle * HO_MARKET_BARS_A_MINUTE : 1;
    size_t stop = 0, take = 0;
    for (size_t b = entry + step; b <= end; b += step) {
        double rise = (price[b] / price[entry] - 1) * 100;
        for (; stop < HO_GRID_STOPS && rise >= grid->stops[stop]; stop++)
            out->stopped[stop] = b;
        for (; take < HO_GRID_TAKES - 1 && -rise >= grid->takes[take]; take++)
            out->taken[take] = b;
    }
    for (; stop < HO_GRID_STOPS; stop++)
        out->stopped[stop] = end;
    for (; take < HO_GRID_TAKES; take++)
        out->taken[take] = end;
}

/* Rupees taken in and paid out between two bars; a position open across one of them is marked there. */
static void add_leg(const leg *l, ho_grid_rule rule, size_t first, size_t last, double *sold, double *bought)
{
    size_t stopped = l->stopped[rule.stop], taken = l->taken[rule.take];
    size_t exit = stopped < taken ? stopped : taken;
    size_t from = first > l->entry ? first : l->entry, to = last < exit ? last : exit;
    if (from >= to) return;
    *sold += l->price[from] * lot * (from == l->entry ? 1 - slippage : 1);
    *bought += l->price[to] * lot * (to == exit ? 1 + slippage : 1);
}

void ho_trade_day(const ho_grid *grid, ho_market_path *path, size_t zones, double *values)
{
    size_t cells = grid->window_count * HO_GRID_RULES;
    for (size_t w = 0; w < grid->window_count; w++) {
        size_t entry = (size_t)(grid->windows[w].start - HO_MARKET_OPEN) * HO_MARKET_BARS_A_MINUTE;
        size_t end = (size_t)(grid->windows[w].end - HO_MARKET_OPEN) * HO_MARKET_BARS_A_MINUTE;
        const ho_market_strike *strike = ho_market_at_the_money(path, entry);
        leg call, put;
        watch_levels(grid, strike->call, entry, end, &call);
        watch_levels(grid, strike->put, entry, end, &put);
        for (size_t z = 0; z < zones; z++) {
            size_t first = HO_MARKET_BARS * z / zones, last = HO_MARKET_BARS * (z + 1) / zones;
            double *out = values + z * cells + w * HO_GRID_RULES;
            for (size_t r = 0; r < HO_GRID_RULES; r++) {
                double sold = 0, bought = 0;
                add_leg(&call, grid->rules[r], first, last, &sold, &bought);
                add_leg(&put, grid->rules[r], first, last, &sold, &bought);
                out[r] = sold - bought;
            }
        }
    }
}

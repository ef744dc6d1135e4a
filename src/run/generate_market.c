/* Days: level and implied volatility are mean-reverting walks with calm and nervous spells. Path: normal steps with a
 * U-shaped profile over the day, stochastic volatility, now and then a jump. Options: L. Bachelier's formula (normal
 * moves, no rates), which over a few days is Black-Scholes to a tick, with an implied volatility that moves against
 * the index. */
#include "run/generate_market.h"

#include "base/date.h"
#include "base/rng.h"

#include <math.h>
#include <string.h>

enum { EXPIRY_WEEKDAY = 4 };

static const double tick = 0.05, strike_step = 100;
static const double level_home = 80000, level_pull = 0.01, level_step = 0.008;
static const double implied_home = 0.0088, implied_pull = 0.08, implied_step = 0.07, nervous = 1.45;

/* Chosen so that 25,544 strategies x 82 days have the moments of the desk's table: mean, deviation and correlation of
 * the columns, win rate, the share of equal columns. Sellers earn on usual days (what moves is less than what was
 * implied) and give it back in storms. */
static const double ratio_home = -0.64, ratio_spread = 0.75, storm_share = 0.1, storm = 1.5;
static const double trend_spread = 0.3, jump_spread = 0.5, heat_spread = 0.3, fear_spread = 0.04,
                    mood_spread = 0.12;

/* Variances as shares of a session's: a night, and what is left at the close of the last day (positions are rolled a
 * session before expiry). */
static const double night_variance = 1.35, rolled_variance = 1.1;

void ho_market_days(uint64_t seed, int32_t first_date, size_t count, ho_market_day *days)
{
    ho_rng rng = ho_rng_new(seed, "generate days", 0);
    double level = 0, implied = 0;
    bool is_nervous = false;
    int32_t date = first_date;
    for (size_t i = 0; i < count; i++, date++) {
        while (ho_date_weekday(date) > 4)
            date++;
        level += -level_pull * level + level_step * ho_rng_normal(&rng);
        implied += -implied_pull * implied + implied_step * ho_rng_normal(&rng);
        double turn = ho_rng_unit(&rng);
        is_nervous = is_nervous ? turn > 0.2 : turn < 0.05;
        double ratio = exp(ratio_home + ratio_spread * ho_rng_normal(&rng)) *
                       (ho_rng_unit(&rng) < storm_share ? storm : 1);
        days[i] = (ho_market_day){.date = date,
                                  .open = level_home * exp(level),
                                  .implied = implied_home * exp(implied) * (is_nervous ? nervous : 1),
                                  .ratio = ratio,
                                  .nights = (EXPIRY_WEEKDAY - ho_date_weekday(date) + 7) % 7};
    }
}

/* The share of a session's variance that falls into bar b: busy after the open, quiet at noon, busy at the close. */
static double profile(size_t bar)
{
    double minute = ((double)bar + 0.5) / HO_MARKET_BARS_A_MINUTE;
    double shape = 1 + 1.2 * exp(-minute / 25) + 0.6 * exp((minute - HO_MARKET_MINUTES) / 25);
    const double total = HO_MARKET_MINUTES + 25 * (1.2 + 0.6);
    return shape / total / HO_MARKET_BARS_A_MINUTE;
}

void ho_market_walk(uint64_t seed, size_t index, const ho_market_day *day, ho_market_path *path)
{
    ho_rng rng = ho_rng_new(seed, "generate path", index);
    for (size_t i = 0; i < HO_MARKET_STRIKES; i++)
        path->strikes[i].number = 0;
    /* log of moved over expected, and of implied over the day's; both return home within the hour */
    const double home_bars = 60 * HO_MARKET_BARS_A_MINUTE;
    const double pull = 1 / home_bars, stir = sqrt(2 * pull);
    double heat = heat_spread * ho_rng_normal(&rng), fear = 0, left = 1;
    double trend = trend_spread * ho_rng_normal(&rng), mood = mood_spread * ho_rng_normal(&rng);
    size_t jump_bar = ho_rng_below(&rng, 3 * HO_MARKET_BARS);
    double spot = day->open;
    for (size_t b = 0; b <= HO_MARKET_BARS; b++) {
        path->spot[b] = round(spot * 100) / 100;
        double variance = fmax(left, 0) + night_variance * day->nights + rolled_variance;
        path->spread[b] = day->open * day->implied * sqrt(variance) * exp(fear + mood * (1 - left));
        if (b == HO_MARKET_BARS) break;
        double share = profile(b), shock = ho_rng_normal(&rng);
        double move = day->implied * day->ratio * (exp(heat) * sqrt(share) * shock + trend * share);
        fear += -pull * fear + fear_spread * stir * (0.8 * ho_rng_normal(&rng) - 0.6 * shock);
        heat += -pull * heat + heat_spread * stir * ho_rng_normal(&rng);
        if (b == jump_bar) {
            move += jump_spread * day->implied * ho_rng_normal(&rng);
            fear += 0.08;
            heat += 0.3;
        }
        spot *= 1 + move;
        left -= share;
    }
}

static double to_tick(double price)
{
    return fmax(round(price / tick), 1) * tick;
}

static void price_strike(const ho_market_path *path, ho_market_strike *strike)
{
    double at = strike->number * strike_step;
    for (size_t b = 0; b <= HO_MARKET_BARS; b++) {
        double above = path->spot[b] - at, d = above / path->spread[b];
        double call =
            above * 0.5 * erfc(-d * M_SQRT1_2) + path->spread[b] * exp(-0.5 * d * d) * 0.3989422804014327;
        strike->call[b] = to_tick(call);
        strike->put[b] = to_tick(call - above);
    }
}

const ho_market_strike *ho_market_at_the_money(ho_market_path *path, size_t bar)
{
    int number = (int)lround(path->spot[bar] / strike_step);
    ho_market_strike *strike = &path->strikes[(unsigned)number % HO_MARKET_STRIKES];
    if (strike->number != number) {
        strike->number = number;
        price_strike(path, strike);
    }
    return strike;
}

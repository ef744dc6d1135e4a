/* The simulated market behind generate: one index, its days, a price path of ten-second bars a day, and the prices of
 * its calls and puts along the path. Knows nothing of strategies. */
#ifndef HO_RUN_GENERATE_MARKET_H
#define HO_RUN_GENERATE_MARKET_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HO_MARKET_OPEN          555 /* minutes since midnight: 09:15 */
#define HO_MARKET_MINUTES       375
#define HO_MARKET_BARS_A_MINUTE 6
#define HO_MARKET_BARS          (HO_MARKET_MINUTES * HO_MARKET_BARS_A_MINUTE)
#define HO_MARKET_STRIKES       64 /* strikes kept priced at a time */

/* What a day starts with. */
typedef struct ho_market_day {
    int32_t date;
    double open;    /* index level */
    double implied; /* the day's standard deviation that options are priced with, as a share of the level */
    double ratio;   /* what the day then moves, over what was implied */
    double nights;  /* until expiry */
} ho_market_day;

/* The prices of one strike: entry b is the price at the end of bar b, 0 the open. */
typedef struct ho_market_strike {
    int number; /* strike price / 100; 0: none */
    double call[HO_MARKET_BARS + 1], put[HO_MARKET_BARS + 1];
} ho_market_strike;

/* A day's path; a thread's working memory. */
typedef struct ho_market_path {
    double spot[HO_MARKET_BARS + 1];
    double spread[HO_MARKET_BARS + 1]; /* standard deviation, in points, of the level at expiry */
    ho_market_strike strikes[HO_MARKET_STRIKES];
} ho_market_path;

/* The days of a seed, weekdays from first_date on. The first n days do not depend on count. */
void ho_market_days(uint64_t seed, int32_t first_date, size_t count, ho_market_day *days);

/* Day `index`'s path. Strikes are priced when asked for. */
void ho_market_walk(uint64_t seed, size_t index, const ho_market_day *day, ho_market_path *path);

/* The strike at the money at the end of a bar, priced. Stays until the next call for another strike. */
const ho_market_strike *ho_market_at_the_money(ho_market_path *path, size_t bar);

#endif

/* What a page about the best portfolio shows beside its metrics: its series and spells under water, months, weekdays,
 * members, and what else could have been chosen. Numbers only; run/details.c works them out. */
#ifndef HO_REPORT_DETAILS_H
#define HO_REPORT_DETAILS_H

#include <stddef.h>
#include <stdint.h>

/* A time under water: the periods first .. end-1 lie below the peak, which is period first-1 (the start itself when
 * first is 0); end is the recovery, or the number of periods when there is none yet. */
typedef struct ho_report_spell {
    size_t first, trough, end;
    size_t rank;  /* 1: the deepest */
    double depth; /* money, positive */
} ho_report_spell;

/* Periods that belong together: those of a month ("2024-08") or of a weekday ("Monday"). */
typedef struct ho_report_group {
    char label[16];
    size_t periods, wins; /* wins: periods with a profit */
    double total;
} ho_report_group;

/* Rows with the same zone or market regime. */
typedef struct ho_report_part {
    const char *label; /* borrowed */
    size_t rows, wins;
    double total;
} ho_report_part;

enum { HO_REPORT_WEEKDAYS = 7, HO_REPORT_QUANTILES = 5, HO_REPORT_EXTREMES = 5, HO_REPORT_PAIRS = 10 };

/* Pairs above it are told of: the old system's threshold. */
#define HO_REPORT_CLOSE 0.7

typedef struct ho_report_member {
    double total, max_drawdown, win_rate, ratio; /* of the strategy alone: metrics of these names */
    double correlation;                          /* mean over the other members */
    double without; /* fitness of the portfolio without this member; NaN when there is no other */
    double weekdays[HO_REPORT_WEEKDAYS]; /* its profit of each, Monday first */
    int32_t opens, closes;               /* seconds since midnight, as its name tells; -1: it tells nothing */
    double stop_loss, take_profit;       /* percent, as its name tells; -1 */
    size_t like; /* the first member that has the same results in every period; itself where none has */
} ho_report_member;

/* From this time of the day on so many members are in the market, as their names tell. */
typedef struct ho_report_step {
    int32_t time; /* seconds since midnight */
    size_t open;
} ho_report_step;

/* Two members that go together. */
typedef struct ho_report_pair {
    size_t first, second; /* places in the portfolio */
    double correlation;
} ho_report_pair;

/* Another way to spend the same number of lots. */
typedef struct ho_report_rival {
    double fitness, total, max_drawdown;
    double same_drawdown; /* its lots times this fall as deep as the portfolio; NaN where one never falls */
    double *equity;       /* periods; owned */
} ho_report_rival;

typedef struct ho_report_details {
    size_t periods, size;
    double *pnl, *equity, *depths; /* periods: of the portfolio */
    ho_report_spell *spells;       /* the deepest first; an open one comes last where it is not among them */
    size_t spell_count, under_water;                            /* periods below the highest point so far */
    size_t best[HO_REPORT_EXTREMES], worst[HO_REPORT_EXTREMES]; /* periods, the most extreme first */
    size_t extremes;                                            /* of each: fewer where periods are few */
    double best_total;                                          /* of the best together */
    ho_report_part *zones, *regimes; /* NULL: the table has none, or the regime is one for all */
    size_t zone_count, regime_count;
    ho_report_step *steps; /* over the day, ascending */
    size_t step_count;
    ho_report_group *months; /* in order */
    size_t month_count;
    ho_report_group weekdays[HO_REPORT_WEEKDAYS]; /* Monday first */
    double *edges;  /* bins + 1: of the histogram of pnl, ascending, evenly spaced */
    size_t *counts; /* bins */
    size_t bins;
    size_t window;                        /* periods of the rolling figures; 0: too few periods for any */
    double *rolling_pnl, *rolling_sharpe; /* periods: of the window that ends here; NaN where there is none */
    ho_report_member *members;            /* size */
    double *correlation;                  /* size x size */
    ho_report_pair pairs[HO_REPORT_PAIRS]; /* the closest of those above HO_REPORT_CLOSE, the closest first */
    size_t pair_count, close_pairs;        /* of the list; of all above it */
    size_t random_count;                   /* random portfolios of the same size */
    size_t random_below;                   /* how many of them are worth less than the portfolio */
    /* smallest, 5 %, median, 95 %, largest */
    double random_fitness[HO_REPORT_QUANTILES], random_total[HO_REPORT_QUANTILES],
        random_drawdown[HO_REPORT_QUANTILES], random_ratio[HO_REPORT_QUANTILES];
    double *random_low, *random_mid, *random_high; /* periods: 5 %, 50 % and 95 % of their equities */
    ho_report_rival top;   /* the strategies that are best alone, as many as the portfolio has */
    ho_report_rival all;   /* all strategies in equal parts, together as many lots */
    uint32_t best_single;  /* the one best alone */
    double single_fitness; /* of it */
} ho_report_details;

#endif

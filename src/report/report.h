/* What a run found, as the writers want it, and the writers as a table. Writers format numbers and compute none:
 * every figure is in ho_report before they start. */
#ifndef HO_REPORT_REPORT_H
#define HO_REPORT_REPORT_H

#include "report/details.h"
#include "report/inversion.h"
#include "report/regimes.h"
#include "report/zones.h"

#include <heavyopt/metrics.h>
#include <heavyopt/panel.h>
#include <heavyopt/search.h>
#include <jansson.h>
#include <stdio.h>

/* What a branch and bound came to. */
typedef struct ho_report_tree {
    bool grown;    /* there was one */
    bool proven;   /* no portfolio is better than the best, by more than a part in 10^9 */
    double before; /* the bound before it */
    int64_t nodes, open, given_up;
    size_t kept; /* strategies that a better portfolio may hold */
    ho_stop stopped_by;
    double seconds;
} ho_report_tree;

/* What no portfolio of a size can pass. */
typedef struct ho_report_bound {
    const char *why;    /* there is none, in a few words; NULL: there is one */
    const char *limits; /* of groups, that it keeps to, or NULL */
    double value;       /* NaN: no useful one, although it was looked for */
    bool enumerated;    /* value is the best of all portfolios, each of which was looked at */
    size_t levels, rounds, columns, distinct;
    ho_report_tree tree;
} ho_report_bound;

/* One size's searches, in the order of the registry; exact is NULL where neither enumeration nor branch and bound
 * found a set. */
typedef struct ho_report_size {
    size_t size;
    const ho_search_result *algorithms;
    size_t count;
    const ho_search_result *exact;
    const ho_search_result *best;
    ho_report_bound bound;
    const double
        *measures; /* (count + 1) x ho_metric_count(): of each algorithm's portfolio, the exact one last */
    const double *metrics, *equity, *depths; /* of the best: ho_metric_count(), periods, periods */
} ho_report_size;

/* Which files are made beside result.json, which is always made. Texts are borrowed. */
typedef struct ho_report_choice {
    unsigned kinds;           /* bits, from ho_report_choose */
    const char *chart_format; /* "png", "svg" or "both" */
    const char *plots;        /* a folder of gnuplot scripts that win over ours, or NULL */
    double chart_seconds;     /* after which charts that are not drawn are left out */
} ho_report_choice;

/* The kinds that a list names ("html,xlsx"; "all"; "none"). HO_ERR_USAGE: a name that is no kind's. */
HO_MUST_USE ho_status ho_report_choose(const char *list, bool legacy, unsigned *kinds, ho_error *err);

typedef struct ho_report_timings {
    double load, screen, bound, search, prove, report, total; /* seconds */
} ho_report_timings;

/* A table of one number a strategy and measure, for strategy_metrics.csv. */
typedef struct ho_report_strategies {
    const char *const *columns; /* their heads */
    size_t count;
    const double *values; /* strategies x count */
} ho_report_strategies;

/* What the limits on a portfolio came to, for the best one. */
typedef struct ho_report_limits {
    double largest_correlation; /* of two members, */
    uint32_t first, second;     /* these; where there are two */
    size_t inactive;            /* strategies left out for too few active days */
    const uint32_t
        *copies; /* where equal strategies count as one: equal ones have the same number, HO_NOBODY: like
                                   no other; else NULL */
} ho_report_limits;

/* Everything is borrowed. */
typedef struct ho_report {
    const char *stamp; /* YYYYmmdd_HHMMSS */
    const char *input; /* path as given */
    const char *input_hash;
    const char *load_text; /* one line on what was read */
    const json_t *load;    /* the same with every count; NULL: not known */
    const ho_panel *panel;
    const char *command;     /* "optimize" */
    ho_option_table options; /* of the command, with its settings: printed as resolved */
    const void *settings;
    const char *objective, *convention; /* what the bound is about: the fitness, and whose drawdown */
    const char *money;                  /* the unit of rupee figures: "rupees", or "fraction" */
    const ho_report_size *sizes;
    size_t size_count;
    const ho_report_size *best; /* one of sizes */
    const double *metrics;      /* ho_metric_count() values of the best portfolio */
    const double *scores;       /* HO_FITNESS_KINDS values of the best portfolio; NaN: not known */
    double correlation;         /* average pairwise, of the best portfolio */
    ho_report_strategies strategies;
    const ho_relations *relations; /* of the best portfolio's members */
    double correlation_threshold;  /* that close pairs are above */
    json_t *kelly;                 /* sizes of the members; null or NULL: not asked for */
    const ho_report_limits *limits;
    const ho_report_inversion *inversion; /* NULL: not asked for */
    const ho_report_regimes *regimes;     /* NULL: none are known */
    const ho_report_zones *zones;         /* NULL: no portfolios of zones were asked for */
    const ho_report_details *details;     /* of the best portfolio */
    const json_t *out_of_sample;          /* of a walk-forward, as the document has it; NULL: none */
    ho_report_timings timings;
    ho_report_choice files;
    const ho_strings *warnings;
    bool from_cache, interrupted;
    int threads;
    const char *kernels;
    const char *device; /* the CUDA device that helped; NULL: none */
    int64_t peak_memory;
} ho_report;

/* The name of a search result: its algorithm's, or "enumeration". */
const char *ho_report_method(const ho_search_result *result);

/* The document of `optimize --json`, ended by a newline; the caller frees it. */
HO_MUST_USE ho_status ho_report_json(const ho_report *report, char **text, ho_error *err);

/* What a person reads: the same text as the summary file. The caller frees it. */
HO_MUST_USE ho_status ho_report_summary(const ho_report *report, char **text, ho_error *err);

/* Writes the chosen files of a run to a new folder run_STAMP (run_STAMP_2, ... where that is taken) of `output`, which
 * is made when missing. The folder appears complete or not at all. *folder is its path; the caller frees it. A chart
 * that cannot be drawn is left out, and a line of `notes` says why. HO_ERR_IO: the path and the reason. */
HO_MUST_USE ho_status ho_report_write(const ho_report *report, const char *output, ho_strings *notes,
                                      char **folder, ho_error *err);

/* Makes the files of a run's folder again from its result.json, each put in place of the old one when all are complete;
 * files that need more than the document (strategy_metrics.csv) stay as they are. *made: their names, by the letter.
 * HO_ERR_DATA: no document of a run, or one that lacks what the files are made of; HO_ERR_IO. */
HO_MUST_USE ho_status ho_report_renew(const json_t *document, const ho_report_choice *files,
                                      const char *folder, ho_strings *notes, ho_strings *made, ho_error *err);

/* The document of the run in `folder`, or in the JSON file of that name; the caller's. HO_ERR_DATA, HO_ERR_IO. */
HO_MUST_USE ho_status ho_report_read(const char *folder, json_t **document, ho_error *err);

/* Checks early, before the search, that a folder can be made in `output`; leaves nothing behind. */
HO_MUST_USE ho_status ho_report_check_output(const char *output, ho_error *err);

#endif

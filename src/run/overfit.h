/* `heavyopt overfit`: how much of what the best strategies of a table show may be luck. What its files share. */
#ifndef HO_RUN_OVERFIT_H
#define HO_RUN_OVERFIT_H

#include "robust/deflate.h"
#include "robust/overfit.h"
#include "robust/superior.h"
#include "run/input.h"

typedef struct ho_overfit_settings {
    ho_input_settings in;
    char *measure, *output, *run, *bootstrap;
    int64_t blocks, resamples, seed;
    double block_length;
} ho_overfit_settings;

/* The portfolios of a run beside each other: a column of profit and loss each. */
typedef struct ho_run_portfolios {
    ho_matrix series;
    ho_strings names; /* "ga 35", "best 36" */
} ho_run_portfolios;

/* All that is told. */
typedef struct ho_overfit_told {
    const ho_overfit_settings *settings;
    ho_option_table options;
    const ho_input *input;
    ho_overfit overfit;
    ho_deflated deflated;
    ho_superior superior;
    ho_resampler resampler;
    ho_run_portfolios portfolios; /* empty: no run was named */
    ho_overfit of_portfolios;
    double overfit_seconds, deflated_seconds, superior_seconds, total;
    bool interrupted;
} ho_overfit_told;

/* The portfolios in a run's result.json (all algorithms at the best size, the best of each other size), on this table. HO_ERR_DATA: no run, one of other
 * strategies, or fewer than two portfolios. On failure *out is empty. */
HO_MUST_USE ho_status ho_run_portfolios_read(const char *run, const ho_panel *panel, ho_run_portfolios *out,
                                             ho_error *err);
void ho_run_portfolios_clear(ho_run_portfolios *portfolios);

/* A CSV file, a row a split: its blocks, its winner, what that was worth in both halves, its rank. */
HO_MUST_USE ho_status ho_overfit_file_write(const ho_overfit_told *told, ho_error *err);

HO_MUST_USE ho_status ho_overfit_json(const ho_overfit_told *told, char **text, ho_error *err);
HO_MUST_USE ho_status ho_overfit_summary(const ho_overfit_told *told, char **text, ho_error *err);

#endif

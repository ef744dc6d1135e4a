/* The best portfolio in detail: its own series here, the rest in the files details_*.c. */
#include "run/details.h"

#include "base/error.h"
#include "base/memory.h"

void ho_details_clear(ho_report_details *d)
{
    free(d->pnl);
    free(d->equity);
    free(d->depths);
    free(d->spells);
    free(d->zones);
    free(d->regimes);
    free(d->steps);
    free(d->months);
    free(d->edges);
    free(d->counts);
    free(d->rolling_pnl);
    free(d->rolling_sharpe);
    free(d->members);
    free(d->correlation);
    free(d->random_low);
    free(d->random_mid);
    free(d->random_high);
    free(d->top.equity);
    free(d->all.equity);
    *d = (ho_report_details){0};
}

static ho_status make_series(const ho_details_of *of, ho_report_details *d, ho_error *err)
{
    d->pnl = HO_NEW(double, d->periods);
    if (d->pnl == NULL) return ho_fail_memory(err, d->periods * sizeof(double), "a portfolio's series");
    HO_TRY(ho_portfolio_series(of->panel, of->best->members, d->size, d->pnl, err));
    return ho_details_series(of->panel, of->metrics, d, err);
}

ho_status ho_details_make(const ho_details_of *of, ho_report_details *details, ho_error *err)
{
    ho_report_details d = {.periods = ho_panel_periods(of->panel), .size = of->best->size};
    ho_status status = make_series(of, &d, err);
    if (status == HO_OK) status = ho_details_members(of, &d, err);
    if (status == HO_OK) status = ho_details_parts(of, &d, err);
    if (status == HO_OK) status = ho_details_rivals(of, &d, err);
    if (status == HO_OK)
        *details = d;
    else
        ho_details_clear(&d);
    return status;
}

#include "run/goal.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"

#include <string.h>

static ho_status make_benchmark(const char *name, const ho_panel *panel, double **benchmark, ho_error *err)
{
    const size_t periods = ho_panel_periods(panel);
    size_t j = 0;
    while (j < ho_panel_strategies(panel) && strcmp(ho_panel_name(panel, j), name) != 0)
        j++;
    if (j == ho_panel_strategies(panel))
        return ho_fail(err, HO_ERR_USAGE, "--benchmark: the table has no strategy '%.200s'", name);
    *benchmark = HO_NEW(double, periods);
    if (*benchmark == NULL) return ho_fail_memory(err, periods * sizeof(double), "the benchmark");
    for (size_t t = 0; t < periods; t++)
        (*benchmark)[t] = ho_panel_row(panel, t)[j];
    return HO_OK;
}

/* What was given, else the mean over the dates of the largest that the table says of a date (zones reuse the money);
 * 0 when it says nothing. */
static double capital_of(double given, const ho_panel *panel)
{
    double sum = 0, of_date = 0;
    size_t dates = 0;
    for (size_t t = 0; t < ho_panel_periods(panel); t++) {
        const ho_period *now = ho_panel_period(panel, t);
        const bool same = t > 0 && ho_panel_period(panel, t - 1)->date == now->date;
        if (!same) {
            sum += of_date;
            of_date = 0;
            dates++;
        }
        of_date = now->capital > of_date ? now->capital : of_date;
    }
    return given > 0 || dates == 0 ? given : (sum + of_date) / (double)dates;
}

ho_status ho_goal_make(const ho_fitness_settings *s, const ho_input *input, ho_goal *goal, ho_error *err)
{
    ho_goal g = {.convention = ho_convention_of(s->convention)};
    if (s->benchmark != NULL) HO_TRY(make_benchmark(s->benchmark, input->panel, &g.benchmark, err));
    g.measures = (ho_metric_settings){.periods_per_year = (double)s->periods_per_year,
                                      .risk_free_rate = s->risk_free_rate,
                                      .capital = capital_of(s->capital, input->panel),
                                      .minimum_acceptable_return = s->minimum_acceptable_return,
                                      .benchmark = g.benchmark};
    g.fitness = ho_fitness_of_settings(s);
    *goal = g;
    return HO_OK;
}

void ho_goal_clear(ho_goal *goal)
{
    free(goal->benchmark);
    *goal = (ho_goal){0};
}

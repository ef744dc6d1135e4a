/* The table of measures, the conventions, and the values for a series. */
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "metrics/columns.h"
#include "metrics/measures.h"

/* The order in which measures are listed everywhere. */
static const ho_measures *const families[] = {
    &ho_measures_returns,
    &ho_measures_drawdown,
    &ho_measures_ratios,
    &ho_measures_tails,
};
enum { FAMILIES = sizeof families / sizeof *families };

size_t ho_metric_count(void)
{
    size_t count = 0;
    for (size_t i = 0; i < FAMILIES; i++)
        count += families[i]->count;
    return count;
}

const ho_measure *ho_measure_at(size_t i)
{
    for (size_t family = 0; family < FAMILIES; family++) {
        if (i < families[family]->count) return &families[family]->rows[i];
        i -= families[family]->count;
    }
    return NULL;
}

const ho_metric *ho_metric_at(size_t i)
{
    const ho_measure *measure = ho_measure_at(i);
    return measure != NULL ? &measure->about : NULL;
}

int ho_metric_find(const char *key)
{
    const ho_measure *measure;
    for (size_t i = 0; (measure = ho_measure_at(i)) != NULL; i++) {
        if (ho_text_same(measure->about.key, key)) return (int)i;
    }
    return -1;
}

typedef struct sense {
    ho_convention convention;
    const char *plain, *key;
} sense;

static const sense senses[] = {
    {HO_CONVENTION_LEGACY, "profit_factor", "profit_factor_legacy"},
    {HO_CONVENTION_LEGACY, "expectancy", "expectancy_legacy"},
    {HO_CONVENTION_LEGACY, "max_drawdown", "max_drawdown_first_peak"},
    {HO_CONVENTION_LEGACY, "average_drawdown", "average_drawdown_first_peak"},
    {HO_CONVENTION_LEGACY, "ulcer_index", "ulcer_index_first_peak"},
    {HO_CONVENTION_LEGACY, "cdar_95", "cdar_95_first_peak"},
    {HO_CONVENTION_LEGACY, "cdar_99", "cdar_99_first_peak"},
    {HO_CONVENTION_LEGACY, "drawdown_duration", "drawdown_duration_first_peak"},
    {HO_CONVENTION_LEGACY, "roi_dd_ratio", "roi_dd_ratio_legacy"},
    {HO_CONVENTION_LEGACY, "sharpe", "sharpe_legacy"},
    {HO_CONVENTION_LEGACY, "sortino", "sortino_legacy"},
    {HO_CONVENTION_LEGACY, "calmar", "calmar_first_peak"},
    {HO_CONVENTION_LEGACY, "var_95_normal", "var_95_normal_legacy"},
    {HO_CONVENTION_LEGACY, "var_99_normal", "var_99_normal_legacy"},
    {HO_CONVENTION_PLATFORM, "sharpe", "sharpe_platform"},
    {HO_CONVENTION_PLATFORM, "sortino", "sortino_platform"},
    {HO_CONVENTION_PLATFORM, "calmar", "calmar_platform"},
    {HO_CONVENTION_ROCKAFELLAR, "var_95", "var_95_order"},
    {HO_CONVENTION_ROCKAFELLAR, "var_99", "var_99_order"},
    {HO_CONVENTION_ROCKAFELLAR, "cvar_95", "cvar_95_tail"},
    {HO_CONVENTION_ROCKAFELLAR, "cvar_99", "cvar_99_tail"},
};

int ho_metric_in(ho_convention convention, int metric)
{
    const ho_metric *plain = metric >= 0 ? ho_metric_at((size_t)metric) : NULL;
    for (size_t i = 0; plain != NULL && i < sizeof senses / sizeof *senses; i++) {
        if (senses[i].convention == convention && ho_text_same(senses[i].plain, plain->key))
            return ho_metric_find(senses[i].key);
    }
    return metric;
}

ho_status ho_metrics_of_series(const double *r, size_t periods, const ho_metric_settings *settings,
                               double *values, ho_error *err)
{
    double *room = ho_new_array(periods, sizeof *room);
    if (room == NULL) return ho_fail_memory(err, periods * sizeof *room, "the facts of a series");
    const ho_facts facts = ho_facts_of(r, periods, settings, room);
    const ho_measure *measure;
    for (size_t i = 0; (measure = ho_measure_at(i)) != NULL; i++)
        values[i] = measure->value(&facts);
    free(room);
    return HO_OK;
}

ho_status ho_metrics_of_columns(const ho_side_by_side *columns, const ho_metric_settings *settings,
                                const int *metrics, size_t count, double *values, size_t value_stride,
                                ho_error *err)
{
    enum { BLOCK = 64 };
    ho_metric_settings plain = *settings;
    const double *benchmark = settings->benchmark;
    double *active = HO_NEW(double, columns->periods);
    ho_facts *facts = HO_NEW(ho_facts, BLOCK);
    const ho_measure **wanted = HO_NEW(const ho_measure *, count);
    ho_status status = HO_OK;
    if (active == NULL || facts == NULL || wanted == NULL)
        status = ho_fail_memory(err, BLOCK * sizeof *facts, "the facts of columns");
    for (size_t i = 0; i < count && status == HO_OK; i++)
        wanted[i] = ho_measure_at((size_t)metrics[i]);
    plain.benchmark = NULL;
    for (size_t first = 0; first < columns->columns && status == HO_OK; first += BLOCK) {
        ho_side_by_side some = *columns;
        some.x += first;
        some.columns = columns->columns - first < BLOCK ? columns->columns - first : BLOCK;
        if (some.walked != NULL) some.walked += first / HO_SERIES_LANES;
        status = ho_facts_of_columns(&some, &plain, facts, err);
        for (size_t k = 0; k < some.columns && status == HO_OK; k++) {
            double *to = values + (first + k) * value_stride;
            if (benchmark != NULL) ho_facts_compare(&facts[k], some.x + k, some.stride, benchmark, active);
            for (size_t i = 0; i < count; i++)
                to[i] = wanted[i]->value(&facts[k]);
        }
    }
    free(active);
    free(facts);
    free(wanted);
    return status;
}

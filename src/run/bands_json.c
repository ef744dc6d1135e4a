#include "run/bands_json.h"

#include "report/json.h"
#include "stats/stats.h"

static json_t *band_json(const ho_band *b)
{
    return json_pack("{s:o,s:o,s:o,s:o,s:o}", "5%", ho_json_number(b->at[0]), "25%", ho_json_number(b->at[1]),
                     "median", ho_json_number(b->at[2]), "75%", ho_json_number(b->at[3]), "95%",
                     ho_json_number(b->at[4]));
}

static json_t *quantile_rows(const ho_band *bands, size_t count)
{
    static const char *const keys[HO_BAND_QUANTILES] = {"5%", "25%", "median", "75%", "95%"};
    json_t *object = json_object();
    for (int q = 0; q < HO_BAND_QUANTILES; q++) {
        json_t *row = json_array();
        for (size_t t = 0; t < count; t++) {
            if (!ho_json_append(&row, ho_json_number(bands[t].at[q]))) break;
        }
        json_object_set_new(object, keys[q], row);
    }
    return object;
}

json_t *ho_bands_json(const ho_bands *b, const ho_resampler *resampler)
{
    if (b->periods == 0 || b->interrupted) return json_null();
    json_t *measures = json_object();
    for (size_t m = 0; m < ho_metric_count(); m++) {
        if (b->measures[m].undefined < b->resamples)
            json_object_set_new(measures, ho_metric_at(m)->key, band_json(&b->measures[m]));
    }
    return json_pack("{s:s,s:f,s:I,s:I,s:o,s:o,s:o}", "bootstrap",
                     resampler->kind == HO_RESAMPLE_CIRCULAR ? "circular" : "stationary", "block_length",
                     resampler->block, "resamples", (json_int_t)b->resamples, "periods",
                     (json_int_t)b->periods, "ruin", ho_json_number(b->ruin), "measures", measures, "equity",
                     quantile_rows(b->equity, b->periods));
}

json_t *ho_bands_deep_json(const ho_bands *b)
{
    static const double shares[] = {.05, .25, .5, .75, .9, .95, .99};
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        char key[8];
        (void)snprintf(key, sizeof key, "%.0f%%", 100 * shares[i]);
        json_object_set_new(object, key,
                            json_pack("{s:o,s:o}", "max_drawdown",
                                      ho_json_number(ho_percentile(b->drawdowns, b->resamples, shares[i])),
                                      "loss",
                                      ho_json_number(ho_percentile(b->losses, b->resamples, shares[i]))));
    }
    return object;
}

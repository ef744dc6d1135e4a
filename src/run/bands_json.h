/* Bands of a resampled series as JSON. NULL: no memory. */
#ifndef HO_RUN_BANDS_JSON_H
#define HO_RUN_BANDS_JSON_H

#include "robust/bands.h"

#include <jansson.h>

/* {"bootstrap", "block_length", "resamples", "periods", "ruin", "measures": {key: {"5%", ...}}, "equity": {"5%": [...],
 * ...}}; null where there are none. */
json_t *ho_bands_json(const ho_bands *bands, const ho_resampler *resampler);

/* {"95%": {"max_drawdown", "loss"}, ...}: what these shares of the resamples do not pass; loss is the deepest that
 * equity fell below its start. */
json_t *ho_bands_deep_json(const ho_bands *bands);

#endif

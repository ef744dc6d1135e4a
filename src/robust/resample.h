/* Series drawn anew from a series' own periods, in blocks, so that what goes together in time stays together.
 * Stationary: D. Politis, J. Romano, "The stationary bootstrap", JASA 89, 1994: blocks of random length, `block` on
 * average. Circular: the same, "A circular block-resampling procedure", 1992: blocks of one length. Both wrap around
 * the end. Draw number i depends on seed, stream and i alone. */
#ifndef HO_ROBUST_RESAMPLE_H
#define HO_ROBUST_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

typedef enum ho_resample_kind { HO_RESAMPLE_STATIONARY, HO_RESAMPLE_CIRCULAR } ho_resample_kind;

typedef struct ho_resampler {
    ho_resample_kind kind;
    size_t periods; /* to draw from */
    double block;   /* >= 1; circular: rounded */
    uint64_t seed;
    const char *stream;
} ho_resampler;

/* `length` numbers of periods. */
void ho_resample_draw(const ho_resampler *resampler, uint64_t index, size_t length, uint32_t *drawn);

/* The block length that suits the series' own memory: D. Politis, H. White, "Automatic block-length selection for the
 * dependent bootstrap", Econometric Reviews 23, 2004, with the correction of A. Patton, D. Politis, H. White, 28, 2009;
 * within 1 and min(3 sqrt(n), n / 3). 1 where the series is too short or constant. */
double ho_resample_block(const double *r, size_t n, ho_resample_kind kind);

#endif

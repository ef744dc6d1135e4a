#include "kernels/kernels_sets.h"

#include <math.h>

extern ho_falls_upper_of ho_falls_upper_ref;
float ho_falls_upper_ref(const ho_falls *f, size_t candidates, float *upper)
{
    float highest = -INFINITY;
    for (size_t j = 0; j < candidates; j++) {
        float fall = 0;
        for (size_t i = 0; i < f->intervals; i++) {
            const float here = -(f->base[i] + f->x[i * f->stride + j]);
            fall = here > fall ? here : fall;
        }
        fall -= f->error;
        const float gain = f->rest + f->total[j];
        const float pairs = f->pairs + 2 * (f->dots[j] - f->leaving[j]);
        const float value = (gain > 0 ? gain : 0) / fall * f->stretch - f->weight * pairs;
        upper[j] = fall > f->none ? value : INFINITY;
        highest = upper[j] > highest ? upper[j] : highest;
    }
    return highest;
}

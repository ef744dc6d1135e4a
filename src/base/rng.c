#include "base/rng.h"

#include <math.h>

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

ho_rng ho_rng_new(uint64_t seed, const char *stream, uint64_t index)
{
    uint64_t key = mix(seed + 0x9e3779b97f4a7c15u);
    for (const char *c = stream; *c != '\0'; c++)
        key = mix(key ^ (unsigned char)*c) + 0x9e3779b97f4a7c15u;
    return (ho_rng){.key = mix(key ^ mix(index + 0x632be59bd9b4e019u)), .counter = 0};
}

uint64_t ho_rng_next(ho_rng *rng)
{
    return mix(rng->key + ++rng->counter * 0x9e3779b97f4a7c15u);
}

uint32_t ho_rng_below(ho_rng *rng, uint32_t bound)
{
    uint64_t product = (ho_rng_next(rng) >> 32) * bound;
    if ((uint32_t)product < bound) {
        uint32_t threshold = -bound % bound;
        while ((uint32_t)product < threshold)
            product = (ho_rng_next(rng) >> 32) * bound;
    }
    return (uint32_t)(product >> 32);
}

double ho_rng_unit(ho_rng *rng)
{
    return (double)(ho_rng_next(rng) >> 11) * 0x1p-53;
}

double ho_rng_normal(ho_rng *rng)
{
    /* Marsaglia's polar method; the second number is thrown away so that the stream has no hidden state. */
    for (;;) {
        double u = 2 * ho_rng_unit(rng) - 1, v = 2 * ho_rng_unit(rng) - 1;
        double s = u * u + v * v;
        if (s > 0 && s < 1) return u * sqrt(-2 * log(s) / s);
    }
}

/* Random numbers as an argument: a counter-based generator. Number i of a stream is a mix of (key, i), and the key
 * comes from (seed, stream name, index), never from a clock or a thread.
 * Mix: SplitMix64, G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
 * Bounded numbers: D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019). */
#ifndef HO_BASE_RNG_H
#define HO_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

typedef struct ho_rng {
    uint64_t key, counter;
} ho_rng;

ho_rng ho_rng_new(uint64_t seed, const char *stream, uint64_t index);
uint64_t ho_rng_next(ho_rng *rng);
uint32_t ho_rng_below(ho_rng *rng, uint32_t bound); /* 0 .. bound-1 without bias; bound > 0 */
double ho_rng_unit(ho_rng *rng);                    /* [0, 1), 53 bits */
double ho_rng_normal(ho_rng *rng);                  /* mean 0, standard deviation 1 */

#endif

/* Elapsed time and peak memory of the process. */
#ifndef HO_BASE_CLOCK_H
#define HO_BASE_CLOCK_H

#include <stdint.h>

double ho_clock_seconds(void); /* monotonic; only differences mean anything */
int64_t ho_peak_memory(void);  /* bytes, resident, of the whole process so far; 0: not known */

#endif

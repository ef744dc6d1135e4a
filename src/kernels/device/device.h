/* A graphics processor, as the engine sees it: a table of functions that a plug-in fills (bridge/cudf), and the few steps
 * that put their results together. The interface is plain C, of fixed sizes: host and plug-in may come from different
 * compilers, and ho_device_table.interface says whether they are of one mind.
 *
 * A function of the table that fails leaves its outputs in any state and writes one line. Calls may come from several
 * threads at a time; the plug-in puts them in turn. */
#ifndef HO_KERNELS_DEVICE_DEVICE_H
#define HO_KERNELS_DEVICE_DEVICE_H

#include "kernels/device/shapes.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HO_DEVICE_INTERFACE 2u /* another number with each change below or in shapes.h */

typedef enum ho_device_state {
    HO_DEVICE_DONE,
    HO_DEVICE_NO_DRIVER, /* the driver is missing, or older than the toolkit */
    HO_DEVICE_NONE,      /* a driver, and no such device */
    HO_DEVICE_MEMORY,    /* the device's memory, or the limit on it, does not suffice */
    HO_DEVICE_LOST,      /* the device cannot be used any more by this process */
    HO_DEVICE_FILE,      /* a Parquet file cannot be read, or is not what was expected */
    HO_DEVICE_FAULT      /* anything else */
} ho_device_state;

typedef struct ho_device_line {
    char text[512];
} ho_device_line;

typedef struct ho_device_wish {
    int32_t number;        /* of the device, from 0 */
    uint64_t memory_limit; /* bytes; 0: the device's own */
} ho_device_wish;

typedef struct ho_device_about {
    char name[128];      /* of the device */
    char libraries[128]; /* that the plug-in works with */
    uint64_t memory;     /* bytes of the device */
} ho_device_about;

/* Incomplete: the plug-in's own. */
typedef struct ho_device_engine ho_device_engine;
typedef struct ho_device_held ho_device_held; /* a matrix in the device's memory */

/* Rows of columns, `stride` numbers from a row to the next. absolute and scale, a number a column, are for a sieve;
 * else NULL. */
typedef struct ho_device_floats {
    const float *numbers;
    uint64_t rows, columns, stride;
    const float *absolute, *scale;
} ho_device_floats;

/* The same in double. */
typedef struct ho_device_doubles {
    const double *numbers;
    uint64_t rows, columns, stride;
} ho_device_doubles;

/* Rows of a matrix of doubles in a store: the column `pnl` of Parquet files whose rows, one file after the other, are
 * ordered by period and then by strategy. */
typedef struct ho_device_files {
    const char *const *paths;
    uint64_t count, rows, columns;
} ho_device_files;

/* As ho_device_sieve and ho_device_keep (swaps.inc) take them; base and v are slots x rows. */
typedef struct ho_device_swaps {
    uint32_t first, columns, slots, zero_start;
    const float *base, *v;
    const ho_device_bounds *bounds;
    const uint8_t *open; /* of columns first .. first + columns - 1 beside slot s: open[s * open_stride] on */
    uint64_t open_stride;
} ho_device_swaps;

typedef struct ho_device_kept {
    uint32_t *column; /* slots x HO_DEVICE_KEPT: as numbers from `first` on */
    float *upper;     /* of these */
    uint32_t *count;  /* slots; more than HO_DEVICE_KEPT: too many */
    float *floor;     /* slots */
} ho_device_kept;

/* Columns that are walked beside each slot: as ho_device_scan (swaps.inc). */
typedef struct ho_device_scan_wish {
    uint64_t first;
    uint32_t columns, slots, level;
    double start_peak, hurdle;
    const double *base, *v; /* slots x rows; v NULL: dot is not wanted */
} ho_device_scan_wish;

/* Columns that are walked as series of their own, as ho_series names the rest; `first` is a multiple of
 * HO_DEVICE_LANES. */
typedef struct ho_device_series_wish {
    uint64_t first;
    uint32_t columns, tail;
    double rate, hurdle, mar;
} ho_device_series_wish;

typedef struct ho_device_table {
    uint32_t interface, bytes; /* HO_DEVICE_INTERFACE, and the size of this struct */

    ho_device_state (*open)(const ho_device_wish *wish, ho_device_about *about, ho_device_engine **engine,
                            ho_device_line *why);
    void (*close)(ho_device_engine **engine); /* accepts NULL and nulls */

    /* Bytes that may still be taken. */
    ho_device_state (*room)(ho_device_engine *engine, uint64_t *bytes, ho_device_line *why);

    /* Into the device's memory: floats and doubles of the host's; doubles of one that an Arrow C Device array in the host's
     * memory holds (borrowed, one column without nulls, row after row, rows x stride numbers); doubles of Parquet files. */
    ho_device_state (*hold)(ho_device_engine *engine, const ho_device_floats *floats, ho_device_held **held,
                            ho_device_line *why);
    ho_device_state (*hold_doubles)(ho_device_engine *engine, const ho_device_doubles *doubles,
                                    ho_device_held **held, ho_device_line *why);
    ho_device_state (*hold_arrow)(ho_device_engine *engine, const void *device_array, const void *schema,
                                  uint64_t rows, uint64_t columns, uint64_t stride, ho_device_held **held,
                                  ho_device_line *why);
    ho_device_state (*hold_files)(ho_device_engine *engine, const ho_device_files *files,
                                  ho_device_held **held, ho_device_line *why);
    void (*drop)(ho_device_engine *engine, ho_device_held **held); /* accepts NULL and nulls */

    /* On floats, time-major with absolute and scale; strategy-major, as ho_sets (out: HO_DEVICE_SETS_WALKED x count). */
    ho_device_state (*sieve)(ho_device_engine *engine, const ho_device_held *held,
                             const ho_device_swaps *swaps, const ho_device_kept *kept, ho_device_line *why);
    ho_device_state (*walk_sets)(ho_device_engine *engine, const ho_device_held *held,
                                 const uint32_t *members, uint32_t size, uint32_t count, uint32_t periods,
                                 uint32_t zero_start, float *out, ho_device_line *why);

    /* On doubles, time-major: the walk of columns beside each slot (slots x HO_DEVICE_ARRAYS(level) x columns);
     * ho_weighing; ho_series (out: an array of ho_series_walked); unit columns,
     * as floats, that mean and scale make; and of floats, time-major, the products of `rows` columns from `row` on with
     * `columns` from `column` on, which are correlations where the columns are unit ones. */
    ho_device_state (*scan)(ho_device_engine *engine, const ho_device_held *held,
                            const ho_device_scan_wish *wish, double *out, ho_device_line *why);
    ho_device_state (*weigh)(ho_device_engine *engine, const ho_device_held *held, const double *a,
                             const double *b, double *a_sum, double *b_sum, ho_device_line *why);
    ho_device_state (*series)(ho_device_engine *engine, const ho_device_held *held,
                              const ho_device_series_wish *wish, double *out, ho_device_line *why);
    ho_device_state (*units)(ho_device_engine *engine, const ho_device_held *held, const double *mean,
                             const double *scale, ho_device_held **units, ho_device_line *why);
    ho_device_state (*correlate)(ho_device_engine *engine, const ho_device_held *units, uint64_t row,
                                 uint64_t rows, uint64_t column, uint64_t columns, float *out,
                                 ho_device_line *why);
} ho_device_table;

/* The one symbol of a plug-in. NULL: it was built for another interface. */
typedef const ho_device_table *ho_device_plugin_of(uint32_t interface);
#define HO_DEVICE_PLUGIN_SYMBOL "ho_device_plugin"

/* A device that is open. A call that fails ends its use: `failed` is then a line, and what it was to do is done by the
 * CPU, with the same result. */
typedef struct ho_device {
    const ho_device_table *table;
    ho_device_engine *engine;
    ho_device_about about;
    int spill; /* work that is too large for its memory goes through it in parts */
    volatile int has_failed;
    ho_device_line failed;
    ho_device_line left_out; /* what it has no room for, which is no failure; or "" */
} ho_device;

/* A matrix of floats that a scan sieves: held whole, or brought to the device part by part. */
typedef struct ho_device_columns {
    ho_device *device; /* NULL: the CPU does the work */
    ho_device_floats all;
    ho_device_held *held;
    uint64_t part; /* columns that the device takes at a time */
} ho_device_columns;

/* Holds the floats, or as many of their columns as there is room for where the device spills; to->device is NULL when
 * the device cannot have them. `slots` is the most that a sieve will have. */
void ho_device_columns_hold(ho_device *device, const ho_device_floats *floats, uint64_t slots,
                            ho_device_columns *to);
void ho_device_columns_drop(ho_device_columns *columns);

/* A matrix of doubles likewise; what is asked of it goes column by column, part after part. */
typedef struct ho_device_numbers {
    ho_device *device; /* NULL: the CPU does the work */
    ho_device_doubles all;
    ho_device_held *held;
    uint64_t part;
} ho_device_numbers;

/* Whole, through Arrow from where they stand; or part by part. to->device is NULL where the device cannot have them, which
 * is no failure: other work may fit. */
void ho_device_numbers_hold(ho_device *device, const ho_device_doubles *doubles, ho_device_numbers *to);

/* Whole, from files, whose contents the caller holds against `doubles`, which he has too. False: they cannot be read,
 * and nothing has happened. */
int ho_device_numbers_read(ho_device *device, const ho_device_doubles *doubles, const ho_device_files *files,
                           ho_device_numbers *to);
void ho_device_numbers_drop(ho_device_numbers *numbers);

/* As ho_weighing, and as the table's `weigh`; false as below. */
int ho_device_numbers_weigh(const ho_device_numbers *numbers, const double *a, const double *b, double *a_sum,
                            double *b_sum);

/* Up to HO_DEVICE_AT_ONCE columns as series of their own; out: an array of ho_series_walked, HO_DEVICE_LANES columns an
 * item; false as below. */
int ho_device_numbers_series(const ho_device_numbers *numbers, const ho_device_series_wish *wish,
                             double *out);

/* Up to HO_DEVICE_AT_ONCE columns beside as many slots as HO_DEVICE_NUMBERS_EACH numbers a column suffice for; false as
 * below. */
int ho_device_numbers_scan(const ho_device_numbers *numbers, const ho_device_scan_wish *wish, double *out);

/* Sieves as the table's function does, columns of all parts together. False: the device has failed, and kept is in any
 * state. */
int ho_device_columns_sieve(const ho_device_columns *columns, const ho_device_swaps *swaps,
                            const ho_device_kept *kept);

/* Sets of columns that are held whole; false as above. */
int ho_device_columns_walk(const ho_device_columns *columns, const uint32_t *members, uint32_t size,
                           uint32_t count, uint32_t periods, uint32_t zero_start, float *out);

/* Products of columns that are held whole, as `correlate` has them; false as above. */
int ho_device_columns_product(const ho_device_columns *columns, uint64_t row, uint64_t rows, uint64_t column,
                              uint64_t column_count, float *out);

#ifdef __cplusplus
}
#endif
#endif

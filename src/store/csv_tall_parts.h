/* The inside of csv_tall_fast.h: what its threads share, and what each has of its own. A text is numbered as it stands
 * between its delimiters; what it means, and its number in the table, are found once for each at the end. */
#ifndef HO_STORE_CSV_TALL_PARTS_H
#define HO_STORE_CSV_TALL_PARTS_H

#include "store/csv_tall.h"
#include "store/guess.h"
#include "store/number_fast.h"

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

enum { HO_TALL_BLOCK = 1 << 20, HO_TALL_MOST = 32 /* columns */ };

typedef struct ho_tall_worker {
    ho_guess texts[HO_TALL_PNL]; /* the keys, the strategies */
    ho_guess rows;               /* each the numbers of its keys as bytes */
    uint32_t *of[HO_TALL_PNL];   /* owned: the table's number of each text ... */
    uint32_t *row_of;            /* ... and row */
    size_t missing, blank_lines;
    ho_status status;
    ho_error err;
} ho_tall_worker;

typedef struct ho_tall_reading {
    const char *name;
    const ho_load_options *options;
    int fd;            /* -1: bytes */
    const char *bytes; /* the caller's */
    size_t size, offset;
    bool unpacked; /* the hash is not that of these bytes */
    char delimiter;
    size_t count;           /* of columns */
    int role[HO_TALL_MOST]; /* which column of a tall table each is */
    /* what changes with every block; one thread at a time */
    bool plain;  /* no fault yet */
    char *carry; /* owned: the beginning of a line that goes on in the next block */
    size_t carried, blocks;
    XXH3_state_t hash;
    /* what the threads made */
    ho_tall_worker *workers; /* owned */
    size_t worker_count;
    uint32_t *worker_of; /* owned: of each block */
    ho_pivot pivot;
    size_t blank_lines;
} ho_tall_reading;

/* The next lines, whole ones, into a buffer of two blocks and HO_NUMBER_PAD; false: there are no more. One thread at a
 * time. */
bool ho_tall_take(ho_tall_reading *x, char *buffer, size_t *size, size_t *number);

/* Takes and reads blocks until there are no more. */
void ho_tall_work(ho_tall_reading *x, size_t worker);

/* The numbers of all workers become those of the pivot, in the order in which the file has them. */
HO_MUST_USE ho_status ho_tall_merge(ho_tall_reading *x, ho_error *err);

#endif

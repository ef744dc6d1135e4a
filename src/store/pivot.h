/* Cells that come one by one (a strategy, a moment, an amount) put together as a table: a row for each date, zone and
 * start time, a column a strategy, both in the order of their first appearance. Amounts of one cell are summed, in the
 * order in which they come. */
#ifndef HO_STORE_PIVOT_H
#define HO_STORE_PIVOT_H

#include "store/table_build.h"

/* Texts with numbers: equal texts have one number. Zeroed memory is empty. */
typedef struct ho_texts {
    char *bytes;     /* owned; text i is bytes[ends[i - 1] .. ends[i]) */
    size_t *ends;    /* owned */
    uint32_t *slots; /* owned; a number + 1, 0: free */
    size_t count, capacity, room, mask;
} ho_texts;

HO_MUST_USE ho_status ho_texts_add(ho_texts *texts, const char *text, size_t length, uint32_t *number,
                                   ho_error *err);
static inline const char *ho_texts_at(const ho_texts *texts, size_t number, size_t *length)
{
    const size_t begin = number == 0 ? 0 : texts->ends[number - 1];
    *length = texts->ends[number] - begin;
    return texts->bytes + begin;
}
void ho_texts_clear(ho_texts *texts);

/* What tells rows apart. Rows with one date, zone and start time and different facts besides are made one later, as
 * those of any table. */
enum {
    HO_PIVOT_DATE,
    HO_PIVOT_ZONE,
    HO_PIVOT_START,
    HO_PIVOT_END,
    HO_PIVOT_REGIME,
    HO_PIVOT_CONFIDENCE,
    HO_PIVOT_TRANSITION,
    HO_PIVOT_CAPITAL,
    HO_PIVOT_KEYS
};

/* Amounts one after the other, in the order in which they came. */
typedef struct ho_pivot_block {
    double *amounts;             /* owned; what follows lies in the same memory */
    uint32_t *rows, *strategies; /* as many */
    size_t count, room;
    const uint32_t *row_of, *strategy_of; /* the pivot's numbers of the block's; NULL: they are the same */
} ho_pivot_block;

/* Zeroed memory is empty. */
typedef struct ho_pivot {
    ho_texts keys[HO_PIVOT_KEYS]; /* the dates, zones, start times, ... */
    ho_texts rows;                /* the rows, each the numbers of its keys as bytes */
    ho_texts strategies;
    ho_pivot_block *blocks; /* owned */
    size_t block_count, block_room;
    bool has[HO_PIVOT_KEYS]; /* which keys the table has */
    size_t missing;          /* amounts that were none */
} ho_pivot;

/* The number of a row by its keys (numbers of keys[] texts), made when new. */
HO_MUST_USE ho_status ho_pivot_row(ho_pivot *pivot, const uint32_t keys[HO_PIVOT_KEYS], uint32_t *row,
                                   ho_error *err);

/* The amount is finite. */
HO_MUST_USE ho_status ho_pivot_add(ho_pivot *pivot, uint32_t row, uint32_t strategy, double amount,
                                   ho_error *err);

/* An empty block, for a caller that fills pivot->blocks itself. */
HO_MUST_USE ho_status ho_pivot_block_new(size_t room, ho_pivot_block *block, ho_error *err);
void ho_pivot_clear(ho_pivot *pivot);

/* The table, by the rules of every table. source holds path, format, bytes, mtime and hash; the rest is filled in.
 * HO_ERR_DATA also: no cell at all. */
HO_MUST_USE ho_status ho_pivot_build(ho_pivot *pivot, ho_table_source *source, const ho_load_options *options,
                                     int threads, ho_panel **panel, ho_load_report *report, ho_error *err);

#endif

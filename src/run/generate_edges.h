/* Edges planted in a simulated table, so that it is known which strategies earn: some on all days, and decoys, which look
 * as good over the first days and owe it to a short stretch of them. */
#ifndef HO_RUN_GENERATE_EDGES_H
#define HO_RUN_GENERATE_EDGES_H

#include "run/generate_grid.h"
#include "run/generate_market.h"

typedef struct ho_edge_settings {
    int64_t edges, decoys; /* strategies */
    double size;           /* profit a day of an edge, in standard deviations of its strategy's day */
    int64_t sample_days, decoy_days; /* 0: half of the days; a quarter of these */
    char *truth;                     /* a CSV file that tells them, or NULL */
} ho_edge_settings;

/* One column's profit beside what its trades earn. */
typedef struct ho_planted {
    uint32_t column;
    bool decoy;
    double rupees;     /* a day */
    size_t first, end; /* its days */
} ho_planted;

typedef struct ho_edges {
    ho_planted *planted; /* edges first */
    size_t count;
    int32_t *of_column; /* its place in planted, or -1; NULL: nothing is planted */
} ho_edges;

/* The deviations are those of the seed's first 40 days, however many are asked for. HO_ERR_USAGE: more edges and decoys
 * than columns, or a stretch of no day. The caller clears *edges. */
HO_MUST_USE ho_status ho_edges_make(const ho_edge_settings *settings, uint64_t seed, const ho_grid *grid,
                                    int32_t first_date, size_t days, int threads, ho_edges *edges,
                                    ho_error *err);
void ho_edges_clear(ho_edges *edges);

/* What is planted in a column on a day, rupees. */
double ho_edges_on(const ho_edges *edges, size_t column, size_t day);

/* Writes the file of the settings; nothing where there is none. HO_ERR_IO. */
HO_MUST_USE ho_status ho_edges_tell(const ho_edge_settings *settings, const ho_grid *grid,
                                    const ho_edges *edges, ho_error *err);

#endif

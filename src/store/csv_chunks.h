/* A CSV file that is read some rows at a time: what is in memory of its text is those rows. The panel and its report, and
 * what is refused, are those of csv.h, for any number of rows. */
#ifndef HO_STORE_CSV_CHUNKS_H
#define HO_STORE_CSV_CHUNKS_H

#include "store/csv_stream.h"
#include "store/row_pile.h"

#include <heavyopt/store.h>

/* As ho_csv_read. The stream is closed here, and `name` stands for its path. */
HO_MUST_USE ho_status ho_csv_read_chunks(const char *name, ho_csv_stream *stream, size_t rows,
                                         const ho_load_options *options, int threads, ho_panel **panel,
                                         ho_load_report *report, ho_error *err);

/* The same for a table whose numbers do not fit into memory either: they go into a file in `folder`, and the panel has
 * none. The caller clears *pile. A tall table (csv_tall.h) is put together in memory all the same, and its panel has its
 * numbers. */
HO_MUST_USE ho_status ho_csv_read_aside(const char *name, ho_csv_stream *stream, size_t rows,
                                        const char *folder, const ho_load_options *options, int threads,
                                        ho_panel **panel, ho_row_pile *pile, ho_load_report *report,
                                        ho_error *err);

#endif

/* room: store
 *
 * Panels to and from other programs in memory, by the Arrow C Data Interface
 * (https://arrow.apache.org/docs/format/CStreamInterface.html): pyarrow, Polars, DuckDB, R's arrow and nanoarrow speak
 * it. No Arrow header is needed here; struct ArrowArrayStream is theirs. */
#ifndef HEAVYOPT_ARROW_H
#define HEAVYOPT_ARROW_H

#include <heavyopt/store.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ArrowArrayStream;

/* Reads the stream to its end as a table, wide or tall, by the rules of docs/FORMATS.md, as ho_table_read does a file;
 * options may be NULL. The stream is released in either case. A column of the stream is a row apart from its neighbour
 * in the panel, so its cells are copied once. HO_ERR_DATA: no such table, or the stream itself failed;
 * HO_ERR_UNAVAILABLE: a build without Arrow. */
HO_API HO_MUST_USE ho_status ho_panel_import_arrow(struct ArrowArrayStream *stream,
                                                   const ho_load_options *options, int threads,
                                                   ho_panel **panel, ho_load_report *report, ho_error *err);

/* Fills *stream, whose contents are not looked at, with one record batch of the wide layout of docs/FORMATS.md. It is
 * a copy: the panel may go before the stream. The caller releases the stream by its own `release`. */
HO_API HO_MUST_USE ho_status ho_panel_export_arrow(const ho_panel *panel, struct ArrowArrayStream *stream,
                                                   ho_error *err);

#ifdef __cplusplus
}
#endif
#endif

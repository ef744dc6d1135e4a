/* Whatever is read whole is also read some rows at a time: the same table and report, or the same refusal. */
#ifndef HO_TESTS_CHUNKS_TEST_H
#define HO_TESTS_CHUNKS_TEST_H

#include "store/store_test.h"

#include "store/csv_chunks.h"

/* panel and report: what reading it whole made; err: else what it said. */
static inline void assert_same_in_chunks_of(size_t rows, const char *bytes, size_t size,
                                            const ho_load_options *options, int threads, ho_status whole,
                                            const ho_panel *panel, const ho_load_report *report,
                                            const ho_error *err)
{
    ho_csv_stream *stream = NULL;
    ho_panel *chunked = NULL;
    ho_load_report told = {0};
    ho_error fault = {0};
    ho_status status = ho_csv_stream_memory("t.csv", bytes, size, &stream, &fault);
    if (status == HO_OK)
        status = ho_csv_read_chunks("t.csv", stream, rows, options, threads, &chunked, &told, &fault);
    if (status != whole || (whole != HO_OK && strcmp(fault.text, err->text) != 0))
        fail_msg("%zu rows at a time: status %d: %s; whole: status %d: %s", rows, status, fault.text, whole,
                 whole != HO_OK ? err->text : "");
    if (whole == HO_OK && (!same_panel(panel, chunked) || !same_report(report, &told)))
        fail_msg("%zu rows at a time make another table", rows);
    ho_panel_free(&chunked);
    ho_load_report_clear(&told);
}

static inline void assert_same_in_chunks(const char *bytes, size_t size, const ho_load_options *options,
                                         int threads, ho_status whole, const ho_panel *panel,
                                         const ho_load_report *report, const ho_error *err)
{
    static const size_t chunks[] = {1, 2, 7, 1000000};
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks && size < 1 << 16; i++)
        assert_same_in_chunks_of(chunks[i], bytes, size, options, threads, whole, panel, report, err);
}

#endif

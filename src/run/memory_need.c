#include "run/memory_need.h"

#include "panel/panel.h"

#include <heavyopt/metrics.h>
#include <string.h>

/* Bytes: the program with its libraries; what Parquet's reader takes and keeps, at most; what a column of a panel has
 * beside its numbers, and a column of a CSV file while it is read; what searchers and writers share. */
static const double program = 26e6, parquet = 16e6, parquet_most = 45e6, a_name = 70, a_csv_column = 200,
                    the_rest = 4e6;

/* Sets that are walked at a time; one copy among so many strategies makes a second panel of distinct columns worth it
 * (metrics/copies.c). */
enum { WALKS = 16, ONE_COPY_IN = 50, A_BOUND_COLUMN = 100 };

static double padded(size_t count, size_t to)
{
    return (double)((count + to - 1) / to * to);
}

static double of_panel(const ho_panel *panel)
{
    const double n = (double)ho_panel_strategies(panel);
    return 8 * (double)ho_panel_periods(panel) * padded(ho_panel_strategies(panel), 8) + a_name * n;
}

int64_t ho_memory_to_search(const ho_panel *panel, int64_t identical, size_t size, bool sieved, bool bound)
{
    const size_t periods = ho_panel_periods(panel);
    const double n = (double)ho_panel_strategies(panel), t = (double)periods, copies = (double)identical;
    const double by_strategy = 8 * n * padded(periods, 8), floats = 4 * n * padded(periods + 2, 16);
    const double distinct = (8 * t + 20) * (n - copies);
    const bool apart = copies * ONE_COPY_IN >= n;
    const double compact = sieved ? (4 * t + 8) * (apart ? n - copies : n) : apart ? distinct : 0;
    const double of_bound = bound ? distinct + A_BOUND_COLUMN * (n - copies) : 0;
    const double a_walk = (2 * 8 * (double)size + 8 * 8) * t;
    const double measures = 8 * n * (double)ho_metric_count(), marks = 64 * n;
    return (int64_t)(by_strategy + floats + compact + of_bound + WALKS * a_walk + measures + marks +
                     the_rest);
}

int64_t ho_memory_of_reading(const ho_panel *panel, const ho_load_report *report)
{
    const double numbers = of_panel(panel), n = (double)ho_panel_strategies(panel);
    const bool csv = strcmp(report->format, "csv") == 0 && !report->from_cache;
    if (csv) return (int64_t)(program + numbers + (double)report->source_bytes + a_csv_column * n);
    return (int64_t)(program + numbers + parquet + (numbers < parquet_most ? numbers : parquet_most));
}

int64_t ho_memory_of_searching(const ho_panel *panel, const ho_load_report *report, size_t size)
{
    const int64_t reading = ho_memory_of_reading(panel, report);
    const double kept = program + of_panel(panel);
    const int64_t searching = (int64_t)kept + ho_memory_to_search(panel, report->identical, size, true, true);
    return searching > reading ? searching : reading;
}

/* How much memory work needs, estimated before it is begun. Measured beside it: docs/PERFORMANCE.md. */
#ifndef HO_RUN_MEMORY_NEED_H
#define HO_RUN_MEMORY_NEED_H

#include <heavyopt/panel.h>
#include <heavyopt/store.h>
#include <stdbool.h>

/* Bytes beside a panel of strategies that is there, of which `identical` equal an earlier one, to choose `size` of
 * them by a fitness that is sieved or not, to bound that where it is wanted, and to report on it. */
int64_t ho_memory_to_search(const ho_panel *panel, int64_t identical, size_t size, bool sieved, bool bound);

/* The whole process: while it reads the table that the report is of, and while it then searches. */
int64_t ho_memory_of_reading(const ho_panel *panel, const ho_load_report *report);
int64_t ho_memory_of_searching(const ho_panel *panel, const ho_load_report *report, size_t size);

#endif

/* The table of commands, and what this build is. A new command is a file that exports a constant, and one line. */
#include "bridge/arrow/arrow.h"
#include "bridge/cudf/load.h"
#include "bridge/highs/highs.h"
#include "kernels/kernels.h"
#include "report/xlsx/xlsx.h"
#include "stats/tiles.h"
#include "store/xlsx/zip.h"

#include <heavyopt/command.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND_LIST(X) \
    X(optimize)         \
    X(evaluate)         \
    X(metrics)          \
    X(inspect)          \
    X(correlation)      \
    X(convert)          \
    X(export)           \
    X(consolidate)      \
    X(bound)            \
    X(report)           \
    X(compare)          \
    X(walkforward)      \
    X(overfit)          \
    X(resample)         \
    X(generate)         \
    X(bench)            \
    X(config)           \
    X(validate)         \
    X(selftest)         \
    X(migrate)          \
    X(rollback)

/* Commands of rooms above this one. A program that is linked without such a room (a test of this one) lacks them. */
#define UPPER_LIST(X) \
    X(serve)          \
    X(submit)         \
    X(jobs)

#define DECLARE(name)       extern const ho_command ho_command_##name;
#define DECLARE_UPPER(name) extern const ho_command ho_command_##name __attribute__((weak));
#define ADDRESS(name)       &ho_command_##name,
COMMAND_LIST(DECLARE)
UPPER_LIST(DECLARE_UPPER)
static const ho_command *const commands[] = {COMMAND_LIST(ADDRESS) UPPER_LIST(ADDRESS)};

size_t ho_command_count(void)
{
    size_t count = 0; /* those that lack are at the end, all or none */
    while (count < sizeof commands / sizeof *commands && commands[count] != NULL)
        count++;
    return count;
}

const ho_command *ho_command_at(size_t i)
{
    return i < ho_command_count() ? commands[i] : NULL;
}

const ho_command *ho_command_find(const char *name)
{
    for (size_t i = 0; i < ho_command_count(); i++) {
        if (strcmp(commands[i]->name, name) == 0) return commands[i];
    }
    return NULL;
}

void ho_outcome_clear(ho_outcome *outcome)
{
    free(outcome->json);
    free(outcome->summary);
    *outcome = (ho_outcome){0};
}

#if defined(_OPENMP)
#define OPENMP "yes"
#else
#define OPENMP "not in this build: one thread"
#endif

const char *ho_version_text(void)
{
    static _Thread_local char text[1024];
    const ho_kernels *kernels = NULL;
    ho_error err = {""};
    const char *arrow = ho_arrow_version(), *highs = ho_highs_version(), *blas = ho_tiles_engine();
    const char *xlsx = ho_xlsx_version(), *plugin = ho_device_plugin_path();
    bool chosen = ho_kernels_choose(&kernels, &err) == HO_OK;
    int used = snprintf(text, sizeof text,
                        "heavyopt %s\nArrow    %s\nHiGHS    %s\nBLAS     %s\nXLSX     %s\narchives "
                        "%s\nOpenMP   %s\nCUDA     %s\nkernels  %s (of",
                        HO_VERSION, arrow != NULL ? arrow : "not in this build: CSV only",
                        highs != NULL ? highs : "not in this build: bounds by our own simplex alone",
                        blas != NULL ? blas : "not in this build: plain loops for correlations",
                        xlsx != NULL ? xlsx : "not in this build: no workbook",
                        ho_zip_available() ? "yes" : "not in this build: neither XLSX nor ZIP files are read",
                        OPENMP, plugin != NULL ? plugin : "no plug-in here: the engine is cpu",
                        chosen ? kernels->name : err.text);
    for (size_t i = 0; i < ho_kernels_count() && used > 0 && (size_t)used < sizeof text; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, " %s", ho_kernels_at(i)->name);
    if (used > 0 && (size_t)used < sizeof text) snprintf(text + used, sizeof text - (size_t)used, ")\n");
    return text;
}

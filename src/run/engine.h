/* What does the work: the processor, or a CUDA device beside it. Options that say so, and what comes of them. */
#ifndef HO_RUN_ENGINE_H
#define HO_RUN_ENGINE_H

#include "kernels/device/device.h"
#include "panel/panel.h"
#include "run/hooks.h"

typedef struct ho_engine_settings {
    char *engine, *gpu;
    bool no_gpu, spill;
    double memory_limit; /* gigabytes */
} ho_engine_settings;

/* Rows of ho_option for a settings struct S that holds the ho_engine_settings at P. */
/* clang-format off */
#define HO_ENGINE_OPTION_ROWS(S, P) \
    {"engine", 0, "NAME", \
     "What does the work: cpu, or cuda, a CUDA device where there is one, with the same result; auto is cpu, but for " \
     "--gpu and HEAVYOPT_GPU.", \
     HO_OPTION_CHOICE, 0, 0, "auto", "auto|cpu|cuda", offsetof(S, P engine)}, \
    {"gpu", 0, "N|required", \
     "Use the CUDA device of that number; required: the first one, and without it the run ends with exit code 4.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P gpu)}, \
    {"no-gpu", 0, NULL, "Use no CUDA device, whatever else is said.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P no_gpu)}, \
    {"gpu-memory-limit", 0, "GB", "Memory of the device that may be used, 0 for all of it.", \
     HO_OPTION_REAL, 0, 1e5, "0", NULL, offsetof(S, P memory_limit)}, \
    {"spill-to-host", 0, NULL, "A table too large for the device's memory goes through it part by part.", \
     HO_OPTION_BOOL, 0, 0, "true", NULL, offsetof(S, P spill)}
/* clang-format on */

/* NULL: the processor does the work. Where a device was wished for and there is none, one line of warning says why.
 * HO_ERR_USAGE: a --gpu or HEAVYOPT_GPU that is neither a number nor a known word; HO_ERR_UNAVAILABLE: required, and not
 * there. */
HO_MUST_USE ho_status ho_engine_open(const ho_engine_settings *settings, const ho_hooks *hooks,
                                     ho_device **device, ho_error *err);

/* Brings a panel's values into the device's memory, where there is one and they are worth it, and lets the panel say so
 * until they are dropped: straight from the files of `store`, where that is one and has just these values (NULL: the
 * panel is none of a store's), else from the panel. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_engine_hold(ho_device *device, const char *store, ho_panel *panel,
                                     ho_device_numbers *numbers, ho_error *err);

/* Warns of a device that has failed on the way, or had no room for some of the work. Accepts NULL. */
void ho_engine_check(const ho_device *device, const ho_hooks *hooks);

#endif

/* The parts of `heavyopt consolidate`: which files are read as which kind, and what becomes of their table. */
#ifndef HO_RUN_CONSOLIDATE_H
#define HO_RUN_CONSOLIDATE_H

#include "store/trades/gather.h"

typedef struct ho_consolidate_part {
    const ho_trade_kind *kind;
    char *section; /* owned: as the configuration calls it */
    ho_trade_settings settings;
    ho_strings paths;
    ho_panel *panel;       /* NULL: no file held a trade */
    ho_load_report report; /* of the table */
    ho_gathered gathered;
    ho_strings written; /* files */
} ho_consolidate_part;

typedef struct ho_consolidation {
    ho_consolidate_part *parts; /* owned */
    size_t count;
    char *base;      /* owned: the folder whose sub-folders are read */
    char *config;    /* owned: the file of the sections, NULL: none */
    bool guessed;    /* files lie in no folder of a kind: each was read as what fits best */
    ho_strings lost; /* files that fit no kind: "path: why" */
    ho_strings warnings;
} ho_consolidation;

void ho_consolidation_clear(ho_consolidation *c);

/* Finds parts and files. input: an installation, its Input folder, any folder with trade logs, or one of them; config:
 * a file or NULL. Only the kinds whose numbers are in the list, which may be empty: all. HO_ERR_USAGE: a section or
 * number that does not read; HO_ERR_DATA: no such folder, no trade log in it. */
HO_MUST_USE ho_status ho_consolidate_plan(const char *input, const char *config, const ho_strings *numbers,
                                          ho_consolidation *c, ho_error *err);

/* Writes the table of a part: into a folder under its own name and the time, or as the file that `output` names. */
HO_MUST_USE ho_status ho_consolidate_write(ho_consolidate_part *part, const char *output, const char *stamp,
                                           bool split, ho_error *err);

#endif

/* Moving an installation of the old system to heavyopt, and back. The order is what makes it safe: the backup with its
 * manifest and rollback.sh is complete before the first file changes, every change is a rename, and a run that finds a
 * backup without the file `done` goes on with that one. */
#ifndef HO_RUN_MIGRATE_H
#define HO_RUN_MIGRATE_H

#include "base/sha256.h"
#include "run/hooks.h"

#include <jansson.h>
#include <limits.h>

/* A file that is backed up, changed or added. */
typedef struct ho_migrate_file {
    const char *path; /* in the share */
    bool there;       /* before; else it is added, or was never there and stays so */
    bool wanted;      /* it gets a new text */
    char *text;       /* what it becomes; NULL: it stays */
    size_t length;
    char before[HO_SHA256_TEXT], after[HO_SHA256_TEXT];
} ho_migrate_file;

enum { HO_MIGRATE_FILES = 5 };

typedef struct ho_migration {
    char share[PATH_MAX], backup[PATH_MAX];
    char place[PATH_MAX]; /* where the backup goes when it is complete; empty: it is made there */
    bool resumed;         /* the backup was there, unfinished */
    ho_migrate_file files[HO_MIGRATE_FILES];
    ho_strings steps; /* a line each, for the report */
    json_t *folders;  /* that the additions need */
    json_t *converted, *failed, *checks;
    bool bad; /* a check failed */
} ho_migration;

/* Fills the files with what they are and what they become. Of a resumed migration "before" is what the backup holds. */
HO_MUST_USE ho_status ho_migrate_plan(ho_migration *m, ho_error *err);

/* The backup, complete, in its place. */
HO_MUST_USE ho_status ho_migrate_back_up(ho_migration *m, ho_error *err);

/* The changes. HO_ERR_DIFFERENCE: somebody changed a file since it was backed up. */
HO_MUST_USE ho_status ho_migrate_apply(ho_migration *m, ho_error *err);

/* The tables of input/ to Parquet, each compared value by value. A bad one is reported and is no failure. */
HO_MUST_USE ho_status ho_migrate_data(ho_migration *m, const ho_hooks *hooks, bool dry, ho_error *err);

/* The backup folder of the newest migration that is not rolled back; unfinished ones only when asked for. False: none. */
bool ho_migrate_find(const char *share, bool unfinished, char backup[PATH_MAX]);

/* Everything as the manifest has it; the steps are added to *steps. HO_ERR_DATA: no manifest, or a backup that is not
 * what its manifest says; nothing was changed then. */
HO_MUST_USE ho_status ho_migrate_roll_back(const char *share, const char *backup, ho_strings *steps,
                                           ho_error *err);

/* A file whole or not at all, with mode and, where `like` names one, mode and times of another; 0 or an errno. */
int ho_migrate_put(const char *path, const char *text, size_t length, int mode, const char *like);
char *ho_migrate_get(const char *path, size_t *length); /* NULL: errno */

/* Tests end the process here with SIGKILL: the n-th call in builds for tests, n = $HEAVYOPT_KILL_AT. */
void ho_migrate_point(void);

#endif

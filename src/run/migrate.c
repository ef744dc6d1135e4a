/* `heavyopt migrate` and `heavyopt rollback`. */
#include "run/migrate.h"

#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "report/json.h"
#include "run/call.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef struct settings {
    char *share, *backup_dir;
    bool dry_run, skip_data;
} settings;
typedef settings S;

/* clang-format off */
#define SHARE_OPTION \
    {"share", 0, "DIR", "The installation: the folder with backend/, config/, input/, jobs/.", \
     HO_OPTION_TEXT, 0, 0, ".", NULL, offsetof(S, share)}

static const ho_option options[] = {
    SHARE_OPTION,
    {"dry-run", 0, NULL, "Say each step, with what would change, and write nothing.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, dry_run)},
    {"skip-data", 0, NULL, "Leave the tables of input/ as they are.",
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, skip_data)},
    {"backup-dir", 0, "DIR", "The backup's folder; else migration_backup_DATE_TIME in the share.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, backup_dir)},
};

static const ho_option rollback_options[] = {
    SHARE_OPTION,
    {"backup-dir", 0, "DIR", "The backup of the migration; else the newest in the share.",
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, backup_dir)},
};
/* clang-format on */

static void clear(ho_migration *m)
{
    for (size_t i = 0; i < HO_MIGRATE_FILES; i++)
        free(m->files[i].text);
    ho_strings_clear(&m->steps);
    json_decref(m->folders);
    json_decref(m->converted);
    json_decref(m->failed);
    json_decref(m->checks);
}

static bool there(const char *folder, const char *name)
{
    char path[PATH_MAX];
    return snprintf(path, sizeof path, "%s/%s", folder, name) < PATH_MAX && access(path, F_OK) == 0;
}

static ho_status find_share(const char *folder, char share[PATH_MAX], ho_error *err)
{
    if (realpath(folder, share) == NULL)
        return ho_fail(err, HO_ERR_USAGE, "--share %.700s: %s", folder, strerror(errno));
    if (there(share, "backend") || there(share, "config") || there(share, "input")) return HO_OK;
    return ho_fail(err, HO_ERR_USAGE,
                   "--share %.700s: no installation: neither backend/ nor config/ nor input/ is there",
                   folder);
}

/* A place of the backup's own, and the folder where it is made: what lies there is left from a run that ended before it
 * changed a file. */
static ho_status choose_place(ho_migration *m, const char *stamp, ho_error *err)
{
    struct stat facts;
    m->place[0] = '\0';
    for (int number = 1; number < 1000 && m->place[0] == '\0'; number++) {
        char more[16] = "";
        if (number > 1) (void)snprintf(more, sizeof more, "_%d", number);
        int used = snprintf(m->place, PATH_MAX, "%.3900s/migration_backup_%s%s", m->share, stamp, more);
        if (used >= PATH_MAX || lstat(m->place, &facts) == 0) m->place[0] = '\0';
    }
    if (m->place[0] == '\0') return ho_fail(err, HO_ERR_IO, "%.700s: no name is free for a backup", m->share);
    (void)snprintf(m->backup, PATH_MAX, "%.3900s/.migration_backup_part", m->share);
    ho_folder_remove(m->backup);
    if (mkdir(m->backup, 0777) != 0) return ho_fail(err, HO_ERR_IO, "%.700s: %s", m->backup, strerror(errno));
    return HO_OK;
}

/* Where the backup goes: an unfinished one is gone on with. */
static ho_status choose_backup(const S *s, ho_migration *m, ho_error *err)
{
    char stamp[32];
    time_t now = time(NULL);
    struct tm local;
    strftime(stamp, sizeof stamp, "%Y%m%d_%H%M%S", localtime_r(&now, &local));
    if (s->backup_dir != NULL) {
        size_t made = 0;
        int reason = s->dry_run ? 0 : ho_folders_make(s->backup_dir, 0777, &made);
        if (reason != 0)
            return ho_fail(err, HO_ERR_IO, "--backup-dir %.700s: %s", s->backup_dir, strerror(reason));
        if (realpath(s->backup_dir, m->backup) == NULL) {
            m->backup[0] = '\0';
            return HO_OK; /* a dry run, and no such folder yet */
        }
        m->resumed = there(m->backup, "manifest.json");
        if (m->resumed && (there(m->backup, "done") || there(m->backup, "rolled_back")))
            return ho_fail(err, HO_ERR_USAGE, "--backup-dir %.700s: holds the backup of a finished migration",
                           s->backup_dir);
        return HO_OK;
    }
    m->resumed = ho_migrate_find(m->share, true, m->backup);
    return m->resumed ? HO_OK : choose_place(m, stamp, err);
}

static bool nothing_to_do(const ho_migration *m)
{
    for (size_t i = 0; i < HO_MIGRATE_FILES; i++) {
        if (m->files[i].wanted) return false;
    }
    return !m->resumed;
}

/* What would change, as lines of a diff. */
static ho_status say_diff(ho_migration *m, const ho_migrate_file *f, ho_error *err)
{
    char path[PATH_MAX];
    size_t length = 0;
    (void)snprintf(path, sizeof path, "%.3900s/%s", m->share, f->path);
    char *now = f->there ? ho_migrate_get(path, &length) : NULL;
    bool appended = now != NULL && f->length > length && memcmp(now, f->text, length) == 0;
    ho_status status = ho_strings_printf(&m->steps, err, "would %s %s (%zu bytes, now %zu)",
                                         f->there ? "change" : "add", f->path, f->length, length);
    if (status == HO_OK && now != NULL && !appended)
        status = ho_strings_printf(&m->steps, err, "  - all %zu bytes", length);
    char *rest = ho_copy_text(appended ? f->text + length : f->text), *save = NULL;
    for (char *line = rest != NULL ? strtok_r(rest, "\r\n", &save) : NULL; line != NULL && status == HO_OK;
         line = strtok_r(NULL, "\r\n", &save))
        status = ho_strings_printf(&m->steps, err, "  + %s", line);
    free(rest);
    free(now);
    return status;
}

static ho_status say_plan(ho_migration *m, ho_error *err)
{
    for (size_t i = 0; i < HO_MIGRATE_FILES; i++) {
        const ho_migrate_file *f = &m->files[i];
        if (f->there) HO_TRY(ho_strings_printf(&m->steps, err, "would back up %s", f->path));
        if (f->wanted) HO_TRY(say_diff(m, f, err));
    }
    return HO_OK;
}

static ho_status check(ho_migration *m, const char *what, bool good, const char *detail, ho_error *err)
{
    m->bad |= !good;
    (void)json_object_set_new(m->checks, what, json_boolean(good));
    return ho_strings_printf(&m->steps, err, "%s: %s%s%s", what, good ? "good" : "NOT good",
                             *detail != '\0' ? ", " : "", detail);
}

/* Step 6: is everything as it should be now? */
static ho_status verify(ho_migration *m, const S *s, const ho_hooks *hooks, ho_error *err)
{
    const char *const quick[] = {"quick", "true", NULL};
    ho_outcome outcome = {0};
    ho_error why = {""};
    ho_status selftest = ho_call("selftest", quick, hooks, &outcome, &why);
    ho_outcome_clear(&outcome);
    HO_TRY(check(m, "files", there(m->share, "backend/parquet_cudf_workflow.py"), "", err));
    HO_TRY(check(m, "self-test", selftest == HO_OK, why.text, err));
    HO_TRY(check(m, "configuration", there(m->share, "config/parquet_arrow_config.ini"), "", err));
    if (s->skip_data) return HO_OK;
    HO_TRY(check(m, "Parquet folder", there(m->share, "data/parquet/strategies"), "", err));
    return check(m, "tables", json_array_size(m->failed) == 0, "", err);
}

static ho_status put_report(const ho_migration *m, const char *name, const char *text, ho_error *err)
{
    char path[PATH_MAX];
    if (text == NULL) return ho_fail_memory(err, 0, "the report");
    int reason = snprintf(path, sizeof path, "%s/%s", m->backup, name) < PATH_MAX
                     ? ho_migrate_put(path, text, strlen(text), 0644, NULL)
                     : ENAMETOOLONG;
    return reason == 0 ? HO_OK : ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(reason));
}

static ho_status write_outcome(const ho_migration *m, const S *s, const char *status_word,
                               ho_outcome *outcome, ho_error *err)
{
    char when[32];
    time_t now = time(NULL);
    struct tm local;
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", localtime_r(&now, &local));
    json_t *root = json_pack("{s:s,s:s,s:o,s:o,s:s,s:O,s:O,s:O,s:b}", "version", HO_VERSION, "timestamp",
                             when, "backup_directory", ho_json_text(m->backup), "migration_steps",
                             ho_json_texts(&m->steps), "status", status_word, "converted", m->converted,
                             "failed", m->failed, "checks", m->checks, "dry_run", s->dry_run);
    if (root == NULL) return ho_fail_memory(err, 0, "the report");
    HO_TRY(ho_json_finish(root, &outcome->json, err));
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    for (size_t i = 0; i < m->steps.count; i++) {
        ho_text_put(m->steps.items[i], t.file);
        fputc('\n', t.file);
    }
    fprintf(t.file, "%s", status_word);
    if (m->backup[0] != '\0' && !s->dry_run && strcmp(status_word, "nothing to do") != 0)
        fprintf(t.file, "; back: heavyopt rollback, or sh %s/rollback.sh", m->backup);
    fputc('\n', t.file);
    return ho_text_end(&t, &outcome->summary, err);
}

static ho_status migrate(const S *s, ho_migration *m, const ho_hooks *hooks, const char **word, ho_error *err)
{
    m->resumed = s->backup_dir == NULL && ho_migrate_find(m->share, true, m->backup);
    if (s->backup_dir != NULL && realpath(s->backup_dir, m->backup) != NULL)
        m->resumed = there(m->backup, "manifest.json");
    if (!m->resumed) m->backup[0] = '\0';
    HO_TRY(ho_migrate_plan(m, err));
    *word = "nothing to do";
    bool files = !nothing_to_do(m);
    if (s->dry_run) {
        *word = files ? "dry run: nothing was written" : "dry run: nothing to do but tables";
        HO_TRY(say_plan(m, err));
        return s->skip_data ? HO_OK : ho_migrate_data(m, hooks, true, err);
    }
    if (files) {
        HO_TRY(choose_backup(s, m, err));
        if (m->resumed)
            HO_TRY(ho_strings_printf(&m->steps, err, "goes on with the unfinished %s", m->backup));
        HO_TRY(ho_migrate_back_up(m, err));
        HO_TRY(ho_migrate_apply(m, err));
    }
    if (!s->skip_data) HO_TRY(ho_migrate_data(m, hooks, false, err));
    if (!files) return HO_OK;
    HO_TRY(verify(m, s, hooks, err));
    *word = m->bad ? "not completed: a check failed" : "completed";
    return HO_OK;
}

static ho_status finish(const ho_migration *m, const S *s, const char *word, ho_outcome *made, ho_error *err)
{
    HO_TRY(write_outcome(m, s, word, made, err));
    bool written = !s->dry_run && m->backup[0] != '\0' && strcmp(word, "nothing to do") != 0;
    if (!written) return HO_OK;
    HO_TRY(put_report(m, "migration_report.json", made->json, err));
    HO_TRY(put_report(m, "migration_report.txt", made->summary, err));
    return put_report(m, "done", "", err);
}

static ho_status run(const void *settings_, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    const S *s = settings_;
    ho_migration m = {.converted = json_array(), .failed = json_array(), .checks = json_object()};
    ho_outcome made = {0};
    const char *word = "";
    ho_status status = find_share(s->share, m.share, err);
    if (status == HO_OK) status = migrate(s, &m, hooks, &word, err);
    if (status == HO_OK) status = finish(&m, s, word, &made, err);
    status = ho_hand_over(status, &made, outcome);
    if (status == HO_OK && m.bad)
        status = ho_fail(err, HO_ERR_IO, "a check failed: see the lines with NOT good");
    clear(&m);
    return status;
}

static ho_status roll_back(const void *settings_, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err)
{
    (void)hooks;
    const S *s = settings_;
    char share[PATH_MAX], backup[PATH_MAX];
    ho_strings steps = {0};
    ho_text t;
    HO_TRY(find_share(s->share, share, err));
    bool found = s->backup_dir != NULL ? realpath(s->backup_dir, backup) != NULL
                                       : ho_migrate_find(share, false, backup);
    if (!found)
        return ho_fail(err, HO_ERR_USAGE, "%.700s: no backup of a migration that could be taken back",
                       s->backup_dir != NULL ? s->backup_dir : share);
    ho_status status = ho_migrate_roll_back(share, backup, &steps, err);
    json_t *root =
        json_pack("{s:o,s:o}", "backup_directory", ho_json_text(backup), "steps", ho_json_texts(&steps));
    if (status == HO_OK) status = ho_text_begin(&t, err);
    if (status == HO_OK) {
        for (size_t i = 0; i < steps.count; i++)
            fprintf(t.file, "%s\n", steps.items[i]);
        fputs("rolled back; the Parquet files stay\n", t.file);
        status = ho_text_end(&t, &outcome->summary, err);
    }
    if (status == HO_OK && root != NULL)
        status = ho_json_finish(root, &outcome->json, err);
    else
        json_decref(root);
    ho_strings_clear(&steps);
    return status;
}

extern const ho_command ho_command_migrate, ho_command_rollback;
const ho_command ho_command_migrate = {
    .name = "migrate",
    .sentence = "moves an installation of the old system to heavyopt",
    .positional = {"share"},
    .options = {options, sizeof options / sizeof *options},
    .settings_size = sizeof(S),
    .run = run,
    .more = "A migration that was interrupted goes on where it was; docs/MIGRATION.md tells each step.",
};
const ho_command ho_command_rollback = {
    .name = "rollback",
    .sentence = "takes a migration back: every file as it was",
    .positional = {"share"},
    .options = {rollback_options, sizeof rollback_options / sizeof *rollback_options},
    .settings_size = sizeof(S),
    .run = roll_back,
};

/* The files of an installation: what they become, their backup, and the way back. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "run/config_text.h"
#include "run/migrate.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORKFLOW   "backend/csv_only_heavydb_workflow.py"
#define PROCESSOR  "backend/samba_job_queue_processor.py"
#define SHIM       "backend/parquet_cudf_workflow.py"
#define PRODUCTION "config/production_config.ini"
#define ARROW      "config/parquet_arrow_config.ini"

static const char section[] =
    "[parquet]\ndata_format = parquet\nuse_gpu = true\nparquet_compression = snappy\n"
    "arrow_memory_pool_gb = 4.0\ncudf_enabled = true\n";

void ho_migrate_point(void)
{
#if defined(HO_INJECT)
    static int count;
    const char *at = getenv("HEAVYOPT_KILL_AT");
    if (at != NULL && ++count == atoi(at)) (void)raise(SIGKILL);
#endif
}

char *ho_migrate_get(const char *path, size_t *length)
{
    struct stat facts;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return NULL;
    char *text =
        fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode) ? ho_new_array((size_t)facts.st_size + 1, 1) : NULL;
    size_t used = 0;
    ssize_t got = 1;
    while (text != NULL && got > 0 && used < (size_t)facts.st_size) {
        got = read(fd, text + used, (size_t)facts.st_size - used);
        used += got > 0 ? (size_t)got : 0;
    }
    int reason = got < 0 ? errno : 0;
    close(fd);
    if (text != NULL && (reason != 0 || used != (size_t)facts.st_size)) {
        free(text);
        text = NULL;
    }
    errno = text == NULL && reason == 0 ? EINVAL : reason;
    *length = used;
    return text;
}

static int write_file(const char *path, const char *text, size_t length, int mode, const struct stat *like)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0) return errno;
    int reason = 0;
    for (size_t done = 0; done < length && reason == 0;) {
        ssize_t wrote = write(fd, text + done, length - done);
        reason = wrote < 0 ? errno : 0;
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    if (reason == 0 && fchmod(fd, like != NULL ? like->st_mode & 07777 : (mode_t)mode) != 0) reason = errno;
    if (like != NULL) (void)!fchown(fd, like->st_uid, like->st_gid); /* as far as we may */
    const struct timespec times[2] = {like != NULL ? like->st_atim : (struct timespec){.tv_nsec = UTIME_NOW},
                                      like != NULL ? like->st_mtim : (struct timespec){.tv_nsec = UTIME_NOW}};
    if (reason == 0 && futimens(fd, times) != 0) reason = errno;
    if (reason == 0 && fsync(fd) != 0) reason = errno;
    if (close(fd) != 0 && reason == 0) reason = errno;
    return reason;
}

/* The name of a file that is not whole yet: fixed, so that whoever comes after a crash finds and removes it. */
static bool part_of(const char *path, char out[PATH_MAX])
{
    const char *slash = strrchr(path, '/');
    int length = slash != NULL ? (int)(slash - path) + 1 : 0;
    return snprintf(out, PATH_MAX, "%.*s.heavyopt_part_%s", length, path, path + length) < PATH_MAX;
}

int ho_migrate_put(const char *path, const char *text, size_t length, int mode, const char *like)
{
    char part[PATH_MAX];
    struct stat facts;
    size_t made = 0;
    if (!part_of(path, part)) return ENAMETOOLONG;
    if (like != NULL && stat(like, &facts) != 0) return errno;
    char *folder = ho_copy_bytes(path, (size_t)(strrchr(path, '/') - path));
    int reason = folder != NULL ? ho_folders_make(folder, 0777, &made) : ENOMEM;
    free(folder);
    ho_migrate_point();
    if (reason == 0) reason = write_file(part, text, length, mode, like != NULL ? &facts : NULL);
    ho_migrate_point();
    if (reason == 0 && rename(part, path) != 0) reason = errno;
    if (reason != 0) (void)unlink(part);
    ho_migrate_point();
    return reason;
}

static ho_status io_error(ho_error *err, const char *path, int reason)
{
    return ho_fail(err, HO_ERR_IO, "%.700s: %s", path, strerror(reason));
}

static bool path_in(const char *folder, const char *name, char out[PATH_MAX])
{
    return snprintf(out, PATH_MAX, "%s/%s", folder, name) < PATH_MAX;
}

/* What starts the new program from where the old one was started. */
static ho_status shim_text(const char *command, const char *share, char **text, ho_error *err)
{
    char program[PATH_MAX] = "heavyopt";
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0) program[length] = '\0';
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    fprintf(
        t.file,
        "#!/usr/bin/env python3\n"
        "\"\"\"Starts heavyopt %s with the same arguments. Written by heavyopt migrate; heavyopt rollback "
        "takes it\n"
        "away again.\"\"\"\nimport os\nimport shutil\nimport sys\n\nprogram = shutil.which(\"heavyopt\") or ",
        command);
    const char *const quoted[] = {program, share};
    for (size_t i = 0; i < 2; i++) { /* a JSON text is a Python text */
        json_t *value = json_string(quoted[i]);
        char *dump = json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
        json_decref(value);
        if (i == 0) fprintf(t.file, "%s\n", dump != NULL ? dump : "\"heavyopt\"");
        if (i == 1)
            fprintf(t.file, "os.environ.setdefault(\"HEAVYOPT_SHARE\", %s)\n", dump != NULL ? dump : "\".\"");
        if (i == 1) fprintf(t.file, "os.execv(program, [program, \"%s\", *(", command);
        if (i == 1 && strcmp(command, "serve") == 0)
            fprintf(t.file, "[] if \"--share\" in sys.argv else [\"--share\", %s]",
                    dump != NULL ? dump : "\".\"");
        else if (i == 1)
            fputs("[]", t.file);
        free(dump);
    }
    fputs("), *sys.argv[1:]])\n", t.file);
    return ho_text_end(&t, text, err);
}

/* Is there a [parquet] section? */
static bool has_section(const char *text)
{
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += strspn(line, " \t\r\n");
        if (strncasecmp(line, "[parquet]", 9) == 0) return true;
        if (*line == '\0') return false;
    }
    return false;
}

/* The text with the section at its end, in the file's own line ends; everything else stays as it is. */
static char *with_section(const char *text, size_t length, size_t *out_length)
{
    bool crlf = strstr(text, "\r\n") != NULL;
    const char *end = crlf ? "\r\n" : "\n";
    char *out = ho_new_array(length + 4 * sizeof section, 1);
    if (out == NULL) return NULL;
    memcpy(out, text, length);
    size_t used = length;
    bool open_line = length != 0 && text[length - 1] != '\n';
    used += (size_t)sprintf(out + used, "%s%s", open_line ? end : "", length != 0 ? end : "");
    for (const char *c = section; *c != '\0'; c++) {
        if (*c == '\n')
            used += (size_t)sprintf(out + used, "%s", end);
        else
            out[used++] = *c;
    }
    *out_length = used;
    return out;
}

/* The text of a file before the migration: of a resumed one it lies in the backup. */
static char *text_before(const ho_migration *m, const char *name, size_t *length)
{
    char path[PATH_MAX];
    char *text = m->backup[0] != '\0' && path_in(m->backup, name, path) ? ho_migrate_get(path, length) : NULL;
    if (text == NULL && path_in(m->share, name, path)) text = ho_migrate_get(path, length);
    return text;
}

static bool is_planned_as_new(const ho_migration *m, const char *name)
{
    char path[PATH_MAX];
    json_t *manifest =
        m->resumed && path_in(m->backup, "manifest.json", path) ? json_load_file(path, 0, NULL) : NULL;
    const json_t *list = json_object_get(manifest, "added");
    bool found = false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *added = json_string_value(json_object_get(json_array_get(list, i), "path"));
        found |= added != NULL && strcmp(added, name) == 0;
    }
    json_decref(manifest);
    return found;
}

static ho_status plan_file(ho_migration *m, ho_migrate_file *f, ho_error *err)
{
    size_t length = 0;
    char *before = is_planned_as_new(m, f->path) ? NULL : text_before(m, f->path, &length);
    ho_status status = HO_OK;
    f->there = before != NULL;
    if (f->there) ho_sha256(before, length, f->before);
    bool ours = f->there && strstr(before, "Written by heavyopt migrate") != NULL;
    if (strcmp(f->path, PROCESSOR) == 0 && f->there && !ours)
        status = shim_text("serve", m->share, &f->text, err);
    else if (strcmp(f->path, SHIM) == 0 && !f->there)
        status = shim_text("optimize", m->share, &f->text, err);
    else if (strcmp(f->path, ARROW) == 0 && !f->there)
        status = ho_config_default_text(&f->text, err);
    if (f->text != NULL) f->length = strlen(f->text);
    if (strcmp(f->path, PRODUCTION) == 0 && f->there && !has_section(before)) {
        f->text = with_section(before, length, &f->length);
        if (f->text == NULL) status = ho_fail_memory(err, length, "a configuration");
    }
    f->wanted = f->text != NULL;
    if (f->wanted) ho_sha256(f->text, f->length, f->after);
    free(before);
    return status;
}

/* Folders that the additions need and that are not there; of a resumed migration the manifest says. */
static void plan_folders(ho_migration *m)
{
    static const char *const names[] = {"backend", "config"};
    char path[PATH_MAX];
    struct stat facts;
    json_t *manifest =
        m->resumed && path_in(m->backup, "manifest.json", path) ? json_load_file(path, 0, NULL) : NULL;
    m->folders = json_array();
    for (size_t i = 0; i < 2 && manifest == NULL; i++) {
        if (path_in(m->share, names[i], path) && stat(path, &facts) != 0)
            (void)json_array_append_new(m->folders, json_string(names[i]));
    }
    if (manifest != NULL) (void)json_array_extend(m->folders, json_object_get(manifest, "folders"));
    json_decref(manifest);
}

ho_status ho_migrate_plan(ho_migration *m, ho_error *err)
{
    static const char *const paths[HO_MIGRATE_FILES] = {WORKFLOW, PROCESSOR, PRODUCTION, SHIM, ARROW};
    for (size_t i = 0; i < HO_MIGRATE_FILES; i++) {
        m->files[i].path = paths[i];
        HO_TRY(plan_file(m, &m->files[i], err));
    }
    plan_folders(m);
    return HO_OK;
}

static ho_status back_up_one(const ho_migration *m, const ho_migrate_file *f, json_t *originals,
                             ho_error *err)
{
    char from[PATH_MAX], to[PATH_MAX];
    struct stat facts;
    size_t length = 0;
    if (!path_in(m->share, f->path, from) || !path_in(m->backup, f->path, to))
        return io_error(err, f->path, ENAMETOOLONG);
    if (lstat(to, &facts) != 0) { /* of a resumed backup it is there */
        char *text = ho_migrate_get(from, &length);
        int reason = text != NULL ? ho_migrate_put(to, text, length, 0644, from) : errno;
        free(text);
        if (reason != 0) return io_error(err, from, reason);
    }
    if (stat(to, &facts) != 0) return io_error(err, to, errno);
    json_t *line = json_pack("{s:s,s:s,s:I,s:I,s:i}", "path", f->path, "sha256", f->before, "size",
                             (json_int_t)facts.st_size, "mtime", (json_int_t)facts.st_mtime, "mode",
                             (int)(facts.st_mode & 07777));
    return json_array_append_new(originals, line) == 0 ? HO_OK : ho_fail_memory(err, 0, "the manifest");
}

static void put_quoted(FILE *file, const char *text)
{
    fputc('\'', file);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\'')
            fputs("'\\''", file);
        else
            fputc(*c, file);
    }
    fputc('\'', file);
}

/* The way back without heavyopt: hashes of the backup first, then every file, then hashes of the result. */
static ho_status rollback_text(const ho_migration *m, char **text, ho_error *err)
{
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    fputs("#!/bin/sh\n# Takes the migration back: every file as it was, what was added away. Needs no "
          "heavyopt.\nset -eu\n"
          "here=$(CDPATH= cd -- \"$(dirname -- \"$0\")\" && pwd)\nshare=",
          t.file);
    put_quoted(t.file, m->share);
    fputs("\ncheck() {\n    echo \"$2  $1\" | sha256sum -c --status - || { echo \"$1 is not what the "
          "manifest says\" >&2; exit 1; }\n}\n",
          t.file);
    for (size_t i = 0; i < HO_MIGRATE_FILES; i++) {
        if (m->files[i].there)
            fprintf(t.file, "check \"$here/%s\" %s\n", m->files[i].path, m->files[i].before);
    }
    for (size_t i = 0; i < HO_MIGRATE_FILES; i++) {
        const char *slash = strrchr(m->files[i].path, '/');
        fprintf(t.file, "rm -f \"$share/%.*s.heavyopt_part_%s\"\n", (int)(slash - m->files[i].path) + 1,
                m->files[i].path, slash + 1);
        if (m->files[i].there) {
            const char *name = m->files[i].path;
            fprintf(t.file, "cp -p \"$here/%s\" \"$share/%s.heavyopt_old\"\n", name, name);
            fprintf(t.file, "mv -f \"$share/%s.heavyopt_old\" \"$share/%s\"\n", name, name);
            fprintf(t.file, "check \"$share/%s\" %s\n", name, m->files[i].before);
        } else if (m->files[i].wanted) {
            fprintf(t.file, "rm -f \"$share/%s\"\n", m->files[i].path);
        }
    }
    for (size_t i = 0; i < json_array_size(m->folders); i++)
        fprintf(t.file, "rmdir \"$share/%s\" 2>/dev/null || :\n",
                json_string_value(json_array_get(m->folders, i)));
    fputs("date > \"$here/rolled_back\"\necho \"rolled back: $share is as it was before the migration\"\n",
          t.file);
    return ho_text_end(&t, text, err);
}

static ho_status put_in_backup(const ho_migration *m, const char *name, const char *text, int mode,
                               ho_error *err)
{
    char path[PATH_MAX];
    int reason =
        path_in(m->backup, name, path) ? ho_migrate_put(path, text, strlen(text), mode, NULL) : ENAMETOOLONG;
    return reason == 0 ? HO_OK : io_error(err, path, reason);
}

ho_status ho_migrate_back_up(ho_migration *m, ho_error *err)
{
    json_t *originals = json_array(), *added = json_array();
    char *text = NULL;
    ho_status status = HO_OK;
    for (size_t i = 0; i < HO_MIGRATE_FILES && status == HO_OK; i++) {
        const ho_migrate_file *f = &m->files[i];
        if (f->there) status = back_up_one(m, f, originals, err);
        if (!f->there && f->wanted)
            (void)json_array_append_new(added, json_pack("{s:s,s:s}", "path", f->path, "sha256", f->after));
    }
    json_t *manifest = json_pack("{s:s,s:s,s:o,s:o,s:O}", "version", HO_VERSION, "share", m->share,
                                 "originals", originals, "added", added, "folders", m->folders);
    if (status == HO_OK) status = rollback_text(m, &text, err);
    if (status == HO_OK) status = put_in_backup(m, "rollback.sh", text, 0755, err);
    free(text);
    text = manifest != NULL ? json_dumps(manifest, JSON_INDENT(2)) : NULL;
    if (status == HO_OK && text == NULL) status = ho_fail_memory(err, 0, "the manifest");
    if (status == HO_OK) status = put_in_backup(m, "manifest.json", text, 0644, err);
    free(text);
    json_decref(manifest);
    if (status == HO_OK && m->place[0] != '\0') {
        if (rename(m->backup, m->place) != 0) return io_error(err, m->place, errno);
        memcpy(m->backup, m->place, sizeof m->backup);
        ho_migrate_point();
    }
    return status == HO_OK ? ho_strings_printf(&m->steps, err, "backed up into %s", m->backup) : status;
}

static ho_status apply_one(ho_migration *m, const ho_migrate_file *f, ho_error *err)
{
    char path[PATH_MAX], now[HO_SHA256_TEXT] = "";
    if (!path_in(m->share, f->path, path)) return io_error(err, f->path, ENAMETOOLONG);
    int reason = ho_sha256_file(path, now);
    if (reason != 0 && reason != ENOENT) return io_error(err, path, reason);
    if (strcmp(now, f->after) == 0) return HO_OK; /* an interrupted run came this far */
    if (strcmp(now, f->before) != 0)
        return ho_fail(err, HO_ERR_DIFFERENCE,
                       "%.500s was changed since it was backed up; heavyopt rollback first", path);
    int mode = strncmp(f->path, "backend/", 8) == 0 ? 0755 : 0644;
    struct stat facts;
    if (f->there && stat(path, &facts) == 0) mode = (int)(facts.st_mode & 07777);
    reason = ho_migrate_put(path, f->text, f->length, mode, NULL);
    return reason == 0 ? HO_OK : io_error(err, path, reason);
}

ho_status ho_migrate_apply(ho_migration *m, ho_error *err)
{
    for (size_t i = 0; i < HO_MIGRATE_FILES; i++) {
        const ho_migrate_file *f = &m->files[i];
        if (!f->wanted) continue;
        HO_TRY(apply_one(m, f, err));
        HO_TRY(ho_strings_printf(&m->steps, err, "%s %s", f->there ? "changed" : "added", f->path));
    }
    return HO_OK;
}

static bool has_file(const char *folder, const char *name)
{
    char path[PATH_MAX];
    return path_in(folder, name, path) && access(path, F_OK) == 0;
}

bool ho_migrate_find(const char *share, bool unfinished, char backup[PATH_MAX])
{
    char folder[PATH_MAX], best[256] = "";
    DIR *dir = opendir(share);
    for (const struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        if (strncmp(entry->d_name, "migration_backup_", 17) != 0 || !path_in(share, entry->d_name, folder))
            continue;
        bool usable = has_file(folder, "manifest.json") && !has_file(folder, "rolled_back");
        if (usable && unfinished) usable = !has_file(folder, "done");
        if (usable && strcmp(entry->d_name, best) > 0) snprintf(best, sizeof best, "%s", entry->d_name);
    }
    if (dir != NULL) closedir(dir);
    return best[0] != '\0' && path_in(share, best, backup);
}

static ho_status check_backup(const json_t *originals, const char *backup, ho_error *err)
{
    for (size_t i = 0; i < json_array_size(originals); i++) {
        const json_t *line = json_array_get(originals, i);
        const char *name = json_string_value(json_object_get(line, "path"));
        const char *hash = json_string_value(json_object_get(line, "sha256"));
        char path[PATH_MAX], now[HO_SHA256_TEXT] = "";
        if (name == NULL || hash == NULL || strstr(name, "..") != NULL || !path_in(backup, name, path))
            return ho_fail(err, HO_ERR_DATA, "%.700s: a manifest with a line that is none", backup);
        int reason = ho_sha256_file(path, now);
        if (reason != 0 || strcmp(now, hash) != 0)
            return ho_fail(err, HO_ERR_DATA, "%.700s: %s; nothing was changed", path,
                           reason != 0 ? strerror(reason) : "is not what the manifest says");
    }
    return HO_OK;
}

static ho_status restore_one(const char *share, const char *backup, const char *name, ho_error *err)
{
    char from[PATH_MAX], to[PATH_MAX];
    size_t length = 0;
    if (!path_in(backup, name, from) || !path_in(share, name, to)) return io_error(err, name, ENAMETOOLONG);
    char *text = ho_migrate_get(from, &length);
    int reason = text != NULL ? ho_migrate_put(to, text, length, 0644, from) : errno;
    free(text);
    return reason == 0 ? HO_OK : io_error(err, to, reason);
}

/* An added file that somebody changed is kept in the backup. */
static ho_status remove_added(const char *share, const char *backup, const json_t *line, ho_strings *steps,
                              ho_error *err)
{
    char path[PATH_MAX], part[PATH_MAX], kept[PATH_MAX], now[HO_SHA256_TEXT] = "";
    const char *name = json_string_value(json_object_get(line, "path"));
    const char *hash = json_string_value(json_object_get(line, "sha256"));
    if (name == NULL || hash == NULL || strstr(name, "..") != NULL || !path_in(share, name, path) ||
        !part_of(path, part))
        return HO_OK;
    (void)unlink(part);
    if (ho_sha256_file(path, now) != 0) return HO_OK;
    bool changed = strcmp(now, hash) != 0;
    const char *base = strrchr(name, '/');
    if (changed && path_in(backup, base != NULL ? base + 1 : name, kept)) {
        size_t length = 0;
        char *text = ho_migrate_get(path, &length);
        int reason = text != NULL ? ho_migrate_put(kept, text, length, 0644, path) : errno;
        free(text);
        if (reason != 0) return io_error(err, kept, reason);
    }
    if (unlink(path) != 0) return io_error(err, path, errno);
    return ho_strings_printf(steps, err, "removed %s%s", name,
                             changed ? "; its changed text lies in the backup" : "");
}

ho_status ho_migrate_roll_back(const char *share, const char *backup, ho_strings *steps, ho_error *err)
{
    char path[PATH_MAX], part[PATH_MAX];
    json_error_t why;
    json_t *manifest = path_in(backup, "manifest.json", path) ? json_load_file(path, 0, &why) : NULL;
    if (manifest == NULL)
        return ho_fail(err, HO_ERR_DATA, "%.700s: no backup of a migration: %s", backup, why.text);
    const json_t *originals = json_object_get(manifest, "originals"),
                 *added = json_object_get(manifest, "added");
    ho_status status = check_backup(originals, backup, err);
    for (size_t i = 0; i < json_array_size(originals) && status == HO_OK; i++) {
        const char *name = json_string_value(json_object_get(json_array_get(originals, i), "path"));
        status = restore_one(share, backup, name, err);
        if (status == HO_OK && path_in(share, name, path) && part_of(path, part)) (void)unlink(part);
        if (status == HO_OK) status = ho_strings_printf(steps, err, "restored %s", name);
    }
    for (size_t i = 0; i < json_array_size(added) && status == HO_OK; i++)
        status = remove_added(share, backup, json_array_get(added, i), steps, err);
    const json_t *folders = json_object_get(manifest, "folders");
    for (size_t i = 0; i < json_array_size(folders) && status == HO_OK; i++) {
        const char *name = json_string_value(json_array_get(folders, i));
        if (name != NULL && strchr(name, '/') == NULL && *name != '.' && path_in(share, name, path))
            (void)rmdir(path);
    }
    json_decref(manifest);
    if (status == HO_OK && path_in(backup, "rolled_back", path)) {
        int reason = ho_migrate_put(path, "", 0, 0644, NULL);
        if (reason != 0) status = io_error(err, path, reason);
    }
    return status;
}

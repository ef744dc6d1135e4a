/* --watch-input: a new table in input/ becomes a job by itself, once. What was seen stands in
 * jobs/status/processed_files.json. */
#include "base/strings.h"
#include "jobs/serve.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SMALLEST = 10, LARGEST = 100, USUAL = 35 };
static const double stable_seconds = 5;

/* table_ps40.csv: 40. */
static int size_of(const char *name)
{
    const char *at = NULL;
    for (const char *next = name; (next = strcasestr(next, "_ps")) != NULL; next += 3)
        at = next;
    char *end = NULL;
    long size = at != NULL ? strtol(at + 3, &end, 10) : 0;
    bool whole = at != NULL && end != at + 3 && (*end == '.' || *end == '_');
    return whole && size >= SMALLEST && size <= LARGEST ? (int)size : USUAL;
}

static json_t *make_job(const char *id, const char *name)
{
    char when[40];
    ho_time_text(when);
    return json_pack("{s:s,s:s,s:i,s:s,s:s}", "job_id", id, "input_file", name, "portfolio_size",
                     size_of(name), "job_type", "csv_optimization", "timestamp", when);
}

/* auto_NAME_TIME, of the letters that a job may have. */
static void make_id(const char *name, const struct stat *facts, char *id, size_t size)
{
    snprintf(id, size, "auto_%.60s", name);
    for (char *c = id; *c != '\0'; c++)
        *c = isalnum((unsigned char)*c) && (unsigned char)*c < 0x80 ? *c : '_';
    size_t used = strlen(id);
    snprintf(id + used, size - used, "_%lld", (long long)facts->st_mtim.tv_sec);
}

static bool consider(ho_server *server, const char *name, json_t *seen)
{
    char path[PATH_MAX], look[96], id[128];
    struct stat facts;
    if (!ho_share_path(&server->share, path, "input/%s", name) || lstat(path, &facts) != 0) return false;
    if (!S_ISREG(facts.st_mode) || facts.st_size == 0) return false;
    snprintf(look, sizeof look, "%lld %lld", (long long)facts.st_size, (long long)facts.st_mtim.tv_sec);
    const char *before = json_string_value(json_object_get(seen, name));
    if (before != NULL && strcmp(before, look) == 0) return false;
    if (ho_watch_unchanged(&server->inputs, name, look) < stable_seconds) return false;
    make_id(name, &facts, id, sizeof id);
    json_t *job = make_job(id, name);
    bool made = job != NULL && ho_share_path(&server->share, path, "jobs/queue/%s.json", id) &&
                ho_share_put_json(path, job);
    json_decref(job);
    return made && json_object_set_new(seen, name, json_string(look)) == 0;
}

void ho_watch_input(ho_server *server)
{
    char folder[PATH_MAX], path[PATH_MAX];
    ho_strings names = {0};
    if (!ho_share_path(&server->share, folder, "input") ||
        !ho_share_path(&server->share, path, "jobs/status/processed_files.json") ||
        !ho_share_lock(&server->share))
        return;
    json_t *seen = ho_share_get_json(path);
    if (!json_is_object(seen)) {
        json_decref(seen);
        seen = json_object();
    }
    bool changed = false;
    if (ho_share_list(folder, ".csv", &names, NULL) == HO_OK) {
        ho_watch_keep(&server->inputs, &names);
        for (size_t i = 0; i < names.count; i++)
            changed |= strlen(names.items[i]) < 160 && consider(server, names.items[i], seen);
    }
    if (changed) (void)ho_share_put_json(path, seen);
    ho_share_unlock(&server->share);
    ho_strings_clear(&names);
    json_decref(seen);
}

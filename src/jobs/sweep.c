/* Staging folders of attempts that nobody works on any more: one that outlived the taking over of its job, because its
 * process was still being ended or its server only slept, and then died before it could clean up. A folder belongs to
 * an attempt as long as the attempt's lease holds; without one it is swept when it has been seen for a lease's time. */
#include "base/files.h"
#include "base/strings.h"
#include "jobs/serve.h"

#include <dirent.h>
#include <string.h>

static const char prefix[] = ".job-";

static bool is_leased(const ho_server *server, const ho_strings *leases, const char *token)
{
    char path[PATH_MAX];
    bool found = false;
    for (size_t i = 0; i < leases->count && !found; i++) {
        json_t *lease = ho_share_path(&server->share, path, "jobs/processing/%s", leases->items[i])
                            ? ho_share_get_json(path)
                            : NULL;
        const char *of = json_string_value(json_object_get(lease, "token"));
        found = of != NULL && strcmp(of, token) == 0;
        json_decref(lease);
    }
    return found;
}

static ho_status list_staged(const ho_server *server, ho_strings *staged)
{
    char path[PATH_MAX];
    DIR *dir = ho_share_path(&server->share, path, "output") ? opendir(path) : NULL;
    ho_status status = HO_OK;
    for (const struct dirent *entry; dir != NULL && status == HO_OK && (entry = readdir(dir)) != NULL;) {
        if (strncmp(entry->d_name, prefix, sizeof prefix - 1) == 0)
            status = ho_strings_add(staged, entry->d_name, NULL);
    }
    if (dir != NULL) closedir(dir);
    return status;
}

void ho_sweep(ho_server *server)
{
    char path[PATH_MAX];
    ho_strings staged = {0}, leases = {0};
    bool known = list_staged(server, &staged) == HO_OK && staged.count > 0 &&
                 ho_share_path(&server->share, path, "jobs/processing") &&
                 ho_share_list(path, ".lease", &leases, NULL) == HO_OK;
    ho_watch_keep(&server->staged, &staged);
    for (size_t i = 0; known && i < staged.count; i++) {
        const char *token = staged.items[i] + sizeof prefix - 1;
        const bool leased = is_leased(server, &leases, token);
        const double seen = ho_watch_unchanged(&server->staged, staged.items[i], leased ? "leased" : "left");
        if (leased || seen < server->s->lease ||
            !ho_share_path(&server->share, path, "output/%s", staged.items[i]))
            continue;
        ho_folder_remove(path);
        ho_record_log(&server->record, "%s: the folder of a lost attempt was taken away", staged.items[i]);
    }
    ho_strings_clear(&staged);
    ho_strings_clear(&leases);
}

/* Which files are read as which kind. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "run/consolidate.h"
#include "run/ini.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { MOST_PARTS = 64 };

static void clear_part(ho_consolidate_part *p)
{
    free(p->section);
    ho_options_clear(ho_trade_option_table(), &p->settings);
    ho_strings_clear(&p->paths);
    ho_strings_clear(&p->written);
    ho_panel_free(&p->panel);
    ho_load_report_clear(&p->report);
    ho_gathered_clear(&p->gathered);
}

void ho_consolidation_clear(ho_consolidation *c)
{
    for (size_t i = 0; i < c->count; i++)
        clear_part(&c->parts[i]);
    free(c->parts);
    free(c->base);
    free(c->config);
    ho_strings_clear(&c->lost);
    ho_strings_clear(&c->warnings);
    *c = (ho_consolidation){0};
}

static ho_status part_called(ho_consolidation *c, const ho_trade_kind *kind, const char *section,
                             ho_consolidate_part **part, ho_error *err)
{
    for (size_t i = 0; i < c->count; i++) {
        if (strcasecmp(c->parts[i].section, section) != 0) continue;
        *part = &c->parts[i];
        return HO_OK;
    }
    if (c->count == MOST_PARTS)
        return ho_fail(err, HO_ERR_USAGE, "more than %d sections of formats", MOST_PARTS);
    ho_consolidate_part *grown = ho_grow_array(c->parts, c->count + 1, sizeof *grown);
    if (grown == NULL) return ho_fail_memory(err, sizeof *grown, "formats");
    c->parts = grown;
    *part = &c->parts[c->count];
    **part = (ho_consolidate_part){.kind = kind, .section = ho_copy_text(section)};
    if ((*part)->section == NULL) return ho_fail_memory(err, 0, "formats");
    c->count++;
    return HO_OK;
}

static ho_status take_key(ho_consolidation *c, const ho_ini_entry *e, ho_error *err)
{
    const ho_trade_kind *kind = ho_trade_kind_of_section(e->section);
    ho_option_table table = ho_trade_option_table();
    if (kind == NULL && strncasecmp(e->section, "FORMAT_", 7) == 0)
        return ho_strings_printf(&c->warnings, err,
                                 "%s:%zu: [%s] is none of the %zu formats, and is passed over", c->config,
                                 e->line, e->section, ho_trade_kind_count());
    if (kind == NULL || e->overridden) return HO_OK; /* [DEBUG], [TELEGRAM]: nothing here sends anything */
    ho_consolidate_part *part = NULL;
    HO_TRY(part_called(c, kind, e->section, &part, err));
    if (ho_options_find(table, e->key) == NULL) {
        const char *near = ho_options_nearest(table, e->key);
        return ho_strings_printf(&c->warnings, err, "%s:%zu: [%s] has no key %s%s%s", c->config, e->line,
                                 e->section, e->key, near != NULL ? "; meant is perhaps " : "",
                                 near != NULL ? near : "");
    }
    ho_error fault;
    if (*e->value == '\0' || ho_options_set(table, &part->settings, e->key, e->value, &fault) == HO_OK)
        return HO_OK;
    return ho_fail(err, HO_ERR_USAGE, "%s:%zu: [%s] %s", c->config, e->line, e->section, fault.text);
}

static ho_status read_config(ho_consolidation *c, ho_error *err)
{
    ho_ini ini = {0};
    ho_status status = ho_ini_read(c->config, &ini, NULL, err);
    for (size_t i = 0; status == HO_OK && i < ini.count; i++)
        status = take_key(c, &ini.entries[i], err);
    ho_ini_clear(&ini);
    if (status == HO_OK && c->count == 0)
        status = ho_fail(err, HO_ERR_USAGE, "%s: no section [FORMAT_1_...] to [FORMAT_%zu_...]", c->config,
                         ho_trade_kind_count());
    return status;
}

static bool wanted(const ho_trade_kind *kind, const ho_strings *numbers)
{
    char text[16];
    snprintf(text, sizeof text, "%d", kind->number);
    return numbers->count == 0 || ho_strings_has(numbers, text);
}

static ho_status check_numbers(const ho_strings *numbers, ho_error *err)
{
    for (size_t i = 0; i < numbers->count; i++) {
        size_t k = 0;
        char text[16] = "";
        for (; k < ho_trade_kind_count() && strcmp(text, numbers->items[i]) != 0; k++)
            snprintf(text, sizeof text, "%d", ho_trade_kind_at(k)->number);
        if (strcmp(text, numbers->items[i]) != 0)
            return ho_fail(err, HO_ERR_USAGE, "no format has the number %.40s; there are 1 to %zu",
                           numbers->items[i], ho_trade_kind_count());
    }
    return HO_OK;
}

/* Parts that nobody asked for go; the others get what their sections do not say. */
static ho_status finish_parts(ho_consolidation *c, const ho_strings *numbers, ho_error *err)
{
    for (size_t i = 0; c->config == NULL && i < ho_trade_kind_count(); i++) {
        ho_consolidate_part *part = NULL;
        HO_TRY(part_called(c, ho_trade_kind_at(i), ho_trade_kind_at(i)->section, &part, err));
    }
    size_t kept = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (wanted(c->parts[i].kind, numbers))
            c->parts[kept++] = c->parts[i];
        else
            clear_part(&c->parts[i]);
    }
    c->count = kept;
    for (size_t i = 0; i < c->count; i++)
        HO_TRY(ho_trade_settings_complete(c->parts[i].kind, &c->parts[i].settings, err));
    return HO_OK;
}

static bool is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static bool is_file(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
}

/* The files of a folder that a kind takes (any kind: NULL), in the order of their names. */
static ho_status list_files(const char *folder, const ho_trade_kind *kind, ho_strings *paths, ho_error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, alphasort);
    if (count < 0) return ho_fail(err, HO_ERR_DATA, "%s: %s", folder, strerror(errno));
    ho_status status = HO_OK;
    for (int i = 0; i < count; i++) {
        bool takes = kind != NULL && ho_trade_kind_takes(kind, entries[i]->d_name);
        for (size_t k = 0; kind == NULL && !takes && k < ho_trade_kind_count(); k++)
            takes = ho_trade_kind_takes(ho_trade_kind_at(k), entries[i]->d_name);
        char *path = takes && status == HO_OK ? ho_path_join(folder, entries[i]->d_name) : NULL;
        if (takes && status == HO_OK && path == NULL) status = ho_fail_memory(err, 0, folder);
        if (path != NULL && is_file(path)) status = ho_strings_add(paths, path, err);
        free(path);
        free(entries[i]);
    }
    free(entries);
    return status;
}

/* Each file goes to the kind that reads most trades from it; the earlier kind, where two read as many. */
static ho_status guess_file(ho_consolidation *c, const char *path, ho_error *err)
{
    size_t best = SIZE_MAX, most = 0;
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    char why[512] = "no format reads a file of that name";
    for (size_t i = 0; i < c->count; i++) {
        ho_consolidate_part *part = &c->parts[i];
        ho_trade_file file = {0};
        ho_zones zones = {0};
        if (!ho_trade_kind_takes(part->kind, name)) continue;
        if (part->kind->zoned) HO_TRY(ho_zones_of(&part->settings, &zones, err));
        ho_status status = ho_trade_file_read(path, part->kind, &part->settings, &zones, &file, err);
        ho_zones_clear(&zones);
        if (status == HO_OK && file.count > most) {
            most = file.count;
            best = i;
        }
        if (status == HO_OK && file.refusal != NULL) snprintf(why, sizeof why, "%s", file.refusal);
        ho_trade_file_clear(&file);
        if (status != HO_OK) return status;
    }
    if (best != SIZE_MAX) return ho_strings_add(&c->parts[best].paths, path, err);
    return strstr(why, path) == why ? ho_strings_add(&c->lost, why, err)
                                    : ho_strings_printf(&c->lost, err, "%s: %s", path, why);
}

static ho_status guess(ho_consolidation *c, const char *input, ho_error *err)
{
    ho_strings paths = {0};
    c->guessed = true;
    ho_status status =
        is_folder(input) ? list_files(input, NULL, &paths, err) : ho_strings_add(&paths, input, err);
    for (size_t i = 0; status == HO_OK && i < paths.count; i++)
        status = guess_file(c, paths.items[i], err);
    if (status == HO_OK && paths.count == 0)
        status = ho_fail(err, HO_ERR_DATA, "%s: no folder of a format, as %s, and no .csv or .xlsx file",
                         input, c->count != 0 ? c->parts[0].settings.folder : "Backinzo_Files");
    ho_strings_clear(&paths);
    return status;
}

/* *any: the base has a folder of some part. */
static ho_status find_files(ho_consolidation *c, bool *any, ho_error *err)
{
    *any = false;
    for (size_t i = 0; i < c->count; i++) {
        ho_consolidate_part *part = &c->parts[i];
        char *folder = ho_path_join(c->base, part->settings.folder);
        if (folder == NULL) return ho_fail_memory(err, 0, "a folder's name");
        bool there = is_folder(folder);
        ho_status status = there ? list_files(folder, part->kind, &part->paths, err) : HO_OK;
        free(folder);
        if (status != HO_OK) return status;
        *any = *any || there;
    }
    return HO_OK;
}

static ho_status set_base(ho_consolidation *c, const char *input, const char *below, ho_error *err)
{
    free(c->base);
    c->base = *below == '\0' ? ho_copy_text(input) : ho_path_join(input, below);
    return c->base != NULL ? HO_OK : ho_fail_memory(err, strlen(input), "a folder's name");
}

static ho_status find_config(ho_consolidation *c, const char *input, const char *config, ho_error *err)
{
    static const char *const places[] = {"config_consol.ini", "config/config_consol.ini"};
    if (config != NULL) {
        c->config = ho_copy_text(config);
        return c->config != NULL ? HO_OK : ho_fail_memory(err, strlen(config), "a file's name");
    }
    for (size_t i = 0; i < sizeof places / sizeof *places && is_folder(input); i++) {
        char *path = ho_path_join(input, places[i]);
        if (path == NULL) return ho_fail_memory(err, 0, "a file's name");
        if (is_file(path)) {
            c->config = path;
            return HO_OK;
        }
        free(path);
    }
    return HO_OK;
}

ho_status ho_consolidate_plan(const char *input, const char *config, const ho_strings *numbers,
                              ho_consolidation *c, ho_error *err)
{
    static const char *const below[] = {"Input", "input", ""};
    struct stat facts;
    bool any = false;
    HO_TRY(check_numbers(numbers, err));
    if (stat(input, &facts) != 0) return ho_fail(err, HO_ERR_DATA, "%s: %s", input, strerror(errno));
    HO_TRY(find_config(c, input, config, err));
    if (c->config != NULL) HO_TRY(read_config(c, err));
    HO_TRY(finish_parts(c, numbers, err));
    for (size_t i = 0; i < sizeof below / sizeof *below && !any && S_ISDIR(facts.st_mode); i++) {
        HO_TRY(set_base(c, input, below[i], err));
        HO_TRY(find_files(c, &any, err));
    }
    return any ? HO_OK : guess(c, input, err);
}

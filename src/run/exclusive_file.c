#include "run/exclusive_file.h"

#include "base/error.h"
#include "base/memory.h"
#include "run/names_file.h"
#include "screen/select.h"

#include <string.h>

typedef struct reading {
    const ho_panel *panel;
    uint32_t *line, *pairs;
    size_t line_count, line_room, pair_count, pair_room;
} reading;

static ho_status add_name(reading *r, const char *where, char *name, ho_error *err)
{
    if (r->line_count == r->line_room) {
        const size_t room = 2 * r->line_room + 8;
        uint32_t *line = ho_grow_array(r->line, room, sizeof *line);
        if (line == NULL)
            return ho_fail_memory(err, room * sizeof *line, "strategies that may not be together");
        r->line = line;
        r->line_room = room;
    }
    return ho_find_strategy(r->panel, ho_names_trim(name), where, &r->line[r->line_count++], err);
}

static ho_status add_pair(reading *r, uint32_t first, uint32_t second, ho_error *err)
{
    if (r->pair_count == r->pair_room) {
        const size_t room = 2 * r->pair_room + 8;
        uint32_t *pairs = ho_grow_array(r->pairs, 2 * room, sizeof *pairs);
        if (pairs == NULL)
            return ho_fail_memory(err, 2 * room * sizeof *pairs, "strategies that may not be together");
        r->pairs = pairs;
        r->pair_room = room;
    }
    r->pairs[2 * r->pair_count] = first;
    r->pairs[2 * r->pair_count++ + 1] = second;
    return HO_OK;
}

static ho_status read_line(void *user, const char *where, char *line, ho_error *err)
{
    reading *r = user;
    r->line_count = 0;
    while (line != NULL) {
        char *name = strsep(&line, "\t");
        if (*ho_names_trim(name) != '\0') HO_TRY(add_name(r, where, name, err));
    }
    if (r->line_count < 2)
        return ho_fail(err, HO_ERR_USAGE, "%s: two names or more were expected, with tabs between them",
                       where);
    for (size_t i = 1; i < r->line_count; i++) {
        for (size_t k = 0; k < i; k++)
            HO_TRY(add_pair(r, r->line[k], r->line[i], err));
    }
    return HO_OK;
}

ho_status ho_exclusive_file_read(const char *path, const ho_panel *panel, uint32_t **pairs, size_t *count,
                                 ho_error *err)
{
    reading r = {.panel = panel};
    ho_status status = ho_names_file_each(path, read_line, &r, err);
    free(r.line);
    if (status != HO_OK) {
        free(r.pairs);
        return status;
    }
    *pairs = r.pairs;
    *count = r.pair_count;
    return HO_OK;
}

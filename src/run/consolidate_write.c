/* The table of a part as files. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"
#include "run/consolidate.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PART_STRATEGIES = 500, PART_ROWS = 50000 };

static ho_status export_panel(ho_consolidate_part *part, const ho_panel *panel, const char *path,
                              ho_error *err)
{
    ho_export_options options = {0};
    HO_TRY(ho_options_defaults(ho_export_option_table(), &options, err));
    ho_status status = ho_table_export(path, panel, &options, err);
    ho_options_clear(ho_export_option_table(), &options);
    return status == HO_OK ? ho_strings_add(&part->written, path, err) : status;
}

static size_t pieces(size_t all, size_t most)
{
    return (all + most - 1) / most;
}

/* As the old tool cut its tables of zones: 500 strategies x 50,000 rows a file, rows first. */
static ho_status write_parts(ho_consolidate_part *part, const char *stem, ho_error *err)
{
    size_t rows = part->panel->values.rows, strategies = part->panel->values.columns, number = 0;
    uint32_t chosen[PART_STRATEGIES];
    for (size_t r = 0; r < pieces(rows, PART_ROWS); r++) {
        for (size_t j = 0; j < pieces(strategies, PART_STRATEGIES); j++) {
            size_t first = r * PART_ROWS, count = rows - first < PART_ROWS ? rows - first : PART_ROWS,
                   columns = 0;
            for (size_t k = j * PART_STRATEGIES; k < strategies && columns < PART_STRATEGIES; k++)
                chosen[columns++] = (uint32_t)k;
            ho_panel *cut = NULL;
            char path[4200];
            snprintf(path, sizeof path, "%s_part%zu.csv", stem, ++number);
            HO_TRY(ho_panel_cut(part->panel, first, count, chosen, columns, &cut, err));
            ho_status status = export_panel(part, cut, path, err);
            ho_panel_free(&cut);
            if (status != HO_OK) return status;
        }
    }
    return HO_OK;
}

ho_status ho_consolidate_write(ho_consolidate_part *part, const char *output, const char *stamp, bool split,
                               ho_error *err)
{
    char stem[4096], path[4200];
    if (ho_export_knows(output)) return export_panel(part, part->panel, output, err);
    size_t made = 0;
    int reason = ho_folders_make(output, 0777, &made);
    if (reason != 0) return ho_fail(err, HO_ERR_IO, "%s: %s", output, strerror(reason));
    int length = snprintf(stem, sizeof stem, "%s/%s_%s", output, part->kind->prefix, stamp);
    if (length < 0 || (size_t)length >= sizeof stem - 16)
        return ho_fail(err, HO_ERR_USAGE, "%.100s...: too long a name", output);
    snprintf(path, sizeof path, "%s.csv", stem);
    for (int i = 2; access(path, F_OK) == 0 && i < 1000;
         i++) { /* two runs in one second, two sections of one kind */
        snprintf(stem + length, sizeof stem - (size_t)length, "_%d", i);
        snprintf(path, sizeof path, "%s.csv", stem);
    }
    if (split && part->kind->zoned) return write_parts(part, stem, err);
    return export_panel(part, part->panel, path, err);
}

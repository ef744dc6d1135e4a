#include "store/trades/gather.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/load_options.h"
#include "store/pivot.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

void ho_gathered_clear(ho_gathered *g)
{
    for (size_t i = 0; i < g->count; i++)
        ho_trade_file_clear(&g->files[i]);
    free(g->files);
    free(g->counts);
    ho_strings_clear(&g->warnings);
    *g = (ho_gathered){0};
}

/* The fault of the first file that has one, whatever the order of the threads. */
static ho_status read_files(const ho_trade_kind *kind, const ho_trade_settings *settings,
                            const ho_zones *zones, const ho_strings *paths, int threads, ho_gathered *g,
                            ho_error *err)
{
    ho_status status = HO_OK;
    size_t at_fault = SIZE_MAX;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads > 0 ? threads : 1)
    for (size_t i = 0; i < paths->count; i++) {
        ho_error fault = {""};
        ho_status here = ho_trade_file_read(paths->items[i], kind, settings, zones, &g->files[i], &fault);
        if (here == HO_OK) continue;
#pragma omp critical(ho_trades_fault)
        if (i < at_fault) {
            at_fault = i;
            status = ho_fail(err, here, "%s", fault.text);
        }
    }
    return status;
}

/* Cells that came from several files: which file gave a cell first. */
typedef struct meeting {
    uint64_t *keys; /* a cell + 1, 0: free */
    uint32_t *files;
    size_t mask, used;
    size_t met;
    size_t file_a, file_b;
    uint32_t strategy;
    int32_t date;
} meeting;

static ho_status grow_meeting(meeting *m, ho_error *err)
{
    size_t slots = m->keys == NULL ? 1024 : 2 * (m->mask + 1);
    meeting grown = *m;
    grown.keys = HO_NEW(uint64_t, slots);
    grown.files = HO_NEW(uint32_t, slots);
    if (grown.keys == NULL || grown.files == NULL) {
        free(grown.keys);
        free(grown.files);
        return ho_fail_memory(err, slots * sizeof *grown.keys, "the cells of a table");
    }
    grown.mask = slots - 1;
    for (size_t i = 0; m->keys != NULL && i <= m->mask; i++) {
        if (m->keys[i] == 0) continue;
        size_t at = (size_t)XXH3_64bits(&m->keys[i], sizeof m->keys[i]) & grown.mask;
        while (grown.keys[at] != 0)
            at = (at + 1) & grown.mask;
        grown.keys[at] = m->keys[i];
        grown.files[at] = m->files[i];
    }
    free(m->keys);
    free(m->files);
    *m = grown;
    return HO_OK;
}

static ho_status meet(meeting *m, uint32_t row, const ho_trade *trade, uint32_t strategy, size_t file,
                      ho_error *err)
{
    if (m->keys == NULL || 2 * m->used > m->mask) HO_TRY(grow_meeting(m, err));
    uint64_t key = ((uint64_t)row << 32 | strategy) + 1;
    size_t at = (size_t)XXH3_64bits(&key, sizeof key) & m->mask;
    while (m->keys[at] != 0 && m->keys[at] != key)
        at = (at + 1) & m->mask;
    if (m->keys[at] == 0) {
        m->keys[at] = key;
        m->files[at] = (uint32_t)file;
        m->used++;
    } else if (m->files[at] != file) {
        if (m->met++ == 0) {
            m->file_a = m->files[at];
            m->file_b = file;
            m->strategy = strategy;
            m->date = trade->date;
        }
        m->files[at] = (uint32_t)file; /* counted once a file, not once a trade */
    }
    return HO_OK;
}

static ho_status text_number(ho_texts *texts, const char *text, uint32_t *number, ho_error *err)
{
    return ho_texts_add(texts, text, strlen(text), number, err);
}

/* The trades of one file into the table; they are gone afterwards. */
static ho_status add_file(ho_gathered *g, size_t i, ho_pivot *pivot, meeting *m, ho_error *err)
{
    ho_trade_file *f = &g->files[i];
    uint32_t *names = HO_NEW(uint32_t, f->strategies.count), day = 0;
    if (names == NULL) return ho_fail_memory(err, f->strategies.count, f->path);
    ho_status status = HO_OK;
    for (size_t j = 0; status == HO_OK && j < f->strategies.count; j++)
        status = text_number(&pivot->strategies, f->strategies.items[j], &names[j], err);
    int32_t last = INT32_MIN;
    for (size_t k = 0; status == HO_OK && k < f->count; k++) {
        const ho_trade *t = &f->trades[k];
        uint32_t keys[HO_PIVOT_KEYS] = {0}, row = 0;
        char date[16];
        if (t->date != last)
            status = text_number(&pivot->keys[HO_PIVOT_DATE], ho_date_print(t->date, date), &day, err);
        last = t->date;
        keys[HO_PIVOT_DATE] = day;
        const char *zone = g->by_zone ? f->zones.items[t->zone] : HO_TRADES_ALL_DAY;
        if (status == HO_OK)
            status = text_number(&pivot->keys[HO_PIVOT_ZONE], zone, &keys[HO_PIVOT_ZONE], err);
        if (status == HO_OK) status = ho_pivot_row(pivot, keys, &row, err);
        if (status == HO_OK) status = meet(m, row, t, names[t->strategy], i, err);
        if (status == HO_OK) status = ho_pivot_add(pivot, row, names[t->strategy], t->amount, err);
    }
    free(names);
    free(f->trades);
    f->trades = NULL;
    g->counts[i] = f->count;
    return status;
}

static ho_status warn_of_meetings(ho_gathered *g, const ho_pivot *pivot, const meeting *m, ho_error *err)
{
    if (m->met == 0) return HO_OK;
    size_t length = 0;
    char date[16];
    const char *name = ho_texts_at(&pivot->strategies, m->strategy, &length);
    return ho_strings_printf(
        &g->warnings, err,
        "cells summed out of more than one file: %zu, the first of \"%.*s\" on %s, from %.300s and %.300s",
        m->met, (int)(length < 80 ? length : 80), name, ho_date_print(m->date, date),
        g->files[m->file_a].path, g->files[m->file_b].path);
}

static ho_status build(ho_gathered *g, const ho_strings *paths, int threads, ho_panel **panel,
                       ho_load_report *report, ho_error *err)
{
    ho_pivot pivot = {.has = {[HO_PIVOT_DATE] = true, [HO_PIVOT_ZONE] = true}};
    meeting m = {0};
    ho_load_options options = {0};
    ho_status status = ho_options_defaults(ho_load_option_table(), &options, err);
    for (size_t i = 0; status == HO_OK && i < g->count; i++)
        status = add_file(g, i, &pivot, &m, err);
    if (status == HO_OK) status = warn_of_meetings(g, &pivot, &m, err);
    free(m.keys);
    free(m.files);
    if (status == HO_OK && g->trades != 0) {
        ho_table_source source = {.path = paths->items[0], .format = "trades", .trusted = true};
        status = ho_pivot_build(&pivot, &source, &options, threads, panel, report, err);
    }
    ho_pivot_clear(&pivot);
    ho_options_clear(ho_load_option_table(), &options);
    return status;
}

/* Zones count when they are asked for and at least a tenth of the trades lies in one. */
static ho_status choose_zones(const ho_trade_kind *kind, const ho_trade_settings *settings, ho_gathered *g,
                              ho_error *err)
{
    g->by_zone =
        kind->zoned && settings->merge_keys != NULL && strcasestr(settings->merge_keys, "zone") != NULL;
    if (!g->by_zone || 10 * g->zoned >= g->trades) return HO_OK;
    g->by_zone = false;
    return ho_strings_printf(&g->warnings, err,
                             "%zu of %zu trades lie in a zone, under a tenth: days are not cut into zones",
                             g->zoned, g->trades);
}

static ho_status gather(const ho_trade_kind *kind, const ho_trade_settings *settings, const ho_zones *zones,
                        const ho_strings *paths, int threads, ho_panel **panel, ho_load_report *report,
                        ho_gathered *g, ho_error *err)
{
    g->files = HO_NEW(ho_trade_file, paths->count);
    g->counts = HO_NEW(size_t, paths->count);
    if (g->files == NULL || g->counts == NULL)
        return ho_fail_memory(err, paths->count * sizeof *g->files, "trade logs");
    g->count = paths->count;
    HO_TRY(read_files(kind, settings, zones, paths, threads, g, err));
    for (size_t i = 0; i < g->count; i++) {
        g->trades += g->files[i].count;
        g->zoned += g->files[i].zoned;
    }
    HO_TRY(choose_zones(kind, settings, g, err));
    return build(g, paths, threads, panel, report, err);
}

ho_status ho_trades_gather(const ho_trade_kind *kind, const ho_trade_settings *settings,
                           const ho_strings *paths, int threads, ho_panel **panel, ho_load_report *report,
                           ho_gathered *gathered, ho_error *err)
{
    ho_zones zones = {0};
    ho_gathered made = {0};
    if (kind->zoned) HO_TRY(ho_zones_of(settings, &zones, err));
    ho_status status = gather(kind, settings, &zones, paths, threads, panel, report, &made, err);
    ho_zones_clear(&zones);
    if (status == HO_OK)
        *gathered = made;
    else
        ho_gathered_clear(&made);
    return status;
}

#include "store/extract.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/classify.h"
#include "store/dates.h"
#include "store/load_report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

static bool given(const char *text)
{
    return text != NULL && *text != '\0';
}

bool ho_extract_any(const ho_load_options *options)
{
    return options != NULL && (given(options->from) || given(options->to) || options->names.count > 0);
}

ho_load_options ho_extract_whole(const ho_load_options *options)
{
    ho_load_options whole = *options;
    whole.from = whole.to = NULL;
    whole.names = (ho_strings){0};
    whole.drop_constant = false;
    whole.strat_limit = 0;
    return whole;
}

static ho_status read_day(const char *option, const char *text, int32_t *day, ho_error *err)
{
    if (!given(text)) return HO_OK;
    if (ho_date_read(0, text, strlen(text), day)) return HO_OK;
    return ho_fail(err, HO_ERR_USAGE, "%s: \"%s\" is no date like 2024-10-30", option, text);
}

/* A name a line; blank lines are none. A file of Windows may end its lines in two bytes. */
static ho_status read_names(const char *path, ho_strings *names, ho_error *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) return ho_fail(err, HO_ERR_DATA, "names: %s: %s", path, strerror(errno));
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    ho_status status = HO_OK;
    while (status == HO_OK && (length = getline(&line, &size, file)) >= 0) {
        while (length > 0 && strchr("\r\n", line[length - 1]) != NULL)
            line[--length] = '\0';
        if (length > 0) status = ho_strings_add(names, line, err);
    }
    if (status == HO_OK && ferror(file) != 0)
        status = ho_fail(err, HO_ERR_DATA, "names: %s: cannot be read to its end", path);
    free(line);
    fclose(file);
    return status;
}

ho_status ho_extract_of(const ho_load_options *options, ho_extract *out, ho_error *err)
{
    ho_extract s = {.from = INT32_MIN, .to = INT32_MAX, .named = options->names.count > 0};
    HO_TRY(read_day("from", options->from, &s.from, err));
    HO_TRY(read_day("to", options->to, &s.to, err));
    if (s.from > s.to)
        return ho_fail(err, HO_ERR_USAGE, "from: %s lies after to: %s", options->from, options->to);
    ho_status status = HO_OK;
    for (size_t i = 0; status == HO_OK && i < options->names.count; i++) {
        const char *name = options->names.items[i];
        status = name[0] == '@' ? read_names(name + 1, &s.names, err) : ho_strings_add(&s.names, name, err);
    }
    if (status == HO_OK && s.named && s.names.count == 0)
        status = ho_fail(err, HO_ERR_USAGE, "names: the file %s names nothing", options->names.items[0] + 1);
    if (status == HO_OK)
        *out = s;
    else
        ho_strings_clear(&s.names);
    return status;
}

void ho_extract_clear(ho_extract *extract)
{
    ho_strings_clear(&extract->names);
    *extract = (ho_extract){0};
}

static uint32_t *slot_of(const ho_name_index *x, const ho_panel *panel, const char *name)
{
    size_t at = (size_t)XXH3_64bits(name, strlen(name)) & x->mask;
    while (x->slots[at] != 0 && strcmp(panel->names[x->slots[at] - 1], name) != 0)
        at = (at + 1) & x->mask;
    return &x->slots[at];
}

ho_status ho_name_index_of(const ho_panel *panel, ho_name_index *index, ho_error *err)
{
    size_t slots = 16;
    while (slots < 2 * panel->values.columns)
        slots *= 2;
    ho_name_index x = {HO_NEW(uint32_t, slots), slots - 1};
    if (x.slots == NULL) return ho_fail_memory(err, slots * sizeof *x.slots, "the names of the strategies");
    for (size_t j = 0; j < panel->values.columns; j++)
        *slot_of(&x, panel, panel->names[j]) = (uint32_t)j + 1;
    *index = x;
    return HO_OK;
}

uint32_t ho_name_find(const ho_name_index *index, const ho_panel *panel, const char *name)
{
    return *slot_of(index, panel, name) - 1;
}

static ho_status unknown_name(const char *path, const char *name, const ho_panel *panel, ho_error *err)
{
    const char *near = ho_text_nearest(name, (const char *const *)panel->names, panel->values.columns);
    if (near == NULL) return ho_fail(err, HO_ERR_USAGE, "names: %s has no strategy \"%s\"", path, name);
    return ho_fail(err, HO_ERR_USAGE, "names: %s has no strategy \"%s\"; the nearest is \"%s\"", path, name,
                   near);
}

static ho_status find_strategies(const char *path, const ho_extract *s, const ho_panel *panel, ho_part *part,
                                 ho_error *err)
{
    size_t all = panel->values.columns, kept = 0;
    ho_name_index x = {0};
    bool *wanted = HO_NEW(bool, all);
    uint32_t *chosen = HO_NEW(uint32_t, all);
    ho_status status = wanted == NULL || chosen == NULL
                           ? ho_fail_memory(err, all * sizeof *chosen, "the chosen strategies")
                           : ho_name_index_of(panel, &x, err);
    for (size_t i = 0; status == HO_OK && i < s->names.count; i++) {
        uint32_t found = ho_name_find(&x, panel, s->names.items[i]);
        if (found == UINT32_MAX)
            status = unknown_name(path, s->names.items[i], panel, err);
        else
            wanted[found] = true;
    }
    for (size_t j = 0; status == HO_OK && j < all; j++) {
        if (wanted[j]) chosen[kept++] = (uint32_t)j;
    }
    free(x.slots);
    free(wanted);
    if (status != HO_OK) {
        free(chosen);
        return status;
    }
    part->strategies = chosen;
    part->strategy_count = kept;
    return HO_OK;
}

ho_status ho_extract_find(const char *path, const ho_extract *s, const ho_panel *panel, ho_part *part,
                          ho_error *err)
{
    size_t rows = panel->values.rows;
    ho_part found = {.strategy_count = panel->values.columns};
    while (found.first < rows && panel->periods[found.first].date < s->from)
        found.first++;
    while (found.first + found.count < rows && panel->periods[found.first + found.count].date <= s->to)
        found.count++;
    if (found.count == 0) {
        char first[16], last[16];
        return ho_fail(err, HO_ERR_DATA, "%s: no row lies between the dates asked for; it goes from %s to %s",
                       path, ho_date_print(panel->periods[0].date, first),
                       ho_date_print(panel->periods[rows - 1].date, last));
    }
    if (s->named) HO_TRY(find_strategies(path, s, panel, &found, err));
    *part = found;
    return HO_OK;
}

ho_status ho_load_report_recount(const ho_panel *panel, int threads, ho_load_report *report, ho_error *err)
{
    size_t rows = panel->values.rows, strategies = panel->values.columns;
    uint8_t *open = HO_NEW(uint8_t, strategies); /* all closed: nothing is searched for sums */
    ho_column_facts facts = {0};
    const ho_row_source all = ho_rows_of_matrix(&panel->values);
    ho_status status = open == NULL ? ho_fail_memory(err, strategies, "the chosen strategies")
                                    : ho_column_facts_find(&all, open, threads, &facts, err);
    if (status == HO_OK) status = ho_count_repeated(facts.hash, strategies, &report->identical, err);
    if (status == HO_OK) {
        report->zero_variance = 0;
        for (size_t j = 0; j < strategies; j++)
            report->zero_variance += facts.least[j] == facts.most[j];
        report->rows = (int64_t)rows;
        report->dates = (int64_t)ho_panel_dates(panel);
        report->first_date = panel->periods[0].date;
        report->last_date = panel->periods[rows - 1].date;
        report->strategies = (int64_t)strategies;
    }
    free(open);
    ho_column_facts_clear(&facts);
    return status;
}

ho_status ho_extract_report(const ho_extract *s, const ho_panel *panel, int threads, ho_load_report *report,
                            ho_error *err)
{
    int64_t rows = report->rows, strategies = report->strategies;
    HO_TRY(ho_load_report_recount(panel, threads, report, err));
    report->rows_outside += rows - report->rows;
    if (s->named) report->skipped_count[HO_SKIP_NAMES] += strategies - report->strategies;
    return HO_OK;
}

ho_status ho_extract_apply(const char *path, const ho_extract *s, int threads, ho_panel **panel,
                           ho_load_report *report, ho_error *err)
{
    ho_part part;
    ho_panel *cut = NULL;
    HO_TRY(ho_extract_find(path, s, *panel, &part, err));
    ho_status status =
        ho_panel_cut(*panel, part.first, part.count, part.strategies, part.strategy_count, &cut, err);
    free(part.strategies);
    if (status == HO_OK) status = ho_extract_report(s, cut, threads, report, err);
    if (status != HO_OK) {
        ho_panel_free(&cut);
        return status;
    }
    ho_panel_free(panel);
    *panel = cut;
    return HO_OK;
}

#include "run/input.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

int ho_threads(int64_t wanted)
{
    if (wanted > 0) return (int)wanted;
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count > 0 ? count : 1;
}

void ho_input_clear(ho_input *input)
{
    ho_panel_free(&input->panel);
    ho_panel_free(&input->rows);
    ho_panel_free(&input->original);
    ho_load_report_clear(&input->report);
}

ho_status ho_input_keep_original(ho_input *input, ho_error *err)
{
    if (!input->write_cache || input->original != NULL) return HO_OK;
    ho_panel **read = input->rows != NULL ? &input->rows : &input->panel, *copy = NULL;
    HO_TRY(ho_panel_cut(*read, 0, ho_panel_periods(*read), NULL, ho_panel_strategies(*read), &copy, err));
    input->original = *read;
    *read = copy;
    return HO_OK;
}

void ho_input_warn(const ho_input *input, const ho_hooks *hooks)
{
    const ho_load_report *report = &input->report;
    for (size_t i = 0; i < report->warnings.count; i++)
        ho_warn(hooks, report->warnings.items[i]);
}

ho_status ho_input_read_rows(const ho_input_settings *s, const ho_hooks *hooks, ho_input *input,
                             ho_error *err)
{
    double start = ho_clock_seconds();
    input->threads = ho_threads(s->threads);
    HO_TRY(ho_table_read(s->input, &s->load, input->threads, &input->panel, &input->report, err));
    input->seconds = ho_clock_seconds() - start;
    ho_input_warn(input, hooks);
    return HO_OK;
}

static ho_status read_through_cache(const ho_input_settings *s, const ho_hooks *hooks, ho_input *input,
                                    ho_error *err)
{
    input->threads = ho_threads(s->threads);
    HO_TRY(ho_table_read_cached(s->input, &s->load, s->rebuild, input->threads, &input->panel, &input->report,
                                &input->write_cache, err));
    ho_input_warn(input, hooks);
    return HO_OK;
}

ho_status ho_rows_to_periods(bool by_day, ho_panel *rows, ho_panel **kept, ho_panel **periods, ho_error *err)
{
    *kept = NULL;
    if (!by_day || ho_panel_dates(rows) == ho_panel_periods(rows)) {
        *periods = rows;
        return HO_OK;
    }
    ho_status status = ho_panel_by_day(rows, periods, err);
    if (status == HO_OK)
        *kept = rows;
    else
        ho_panel_free(&rows);
    return status;
}

/* What was read as rows of input->panel becomes periods. */
static ho_status sum_rows(const ho_input_settings *s, ho_input *input, ho_error *err)
{
    ho_panel *read = input->panel;
    input->panel = NULL;
    return ho_rows_to_periods(strcmp(s->period, "day") == 0, read, &input->rows, &input->panel, err);
}

ho_status ho_input_read(const ho_input_settings *s, const ho_hooks *hooks, ho_input *input, ho_error *err)
{
    double start = ho_clock_seconds();
    HO_TRY(s->no_cache ? ho_input_read_rows(s, hooks, input, err) : read_through_cache(s, hooks, input, err));
    HO_TRY(sum_rows(s, input, err));
    input->seconds = ho_clock_seconds() - start;
    return HO_OK;
}

ho_status ho_input_of_rows(const ho_input_settings *s, ho_panel *rows, ho_input *input, ho_error *err)
{
    input->threads = ho_threads(s->threads);
    input->panel = rows;
    return sum_rows(s, input, err);
}

const ho_panel *ho_input_rows(const ho_input *input)
{
    return input->rows != NULL ? input->rows : input->panel;
}

bool ho_input_is_store(const ho_input *input)
{
    return input->rows == NULL && strcmp(input->report.format, "store") == 0;
}

struct ho_cache_writer {
    pthread_t thread;
    const ho_input_settings *settings;
    const ho_input *input;
    ho_status status;
    ho_error err;
};

static void *write_cache(void *argument)
{
    ho_cache_writer *w = argument;
    const ho_input *input = w->input;
    const ho_panel *rows = input->original != NULL ? input->original
                           : input->rows != NULL   ? input->rows
                                                   : input->panel;
    w->status = ho_cache_write(w->settings->input, &w->settings->load, rows, &w->input->report, &w->err);
    return NULL;
}

ho_cache_writer *ho_cache_writer_start(const ho_input_settings *settings, const ho_input *input)
{
    ho_cache_writer *w = input->write_cache ? HO_NEW(ho_cache_writer, 1) : NULL;
    if (w == NULL) return NULL;
    w->settings = settings;
    w->input = input;
    if (pthread_create(&w->thread, NULL, write_cache, w) != 0) {
        free(w);
        return NULL;
    }
    return w;
}

void ho_cache_writer_end(ho_cache_writer **writer, const ho_hooks *hooks)
{
    ho_cache_writer *w = *writer;
    if (w == NULL) return;
    pthread_join(w->thread, NULL);
    if (w->status != HO_OK) {
        char line[sizeof w->err.text + 64];
        snprintf(line, sizeof line, "the cache was not written: %s", w->err.text);
        ho_warn(hooks, line);
    }
    free(w);
    *writer = NULL;
}

ho_status ho_input_text(const ho_input *input, char **text, ho_error *err)
{
    const ho_load_report *r = &input->report;
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    FILE *file = t.file;
    fprintf(file, "%s, %lld rows of %lld dates", r->format, (long long)r->rows, (long long)r->dates);
    int64_t skipped = 0;
    for (int reason = 0; reason < HO_SKIP_COUNT; reason++)
        skipped += r->skipped_count[reason];
    if (skipped != 0) {
        fprintf(file, "; %lld column%s left out (", (long long)skipped, skipped == 1 ? "" : "s");
        const char *comma = "";
        for (int reason = 0; reason < HO_SKIP_COUNT; reason++) {
            if (r->skipped_count[reason] == 0) continue;
            fprintf(file, "%s%s %lld", comma, ho_skip_reason_name((ho_skip_reason)reason),
                    (long long)r->skipped_count[reason]);
            comma = ", ";
        }
        fputc(')', file);
    }
    if (r->rows_outside != 0) fprintf(file, "; %lld rows outside the days", (long long)r->rows_outside);
    if (r->missing_cells != 0) fprintf(file, "; %lld missing cells taken as 0", (long long)r->missing_cells);
    if (r->identical != 0)
        fprintf(file, "; %lld column%s equal to an earlier one", (long long)r->identical,
                r->identical == 1 ? "" : "s");
    if (r->zero_variance != 0) fprintf(file, "; %lld constant columns", (long long)r->zero_variance);
    return ho_text_end(&t, text, err);
}

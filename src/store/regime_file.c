#include "store/regime_file.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "panel/panel.h"
#include "store/csv_frame.h"
#include "store/csv_header.h"
#include "store/dates.h"
#include "store/number.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { DATE, TIME, LABEL, CONFIDENCE, TRANSITION, FIELDS, MOST_FIELDS = 64, MOST_LABELS = 4096 };

static const char *const heads[FIELDS] = {"Date", "Time", "Market Regime", "Confidence Score",
                                          "Transition Threshold Score"};

typedef struct cell {
    const char *text;
    size_t length;
} cell;

typedef struct reading {
    const char *path;
    size_t line, room;
    int columns[FIELDS]; /* where each is */
    int date_format;
    double largest_confidence;
    ho_regime_marks *marks;
} reading;

void ho_regime_marks_clear(ho_regime_marks *marks)
{
    free(marks->marks);
    ho_strings_clear(&marks->labels);
    *marks = (ho_regime_marks){0};
}

/* Cells between commas, blanks and quotes around them taken off; labels hold no commas. */
static size_t split(const char *line, size_t length, cell cells[MOST_FIELDS])
{
    size_t count = 0, begin = 0;
    for (size_t i = 0; i <= length && count < MOST_FIELDS; i++) {
        if (i < length && line[i] != ',') continue;
        cell *c = &cells[count++];
        *c = (cell){line + begin, i - begin};
        ho_csv_trim(&c->text, &c->length);
        if (c->length >= 2 && c->text[0] == '"' && c->text[c->length - 1] == '"') {
            c->text++;
            c->length -= 2;
        }
        begin = i + 1;
    }
    return count;
}

static ho_status read_header(reading *r, const cell *cells, size_t count, ho_error *err)
{
    for (int f = 0; f < FIELDS; f++) {
        r->columns[f] = -1;
        for (size_t i = 0; i < count && r->columns[f] < 0; i++) {
            char name[64];
            snprintf(name, sizeof name, "%.*s", (int)(cells[i].length < 63 ? cells[i].length : 63),
                     cells[i].text);
            if (ho_text_same(name, heads[f])) r->columns[f] = (int)i;
        }
        if (r->columns[f] < 0)
            return ho_fail(err, HO_ERR_DATA, "%.700s: line 1: no column %s; a regime file has %s,%s,%s,%s,%s",
                           r->path, heads[f], heads[0], heads[1], heads[2], heads[3], heads[4]);
    }
    return HO_OK;
}

static ho_status refuse(const reading *r, const cell *c, int field, const char *wanted, ho_error *err)
{
    char shown[HO_CSV_SHOWN];
    return ho_fail(err, HO_ERR_DATA, "%.700s: line %zu: %s is \"%s\", not %s", r->path, r->line, heads[field],
                   ho_csv_show(c->text, c->length, shown), wanted);
}

static ho_status read_date(reading *r, const cell *c, int32_t *date, ho_error *err)
{
    for (int f = 0; f < HO_DATE_FORMAT_COUNT; f++) {
        const int format = r->date_format >= 0 ? r->date_format : f;
        if (ho_date_read(format, c->text, c->length, date)) {
            r->date_format = format;
            return HO_OK;
        }
    }
    return refuse(r, c, DATE, r->date_format >= 0 ? "a date like those before" : "a date", err);
}

static ho_status read_row(reading *r, const cell *cells, ho_regime_mark *mark, ho_error *err)
{
    const cell *c[FIELDS];
    for (int f = 0; f < FIELDS; f++)
        c[f] = &cells[r->columns[f]];
    HO_TRY(read_date(r, c[DATE], &mark->date, err));
    if (!ho_time_read(c[TIME]->text, c[TIME]->length, &mark->time))
        return refuse(r, c[TIME], TIME, "a time of day (HH:MM or HH:MM:SS)", err);
    if (!ho_csv_is_utf8(c[LABEL]->text, c[LABEL]->length)) return refuse(r, c[LABEL], LABEL, "UTF-8", err);
    HO_TRY(ho_panel_label(&r->marks->labels, c[LABEL]->text, c[LABEL]->length, &mark->label, err));
    if (r->marks->labels.count > MOST_LABELS)
        return refuse(r, c[LABEL], LABEL, "one of at most 4096 labels", err);
    if (ho_number_read(c[CONFIDENCE]->text, c[CONFIDENCE]->length, &mark->confidence) != HO_CELL_NUMBER ||
        !(mark->confidence >= 0 && mark->confidence <= 100))
        return refuse(r, c[CONFIDENCE], CONFIDENCE, "a number from 0 to 1, or in percent", err);
    if (ho_number_read(c[TRANSITION]->text, c[TRANSITION]->length, &mark->transition) != HO_CELL_NUMBER ||
        !(mark->transition >= 0 && mark->transition <= 1))
        return refuse(r, c[TRANSITION], TRANSITION, "a number from 0 to 1", err);
    if (mark->confidence > r->largest_confidence) r->largest_confidence = mark->confidence;
    return HO_OK;
}

static ho_status add_row(reading *r, const cell *cells, size_t count, ho_error *err)
{
    size_t needed = 0;
    for (int f = 0; f < FIELDS; f++)
        needed = (size_t)r->columns[f] + 1 > needed ? (size_t)r->columns[f] + 1 : needed;
    if (count < needed)
        return ho_fail(err, HO_ERR_DATA, "%.700s: line %zu has %zu fields, at least %zu are needed", r->path,
                       r->line, count, needed);
    ho_regime_marks *m = r->marks;
    if (m->count == r->room) {
        const size_t room = r->room == 0 ? 1024 : 2 * r->room;
        ho_regime_mark *grown = ho_grow_array(m->marks, room, sizeof *grown);
        if (grown == NULL) return ho_fail_memory(err, room * sizeof *grown, "market regimes");
        m->marks = grown;
        r->room = room;
    }
    HO_TRY(read_row(r, cells, &m->marks[m->count], err));
    m->marks[m->count].place = (uint32_t)m->count;
    m->count++;
    return HO_OK;
}

static ho_status read_lines(reading *r, FILE *file, ho_error *err)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;
    ho_status status = HO_OK;
    bool headed = false;
    cell cells[MOST_FIELDS];
    while (status == HO_OK && (length = getline(&line, &size, file)) >= 0) {
        const char *text = line;
        size_t left = (size_t)length;
        r->line++;
        if (r->line == 1 && left >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
            text += 3;
            left -= 3;
        }
        while (left > 0 && (text[left - 1] == '\n' || text[left - 1] == '\r'))
            left--;
        if (left == 0) continue;
        const size_t count = split(text, left, cells);
        status = headed ? add_row(r, cells, count, err) : read_header(r, cells, count, err);
        headed = true;
    }
    if (status == HO_OK && ferror(file))
        status = ho_fail(err, HO_ERR_DATA, "%.700s: %s", r->path, strerror(errno));
    free(line);
    if (status == HO_OK && r->marks->count == 0)
        status = ho_fail(err, HO_ERR_DATA, "%.700s: no row of market regimes below the header", r->path);
    return status;
}

static bool same_moment(const ho_regime_mark *x, const ho_regime_mark *y)
{
    return x->date == y->date && x->time == y->time;
}

static int by_moment(const void *a, const void *b)
{
    const ho_regime_mark *x = a, *y = b;
    if (x->date != y->date) return x->date < y->date ? -1 : 1;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* In order of time, the last of equal moments; confidences as shares of 1. */
static ho_status put_in_order(reading *r, ho_strings *warnings, ho_error *err)
{
    ho_regime_marks *m = r->marks;
    size_t kept = 0;
    qsort(m->marks, m->count, sizeof *m->marks, by_moment);
    for (size_t i = 0; i < m->count; i++) {
        if (kept > 0 && same_moment(&m->marks[kept - 1], &m->marks[i])) kept--;
        m->marks[kept++] = m->marks[i];
    }
    if (kept < m->count)
        HO_TRY(ho_strings_printf(warnings, err,
                                 "%.700s: rows of a moment that another row has: %zu, the last was taken",
                                 r->path, m->count - kept));
    m->count = kept;
    if (r->largest_confidence <= 1) return HO_OK;
    for (size_t i = 0; i < kept; i++)
        m->marks[i].confidence /= 100;
    return ho_strings_printf(warnings, err,
                             "%.700s: confidences above 1 were found: they were taken as percent", r->path);
}

ho_status ho_regime_file_read(const char *path, ho_regime_marks *marks, ho_strings *warnings, ho_error *err)
{
    ho_regime_marks read = {0};
    reading r = {.path = path, .date_format = -1, .marks = &read};
    FILE *file = fopen(path, "re");
    if (file == NULL) return ho_fail(err, HO_ERR_DATA, "%.700s: %s", path, strerror(errno));
    ho_status status = read_lines(&r, file, err);
    fclose(file);
    if (status == HO_OK) status = put_in_order(&r, warnings, err);
    if (status == HO_OK)
        *marks = read;
    else
        ho_regime_marks_clear(&read);
    return status;
}

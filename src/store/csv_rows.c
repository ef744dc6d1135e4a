#include "store/csv_rows.h"

#include "base/date.h"
#include "base/error.h"
#include "base/strings.h"
#include "store/dates.h"
#include "store/number.h"

#include <math.h>
#include <string.h>
#include <strings.h>

/* What the reading of rows needs at every turn. */
typedef struct rows {
    const char *name;
    const ho_csv_text *text;
    const ho_csv_frame *frame;
    const ho_csv_header *header;
    const ho_csv_cells *cells;
    ho_panel *panel;
    ho_load_report *report;
} rows;

enum { LONGEST_LABEL = 255, MOST_LABELS = 4096 };

static bool has(const rows *r, ho_column_kind kind)
{
    return r->header->meta[kind] != SIZE_MAX;
}

static const ho_csv_field *meta_cell(const rows *r, size_t row, ho_column_kind kind)
{
    return &r->cells->meta[row * r->cells->meta_count + r->cells->slots[kind]];
}

static ho_status refuse(const rows *r, size_t row, ho_column_kind kind, const char *what, ho_error *err)
{
    char column[HO_CSV_SHOWN], cell[HO_CSV_SHOWN], where[HO_CSV_WHERE];
    size_t c = r->header->meta[kind];
    const ho_csv_field *field = meta_cell(r, row, kind);
    return ho_fail(err, HO_ERR_DATA, "%s: %s, column \"%s\": \"%s\" %s", r->name,
                   ho_csv_where(r->text, r->frame, row, where),
                   ho_csv_show(r->header->names[c], r->header->lengths[c], column),
                   ho_csv_show(field->text, field->length, cell), what);
}

static bool blank(const rows *r, const ho_csv_field *field)
{
    if (ho_csv_is_null(field, r->cells->nulls)) return true;
    const char *text = field->text;
    size_t length = field->length;
    ho_csv_trim(&text, &length);
    return length == 0;
}

/* One format for the whole column: the first that reads every value. */
static ho_status read_dates(const rows *r, const char *wanted, ho_error *err)
{
    unsigned left = (1u << HO_DATE_FORMAT_COUNT) - 1;
    bool forced = wanted != NULL && strcmp(wanted, "auto") != 0;
    if (forced) {
        int format = ho_date_format_find(wanted);
        if (format < 0) return ho_fail(err, HO_ERR_USAGE, "date-format: %s is no format known here", wanted);
        left = 1u << format;
    }
    int32_t date;
    for (size_t row = 0; row < r->cells->rows; row++) {
        const ho_csv_field *cell = meta_cell(r, row, HO_COLUMN_DATE);
        unsigned fit = 0;
        for (int f = 0; f < HO_DATE_FORMAT_COUNT; f++) {
            if ((left >> f & 1) != 0 && ho_date_read(f, cell->text, cell->length, &date)) fit |= 1u << f;
        }
        if (fit == 0 && forced)
            return refuse(r, row, HO_COLUMN_DATE, "is no date of the format asked for", err);
        if (fit == 0 && row > 0)
            return refuse(r, row, HO_COLUMN_DATE, "is no date of the format of the rows before it", err);
        if (fit == 0)
            return refuse(r, row, HO_COLUMN_DATE,
                          "is no date of a known format (YYYY-mm-dd, dd-mm-YYYY, ...)", err);
        left = fit;
    }
    int format = __builtin_ctz(left);
    for (size_t row = 0; row < r->cells->rows; row++) {
        const ho_csv_field *cell = meta_cell(r, row, HO_COLUMN_DATE);
        (void)ho_date_read(format, cell->text, cell->length, &r->panel->periods[row].date);
    }
    const char *text = ho_date_format_name(format);
    memcpy(r->report->date_format, text, strlen(text) + 1);
    return HO_OK;
}

static ho_status read_times(const rows *r, ho_error *err)
{
    size_t backward = 0, first = 0;
    for (size_t row = 0; row < r->cells->rows; row++) {
        ho_period *p = &r->panel->periods[row];
        for (int i = 0; i < 2; i++) {
            ho_column_kind kind = i == 0 ? HO_COLUMN_START : HO_COLUMN_END;
            if (!has(r, kind)) continue;
            const ho_csv_field *cell = meta_cell(r, row, kind);
            if (!blank(r, cell) && !ho_time_read(cell->text, cell->length, i == 0 ? &p->start : &p->end))
                return refuse(r, row, kind, "is no time of day (HH:MM or HH:MM:SS)", err);
        }
        if (p->start < 0 || p->end < 0 || p->end >= p->start) continue;
        if (backward++ == 0) first = row;
    }
    if (backward == 0) return HO_OK;
    char where[HO_CSV_WHERE];
    return ho_strings_printf(&r->report->warnings, err,
                             "rows that end before they start: %zu, the first in %s", backward,
                             ho_csv_where(r->text, r->frame, first, where));
}

static bool names_weekday(const ho_csv_field *cell, int32_t date)
{
    const char *day = ho_weekday_name(ho_date_weekday(date));
    const char *text = cell->text;
    size_t length = cell->length;
    ho_csv_trim(&text, &length);
    return (length == strlen(day) || length == 3) && strncasecmp(text, day, length) == 0;
}

static ho_status check_days(const rows *r, ho_error *err)
{
    if (!has(r, HO_COLUMN_DAY)) return HO_OK;
    size_t wrong = 0, first = 0;
    for (size_t row = 0; row < r->cells->rows; row++) {
        const ho_csv_field *cell = meta_cell(r, row, HO_COLUMN_DAY);
        if (blank(r, cell) || names_weekday(cell, r->panel->periods[row].date)) continue;
        if (wrong++ == 0) first = row;
    }
    r->report->day_mismatches = (int64_t)wrong;
    if (wrong == 0) return HO_OK;
    char cell[HO_CSV_SHOWN], date[16], where[HO_CSV_WHERE];
    const ho_csv_field *field = meta_cell(r, first, HO_COLUMN_DAY);
    int32_t when = r->panel->periods[first].date;
    return ho_strings_printf(
        &r->report->warnings, err, "rows with a wrong weekday: %zu, the first in %s: \"%s\", but %s is a %s",
        wrong, ho_csv_where(r->text, r->frame, first, where), ho_csv_show(field->text, field->length, cell),
        ho_date_print(when, date), ho_weekday_name(ho_date_weekday(when)));
}

/* The label of a cell as UTF-8 without blanks around it. */
static size_t decode_label(const ho_csv_field *cell, char out[3 * LONGEST_LABEL])
{
    char raw[LONGEST_LABEL];
    const char *text = raw;
    size_t length = ho_csv_field_copy(cell, raw);
    ho_csv_trim(&text, &length);
    if (!ho_csv_is_utf8(text, length)) return ho_csv_from_1252(text, length, out);
    memcpy(out, text, length);
    return length;
}

static bool is_label(const ho_strings *labels, int32_t number, const char *text, size_t length)
{
    return number >= 0 && (size_t)number < labels->count && strlen(labels->items[number]) == length &&
           memcmp(labels->items[number], text, length) == 0;
}

static ho_status read_labels(const rows *r, ho_column_kind kind, ho_strings *labels, ho_error *err)
{
    if (!has(r, kind)) return HO_OK;
    size_t absent = 0;
    int32_t last = -1;
    for (size_t row = 0; row < r->cells->rows; row++) {
        const ho_csv_field *cell = meta_cell(r, row, kind);
        if (cell->length > LONGEST_LABEL) return refuse(r, row, kind, "is longer than 255 bytes", err);
        char text[3 * LONGEST_LABEL];
        size_t length = ho_csv_is_null(cell, r->cells->nulls) ? 0 : decode_label(cell, text);
        int32_t number;
        /* zones take turns: mostly a row has the label of the row before, or the one after that */
        if (length > 0 && is_label(labels, last, text, length))
            number = last;
        else if (length > 0 && is_label(labels, last + 1, text, length))
            number = last + 1;
        else
            HO_TRY(ho_panel_label(labels, text, length, &number, err));
        if (labels->count > MOST_LABELS)
            return refuse(r, row, kind, "is one label too many (4096 at most)", err);
        last = number;
        absent += number < 0;
        *(kind == HO_COLUMN_ZONE ? &r->panel->periods[row].zone : &r->panel->periods[row].regime) = number;
    }
    if (absent == 0 || kind == HO_COLUMN_ZONE) return HO_OK;
    return ho_strings_printf(&r->report->warnings, err, "rows without a market regime: %zu", absent);
}

typedef struct number_rule {
    ho_column_kind kind;
    double least, most;
    const char *refusal;
    const char *absent; /* what a missing cell is taken for */
} number_rule;

static double *number_of(ho_period *p, ho_column_kind kind)
{
    return kind == HO_COLUMN_CONFIDENCE   ? &p->confidence
           : kind == HO_COLUMN_TRANSITION ? &p->transition
                                          : &p->capital;
}

static ho_status read_numbers(const rows *r, const number_rule *rule, ho_error *err)
{
    if (!has(r, rule->kind)) return HO_OK;
    size_t absent = 0;
    double most = 0;
    bool confidence = rule->kind == HO_COLUMN_CONFIDENCE;
    for (size_t row = 0; row < r->cells->rows; row++) {
        const ho_csv_field *cell = meta_cell(r, row, rule->kind);
        double *out = number_of(&r->panel->periods[row], rule->kind), value = 0;
        ho_cell read = cell->doubled ? HO_CELL_BAD : ho_number_read(cell->text, cell->length, &value);
        if (read == HO_CELL_BAD && ho_csv_is_null(cell, r->cells->nulls)) read = HO_CELL_MISSING;
        if (read == HO_CELL_MISSING) {
            if (confidence) *out = NAN; /* until the scale is known */
            absent++;
            continue;
        }
        if (read != HO_CELL_NUMBER || !(value >= rule->least && value <= rule->most))
            return refuse(r, row, rule->kind, rule->refusal, err);
        *out = value;
        most = fmax(most, value);
    }
    bool fraction = most <= 1 && absent < r->cells->rows;
    for (size_t row = 0; row < r->cells->rows && confidence; row++) {
        double *out = &r->panel->periods[row].confidence;
        *out = isnan(*out) ? 1 : fraction ? *out : *out / 100;
    }
    const char *column = r->header->names[r->header->meta[rule->kind]];
    if (confidence && fraction)
        HO_TRY(ho_strings_printf(&r->report->warnings, err,
                                 "no value of %s is above 1: it was taken as a fraction", column));
    if (absent == 0) return HO_OK;
    return ho_strings_printf(&r->report->warnings, err, "rows without %s: %zu; %s was taken", column, absent,
                             rule->absent);
}

ho_status ho_csv_rows_read(const char *name, const ho_csv_text *text, const ho_csv_frame *frame,
                           const ho_csv_header *header, const ho_csv_cells *cells, const char *date_format,
                           ho_panel *panel, ho_load_report *report, ho_error *err)
{
    static const number_rule rules[] = {
        {HO_COLUMN_CONFIDENCE, 0, 100, "is no number from 0 to 100", "100"},
        {HO_COLUMN_TRANSITION, 0, 1, "is no number from 0 to 1", "0"},
        {HO_COLUMN_CAPITAL, 4.9406564584124654e-324, 1.7976931348623157e308, "is no number above 0", "none"},
    };
    const rows r = {name, text, frame, header, cells, panel, report};
    HO_TRY(read_dates(&r, date_format, err));
    HO_TRY(read_times(&r, err));
    HO_TRY(check_days(&r, err));
    HO_TRY(read_labels(&r, HO_COLUMN_ZONE, &panel->zones, err));
    HO_TRY(read_labels(&r, HO_COLUMN_REGIME, &panel->regimes, err));
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        HO_TRY(read_numbers(&r, &rules[i], err));
    return HO_OK;
}

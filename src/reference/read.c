/* A CSV reader in the plainest form: the whole file in memory, one character after the other. */
#include "base/error.h"
#include "base/memory.h"
#include "reference/reference.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

typedef struct text {
    char *bytes;
    size_t length, at;
    char separator;
} text;

typedef struct cells {
    char **items; /* point into the text */
    size_t count, room;
} cells;

static ho_status read_file(const char *path, text *t, ho_error *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) return ho_fail(err, HO_ERR_DATA, "%.700s: %s", path, strerror(errno));
    size_t room = 1 << 20;
    bool failed = false;
    t->bytes = malloc(room);
    for (size_t got = 1; t->bytes != NULL && got != 0; t->length += got) {
        if (t->length + 2 >= room) {
            char *more = realloc(t->bytes, room *= 2);
            if (more == NULL) break;
            t->bytes = more;
        }
        got = fread(t->bytes + t->length, 1, room - t->length - 2, file);
    }
    failed = ferror(file) != 0 || !feof(file);
    fclose(file);
    if (t->bytes == NULL) return ho_fail_memory(err, room, "the reference's text");
    if (failed) return ho_fail(err, HO_ERR_DATA, "%.700s: could not be read", path);
    t->bytes[t->length] = '\n'; /* a last line may lack its end */
    t->bytes[t->length + 1] = '\0';
    if (t->length >= 3 && memcmp(t->bytes, "\xef\xbb\xbf", 3) == 0) t->at = 3;
    const char *header = t->bytes + t->at;
    size_t width = strcspn(header, "\r\n");
    t->separator = ',';
    if (memchr(header, ',', width) == NULL) t->separator = memchr(header, ';', width) != NULL ? ';' : '\t';
    return HO_OK;
}

static bool add_cell(cells *row, char *start)
{
    if (row->count == row->room) {
        size_t room = row->room != 0 ? 2 * row->room : 1024;
        char **items = realloc(row->items, room * sizeof *items);
        if (items == NULL) return false;
        row->items = items;
        row->room = room;
    }
    row->items[row->count++] = start;
    return true;
}

static char *trim(char *s)
{
    while (*s == ' ' || *s == '\t')
        s++;
    size_t n = strlen(s);
    while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
        s[--n] = '\0';
    return s;
}

/* The next line's cells, with their quotes taken off; false at the end of the text, or where memory ran out. */
static bool next_row(text *t, cells *row, bool *memory)
{
    row->count = 0;
    *memory = true;
    if (t->at >= t->length) return false;
    char *s = t->bytes;
    for (;;) {
        while (s[t->at] == ' ')
            t->at++;
        bool quoted = s[t->at] == '"';
        if (quoted) t->at++;
        size_t start = t->at, out = t->at;
        for (; t->at < t->length; t->at++) {
            if (quoted && s[t->at] == '"' && s[t->at + 1] != '"') break;
            if (quoted && s[t->at] == '"') t->at++;
            if (!quoted && (s[t->at] == t->separator || s[t->at] == '\n' || s[t->at] == '\r')) break;
            s[out++] = s[t->at];
        }
        if (quoted) {
            while (t->at < t->length && s[t->at] != t->separator && s[t->at] != '\n' && s[t->at] != '\r')
                t->at++;
        }
        char end = s[t->at];
        if (end == '\r' && s[t->at + 1] == '\n') t->at++;
        t->at++;
        s[out] = '\0';
        if (!(*memory = add_cell(row, s + start))) return false;
        if (end != t->separator || t->at > t->length) return true;
    }
}

/* Letters and digits alone: "Regime_Confidence_%" and "regime confidence %" are one. */
static bool same_name(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a == ' ' || *a == '_' || *a == '-')
            a++;
        while (*b == ' ' || *b == '_' || *b == '-')
            b++;
        if (strncasecmp(a, b, 1) != 0) return false;
        if (*a == '\0') return true;
    }
}

static bool is_label(const char *name)
{
    static const char *const labels[] = {"Date",
                                         "date_col",
                                         "Zone",
                                         "Day",
                                         "day_col",
                                         "start_time",
                                         "end_time",
                                         "market_regime",
                                         "Regime_Confidence_%",
                                         "Market_regime_transition_threshold",
                                         "capital",
                                         "year",
                                         "month"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (same_name(labels[i], name)) return true;
    }
    return false;
}

/* Days since 1970-01-01, by counting. */
static bool count_days(int year, int month, int day, int32_t *out)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > lengths[month - 1] + (leap && month == 2)) return false;
    int before = year - 1;
    int32_t days = before * 365 + before / 4 - before / 100 + before / 400;
    for (int m = 1; m < month; m++)
        days += lengths[m - 1] + (leap && m == 2);
    *out = days + day - 1 - 719162;
    return true;
}

enum { DATE_FORMATS = 6 };

static bool parse_date(const char *cell, int format, int32_t *out)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    static const char *const patterns[DATE_FORMATS] = {"%4d-%2d-%2d%n",        "%2d-%2d-%4d%n",
                                                       "%2d-%3[A-Za-z]-%4d%n", "%2d/%2d/%4d%n",
                                                       "%2d/%2d/%4d%n",        "%4d/%2d/%2d%n"};
    int a = 0, b = 0, c = 0, used = 0;
    char word[4] = "";
    if (format == 2) {
        if (sscanf(cell, patterns[2], &a, word, &c, &used) != 3) return false;
        for (b = 0; b < 12 && strncasecmp(months + 3 * b, word, 3) != 0;)
            b++;
        b++;
    } else if (sscanf(cell, patterns[format], &a, &b, &c, &used) != 3) {
        return false;
    }
    if (cell[used] != '\0' && cell[used] != ' ' && cell[used] != 'T') return false;
    if (format == 0 || format == 5) return count_days(a, b, c, out);
    return format == 4 ? count_days(c, a, b, out) : count_days(c, b, a, out);
}

static double parse_number(char *cell)
{
    static const char *const missing[] = {"", "\\N", "NULL", "null", "None", "NA", "N/A", "-", "--"};
    cell = trim(cell);
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        if (strcmp(cell, missing[i]) == 0) return 0;
    }
    size_t out = 0;
    for (size_t i = 0; cell[i] != '\0'; i++) { /* 12,34,567.5 */
        if (strchr("0123456789+-.eE,", cell[i]) == NULL) return NAN;
        if (cell[i] != ',') cell[out++] = cell[i];
    }
    cell[out] = '\0';
    char *end = NULL;
    double x = strtod(cell, &end);
    return end != cell && *end == '\0' ? x : NAN;
}

/* Lines of the file, before they are put in order. */
typedef struct lines {
    size_t count, room, columns;
    char **dates;   /* point into the text */
    double *values; /* line after line */
    int32_t *days;
    size_t *order;
} lines;

static bool grow_lines(lines *l)
{
    if (l->count < l->room) return true;
    size_t room = l->room != 0 ? 2 * l->room : 128;
    char **dates = realloc(l->dates, room * sizeof *dates);
    if (dates != NULL) l->dates = dates;
    double *values = ho_grow_array(l->values, room, (l->columns + 1) * sizeof *values);
    if (values != NULL) l->values = values;
    if (dates == NULL || values == NULL) return false;
    l->room = room;
    return true;
}

static ho_status fail_here(const char *path, size_t line, const char *what, ho_error *err)
{
    return ho_fail(err, HO_ERR_DATA, "%.700s: line %zu: %s", path, line, what);
}

static ho_status read_lines(const char *path, text *t, const size_t *places, size_t fields, size_t date,
                            lines *l, ho_error *err)
{
    cells row = {0};
    ho_status status = HO_OK;
    bool memory = true;
    for (size_t line = 2; status == HO_OK && next_row(t, &row, &memory); line++) {
        if (row.count == 1 && *trim(row.items[0]) == '\0') continue;
        bool tail = row.count == fields + 1 && *trim(row.items[fields]) == '\0';
        if (row.count != fields && !tail) {
            status = fail_here(path, line, "another number of fields than the header has", err);
            break;
        }
        if (!grow_lines(l)) memory = false;
        if (!memory) break;
        l->dates[l->count] = trim(row.items[date]);
        for (size_t j = 0; j < l->columns; j++)
            l->values[l->count * l->columns + j] = parse_number(row.items[places[j]]);
        l->count++;
    }
    free(row.items);
    if (!memory) return ho_fail_memory(err, l->room * l->columns * sizeof(double), "the reference's table");
    if (status == HO_OK && l->count == 0) status = ho_fail(err, HO_ERR_DATA, "%.700s: no line of data", path);
    return status;
}

/* The first format that reads every date. */
static bool read_dates(lines *l)
{
    for (int format = 0; format < DATE_FORMATS; format++) {
        size_t i = 0;
        while (i < l->count && parse_date(l->dates[i], format, &l->days[i]))
            i++;
        if (i == l->count) return true;
    }
    return false;
}

/* Lines in order of their dates; those of one date stay in the order of the file. */
static void order_lines(lines *l)
{
    for (size_t i = 0; i < l->count; i++) {
        size_t place = i;
        for (; place > 0 && l->days[l->order[place - 1]] > l->days[i]; place--)
            l->order[place] = l->order[place - 1];
        l->order[place] = i;
    }
}

static ho_status sum_by_date(lines *l, ho_reference_table *table, ho_error *err)
{
    size_t n = l->columns;
    table->dates = HO_NEW(int32_t, l->count);
    table->values = ho_new_array(l->count, (n + 1) * sizeof(double));
    if (table->dates == NULL || table->values == NULL)
        return ho_fail_memory(err, l->count * n * sizeof(double), "the reference's table");
    for (size_t i = 0; i < l->count; i++) {
        int32_t day = l->days[l->order[i]];
        if (table->periods == 0 || table->dates[table->periods - 1] != day)
            table->dates[table->periods++] = day;
    }
    for (size_t i = 0, t = 0; i < l->count; i++) {
        const double *line = l->values + l->order[i] * n;
        while (table->dates[t] != l->days[l->order[i]])
            t++;
        for (size_t j = 0; j < n; j++)
            table->values[j * table->periods + t] += line[j];
    }
    return HO_OK;
}

static int by_name(const void *a, const void *b, void *user)
{
    const ho_reference_table *table = user;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    int order = strcmp(table->names[i], table->names[j]);
    return order != 0 ? order : (i > j) - (i < j);
}

size_t *ho_reference_order(const ho_reference_table *table)
{
    size_t *order = HO_NEW(size_t, table->columns + 1);
    if (order == NULL) return NULL;
    for (size_t i = 0; i < table->columns; i++)
        order[i] = i;
    ho_reference_table names = *table;
    qsort_r(order, table->columns, sizeof *order, by_name, &names);
    return order;
}

size_t ho_reference_find(const ho_reference_table *table, const size_t *order, const char *name)
{
    size_t low = 0, high = table->columns;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(table->names[order[middle]], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < table->columns && strcmp(table->names[order[low]], name) == 0;
    return found ? order[low] : SIZE_MAX;
}

/* The second of a name becomes name.1, the third name.2; a number that is taken is passed over. */
static ho_status number_names(ho_reference_table *table, ho_error *err)
{
    size_t *order = ho_reference_order(table);
    if (order == NULL) return ho_fail_memory(err, table->columns * sizeof *order, "names");
    ho_status status = HO_OK;
    size_t number = 0;
    for (size_t i = 1; i < table->columns && status == HO_OK; i++) {
        const char *first = table->names[order[i - number - 1]];
        if (strcmp(first, table->names[order[i]]) != 0) {
            number = 0;
            continue;
        }
        size_t size = strlen(first) + 24;
        char *fresh = malloc(size);
        if (fresh == NULL) status = ho_fail_memory(err, size, "a name");
        if (fresh == NULL) break;
        snprintf(fresh, size, "%s.%zu", first, ++number);
        free(table->names[order[i]]);
        table->names[order[i]] = fresh;
    }
    free(order);
    return status;
}

static ho_status read_header(const char *path, const cells *header, size_t *places, size_t *date,
                             ho_reference_table *table, ho_error *err)
{
    *date = SIZE_MAX;
    for (size_t i = 0; i < header->count; i++) {
        char *name = trim(header->items[i]);
        bool is_date = same_name(name, "Date") || same_name(name, "date_col");
        if (is_date && *date == SIZE_MAX) *date = i;
        bool last_comma = i + 1 == header->count && *name == '\0';
        if (is_label(name) || last_comma) continue;
        places[table->columns] = i;
        table->names[table->columns] = ho_copy_text(name);
        if (table->names[table->columns] == NULL) return ho_fail_memory(err, strlen(name), "a name");
        table->columns++;
    }
    if (*date == SIZE_MAX) return ho_fail(err, HO_ERR_DATA, "%.700s: the header has no Date", path);
    return number_names(table, err);
}

ho_status ho_reference_read(const char *path, ho_reference_table *table, ho_error *err)
{
    text t = {0};
    cells header = {0};
    lines l = {0};
    size_t *places = NULL, date = 0;
    bool memory = true;
    ho_status status = read_file(path, &t, err);
    if (status == HO_OK && !next_row(&t, &header, &memory))
        status = ho_fail(err, HO_ERR_DATA, "%.700s: is empty", path);
    if (status == HO_OK) {
        places = HO_NEW(size_t, header.count + 1);
        table->names = HO_NEW(char *, header.count + 1);
        if (places == NULL || table->names == NULL)
            status = ho_fail_memory(err, header.count * 8, "a header");
    }
    if (status == HO_OK) status = read_header(path, &header, places, &date, table, err);
    l.columns = table->columns;
    size_t fields = header.count;
    if (status == HO_OK && *trim(header.items[fields - 1]) == '\0')
        fields--; /* a comma at the end of each line */
    if (status == HO_OK) status = read_lines(path, &t, places, fields, date, &l, err);
    if (status == HO_OK) {
        l.days = HO_NEW(int32_t, l.count);
        l.order = HO_NEW(size_t, l.count);
        if (l.days == NULL || l.order == NULL) status = ho_fail_memory(err, l.count * 12, "dates");
    }
    if (status == HO_OK && !read_dates(&l))
        status = ho_fail(err, HO_ERR_DATA, "%.700s: no format reads every date", path);
    if (status == HO_OK) {
        order_lines(&l);
        status = sum_by_date(&l, table, err);
    }
    free(l.dates);
    free(l.values);
    free(l.days);
    free(l.order);
    free(places);
    free(header.items);
    free(t.bytes);
    return status;
}

void ho_reference_clear(ho_reference_table *table)
{
    for (size_t i = 0; i < table->columns && table->names != NULL; i++)
        free(table->names[i]);
    free(table->names);
    free(table->dates);
    free(table->values);
    *table = (ho_reference_table){0};
}

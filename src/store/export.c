/* A panel as one file for other programs. */
#include "base/date.h"
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/shortest.h"
#include "bridge/arrow/remote.h"
#include "store/export_options.h"
#include "store/export_plan.h"
#include "store/foreign.h"
#include "store/formats.h"
#include "store/remote.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const ho_option options[] = {HO_EXPORT_OPTION_ROWS(ho_export_options, )};

ho_option_table ho_export_option_table(void)
{
    return (ho_option_table){options, sizeof options / sizeof *options};
}

bool ho_export_knows(const char *path)
{
    return ho_format_written_for(path) != NULL;
}

static void put_quoted(const char *text, FILE *file)
{
    if (strpbrk(text, ",\"\r\n;\t") == NULL) {
        fputs(text, file);
        return;
    }
    putc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"') putc('"', file);
        putc(*text, file);
    }
    putc('"', file);
}

static void put_number(double value, FILE *file)
{
    char text[HO_NUMBER_TEXT];
    if (value == 0 && signbit(value)) putc('-', file);
    fwrite(text, 1, ho_print_shortest(value, text), file);
}

static void put_facts(const ho_export_plan *p, size_t t, FILE *file)
{
    char day[16];
    for (size_t c = 0; c < p->facts; c++) {
        if (c > 0) putc(',', file);
        double number = ho_export_number(p, p->kinds[c], t);
        if (p->columns[c].type == HO_PARQUET_TEXT)
            put_quoted(ho_export_text(p, p->kinds[c], t), file);
        else if (p->columns[c].type == HO_PARQUET_DATE)
            fputs(ho_date_print((int32_t)number, day), file);
        else if (p->columns[c].type == HO_PARQUET_TIME && number >= 0)
            fprintf(file, "%02d:%02d:%02d", (int)number / 3600, (int)number / 60 % 60, (int)number % 60);
        else if (p->columns[c].type != HO_PARQUET_TIME && !isnan(number))
            put_number(number, file);
    }
}

static void put_table(const ho_export_plan *p, FILE *file)
{
    const ho_matrix *m = &p->panel->values;
    for (size_t c = 0; c < p->count; c++) {
        if (c > 0) putc(',', file);
        put_quoted(p->columns[c].name, file);
    }
    putc('\n', file);
    for (size_t t = 0; t < m->rows; t++) {
        const double *row = ho_matrix_row(m, t);
        if (!p->tall) put_facts(p, t, file);
        for (size_t j = 0; j < m->columns; j++) {
            if (p->tall) {
                put_facts(p, t, file);
                putc(',', file);
                put_quoted(p->panel->names[j], file);
            }
            putc(',', file);
            put_number(row[j], file);
            if (p->tall) putc('\n', file);
        }
        if (!p->tall) putc('\n', file);
    }
}

static ho_status write_csv(const char *path, const ho_export_plan *p, ho_error *err)
{
    FILE *file = fopen(path, "we");
    if (file == NULL) return ho_fail(err, HO_ERR_IO, "%s", strerror(errno));
    (void)setvbuf(file, NULL, _IOFBF, 1 << 20);
    put_table(p, file);
    bool failed = ferror(file) != 0;
    int reason = errno;
    if (fclose(file) != 0 && !failed) {
        failed = true;
        reason = errno;
    }
    return failed ? ho_fail(err, HO_ERR_IO, "%s", strerror(reason)) : HO_OK;
}

/* How many periods a row group of a tall file holds. */
static size_t periods_a_group(const ho_export_plan *p, int64_t rows)
{
    const ho_matrix *m = &p->panel->values;
    double ideal = (double)rows / (double)m->columns;
    return ideal < 1 ? 1 : ideal > (double)m->rows ? m->rows : (size_t)(ideal + 0.5);
}

static ho_status write_parquet(const char *path, ho_export_plan *p, const ho_export_options *o, ho_error *err)
{
    const ho_matrix *m = &p->panel->values;
    ho_parquet_writer *file = NULL;
    HO_TRY(ho_parquet_create(path, p->columns, p->count, o->compression, &file, err));
    ho_status status = ho_parquet_add_note(file, HO_NOTE_EXPORT, o->layout, err);
    size_t group = periods_a_group(p, o->row_group_size);
    if (!p->tall && status == HO_OK)
        status = ho_parquet_write_group(file, 1, m->rows, ho_export_piece, p, err);
    for (; p->tall && status == HO_OK && p->first < m->rows; p->first += group) {
        size_t left = m->rows - p->first;
        status =
            ho_parquet_write_group(file, left < group ? left : group, m->columns, ho_export_piece, p, err);
    }
    if (status == HO_OK) return ho_parquet_finish(&file, err);
    ho_parquet_discard(&file);
    return status;
}

static ho_status write_arrow(const char *path, ho_export_plan *p, const ho_export_options *o, ho_error *err)
{
    const ho_matrix *m = &p->panel->values;
    ho_ipc_writer *file = NULL;
    for (size_t c = 0; c < p->facts;
         c++) /* a file holds one dictionary a column, and labels come as they come */
        p->columns[c].coding = HO_PARQUET_PLAIN;
    HO_TRY(ho_ipc_create(path, p->columns, p->count, o->compression, HO_NOTE_EXPORT, o->layout, &file, err));
    ho_status status = HO_OK;
    size_t group = periods_a_group(p, o->row_group_size);
    if (!p->tall) status = ho_ipc_write_group(file, 1, m->rows, ho_export_piece, p, err);
    for (; p->tall && status == HO_OK && p->first < m->rows; p->first += group) {
        size_t left = m->rows - p->first;
        status = ho_ipc_write_group(file, left < group ? left : group, m->columns, ho_export_piece, p, err);
    }
    if (status == HO_OK) return ho_ipc_finish(&file, err);
    ho_ipc_discard(&file);
    return status;
}

static ho_status write_format(const char *path, const char *format, ho_export_plan *p,
                              const ho_export_options *o, ho_error *err)
{
    if (strcmp(format, "csv") == 0) return write_csv(path, p, err);
    if (strcmp(format, "arrow") == 0) return write_arrow(path, p, o, err);
    return write_parquet(path, p, o, err);
}

/* Written beside its place and renamed: whoever reads the place finds the old file or the new one. */
static ho_status write_beside(const char *path, const char *format, ho_export_plan *p,
                              const ho_export_options *o, ho_error *err)
{
    struct stat facts;
    if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode))
        return ho_fail(err, HO_ERR_USAGE, "%s: will not be replaced, it is no file", path);
    char *real = realpath(path, NULL); /* a link stands for the file behind it */
    const char *target = real != NULL ? real : path;
    char *temp = ho_path_fresh(target);
    if (temp == NULL) {
        free(real);
        return ho_fail_memory(err, strlen(path), "the name of a file");
    }
    ho_error fault; /* names the temporary file, which nobody will find */
    ho_status status = write_format(temp, format, p, o, &fault);
    if (status == HO_OK && rename(temp, target) != 0)
        status = ho_fail(&fault, HO_ERR_IO, "%s", strerror(errno));
    if (status != HO_OK) {
        (void)unlink(temp);
        status = ho_fail(err, status, "%s: not written: %s", path, fault.text);
    }
    free(temp);
    free(real);
    return status;
}

static ho_status write_there(const char *uri, const char *format, ho_export_plan *p,
                             const ho_export_options *o, ho_error *err)
{
    ho_remote_copy copy = {0};
    ho_status status = ho_remote_room("table", &copy, err);
    if (status == HO_OK) status = write_beside(copy.path, format, p, o, err);
    if (status == HO_OK) status = ho_remote_put(copy.path, uri, err);
    if (status != HO_OK) ho_remote_rename(&copy, uri, err);
    ho_remote_copy_clear(&copy);
    return status;
}

static ho_status write_anywhere(const char *path, const char *format, ho_export_plan *p,
                                const ho_export_options *o, ho_error *err)
{
    if (ho_path_is_remote(path)) return write_there(path, format, p, o, err);
    char *local = ho_path_local(path);
    if (local == NULL) return ho_fail_memory(err, strlen(path), path);
    ho_status status = write_beside(local, format, p, o, err);
    free(local);
    return status;
}

ho_status ho_table_export(const char *path, const ho_panel *panel, const ho_export_options *wanted,
                          ho_error *err)
{
    const char *format = strcmp(wanted->format, "auto") == 0 ? ho_format_written_for(path) : wanted->format;
    if (format == NULL)
        return ho_fail(
            err, HO_ERR_USAGE,
            "%s: the name does not say which format is wanted: .parquet, .csv or .arrow at its end, or "
            "--format",
            path);
    if (strcmp(format, "csv") != 0 && ho_arrow_version() == NULL)
        return ho_fail(err, HO_ERR_UNAVAILABLE, "%s: this build has no Arrow/Parquet; it writes CSV files",
                       path);
    ho_export_plan plan;
    HO_TRY(ho_export_plan_new(panel, strcmp(wanted->layout, "tall") == 0, &plan, err));
    ho_status status = write_anywhere(path, format, &plan, wanted, err);
    ho_export_plan_clear(&plan);
    return status;
}

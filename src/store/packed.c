#include "store/packed.h"

#include "base/date.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "store/classify.h"
#include "store/csv.h"
#include "store/file_bytes.h"
#include "store/foreign_tall.h"
#include "store/xlsx/workbook.h"
#include "store/xlsx/zip.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { HEADER_WITHIN = 20, A_DAY = 86400, HOUR = 3600 };

bool ho_packed_knows(const char *path)
{
    char bytes[8] = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return false;
    ssize_t got = pread(file, bytes, sizeof bytes, 0);
    close(file);
    return got > 0 && ho_sheet_file_of(bytes, (size_t)got) != HO_SHEETS_NOT;
}

/* The row of the header: the first of the first ones in which a column is a date's. */
static size_t header_of(const ho_cell_grid *grid)
{
    for (size_t row = 0; row < grid->rows && row < HEADER_WITHIN; row++) {
        const ho_grid_cell *end;
        for (const ho_grid_cell *c = ho_cell_grid_row(grid, row, &end); c != end; c++) {
            if (ho_tall_column_of(c->text, c->length) == HO_PIVOT_DATE) return row;
        }
    }
    return SIZE_MAX;
}

static void put_cell(const ho_grid_cell *c, FILE *out)
{
    if (c->is_moment) {
        char day[16];
        int64_t date = c->seconds / A_DAY - (c->seconds % A_DAY < 0), second = c->seconds - date * A_DAY;
        if (date > -25567) fprintf(out, "%s%s", ho_date_print((int32_t)date, day), second != 0 ? " " : "");
        if (second != 0 || date <= -25567)
            fprintf(out, "%02d:%02d:%02d", (int)(second / HOUR), (int)(second / 60 % 60), (int)(second % 60));
        return;
    }
    fputc('"', out);
    for (size_t i = 0; i < c->length; i++) {
        if (c->text[i] == '"') fputc('"', out);
        fputc(c->text[i], out);
    }
    fputc('"', out);
}

/* The sheet as the text of a CSV file whose lines are the sheet's rows; what stands above the header is blank there. */
static ho_status to_text(const ho_cell_grid *grid, size_t header, char **text, size_t *size, ho_error *err)
{
    const ho_grid_cell *end, *first = ho_cell_grid_row(grid, header, &end);
    uint32_t columns = end > first ? end[-1].column + 1 : 0;
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    for (size_t row = 0; row < grid->rows; row++) {
        const ho_grid_cell *c = ho_cell_grid_row(grid, row, &end);
        const bool any = row >= header && c != end;
        uint32_t column = 0;
        for (; any && c != end; c++) {
            for (; column < c->column; column++)
                fputc(',', t.file);
            put_cell(c, t.file);
        }
        for (; any && column + 1 < columns; column++)
            fputc(',', t.file);
        fputc('\n', t.file);
    }
    HO_TRY(ho_text_end(&t, text, err));
    *size = strlen(*text); /* cells hold no zero bytes: XML has none */
    return HO_OK;
}

typedef struct packed {
    const char *path;
    char *bytes; /* owned */
    size_t size;
    ho_csv_origin origin;
    const ho_load_options *options;
    int threads;
} packed;

static ho_status read_sheet(const packed *p, const ho_cell_grid *grid, size_t header, ho_panel **panel,
                            ho_load_report *report, ho_error *err)
{
    char *text = NULL;
    size_t size = 0;
    HO_TRY(to_text(grid, header, &text, &size, err));
    ho_status status =
        ho_csv_read_packed(p->path, text, size, &p->origin, p->options, p->threads, panel, report, err);
    free(text);
    return status;
}

static ho_status read_workbook(packed *p, ho_panel **panel, ho_load_report *report, ho_error *err)
{
    ho_workbook *book = NULL;
    p->origin.format = "xlsx";
    HO_TRY(ho_workbook_open(p->path, p->bytes, p->size, &book, err));
    ho_status status = HO_OK;
    bool found = false;
    for (size_t i = 0; status == HO_OK && !found && i < ho_workbook_sheets(book); i++) {
        ho_cell_grid grid = {0};
        status = ho_workbook_read(book, i, &grid, err);
        size_t header = status == HO_OK ? header_of(&grid) : SIZE_MAX;
        found = header != SIZE_MAX;
        if (found) status = read_sheet(p, &grid, header, panel, report, err);
        ho_cell_grid_clear(&grid);
    }
    if (status == HO_OK && !found)
        status = ho_fail(err, HO_ERR_DATA,
                         "%s: none of its %zu sheets has a column called Date in its first %d rows", p->path,
                         ho_workbook_sheets(book), HEADER_WITHIN);
    ho_workbook_close(&book);
    return status;
}

/* What packers of macOS leave beside the file is none. */
static bool counts(const char *member)
{
    const char *slash = strrchr(member, '/');
    return strncmp(member, "__MACOSX/", 9) != 0 && (slash != NULL ? slash[1] : member[0]) != '.';
}

static ho_status read_member(packed *p, ho_zip *zip, ho_panel **panel, ho_load_report *report, ho_error *err)
{
    size_t found = SIZE_MAX, many = 0, size = 0;
    char *text = NULL;
    for (size_t i = 0; i < ho_zip_count(zip); i++) {
        if (!counts(ho_zip_member(zip, i))) continue;
        if (many++ == 0) found = i;
    }
    if (many != 1)
        return ho_fail(err, HO_ERR_DATA,
                       "%s: an archive of %zu files; one with a single CSV file was expected", p->path, many);
    p->origin.format = "zip";
    HO_TRY(ho_zip_read(zip, found, &text, &size, err));
    ho_status status =
        ho_csv_read_packed(p->path, text, size, &p->origin, p->options, p->threads, panel, report, err);
    free(text);
    return status;
}

static ho_status read_archive(packed *p, ho_panel **panel, ho_load_report *report, ho_error *err)
{
    ho_zip *zip = NULL;
    HO_TRY(ho_zip_open(p->path, p->bytes, p->size, &zip, err));
    bool workbook = ho_zip_find(zip, "[Content_Types].xml") < ho_zip_count(zip);
    ho_status status = workbook ? HO_OK : read_member(p, zip, panel, report, err);
    ho_zip_close(&zip);
    return workbook ? read_workbook(p, panel, report, err) : status;
}

ho_status ho_packed_read(const char *path, const ho_load_options *options, int threads, ho_panel **panel,
                         ho_load_report *report, ho_error *err)
{
    struct stat facts = {0};
    packed p = {.path = path, .options = options, .threads = threads};
    (void)stat(path, &facts); /* before the bytes: a later change is seen as one */
    HO_TRY(ho_file_bytes(path, &p.bytes, &p.size, err));
    p.origin.bytes = (int64_t)p.size;
    p.origin.mtime_ns = (int64_t)facts.st_mtim.tv_sec * 1000000000 + facts.st_mtim.tv_nsec;
    p.origin.hash = XXH3_64bits(p.bytes, p.size);
    ho_status status = ho_sheet_file_of(p.bytes, p.size) == HO_SHEETS_OLD
                           ? ho_fail(err, HO_ERR_DATA, "%s: %s", path, ho_sheets_old_advice)
                           : read_archive(&p, panel, report, err);
    free(p.bytes);
    return status;
}

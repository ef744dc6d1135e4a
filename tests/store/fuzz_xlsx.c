/* Any bytes are a workbook or a refusal (a libFuzzer target, `cmake --preset fuzz`). The first byte says what the rest is:
 * the whole file, or one part of an archive that is otherwise good, since chance seldom finds a check sum. */
#include "base/error.h"
#include "store/xlsx/workbook.h"
#include "store/xlsx/zip.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RELATIONS "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define KIND      "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

static const struct {
    const char *name, *text;
} parts[] = {
    {"[Content_Types].xml", "<Types/>"},
    {"_rels/.rels", RELATIONS "<Relationship Id=\"r1\" Type=\"" KIND
                              "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
    {"xl/workbook.xml", "<workbook xmlns:r=\"r\"><sheets><sheet name=\"A Trans\" sheetId=\"1\" "
                        "r:id=\"r1\"/></sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels",
     RELATIONS "<Relationship Id=\"r1\" Type=\"" KIND
               "worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"" KIND
               "sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"r3\" Type=\"" KIND
               "styles\" Target=\"styles.xml\"/></Relationships>"},
    {"xl/sharedStrings.xml", "<sst><si><t>Date</t></si><si><r><t>Net </t></r><r><t>PNL</t></r></si></sst>"},
    {"xl/styles.xml",
     "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"},
    {"xl/worksheets/sheet1.xml",
     "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData></worksheet>"},
};

enum { PARTS = sizeof parts / sizeof *parts };

typedef struct bytes {
    char *at;
    size_t used;
} bytes;

static void put(bytes *b, const void *from, size_t size)
{
    memcpy(b->at + b->used, from, size);
    b->used += size;
}

static void put_number(bytes *b, uint32_t value, int size)
{
    for (int i = 0; i < size; i++)
        b->at[b->used++] = (char)(value >> (8 * i));
}

/* The header of a member, in front of it and in the directory (APPNOTE.TXT 4.3.7 and 4.3.12), stored and not packed. */
static void put_header(bytes *b, const char *name, uint32_t sum, uint32_t size, bool directory,
                       uint32_t offset)
{
    put_number(b, directory ? 0x02014b50 : 0x04034b50, 4);
    put_number(b, 20, directory ? 4 : 2);
    put_number(b, 0, 4); /* flags, method */
    put_number(b, 0, 4); /* time */
    put_number(b, sum, 4);
    put_number(b, size, 4);
    put_number(b, size, 4);
    put_number(b, (uint32_t)strlen(name), 2);
    put_number(b, 0, 2);
    if (directory) {
        put_number(b, 0, 4);
        put_number(b, 0, 4);
        put_number(b, 0, 2);
        put_number(b, offset, 4);
    }
    put(b, name, strlen(name));
}

/* An archive whose part `which` is the data. */
static bytes archive_of(size_t which, const uint8_t *data, size_t size)
{
    uint32_t offsets[PARTS], sums[PARTS];
    bytes b = {malloc(size + 8192), 0};
    if (b.at == NULL) abort();
    for (size_t i = 0; i < PARTS; i++) {
        const void *text = i == which ? (const void *)data : parts[i].text;
        uint32_t length = (uint32_t)(i == which ? size : strlen(parts[i].text));
        offsets[i] = (uint32_t)b.used;
        sums[i] = (uint32_t)crc32(0, text, length);
        put_header(&b, parts[i].name, sums[i], length, false, 0);
        put(&b, text, length);
    }
    uint32_t directory = (uint32_t)b.used;
    for (size_t i = 0; i < PARTS; i++)
        put_header(&b, parts[i].name, sums[i], (uint32_t)(i == which ? size : strlen(parts[i].text)), true,
                   offsets[i]);
    uint32_t length = (uint32_t)b.used - directory;
    put_number(&b, 0x06054b50, 4);
    put_number(&b, 0, 4);
    put_number(&b, PARTS, 2);
    put_number(&b, PARTS, 2);
    put_number(&b, length, 4);
    put_number(&b, directory, 4);
    put_number(&b, 0, 2);
    return b;
}

static void check_sheet(const ho_cell_grid *grid)
{
    for (size_t row = 0; row < grid->rows; row++) {
        const ho_grid_cell *end;
        int64_t last = -1;
        for (const ho_grid_cell *c = ho_cell_grid_row(grid, row, &end); c != end; c++) {
            if ((int64_t)c->column <= last || c->length == 0 || c->text[c->length] != '\0') abort();
            if (ho_cell_grid_at(grid, row, c->column) != c) abort();
            last = c->column;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 1 << 20) return 0;
    size_t which = data[0] % (PARTS + 1);
    bytes file = which == PARTS ? (bytes){malloc(size), size - 1} : archive_of(which, data + 1, size - 1);
    if (file.at == NULL) abort();
    if (which == PARTS) memcpy(file.at, data + 1, size - 1);
    ho_workbook *book = NULL;
    ho_error err = {""};
    ho_status status = ho_workbook_open("fuzz", file.at, file.used, &book, &err);
    if (status != HO_OK && (book != NULL || err.text[0] == '\0')) abort();
    for (size_t i = 0; status == HO_OK && i < ho_workbook_sheets(book); i++) {
        ho_cell_grid grid = {0};
        if (ho_workbook_read(book, i, &grid, &err) == HO_OK) check_sheet(&grid);
        ho_cell_grid_clear(&grid);
    }
    ho_workbook_close(&book);
    free(file.at);
    return 0;
}

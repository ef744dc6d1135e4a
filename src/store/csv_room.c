#include "store/csv_room.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/memory_left.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes looked at in one go, and at most; columns of names, positions and findings beside the numbers themselves. */
enum { PIECE = 1 << 20, FAR = 64 * PIECE, A_COLUMN = 200, A_ROW = 100 };

typedef struct head {
    size_t header, line; /* bytes of the first line and of the first row, with their ends; 0: not met */
    size_t fields;       /* of the header */
    bool text;
} head;

static size_t fields_of(const size_t counts[3])
{
    size_t most = counts[0] > counts[1] ? counts[0] : counts[1];
    return 1 + (most > counts[2] ? most : counts[2]);
}

/* A line with fewer bytes than the header has fields is blank or broken, and no row to count by. Quotes are not looked
 * at: a name that holds a delimiter counts twice. */
static head look(int file, char *piece)
{
    static const char delimiters[] = ",;\t";
    head h = {.text = true};
    size_t at = 0, start = 0, counts[3] = {0};
    for (ssize_t got; at < FAR && h.line == 0 && (got = pread(file, piece, PIECE, (off_t)at)) > 0;
         at += (size_t)got) {
        h.text = h.text && memchr(piece, '\0', (size_t)got) == NULL;
        for (size_t i = 0; i < (size_t)got && h.line == 0; i++) {
            const char *delimiter = h.header == 0 && piece[i] != '\0' ? strchr(delimiters, piece[i]) : NULL;
            if (delimiter != NULL) counts[delimiter - delimiters]++;
            if (piece[i] != '\n') continue;
            if (h.header == 0) {
                h.header = at + i + 1;
                h.fields = fields_of(counts);
            } else if (at + i + 1 - start >= h.fields) {
                h.line = at + i + 1 - start;
            }
            start = at + i + 1;
        }
    }
    return h;
}

ho_status ho_csv_room(const char *path, double limit, ho_error *err)
{
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char *piece = ho_new_array(PIECE, 1);
    head h = {.text = false};
    if (file >= 0 && piece != NULL && fstat(file, &facts) == 0 && S_ISREG(facts.st_mode))
        h = look(file, piece);
    free(piece);
    if (file >= 0) close(file);
    if (!h.text || h.line == 0) return HO_OK;
    double bytes = (double)facts.st_size, rows = (bytes - (double)h.header) / (double)h.line + 0.5;
    rows = rows < 1 ? 1 : (double)(int64_t)rows;
    double need = bytes + rows * (8 * (double)h.fields + A_ROW) + A_COLUMN * (double)h.fields;
    char what[700];
    snprintf(what, sizeof what, "%.600s: reading about %zu columns x %.0f rows", path, h.fields, rows);
    return ho_memory_ask(what, need < 9e18 ? (int64_t)need : INT64_MAX, limit, err);
}

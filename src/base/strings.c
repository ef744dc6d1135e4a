#include "base/strings.h"

#include "base/error.h"
#include "base/memory.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

ho_status ho_strings_add(ho_strings *list, const char *text, ho_error *err)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity != 0 ? 2 * list->capacity : 8;
        char **items = ho_grow_array(list->items, capacity, sizeof *items);
        if (items == NULL) return ho_fail_memory(err, capacity * sizeof *items, "a list of texts");
        list->items = items;
        list->capacity = capacity;
    }
    char *copy = ho_copy_text(text);
    if (copy == NULL) return ho_fail_memory(err, strlen(text) + 1, "a text");
    list->items[list->count++] = copy;
    return HO_OK;
}

void ho_strings_clear(ho_strings *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (ho_strings){0};
}

ho_status ho_strings_printf(ho_strings *list, ho_error *err, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *line = length < 0 ? NULL : ho_new_array((size_t)length + 1, 1);
    if (line != NULL) vsnprintf(line, (size_t)length + 1, format, again);
    va_end(again);
    if (line == NULL) return ho_fail_memory(err, 0, "a line of text");
    ho_status status = ho_strings_add(list, line, err);
    free(line);
    return status;
}

bool ho_strings_has(const ho_strings *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], text) == 0) return true;
    }
    return false;
}

ho_status ho_text_begin(ho_text *text, ho_error *err)
{
    *text = (ho_text){0};
    text->file = open_memstream(&text->bytes, &text->size);
    return text->file != NULL ? HO_OK : ho_fail_memory(err, 0, "a text");
}

ho_status ho_text_end(ho_text *text, char **out, ho_error *err)
{
    bool whole = ferror(text->file) == 0;
    if (fclose(text->file) != 0 || !whole) {
        free(text->bytes);
        return ho_fail_memory(err, text->size, "a text");
    }
    *out = text->bytes;
    return HO_OK;
}

void ho_text_put(const char *text, FILE *file)
{
    for (const char *c = text; *c != '\0'; c++)
        fputc((unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c, file);
}

static int folded(char c)
{
    return c == '-' || c == ' ' ? '_' : tolower((unsigned char)c);
}

bool ho_text_same(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0' && folded(*a) == folded(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

enum { LONGEST = 64 };

size_t ho_text_distance(const char *a, const char *b)
{
    size_t n = strnlen(a, LONGEST), m = strnlen(b, LONGEST);
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t cost = folded(a[i - 1]) != folded(b[j - 1]);
            size_t best = last[j - 1] + cost;
            if (last[j] + 1 < best) best = last[j] + 1;
            if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
            bool swapped = i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
                           folded(a[i - 2]) == folded(b[j - 1]);
            if (swapped && before[j - 2] + 1 < best) best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    return rows[n % 3][m];
}

const char *ho_text_nearest(const char *wanted, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t limit = strnlen(wanted, LONGEST) / 3 + 1, best = limit + 1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = ho_text_distance(wanted, names[i]);
        if (distance < best) {
            best = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

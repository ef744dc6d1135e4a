#include "report/markdown.h"

#include "report/csv.h"
#include "report/page.h"

#include <math.h>
#include <string.h>

void ho_md_text(FILE *file, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\`*[<|&", *text) != NULL) fputc('\\', file);
        fputc((unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text, file);
    }
}

void ho_md_number_cell(FILE *file, double value)
{
    fputc(' ', file);
    if (isnan(value))
        fputs("undefined", file);
    else
        ho_csv_number(file, value);
    fputs(" |", file);
}

void ho_md_text_cell(FILE *file, const char *text)
{
    fputc(' ', file);
    ho_md_text(file, text);
    fputs(" |", file);
}

double ho_md_value(const json_t *object, const char *key)
{
    const json_t *infinite = json_object_get(object, "infinite");
    for (size_t i = 0; i < json_array_size(infinite); i++) {
        const char *name = json_string_value(json_array_get(infinite, i));
        if (name != NULL && strcmp(name, key) == 0) return INFINITY;
    }
    return ho_page_number(object, key);
}

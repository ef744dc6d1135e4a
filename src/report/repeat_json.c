/* The command line that finds the same portfolio again, for a shell: the input, and every setting that is not at its
 * default. */
#include "base/error.h"
#include "base/strings.h"
#include "report/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void put_word(const char *word, FILE *file)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:=,%+-";
    if (*word != '\0' && strspn(word, plain) == strlen(word)) {
        fputs(word, file);
        return;
    }
    fputc('\'', file);
    for (const char *c = word; *c != '\0'; c++) {
        if (*c == '\'')
            fputs("'\\''", file);
        else
            fputc(*c, file);
    }
    fputc('\'', file);
}

static bool is_default(const ho_option *o, const void *field)
{
    const char *def = o->def != NULL ? o->def : "";
    const char *text =
        o->type == HO_OPTION_TEXT || o->type == HO_OPTION_CHOICE ? *(char *const *)field : NULL;
    switch (o->type) {
    case HO_OPTION_BOOL:
        return *(const bool *)field == (strcmp(def, "true") == 0);
    case HO_OPTION_INT:
        return *(const int64_t *)field == strtoll(def, NULL, 10);
    case HO_OPTION_REAL:
        return *(const double *)field == strtod(def, NULL);
    case HO_OPTION_TEXT:
    case HO_OPTION_CHOICE:
        return strcmp(text != NULL ? text : "", def) == 0;
    case HO_OPTION_LIST:
        break;
    }
    return ((const ho_strings *)field)->count == 0;
}

static void put_option(const ho_option *o, const void *settings, FILE *file)
{
    const void *field = (const char *)settings + o->offset;
    char number[64];
    if (o->type == HO_OPTION_LIST) {
        const ho_strings *list = field;
        for (size_t i = 0; i < list->count; i++) {
            fprintf(file, " --%s ", o->name);
            put_word(list->items[i], file);
        }
        return;
    }
    fprintf(file, " --%s", o->name);
    if (o->type == HO_OPTION_BOOL) {
        if (!*(const bool *)field) fputs("=false", file);
        return;
    }
    fputc(' ', file);
    if (o->type == HO_OPTION_TEXT || o->type == HO_OPTION_CHOICE) {
        put_word(*(char *const *)field, file);
    } else {
        ho_option_print(o, settings, number, sizeof number);
        fputs(number, file);
    }
}

json_t *ho_json_repeat(const char *command, const char *input, ho_option_table table, const void *settings)
{
    ho_text t;
    char *text = NULL;
    if (ho_text_begin(&t, NULL) != HO_OK) return NULL;
    fprintf(t.file, "heavyopt %s ", command != NULL ? command : "optimize");
    put_word(input, t.file);
    for (size_t i = 0; i < table.count; i++) {
        const ho_option *o = &table.options[i];
        if (!ho_json_of_the_place(o->name) && !is_default(o, (const char *)settings + o->offset))
            put_option(o, settings, t.file);
    }
    if (ho_text_end(&t, &text, NULL) != HO_OK) return NULL;
    json_t *value = ho_json_text(text);
    free(text);
    return value;
}

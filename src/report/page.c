/* Reading the document and writing texts and numbers of the page. */
#include "report/page.h"

#include <math.h>
#include <string.h>

double ho_page_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

const char *ho_page_string(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

double ho_page_at(const json_t *array, size_t i)
{
    const json_t *value = json_array_get(array, i);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

void ho_page_text(const ho_page *page, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        const char *stands_for = *c == '<'    ? "&lt;"
                                 : *c == '>'  ? "&gt;"
                                 : *c == '&'  ? "&amp;"
                                 : *c == '"'  ? "&quot;"
                                 : *c == '\'' ? "&#39;"
                                              : NULL;
        if (stands_for != NULL)
            fputs(stands_for, page->file);
        else
            fputc((unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c, page->file);
    }
}

/* Digits of a whole number with separators: by threes, or the Indian way, by twos above the first three. */
static void group_digits(const char *digits, bool indian, char *out)
{
    const size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        const size_t left = length - i;
        const bool separate = indian ? left == 3 || (left > 3 && left % 2 == 1) : left % 3 == 0;
        if (i != 0 && separate) *out++ = ',';
        *out++ = digits[i];
    }
    *out = '\0';
}

static void print_grouped(const ho_page *page, double value, int decimals, char *out, size_t room)
{
    char digits[HO_UNIT_TEXT], grouped[2 * HO_UNIT_TEXT];
    if (fabs(value) >= 1e15) { /* too long for a table */
        snprintf(out, room, "%.4g", fabs(value));
        return;
    }
    snprintf(digits, sizeof digits, "%.*f", decimals, fabs(value));
    char *point = strchr(digits, '.'), rest[HO_UNIT_TEXT] = "";
    if (point != NULL) {
        snprintf(rest, sizeof rest, "%s", point);
        *point = '\0';
    }
    group_digits(digits, page->indian, grouped);
    snprintf(out, room, "%.30s%.10s", grouped, rest);
}

const char *ho_print_unit(const ho_page *page, ho_unit unit, double value, char out[HO_UNIT_TEXT])
{
    char number[HO_UNIT_TEXT] = "";
    const double size = fabs(value);
    const char *before = "", *after = "";
    if (isnan(value)) {
        *out = '\0';
        return out;
    }
    if (isinf(value)) {
        snprintf(out, HO_UNIT_TEXT, "%s", value > 0 ? "infinite" : "minus infinity");
        return out;
    }
    if (unit == HO_UNIT_SHARE || (unit == HO_UNIT_MONEY && !page->rupees)) {
        print_grouped(page, 100 * value, size < 10 ? 2 : 0, number, sizeof number);
        after = "\u00a0%";
    } else if (unit == HO_UNIT_MONEY) {
        before = "₹";
        if (size > 0 && size < 0.01)
            snprintf(number, sizeof number, "%.2g", size);
        else
            print_grouped(page, value, size < 100 && size != floor(size) ? 2 : 0, number, sizeof number);
    } else if (unit == HO_UNIT_COUNT) {
        print_grouped(page, value, 0, number, sizeof number);
    } else if (size >= 1e6 || (size > 0 && size < 5e-4)) {
        snprintf(number, sizeof number, "%.3g", size);
    } else {
        print_grouped(page, value, size < 10 ? 3 : size < 1000 ? 2 : 0, number, sizeof number);
    }
    const bool nothing = strpbrk(number, "123456789") == NULL; /* no minus before what rounds to zero */
    snprintf(out, HO_UNIT_TEXT, "%s%s%.30s%s", value < 0 && !nothing ? "\u2212" : "", before, number, after);
    return out;
}

void ho_page_value(const ho_page *page, ho_unit unit, double value)
{
    char text[HO_UNIT_TEXT];
    fputs(isnan(value) ? "–" : ho_print_unit(page, unit, value, text), page->file);
}

void ho_page_cell(const ho_page *page, ho_unit unit, double value)
{
    fputs("<td class=n", page->file);
    if (!isnan(value)) fprintf(page->file, " data-v=%.9g", isinf(value) ? copysign(1e300, value) : value);
    fputc('>', page->file);
    ho_page_value(page, unit, value);
    fputs("</td>", page->file);
}

void ho_page_shaded_cell(const ho_page *page, double value, double largest)
{
    const double strength = largest > 0 && isfinite(value) ? fabs(value) / largest : 0;
    fprintf(page->file, "<td class='n %s' style='--s:%.0f%%'", value < 0 ? "minus" : "plus",
            8 + 52 * strength);
    if (isfinite(value)) fprintf(page->file, " data-v=%.9g", value);
    fputc('>', page->file);
    ho_page_value(page, HO_UNIT_MONEY, value);
    fputs("</td>", page->file);
}

double ho_page_total(const ho_page *page)
{
    return ho_page_number(json_object_get(page->best, "metrics"), "total_roi");
}

/* Kelly's sizes of a portfolio's members in words. */
#include "base/strings.h"
#include "report/writers.h"

static double number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

void ho_say_kelly(const json_t *json, FILE *file)
{
    if (!json_is_object(json)) return;
    fprintf(file, "Kelly: %.10g of %.10g rupees%s, leverage %.4f", number(json, "allocated"),
            number(json, "capital"),
            json_is_true(json_object_get(json, "capital_assumed")) ? " (assumed: no capital is known)" : "",
            number(json, "leverage"));
    if (json_is_integer(json_object_get(json, "with_edge")) && !(number(json, "with_edge") > 0))
        fputs(", no member has an edge", file);
    if (number(json, "lots") > 0 || number(json, "rounded_away") > 0)
        fprintf(file, ", %.0f lots, %.10g rupees rounded away", number(json, "lots"),
                number(json, "rounded_away"));
    fputc('\n', file);
    size_t i;
    json_t *m;
    json_array_foreach(json_object_get(json, "members"), i, m)
    {
        fprintf(file, "  %6.2f %%  %14.2f rupees  ", 100 * number(m, "weight"), number(m, "allocated"));
        ho_text_put(json_string_value(json_object_get(m, "name")), file);
        fputc('\n', file);
    }
}

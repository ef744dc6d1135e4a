#include "run/portfolio_file.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/strings.h"
#include "run/names_file.h"
#include "screen/select.h"
#include "screen/ulta.h"

#include <string.h>

/* The file is read once, for it may be a pipe. */
typedef ho_portfolio_lines lines;

static ho_status gather(void *user, const char *where, char *name, ho_error *err)
{
    lines *l = user;
    HO_TRY(ho_strings_add(&l->names, name, err));
    return ho_strings_add(&l->places, where, err);
}

static ho_status read_lines(const char *path, lines *l, ho_error *err)
{
    HO_TRY(ho_names_file_each(path, gather, l, err));
    if (l->names.count == 0) return ho_fail(err, HO_ERR_DATA, "%.500s: names no strategy", path);
    return HO_OK;
}

void ho_portfolio_lines_clear(lines *l)
{
    ho_strings_clear(&l->names);
    ho_strings_clear(&l->places);
}

ho_status ho_portfolio_lines_find(const lines *l, const ho_panel *panel, uint32_t **members, size_t *count,
                                  ho_error *err)
{
    const size_t n = ho_panel_strategies(panel);
    uint8_t *marks = HO_NEW(uint8_t, n); /* a flag a strategy: named */
    uint32_t *list = HO_NEW(uint32_t, l->names.count);
    ho_status status = marks != NULL && list != NULL ? HO_OK : ho_fail_memory(err, n, "a portfolio");
    for (size_t i = 0; i < l->names.count && status == HO_OK; i++) {
        uint32_t j = 0;
        status = ho_find_strategy(panel, l->names.items[i], l->places.items[i], &j, err);
        if (status == HO_OK && marks[j])
            status = ho_fail(err, HO_ERR_USAGE, "%s: %.200s is named twice", l->places.items[i],
                             l->names.items[i]);
        if (status == HO_OK) marks[j] = 1;
    }
    for (uint32_t j = 0, k = 0; status == HO_OK && j < n; j++) {
        if (marks[j]) list[k++] = j;
    }
    free(marks);
    if (status != HO_OK) {
        free(list);
        return status;
    }
    *members = list;
    *count = l->names.count;
    return HO_OK;
}

ho_status ho_portfolio_file_read(const char *path, const ho_panel *panel, uint32_t **members, size_t *count,
                                 ho_error *err)
{
    lines l = {0};
    ho_status status = read_lines(path, &l, err);
    if (status == HO_OK) status = ho_portfolio_lines_find(&l, panel, members, count, err);
    ho_portfolio_lines_clear(&l);
    return status;
}

/* The strategy with the first `length` bytes of the name, or the number of strategies. */
static uint32_t find_name(const ho_panel *panel, const char *name, size_t length)
{
    uint32_t j = 0;
    for (; j < ho_panel_strategies(panel); j++) {
        const char *other = ho_panel_name(panel, j);
        if (strncmp(other, name, length) == 0 && other[length] == '\0') break;
    }
    return j;
}

/* Of each name NAME_inv that the panel lacks while it has NAME, the place of NAME; ascending, as those of a run. */
static ho_status find_turned(const lines *l, const ho_panel *panel, ho_ulta_case **cases, size_t *count,
                             ho_error *err)
{
    const size_t n = ho_panel_strategies(panel);
    uint8_t *marks = HO_NEW(uint8_t, n);
    *cases = HO_NEW(ho_ulta_case, l->names.count);
    *count = 0;
    ho_status status = marks != NULL && *cases != NULL ? HO_OK : ho_fail_memory(err, n, "a portfolio");
    for (size_t i = 0; i < l->names.count && status == HO_OK; i++) {
        const char *name = l->names.items[i];
        const size_t length = strlen(name);
        if (length < 5 || strcmp(name + length - 4, "_inv") != 0 || find_name(panel, name, length) < n)
            continue;
        const uint32_t j = find_name(panel, name, length - 4);
        if (j < n) marks[j] = 1;
    }
    for (uint32_t j = 0; status == HO_OK && j < n; j++) {
        if (marks[j]) (*cases)[(*count)++].strategy = j;
    }
    free(marks);
    return status;
}

ho_status ho_portfolio_file_take(const char *path, ho_input *input, lines *l, ho_error *err)
{
    ho_ulta_case *cases = NULL;
    size_t turned = 0;
    ho_status status = read_lines(path, l, err);
    if (status == HO_OK) status = find_turned(l, input->panel, &cases, &turned, err);
    if (status == HO_OK && turned > 0) status = ho_input_keep_original(input, err);
    if (status == HO_OK && turned > 0) status = ho_ulta_apply(input->panel, cases, turned, err);
    if (status == HO_OK && turned > 0 && input->rows != NULL)
        status = ho_ulta_apply(input->rows, cases, turned, err);
    free(cases);
    return status;
}

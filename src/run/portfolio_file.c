#include "run/portfolio_file.h"

#include "base/error.h"
#include "base/memory.h"
#include "run/names_file.h"
#include "screen/select.h"

typedef struct reading {
    const ho_panel *panel;
    uint8_t *marks; /* a flag a strategy: named */
    size_t count;
} reading;

static ho_status mark(void *user, const char *where, char *name, ho_error *err)
{
    reading *r = user;
    uint32_t j = 0;
    HO_TRY(ho_find_strategy(r->panel, name, where, &j, err));
    if (r->marks[j]) return ho_fail(err, HO_ERR_USAGE, "%s: %.200s is named twice", where, name);
    r->marks[j] = 1;
    r->count++;
    return HO_OK;
}

ho_status ho_portfolio_file_read(const char *path, const ho_panel *panel, uint32_t **members, size_t *count,
                                 ho_error *err)
{
    const size_t n = ho_panel_strategies(panel);
    reading r = {.panel = panel, .marks = HO_NEW(uint8_t, n)};
    if (r.marks == NULL) return ho_fail_memory(err, n, "a portfolio");
    ho_status status = ho_names_file_each(path, mark, &r, err);
    if (status == HO_OK && r.count == 0)
        status = ho_fail(err, HO_ERR_DATA, "%.500s: names no strategy", path);
    uint32_t *list = status == HO_OK ? HO_NEW(uint32_t, r.count) : NULL;
    if (status == HO_OK && list == NULL) status = ho_fail_memory(err, r.count * sizeof *list, "a portfolio");
    if (status == HO_OK) {
        size_t k = 0;
        for (uint32_t j = 0; j < n; j++) {
            if (r.marks[j]) list[k++] = j;
        }
        *members = list;
        *count = r.count;
    }
    free(r.marks);
    return status;
}

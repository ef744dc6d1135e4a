/* Which engine a run has: options first, then HEAVYOPT_GPU; no device is no error unless one is required. */
#include "run/engine.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/rng.h"
#include "base/strings.h"
#include "bridge/cudf/load.h"
#include "kernels/kernels.h"
#include "store/parquet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct wish {
    bool wanted, required;
    int32_t number;
} wish;

/* "2", "required" or, of the environment alone, "off". */
static ho_status read_wish(const char *origin, const char *text, bool may_be_off, wish *w, ho_error *err)
{
    enum { MOST = 1023 };
    char *end = NULL;
    errno = 0;
    const long number = strtol(text, &end, 10);
    if (may_be_off && strcasecmp(text, "off") == 0) return HO_OK;
    w->wanted = true;
    if (strcasecmp(text, "required") == 0) {
        w->required = true;
        return HO_OK;
    }
    if (end == text || *end != '\0' || errno != 0 || number < 0 || number > MOST)
        return ho_fail(err, HO_ERR_USAGE,
                       "%s%.50s: expected the number of a device, 0 or more, or required%s", origin, text,
                       may_be_off ? ", or off" : "");
    w->number = (int32_t)number;
    return HO_OK;
}

static ho_status wish_of(const ho_engine_settings *s, wish *w, ho_error *err)
{
    const char *said = getenv("HEAVYOPT_GPU");
    if (s->gpu != NULL) HO_TRY(read_wish("--gpu ", s->gpu, false, w, err));
    if (s->no_gpu || strcasecmp(s->engine, "cpu") == 0) {
        *w = (wish){.wanted = false};
        return HO_OK;
    }
    if (s->gpu == NULL && said != NULL && *said != '\0')
        HO_TRY(read_wish("HEAVYOPT_GPU=", said, true, w, err));
    if (strcasecmp(s->engine, "cuda") == 0) w->wanted = true;
    return HO_OK;
}

ho_status ho_engine_open(const ho_engine_settings *s, const ho_hooks *hooks, ho_device **device,
                         ho_error *err)
{
    wish w = {.wanted = false};
    ho_error why = {""};
    HO_TRY(wish_of(s, &w, err));
    *device = NULL;
    if (!w.wanted) return HO_OK;
    const ho_device_wish asked = {.number = w.number, .memory_limit = (uint64_t)(s->memory_limit * 1e9)};
    const ho_status status = ho_device_open(&asked, s->spill, device, &why);
    if (status == HO_OK) return HO_OK;
    if (w.required) return ho_fail(err, HO_ERR_UNAVAILABLE, "%s", why.text);
    char line[sizeof why.text + 64];
    snprintf(line, sizeof line, "%s; the processor does the work", why.text);
    ho_warn(hooks, line);
    return HO_OK;
}

/* Two weighted sums of each column have to have the processor's bits: a value, a row or a file out of its place would
 * change them. */
static ho_status same_values(const ho_matrix *x, const ho_device_numbers *numbers, bool *same, ho_error *err)
{
    const size_t n = x->columns;
    const ho_kernels *kernels = NULL;
    HO_TRY(ho_kernels_choose(&kernels, err));
    double *sums = HO_NEW(double, 4 * n + 2 * x->rows), *weights = sums != NULL ? sums + 4 * n : NULL;
    if (sums == NULL) return ho_fail_memory(err, 4 * n * sizeof *sums, "sums of columns");
    ho_rng rng = ho_rng_new(1, "a store's values", 0);
    for (size_t t = 0; t < 2 * x->rows; t++)
        weights[t] = 1 + ho_rng_unit(&rng);
    kernels->weigh(&(ho_weighing){.x = x->data,
                                  .stride = x->stride,
                                  .periods = x->rows,
                                  .columns = n,
                                  .a = weights,
                                  .b = weights + x->rows,
                                  .a_sum = sums,
                                  .b_sum = sums + n});
    *same = ho_device_numbers_weigh(numbers, weights, weights + x->rows, sums + 2 * n, sums + 3 * n) &&
            memcmp(sums, sums + 2 * n, 2 * n * sizeof *sums) == 0;
    free(sums);
    return HO_OK;
}

static ho_status hold_store(ho_device *device, const char *store, const ho_panel *panel,
                            const ho_device_doubles *values, ho_device_numbers *numbers, ho_error *err)
{
    ho_strings paths = {0};
    bool same = false;
    ho_status status = ho_store_pnl_files(store, panel, &paths, err);
    const ho_device_files files = {(const char *const *)paths.items, paths.count, values->rows,
                                   values->columns};
    if (status == HO_OK && paths.count > 0 && ho_device_numbers_read(device, values, &files, numbers))
        status = same_values(&panel->values, numbers, &same, err);
    ho_strings_clear(&paths);
    if (!same) ho_device_numbers_drop(numbers);
    return status;
}

ho_status ho_engine_hold(ho_device *device, const char *store, ho_panel *panel, ho_device_numbers *numbers,
                         ho_error *err)
{
    enum { LEAST_VALUES = 1 << 17 }; /* fewer are done with before a device has begun */
    const ho_matrix *x = &panel->values;
    const ho_device_doubles values = {x->data, x->rows, x->columns, x->stride};
    if (device == NULL || x->rows * x->columns < LEAST_VALUES) return HO_OK;
    if (store != NULL) HO_TRY(hold_store(device, store, panel, &values, numbers, err));
    if (numbers->device == NULL) ho_device_numbers_hold(device, &values, numbers);
    if (numbers->device != NULL) panel->on_device = numbers;
    return HO_OK;
}

void ho_engine_check(const ho_device *device, const ho_hooks *hooks)
{
    if (device == NULL) return;
    const char *what = device->has_failed ? device->failed.text : device->left_out.text;
    char line[sizeof device->failed.text + sizeof device->about.name + 96];
    if (*what == '\0') return;
    snprintf(line, sizeof line, "%s: %s; the processor did %s, with the same result", device->about.name,
             what, device->has_failed ? "the rest" : "that work");
    ho_warn(hooks, line);
}

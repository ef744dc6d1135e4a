/* Which engine a run has: options first, then HEAVYOPT_GPU; no device is no error unless one is required. */
#include "run/engine.h"

#include "base/error.h"
#include "bridge/cudf/load.h"

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

void ho_engine_check(const ho_device *device, const ho_hooks *hooks)
{
    if (device == NULL || !device->has_failed) return;
    char line[sizeof device->failed.text + sizeof device->about.name + 96];
    snprintf(line, sizeof line, "%s: %s; the processor did the rest, with the same result",
             device->about.name, device->failed.text);
    ho_warn(hooks, line);
}

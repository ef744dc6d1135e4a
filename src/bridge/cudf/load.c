/* dlopen and the handshake. The plug-in stays loaded once it is: CUDA's libraries do not like to be taken away. */
#include "bridge/cudf/load.h"

#include "base/error.h"
#include "base/memory.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLUGIN "libheavyopt_cudf.so"

const char *ho_device_plugin_path(void)
{
    static _Thread_local char path[PATH_MAX];
    static const char of_this_library = 0;
    const char *named = getenv("HEAVYOPT_CUDF");
    Dl_info here;
    if (named != NULL && *named != '\0') {
        snprintf(path, sizeof path, "%s", named);
        return path;
    }
    if (dladdr(&of_this_library, &here) == 0 || here.dli_fname == NULL) return NULL;
    const char *slash = strrchr(here.dli_fname, '/');
    const int folder = slash != NULL ? (int)(slash - here.dli_fname) : 0;
    snprintf(path, sizeof path, "%.*s/heavyopt_cudf/" PLUGIN, folder, here.dli_fname);
    return access(path, R_OK) == 0 ? path : NULL;
}

static ho_status load(const ho_device_table **table, ho_error *err)
{
    const char *path = ho_device_plugin_path();
    if (path == NULL) return ho_fail(err, HO_ERR_UNAVAILABLE, "no CUDA device: there is no plug-in " PLUGIN);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == NULL)
        return ho_fail(err, HO_ERR_UNAVAILABLE, "no CUDA device: the plug-in cannot be loaded: %s",
                       dlerror());
    ho_device_plugin_of *plugin = NULL;
    *(void **)&plugin = dlsym(library, HO_DEVICE_PLUGIN_SYMBOL); /* as POSIX has it */
    const ho_device_table *got = plugin != NULL ? plugin(HO_DEVICE_INTERFACE) : NULL;
    dlclose(library);
    if (got == NULL || got->interface != HO_DEVICE_INTERFACE || got->bytes != sizeof *got)
        return ho_fail(err, HO_ERR_UNAVAILABLE, "%s: %s, expected interface %u of heavyopt", path,
                       plugin == NULL ? "no plug-in of heavyopt" : "a plug-in of another version",
                       HO_DEVICE_INTERFACE);
    *table = got;
    return HO_OK;
}

ho_status ho_device_open(const ho_device_wish *wish, bool spill, ho_device **device, ho_error *err)
{
    const ho_device_table *table = NULL;
    ho_device_line why = {""};
    HO_TRY(load(&table, err));
    ho_device *d = HO_NEW(ho_device, 1);
    if (d == NULL) return ho_fail_memory(err, sizeof *d, "a device");
    d->table = table;
    d->spill = spill;
    const ho_device_state state = table->open(wish, &d->about, &d->engine, &why);
    if (state == HO_DEVICE_DONE) {
        *device = d;
        return HO_OK;
    }
    free(d);
    if (state == HO_DEVICE_NO_DRIVER || state == HO_DEVICE_NONE)
        return ho_fail(err, HO_ERR_UNAVAILABLE, "%s", why.text);
    return ho_fail(err, state == HO_DEVICE_MEMORY ? HO_ERR_MEMORY : HO_ERR_INTERNAL, "%s", why.text);
}

void ho_device_close(ho_device **device)
{
    if (*device == NULL) return;
    (*device)->table->close(&(*device)->engine);
    free(*device);
    *device = NULL;
}

#include "run/call.h"

#include "base/error.h"
#include "base/memory.h"

ho_status ho_call(const char *command, const char *const *pairs, const ho_hooks *hooks, ho_outcome *outcome,
                  ho_error *err)
{
    const ho_command *called = ho_command_find(command);
    if (called == NULL) return ho_fail(err, HO_ERR_INTERNAL, "no command %s", command);
    void *settings = ho_new_array(called->settings_size + 1, 1);
    if (settings == NULL) return ho_fail_memory(err, called->settings_size, "settings");
    ho_status status = ho_options_defaults(called->options, settings, err);
    for (; status == HO_OK && *pairs != NULL; pairs += 2)
        status = ho_options_set(called->options, settings, pairs[0], pairs[1], err);
    if (status == HO_OK) status = called->run(settings, hooks, outcome, err);
    ho_options_clear(called->options, settings);
    free(settings);
    return status;
}

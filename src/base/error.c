#include "base/error.h"

#include "base/memory.h"
#include "base/memory_left.h"

#include <stdarg.h>
#include <stdio.h>

const char *ho_status_name(ho_status status)
{
    static const char *const names[] = {
#define HO_NAME(name, exit_code, sentence) [name] = #name,
        HO_STATUS_LIST(HO_NAME)
#undef HO_NAME
    };
    return (unsigned)status < HO_STATUS_COUNT ? names[status] : "HO_STATUS_?";
}

const char *ho_status_sentence(ho_status status)
{
    static const char *const sentences[] = {
#define HO_SENTENCE(name, exit_code, sentence) [name] = sentence,
        HO_STATUS_LIST(HO_SENTENCE)
#undef HO_SENTENCE
    };
    return (unsigned)status < HO_STATUS_COUNT ? sentences[status] : "an unknown status";
}

int ho_status_exit_code(ho_status status)
{
    static const int codes[] = {
#define HO_CODE(name, exit_code, sentence) [name] = exit_code,
        HO_STATUS_LIST(HO_CODE)
#undef HO_CODE
    };
    return (unsigned)status < HO_STATUS_COUNT ? codes[status] : 1;
}

ho_status ho_fail(ho_error *err, ho_status status, const char *format, ...)
{
    if (err == NULL) return status;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    for (char *c = err->text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) *c = '?';
    }
    return status;
}

ho_status ho_fail_memory(ho_error *err, size_t bytes, const char *what)
{
    double limit = 1e-9 * (double)ho_memory_cap_now(), now = 1e-9 * (double)ho_memory_resident();
    if (bytes != 0 && limit != 0 && !ho_memory_may(bytes))
        return ho_fail(err, HO_ERR_MEMORY,
                       "out of memory: %zu bytes for %s; %.3g GB are in use, and the memory limit is %.3g "
                       "GB, where %.3g would do",
                       bytes, what, now, limit, now + 1e-9 * (double)bytes);
    if (bytes == 0) return ho_fail(err, HO_ERR_MEMORY, "out of memory for %s", what);
    return ho_fail(err, HO_ERR_MEMORY, "out of memory: %zu bytes for %s", bytes, what);
}

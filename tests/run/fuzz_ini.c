/* Any bytes are a configuration or a refusal in one line (a libFuzzer target, `cmake --preset fuzz`): each entry has a
 * section, a key and a value, lines ascend. */
#include "run/ini.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ho_ini ini = {0};
    ho_error err = {""};
    char *text = malloc(size + 2); /* as ho_ini_read gives it: two zero bytes follow */
    if (text == NULL) abort();
    memcpy(text, data, size);
    text[size] = text[size + 1] = '\0';
    ho_status status = ho_ini_parse("fuzz", text, size, &ini, &err);
    if (status != HO_OK && (err.text[0] == '\0' || strchr(err.text, '\n') != NULL)) abort();
    for (size_t i = 0; status == HO_OK && i < ini.count; i++) {
        const ho_ini_entry *e = &ini.entries[i];
        if (e->section == NULL || e->key == NULL || e->value == NULL) abort();
        if (i > 0 && e->line < ini.entries[i - 1].line) abort();
    }
    ho_ini_clear(&ini);
    free(text);
    return 0;
}

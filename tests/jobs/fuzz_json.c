/* Any bytes are a job or a refusal in one line (a libFuzzer target, `cmake --preset fuzz`): a job's size is in its range,
 * and what its configuration sets is a JSON document again. */
#include "jobs/job.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *job = NULL;
    bool broken = false;
    ho_error err = {""};
    ho_strings ignored = {0};
    char *text = malloc(size + 1);
    if (text == NULL) abort();
    memcpy(text, data, size);
    text[size] = '\0';
    ho_status status = ho_job_parse(text, size, &job, &broken, &err);
    if (status != HO_OK && err.text[0] == '\0') abort();
    if (status == HO_OK) {
        int k = ho_job_size(job);
        if (k != 0 && (k < 10 || k > 100)) abort();
        if (ho_job_input(job) == NULL) abort();
        char *config = ho_job_config(job, &ignored);
        json_t *again = config != NULL ? json_loads(config, 0, NULL) : NULL;
        if (config != NULL && again == NULL) abort();
        json_decref(again);
        free(config);
    }
    json_decref(job);
    ho_strings_clear(&ignored);
    free(text);
    return 0;
}

/* A job file, which clients write and which may hold anything. */
#ifndef HO_JOBS_JOB_H
#define HO_JOBS_JOB_H

#include "jobs/share.h"

enum { HO_JOB_MOST_BYTES = 1 << 20 };

/* Reads and checks a job file's text: UTF-8 or Windows-1252, with or without a byte order mark. *job is the caller's
 * reference. HO_ERR_DATA: no JSON object (*broken, which may mend itself while a client still writes), or a field that
 * breaks its rule. */
HO_MUST_USE ho_status ho_job_parse(const char *text, size_t length, json_t **job, bool *broken,
                                   ho_error *err);

const char *ho_job_input(const json_t *job); /* input_file */
int ho_job_size(const json_t *job); /* portfolio_size, 10 to 100, 35 when it says none; 0: out of range */

/* The part of config{} that a job may set, as a JSON document for ho_config_fill: options of optimize that name no file
 * and no folder. What is left out is named in *ignored. NULL: no memory. */
char *ho_job_config(const json_t *job, ho_strings *ignored);

#endif

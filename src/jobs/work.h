/* One job in a process of its own: what it needs and does cannot hurt the server, and a limit can end it. */
#ifndef HO_JOBS_WORK_H
#define HO_JOBS_WORK_H

#include "jobs/share.h"

#include <sys/types.h>

typedef struct ho_work_order {
    const char *input;  /* real path */
    const char *output; /* folder that gets the run's folder */
    const char *config; /* JSON, from ho_job_config */
    const char *share;  /* root, whose config/ is read */
    int size, threads;
} ho_work_order;

/* A running process. */
typedef struct ho_work {
    pid_t pid;
    int told;                /* progress comes from here, -1: closed */
    int document;            /* memory file with the JSON document */
    int summary;             /* and with the words: standard output */
    int errors;              /* and with warnings and the error: standard error */
    double share_done, best; /* best NaN: none yet */
    char stage[48];
    char line[256]; /* of the pipe, begun */
    size_t line_used;
} ho_work;

/* HO_ERR_IO, HO_ERR_MEMORY: no process, pipe or memory to be had. */
HO_MUST_USE ho_status ho_work_start(const ho_work_order *order, ho_work *work, ho_error *err);

/* Takes in what the process has told; never waits. */
void ho_work_listen(ho_work *work);

/* The text of one of the memory files, its last `most` bytes, as UTF-8; the caller frees it; NULL: no memory. */
char *ho_work_text(int fd, size_t most);

/* Closes the descriptors; the process is over. */
void ho_work_end(ho_work *work);

#endif

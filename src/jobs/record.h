/* What servers leave to be read: the state of a job while it runs, the history, the counts, the log. None of it is
 * needed to go on: a share that cannot be written for a while loses lines here, and no job. */
#ifndef HO_JOBS_RECORD_H
#define HO_JOBS_RECORD_H

#include "jobs/share.h"

typedef struct ho_record {
    const ho_share *share;
    char server[80];  /* "host-123": its own files */
    int history, log; /* descriptors, -1: not to be had */
    double counts_at; /* when the counts were written */
} ho_record;

void ho_record_open(const ho_share *share, ho_record *record);
void ho_record_close(ho_record *record);
void ho_record_reopen_log(ho_record *record); /* after SIGHUP: a new file where the old one was moved away */

/* A line of the log, with the time before it; control characters become '?'. */
void ho_record_log(ho_record *record, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A line of history: "claimed", "finished", "given back", "rescued", "discarded". */
void ho_record_event(ho_record *record, const char *name, const char *event, const char *status, int attempt);

/* jobs/status/NAME.json of a job that runs or waits. best NaN: none yet. */
void ho_record_state(const ho_record *record, const char *name, const char *state, int attempt,
                     const char *stage, double share, double best, double seconds, const char *note);

/* The attempts that a waiting job has behind it, and whether it is to wait still (not for longer than a quarter of an
 * hour, whatever the clock says). */
int ho_record_attempts(const ho_share *share, const char *name, bool *wait);
void ho_record_waiting(const ho_record *record, const char *name, int attempts, double seconds,
                       const char *why);
void ho_record_forget(const ho_share *share, const char *name); /* removes the state */

/* current_status.json and job_history.json, at most each two seconds. */
void ho_record_counts(ho_record *record, int workers, bool now);

/* All lines of history of all servers, ascending by time; an array of objects, NULL: no memory. The last `most`. */
json_t *ho_record_history(const ho_share *share, size_t most);

/* Files of a folder of jobs/, "queue" and so on. */
size_t ho_record_count(const ho_share *share, const char *folder);

#endif

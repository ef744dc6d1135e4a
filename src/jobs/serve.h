/* What a server keeps: its settings, its slots and what runs in them. serve.c is the loop, queue.c what becomes of a file
 * in the queue, finish.c what becomes of a job at its end. */
#ifndef HO_JOBS_SERVE_H
#define HO_JOBS_SERVE_H

#include "jobs/claim.h"
#include "jobs/notify.h"
#include "jobs/record.h"
#include "jobs/work.h"

#include <heavyopt/command.h>

typedef struct ho_serve_settings {
    char *share, *notify;
    int64_t workers, threads, timeout;
    double poll, lease, heartbeat, grace, pause, input_wait;
    bool watch_input, once;
} ho_serve_settings;

typedef enum ho_slot_state { HO_SLOT_FREE, HO_SLOT_RUNNING, HO_SLOT_FINISHING } ho_slot_state;
typedef enum ho_slot_stop { HO_STOP_NOT, HO_STOP_TIMEOUT, HO_STOP_CANCELLED, HO_STOP_SHUTDOWN } ho_slot_stop;

/* A claimed job. */
typedef struct ho_slot {
    ho_slot_state state;
    char name[160];
    ho_lease lease;
    ho_work work;
    json_t *job;           /* as it was read */
    char staged[PATH_MAX]; /* where its run's folder is made */
    double started, beat_at, told_at, stop_at;
    ho_slot_stop stop;
    bool lost;                         /* the lease went to somebody else */
    json_t *result;                    /* finishing: what is to be published, */
    char folder[16];                   /* where, */
    char from[PATH_MAX], to[PATH_MAX]; /* and the run's folder on its way; empty: none */
    double next_try;
} ho_slot;

typedef struct ho_server {
    const ho_serve_settings *s;
    const ho_hooks *hooks;
    ho_share share;
    ho_record record;
    ho_watch queue, leases, inputs, staged;
    ho_notify notify;
    ho_slot *slots;
    double scanned_at, rescued_at, watched_at, swept_at;
    bool changed; /* the counts are old */
    size_t completed, failed, given_back;
} ho_server;

/* Looks through the queue and starts what there are slots for; returns how many files wait. */
size_t ho_queue_scan(ho_server *server);

/* Ends a job without running it. */
void ho_queue_refuse(ho_server *server, const char *name, json_t *job, const char *status,
                     const char *reason);

/* The process of the slot has ended with this wait status. */
void ho_finish_begin(ho_server *server, ho_slot *slot, int wait_status);

/* Tries to publish; a share that cannot be written is tried again later. */
void ho_finish_try(ho_server *server, ho_slot *slot);

/* A result without a run: the job's own fields, and what became of it. NULL: no memory. */
json_t *ho_finish_result(const ho_server *server, const json_t *job, const char *name, const char *status,
                         int attempt, double seconds);

/* Takes away the staging folders of attempts that lost their lease. */
void ho_sweep(ho_server *server);

/* New tables in input/ become jobs. */
void ho_watch_input(ho_server *server);

#endif

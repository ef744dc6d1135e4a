/* The protocol by which servers share a queue. The file NAME.json keeps its name and moves:
 *
 *     queue/ --claim--> processing/ --finish--> completed/ or failed/
 *                            \--give back--> queue/
 *
 * Each step is taken under the share's lock, and each leaves a state from which the next server goes on if the one
 * that takes it dies in the middle:
 * - claim: the lease is written, then the file is renamed. A lease without a file in processing/ means nothing.
 * - the lease NAME.lease holds a token of this claim, the number of the attempt, host, process and a heartbeat. One
 *   that nobody renews is dead: each server measures with its own clock for how long it has not changed, so that
 *   clocks that jump or differ do no harm. On the machine of its owner a lease is dead as soon as the process is.
 * - finish: the lease must still hold the token, else the work was given to somebody else and is thrown away. Then the
 *   result is renamed into completed/ or failed/, then the history is written, then the file in processing/ is removed,
 *   then the lease.
 * - taking over a dead lease: a result that is there already only wants tidying up; else the attempt is counted and the
 *   file goes back to the queue, or to failed/ when there were enough.
 * Where the share is a remote mount, a directory NAME.claim is made before the rename, for a rename is no claim there. */
#ifndef HO_JOBS_CLAIM_H
#define HO_JOBS_CLAIM_H

#include "jobs/share.h"

enum { HO_JOB_ATTEMPTS = 3 };

typedef struct ho_lease {
    char token[40];
    char worker[80]; /* host, process, slot: for people */
    int attempt;
    long long beat;
} ho_lease;

typedef enum ho_claim { HO_CLAIM_WON, HO_CLAIM_LOST, HO_CLAIM_FAILED } ho_claim;

/* Who we are: host, boot and process, for leases. */
void ho_lease_new(const char *worker, int attempt, ho_lease *lease);

/* Claims queue/NAME. FAILED: the share could not be written; errno. */
ho_claim ho_claim_take(const ho_share *share, const char *name, const ho_lease *lease);

/* Renews the lease. LOST: it is no longer ours. */
ho_claim ho_claim_renew(const ho_share *share, const char *name, ho_lease *lease);

/* Publishes the result in `folder` ("completed", "failed"); when it is WON, the caller writes its history and tidies up.
 * staged (may be NULL) is a folder that becomes `output` (a path in the share that the caller found free) in the same
 * step. */
ho_claim ho_claim_finish(const ho_share *share, const char *name, const ho_lease *lease, const char *folder,
                         const json_t *result, const char *staged, const char *output);

/* Takes the file out of processing/, and the lease. */
void ho_claim_tidy(const ho_share *share, const char *name, const ho_lease *lease);

/* Back to the queue. */
ho_claim ho_claim_give_back(const ho_share *share, const char *name, const ho_lease *lease);

/* What things looked like, and since when: other servers' leases, job files, inputs. Zeroed memory is empty. */
typedef struct ho_watch {
    struct {
        char name[160], seen[200];
        double since;
    } * items;
    size_t count;
} ho_watch;
void ho_watch_clear(ho_watch *watch);

/* For how many seconds of our own clock the thing of that name has looked as it looks now. */
double ho_watch_unchanged(ho_watch *watch, const char *name, const char *look);

/* Forgets all but these. */
void ho_watch_keep(ho_watch *watch, const ho_strings *names);

typedef struct ho_dead {
    char name[160]; /* the job's file */
    int attempt;    /* the one that died */
    char worker[80], token[40];
    bool published; /* its result was there; only tidied up */
} ho_dead;

/* Looks at processing/ and takes over the first dead job: it is in the queue again (attempt + 1 is the caller's to
 * write), or was tidied up. False: none is dead. `own` says of a token whether this server works on it. */
bool ho_claim_rescue(const ho_share *share, ho_watch *watch, double seconds,
                     bool (*own)(void *user, const char *token), void *user, ho_dead *dead);

#endif

/* The hook: a program of the desk's that gets each result. Nothing of it can hurt a job. */
#ifndef HO_JOBS_NOTIFY_H
#define HO_JOBS_NOTIFY_H

#include "jobs/record.h"

#include <sys/types.h>

enum { HO_NOTIFY_AT_ONCE = 16 };

typedef struct ho_notify {
    struct {
        pid_t pid; /* 0: free */
        double until;
    } running[HO_NOTIFY_AT_ONCE];
} ho_notify;

/* Cuts a command line into words: blanks part them, double quotes keep blanks together. No shell, no variables. False:
 * no memory, or a quote without its end. */
bool ho_notify_words(const char *command, ho_strings *words);

/* Starts the program with the text on its standard input; it has half a minute. */
void ho_notify_start(ho_notify *notify, const char *command, const json_t *result, ho_record *record);

/* Buries those that ended and ends those that take too long; never waits. True: some still run. */
bool ho_notify_tend(ho_notify *notify, ho_record *record);

#endif

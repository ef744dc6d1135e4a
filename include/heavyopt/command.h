/* room: run
 *
 * What heavyopt can be asked to do, as a table. A command is a name, options and a function; the program, a job from
 * a queue and another program's own code all come in through here. A command reads its inputs, writes its files, and
 * hands back one JSON document and the same in words; it never prints. */
#ifndef HEAVYOPT_COMMAND_H
#define HEAVYOPT_COMMAND_H

#include <heavyopt/options.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a command tells while it works. Any member may be NULL. Calls come from one thread at a time. */
typedef struct ho_hooks {
    /* stage: "load", "search 35", ...; share of the stage done, 0..1; best fitness so far, or NaN. */
    void (*progress)(void *user, const char *stage, double share, double best);
    void (*warn)(void *user, const char *line);
    void *user;
    const volatile int
        *cancel; /* becomes non-zero (a signal handler may do it): finish with the best so far */
} ho_hooks;

/* What a command leaves. Texts are owned, UTF-8 and end with a newline. */
typedef struct ho_outcome {
    char *json;       /* one document */
    char *summary;    /* for people */
    bool interrupted; /* hooks.cancel was seen: what is here is the best so far */
} ho_outcome;

HO_API void ho_outcome_clear(ho_outcome *outcome);

typedef struct ho_command {
    const char *name;          /* "optimize" */
    const char *sentence;      /* what it does: lower case, third person, no stop */
    const char *positional[3]; /* options that arguments without a name fill, in that order; NULL ends */
    const char *required[3];   /* options without which it cannot run; NULL ends */
    ho_option_table options;
    size_t settings_size; /* of the struct that the options describe */
    ho_status (*run)(const void *settings, const ho_hooks *hooks, ho_outcome *outcome, ho_error *err);
    const char *more; /* further help, or NULL */
    bool multiplies;  /* large matrices, by a BLAS */
} ho_command;

HO_API size_t ho_command_count(void);
HO_API const ho_command *ho_command_at(size_t i);
HO_API const ho_command *ho_command_find(const char *name);

/* "heavyopt 0.1.0" and, a line each, what this build has: Arrow, HiGHS, OpenMP, the kernels in use here. Owned by the
 * library, the same text at each call. */
HO_API const char *ho_version_text(void);

/* The kernels that OpenBLAS should be told to use ($OPENBLAS_CORETYPE) before it is loaded; NULL: it chose well by
 * itself, or somebody has chosen. */
HO_API const char *ho_better_blas_core(void);

#ifdef __cplusplus
}
#endif
#endif

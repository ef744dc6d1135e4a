/* `heavyopt bench`: how fast this machine does what a run consists of. The inside that its files share. */
#ifndef HO_RUN_BENCH_H
#define HO_RUN_BENCH_H

#include <heavyopt/command.h>
#include <heavyopt/metrics.h>
#include <heavyopt/store.h>

typedef struct ho_bench_settings {
    int64_t strategies, days, seed, repeat, threads, portfolio_size;
    char *input;  /* NULL: generated */
    char *folder; /* NULL: a temporary one, removed at the end */
    ho_strings rows;
    bool large;
} ho_bench_settings;

extern const ho_command ho_command_bench;

/* What the rows work on; the objective is made when a row needs it. */
typedef struct ho_bench {
    const ho_bench_settings *settings;
    const ho_hooks *hooks;
    int threads;
    size_t size;                 /* K, below the number of strategies */
    char csv[1024], store[1024]; /* paths; csv is the input, whatever it is */
    char run[1024];              /* folder for the files of a run */
    ho_load_options load;
    ho_store_options layout;
    ho_panel *rows, *days; /* rows as read; days the same, or summed by date, owned when it is another */
    ho_load_report report;
    ho_portfolio_objective *objective;
    bool stored;    /* the store is this table's, not one that lay in the folder */
    double fitness; /* of the last set found */
} ho_bench;

HO_MUST_USE ho_status ho_bench_panel(ho_bench *b, ho_error *err);
HO_MUST_USE ho_status ho_bench_objective(ho_bench *b, ho_error *err);

/* One thing measured. A measure makes one sample: seconds, or things a second in millions. */
typedef struct ho_bench_row {
    const char *key, *name, *unit;
    bool more_is_better;
    ho_status (*measure)(ho_bench *b, double *sample,
                         ho_error *err); /* HO_ERR_UNAVAILABLE: the row is left out */
} ho_bench_row;

/* Rows that are whole commands. */
HO_MUST_USE ho_status ho_bench_correlation(ho_bench *b, double *sample, ho_error *err);
HO_MUST_USE ho_status ho_bench_optimize(ho_bench *b, double *sample, ho_error *err);
HO_MUST_USE ho_status ho_bench_optimize_large(ho_bench *b, double *sample, ho_error *err);

size_t ho_bench_row_count(void);
const ho_bench_row *ho_bench_row_at(size_t i);

/* What the numbers were measured on. */
typedef struct ho_machine {
    char processor[128], compiler[128], kernels[16];
    int cores;      /* that this process may use */
    int64_t memory; /* bytes */
} ho_machine;

HO_MUST_USE ho_status ho_machine_look(ho_machine *machine, ho_error *err);

#endif

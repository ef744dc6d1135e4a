/* Which sets are meant: how often each column may and must be held, and how many members some clusters of columns give.
 * A box of the branch and bound is a small part of all sets; that of a whole problem has no clusters. */
#ifndef HO_BOUND_BOX_H
#define HO_BOUND_BOX_H

#include <heavyopt/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Columns that go together; no column is in two clusters. */
typedef struct ho_clusters {
    size_t count;
    uint32_t *of; /* by column: its cluster, HO_NOBODY: none; owned, as the others */
    uint32_t *starts,
        *members; /* the columns of cluster c are members[starts[c]] .. members[starts[c + 1] - 1] */
} ho_clusters;

typedef struct ho_range {
    uint32_t least, most;
    bool used; /* else any number */
} ho_range;

typedef struct ho_box {
    const uint32_t *least, *most; /* by column */
    const ho_clusters *clusters;  /* NULL: none, and no ranges */
    const ho_range *ranges;       /* by cluster */
} ho_box;

typedef struct ho_chosen {
    double value;
    uint32_t column, count;
} ho_chosen;

/* Room for a choice among `columns` of `size` members. */
typedef struct ho_chooser {
    double *values;    /* by column: what is chosen by, the caller's */
    ho_chosen *chosen; /* members with their counts, columns may come twice; owned, as the others */
    size_t count;
    double price; /* the least value of a member that could be another; INFINITY: there is none */
    ho_chosen *sorted, *heap;
    size_t columns, size;
    size_t forced; /* members that the box forces one by one */
} ho_chooser;

HO_MUST_USE ho_status ho_chooser_new(size_t columns, size_t size, ho_chooser *chooser, ho_error *err);
void ho_chooser_free(ho_chooser *chooser); /* zeroes it */

/* The set of largest value in the box; false where the box holds none. Within a cluster, and without, values fall as
 * more are taken, so that taking the largest is right. */
bool ho_box_choose(const ho_box *box, ho_chooser *chooser);

#endif

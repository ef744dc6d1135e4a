/* The tree of a branch and bound: boxes of sets over parts of the axis of drawdowns, each with a bound that is proven,
 * and the open ones in the order of their bounds. */
#ifndef HO_BOUND_TREE_H
#define HO_BOUND_TREE_H

#include "bound/solve.h"

/* What a node narrows of its parent: nothing (but the axis), how often a column is held, or the members of a cluster. */
typedef enum ho_cut_kind { HO_CUT_AXIS, HO_CUT_COLUMN, HO_CUT_CLUSTER } ho_cut_kind;

typedef struct ho_cut {
    ho_cut_kind kind;
    uint32_t item, least, most;
} ho_cut;

typedef struct ho_node {
    struct ho_node *parent; /* NULL: a root */
    uint32_t holders;       /* its children that still exist, and one while it is open itself */
    uint32_t question;      /* which one the roots asked */
    ho_cut cut;
    uint64_t number; /* in the order of their making: breaks ties */
    double bound;
    double from, to, at; /* rates: its part of the axis, where to solve */
    double left,
        right; /* what a certificate proves at from and to; between them it proves no more than the line */
    double reached,
        moved; /* for what a cut brings: the parent's value at `at`, how far the share was moved */
} ho_node;

/* The open nodes, the one of largest bound first. */
typedef struct ho_open {
    ho_node **nodes; /* a heap; owned, as what is in it */
    size_t count, room;
} ho_open;

/* A node that is open, and holds its parent. NULL: no memory. */
ho_node *ho_node_new(ho_node *parent);
/* Ends a node that is open no more, and those above it that nobody holds. */
void ho_node_end(ho_node *node);

bool ho_node_before(const ho_node *a, const ho_node *b);
HO_MUST_USE ho_status ho_open_add(ho_open *open, ho_node *node,
                                  ho_error *err); /* on failure the node is the caller's */
ho_node *ho_open_take(ho_open *open);             /* the first; NULL: none */
double ho_open_bound(const ho_open *open);        /* of the first; -INFINITY: none */
void ho_open_clear(ho_open *open);                /* ends all, frees the heap */

#endif

/* Columns that rise and fall together, for a tree that branches on how many members come from them. */
#ifndef HO_BOUND_CLUSTERS_H
#define HO_BOUND_CLUSTERS_H

#include "bound/box.h"
#include "bound/columns.h"

/* Leader clustering, in the order given: a column joins the first leader that it correlates with by more than `least`,
 * or leads. Columns that are not in `order` are in no cluster. J. Hartigan, "Clustering Algorithms" (1975), chapter 3.
 * HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_clusters_new(const ho_bound_columns *columns, const uint32_t *order, size_t count,
                                      double least, ho_clusters *clusters, ho_error *err);
/* Those of `groups` groups; group: of each strategy, HO_NOBODY: none. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_clusters_of_groups(const ho_bound_columns *columns, const uint32_t *group,
                                            size_t groups, ho_clusters *clusters, ho_error *err);
void ho_clusters_free(ho_clusters *clusters); /* zeroes it */

#endif

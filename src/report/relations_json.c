/* How the members of a portfolio go together, as a member of a document. */
#include "report/json.h"
#include "report/writers.h"

#include <math.h>

json_t *ho_json_relations(const ho_panel *panel, const ho_relations *r, double threshold)
{
    const bool pairs = r->pairs > 0;
    const double share = pairs ? (double)r->close / (double)r->pairs : NAN;
    json_t *largest = pairs ? json_pack("{s:o,s:o,s:o}", "value", ho_json_number(r->largest), "first",
                                        ho_json_text(ho_panel_name(panel, r->first)), "second",
                                        ho_json_text(ho_panel_name(panel, r->second)))
                            : json_null();
    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:I,s:I,s:o,s:o,s:o}", "pearson", ho_json_number(r->pearson),
                     "spearman", ho_json_number(r->spearman), "mean_size", ho_json_number(r->absolute),
                     "largest", largest, "threshold", ho_json_number(threshold), "pairs",
                     (json_int_t)r->pairs, "pairs_above", (json_int_t)r->close, "share_above",
                     ho_json_number(share), "effective_bets", ho_json_number(r->effective_bets),
                     "diversification_ratio", ho_json_number(r->diversification));
}

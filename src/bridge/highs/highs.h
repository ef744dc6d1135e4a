/* HiGHS, the solver of linear programs behind the bound, through its C interface. */
#ifndef HO_BRIDGE_HIGHS_HIGHS_H
#define HO_BRIDGE_HIGHS_HIGHS_H

const char *ho_highs_version(void); /* "1.15.1", or NULL: not in this build */

#endif

/* The regime file: Date,Time,Market Regime,Confidence Score,Transition Threshold Score, in any order of columns. */
#ifndef HO_STORE_REGIME_FILE_H
#define HO_STORE_REGIME_FILE_H

#include "panel/regime_marks.h"

/* HO_ERR_DATA: no file, a column that is missing, a cell that is no date, time or number of its range (file and line
 * said). Of two rows of the same moment the last wins, counted in a warning, as are confidences in percent. On failure
 * *marks is empty. */
HO_MUST_USE ho_status ho_regime_file_read(const char *path, ho_regime_marks *marks, ho_strings *warnings,
                                          ho_error *err);
void ho_regime_marks_clear(ho_regime_marks *marks);

#endif

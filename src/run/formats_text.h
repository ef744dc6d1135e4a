/* The tables of docs/FORMATS.md that the program itself goes by. */
#ifndef HO_RUN_FORMATS_TEXT_H
#define HO_RUN_FORMATS_TEXT_H

#include <heavyopt/status.h>

/* Markdown; the caller frees it. HO_ERR_MEMORY. */
HO_MUST_USE ho_status ho_formats_text(char **text, ho_error *err);

#endif

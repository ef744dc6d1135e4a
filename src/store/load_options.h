/* The load options as rows that any option table can embed. */
#ifndef HO_STORE_LOAD_OPTIONS_H
#define HO_STORE_LOAD_OPTIONS_H

#include <heavyopt/store.h>
#include <stddef.h>

#define HO_DATE_FORMATS "YYYY-mm-dd|dd-mm-YYYY|dd-Mon-YYYY|dd/mm/YYYY|mm/dd/YYYY|YYYY/mm/dd"

/* Rows of ho_option for a settings struct S that holds the ho_load_options at P: empty, or `load.` with its point. */
/* clang-format off */
#define HO_LOAD_OPTION_ROWS(S, P) \
    {"missing", 0, "WHAT", "What a missing cell is: zero, or an error.", \
     HO_OPTION_CHOICE, 0, 0, "zero", "zero|error", offsetof(S, P missing)}, \
    {"nan-as-missing", 0, NULL, "Take nan (never inf) for a missing cell.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P nan_as_missing)}, \
    {"strict", 0, NULL, "Refuse a table with columns that would be left out: empty, text or derived ones.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P strict)}, \
    {"skip-bad-columns", 0, NULL, "Leave out a column of numbers that has a bad cell, in place of an error.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P skip_bad_columns)}, \
    {"keep-column", 0, "NAME", "A column that looks derived (a total, an equity curve) but is a strategy.", \
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, P keep_columns)}, \
    {"drop-constant", 0, NULL, "Leave out columns whose cells are all equal.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P drop_constant)}, \
    {"strat-limit", 0, "N", "Keep the first N strategies only; 0: all.", \
     HO_OPTION_INT, 0, 1e9, "0", NULL, offsetof(S, P strat_limit)}, \
    {"date-format", 0, "FORMAT", "How dates are written; auto: the first format that fits every row.", \
     HO_OPTION_CHOICE, 0, 0, "auto", "auto|" HO_DATE_FORMATS, offsetof(S, P date_format)}, \
    {"from", 0, "DATE", "The first day that is wanted, as 2024-10-30.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P from)}, \
    {"to", 0, "DATE", "The last day that is wanted.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P to)}, \
    {"names", 0, "NAME|@FILE", "A strategy that is wanted, the others left out; @FILE: a name a line.", \
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, P names)}, \
    {"memory-limit", 0, "GB", "Refuse at once what needs more memory, in units of 1,000,000,000 bytes; 0: more than " \
     "the machine has left.", HO_OPTION_REAL, 0, 1e6, "0", NULL, offsetof(S, P memory_limit)}, \
    {"null", 0, "TEXT", "A further text that means a missing cell, as \\N does.", \
     HO_OPTION_LIST, 0, 0, NULL, NULL, offsetof(S, P nulls)}, \
    {"header-from", 0, "FILE|NAMES", "The header of a CSV file without one: a file whose first line it is, or the names themselves.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P header_from)}, \
    {"prefix", 0, "WHEN", "Put the name of its file before a strategy's, in a folder of tables: of several files, always or never.", \
     HO_OPTION_CHOICE, 0, 0, "auto", "auto|always|never", offsetof(S, P prefix)}, \
    {"chunk-size", 0, "ROWS", "Rows of a CSV file that are read at a time, at most; 0: all of them, or as many as memory allows. " \
     "The table is the same.", HO_OPTION_INT, 0, 1e9, "0", NULL, offsetof(S, P chunk_size)}
/* clang-format on */

/* Makes the memory limit of the options, NULL: none, that of the process (ho_memory_cap). */
void ho_load_cap(const ho_load_options *options);

#endif

/* Options that say which files a run leaves. */
#ifndef HO_RUN_REPORT_OPTIONS_H
#define HO_RUN_REPORT_OPTIONS_H

#include "report/report.h"

typedef struct ho_report_settings {
    char *report, *chart_format, *plots;
    double chart_time;
    bool legacy_files;
} ho_report_settings;

/* Rows of ho_option for a settings struct S that holds the ho_report_settings at P. */
/* clang-format off */
#define HO_REPORT_OPTION_ROWS(S, P) \
    {"report", 0, "LIST", "Files beside result.json: some of html, xlsx, charts, text, csv, legacy, or all, or none.", \
     HO_OPTION_TEXT, 0, 0, "html,xlsx,charts,text,csv", NULL, offsetof(S, P report)}, \
    {"legacy-files", 0, NULL, "Also the files that the earlier optimizer left, for scripts that look for them.", \
     HO_OPTION_BOOL, 0, 0, "false", NULL, offsetof(S, P legacy_files)}, \
    {"chart-format", 0, "FORMAT", "Format of the charts.", \
     HO_OPTION_CHOICE, 0, 0, "png", "png|svg|both", offsetof(S, P chart_format)}, \
    {"chart-time", 0, "SECONDS", "Time after which charts that are not drawn yet are left out.", \
     HO_OPTION_REAL, 0.1, 3600, "30", NULL, offsetof(S, P chart_time)}, \
    {"plots", 0, "DIR", "Folder with gnuplot scripts of your own; each takes the place of ours of that name.", \
     HO_OPTION_TEXT, 0, 0, NULL, NULL, offsetof(S, P plots)}
/* clang-format on */

/* The choice borrows the settings. HO_ERR_USAGE: an unknown kind of files, a folder of scripts that is none. */
HO_MUST_USE ho_status ho_report_files_choose(const ho_report_settings *settings, ho_report_choice *choice,
                                             ho_error *err);

#endif

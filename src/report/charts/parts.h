/* The inside of the charts: pictures to draw, and the folder that gnuplot works in. */
#ifndef HO_REPORT_CHART_PARTS_H
#define HO_REPORT_CHART_PARTS_H

#include "report/charts/charts.h"
#include "report/charts/tables.h"

#include <sys/types.h>

enum { HO_CHART_PROCESSES = 2, HO_CHART_NAME = 96, HO_CHART_FAULT = 200 };

typedef struct ho_chart {
    const char *name, *script, *holds;
    ho_chart_table table;
    int width, height, member_height; /* pixels; member_height: more of them for each strategy */
    const char *needs; /* a list of the document or its details that must hold `least` entries */
    size_t least;
    bool each_size; /* may be drawn for other sizes than the best */
} ho_chart;

typedef struct ho_picture {
    char file[HO_CHART_NAME];
    int process;
    bool drawn;                 /* gnuplot got to its end, and had nothing to say */
    char fault[HO_CHART_FAULT]; /* the last line that it said, or empty */
} ho_picture;

struct ho_charts {
    char *folder, *work; /* where the pictures go; where gnuplot works */
    double seconds;
    ho_picture *pictures;
    size_t count;
    int processes;
    pid_t process[HO_CHART_PROCESSES];
};

/* Links the scripts, the user's before ours, and writes the commands of each process and the tables. */
HO_MUST_USE ho_status ho_charts_prepare(ho_charts *charts, const json_t *document,
                                        const ho_report_choice *choice, bool every_size, ho_strings *notes,
                                        ho_error *err);

const ho_chart *ho_chart_at(size_t i);

/* "commands.0", "said.1". */
void ho_chart_file(char out[HO_CHART_NAME], const char *what, int process);

#endif

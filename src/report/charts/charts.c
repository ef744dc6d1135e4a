/* The life of the charts: gnuplot is started, waited for, and what it drew without a complaint is put in place. */
#include "base/error.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/strings.h"
#include "report/charts/gnuplot.h"
#include "report/charts/parts.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

void ho_chart_file(char out[HO_CHART_NAME], const char *what, int process)
{
    snprintf(out, HO_CHART_NAME, "%s.%d", what, process);
}

static void clear(ho_charts **charts)
{
    if (*charts == NULL) return;
    if ((*charts)->work != NULL) ho_folder_remove((*charts)->work);
    free((*charts)->work);
    free((*charts)->folder);
    free((*charts)->pictures);
    free(*charts);
    *charts = NULL;
}

void ho_charts_drop(ho_charts **charts)
{
    for (int i = 0; *charts != NULL && i < (*charts)->processes; i++)
        (void)ho_gnuplot_wait((*charts)->process[i], 0);
    clear(charts);
}

/* False where there is no gnuplot to start: a note says so. */
static ho_status start_processes(ho_charts *charts, ho_strings *notes, ho_error *err)
{
    const int wanted = charts->count < HO_CHART_PROCESSES ? (int)charts->count : HO_CHART_PROCESSES;
    int failed = 0;
    for (int i = 0; i < wanted && failed == 0; i++) {
        char commands[HO_CHART_NAME], said[HO_CHART_NAME];
        ho_chart_file(commands, "commands", i);
        ho_chart_file(said, "said", i);
        failed = ho_gnuplot_start(charts->work, commands, said, &charts->process[i]);
        if (failed == 0) charts->processes++;
    }
    if (failed == 0) return HO_OK;
    if (failed == ENOENT) return ho_strings_add(notes, "no charts: gnuplot is not installed", err);
    return ho_strings_printf(notes, err, "charts are missing: gnuplot could not be started: %s",
                             strerror(failed));
}

ho_status ho_charts_start(const json_t *document, const ho_report_choice *choice, bool every_size,
                          const char *folder, ho_charts **charts, ho_strings *notes, ho_error *err)
{
    ho_charts *made = HO_NEW(ho_charts, 1);
    if (made == NULL) return ho_fail_memory(err, sizeof *made, "the charts");
    made->seconds = choice->chart_seconds;
    made->folder = ho_copy_text(folder);
    made->work = ho_path_join(folder, ".plots");
    ho_status status = HO_OK;
    if (made->folder == NULL || made->work == NULL)
        status = ho_fail_memory(err, strlen(folder), "a path");
    else if (mkdir(made->work, 0777) != 0)
        status = ho_fail(err, HO_ERR_IO, "%.700s: %s", made->work, strerror(errno));
    if (status == HO_OK) status = ho_charts_prepare(made, document, choice, every_size, notes, err);
    if (status == HO_OK) status = start_processes(made, notes, err);
    if (status != HO_OK || made->processes == 0) ho_charts_drop(&made);
    *charts = made;
    return status;
}

static ho_picture *picture_named(ho_charts *charts, const char *file)
{
    for (size_t i = 0; i < charts->count; i++) {
        if (strcmp(charts->pictures[i].file, file) == 0) return &charts->pictures[i];
    }
    return NULL;
}

/* The commands make gnuplot say "@@ FILE" before a picture and "## FILE" after it. Whatever it says between is a
 * complaint: it goes on after an error and writes the rest of a picture. */
static void hear(ho_charts *charts, int process)
{
    char name[HO_CHART_NAME], line[512];
    ho_chart_file(name, "said", process);
    char *path = ho_path_join(charts->work, name);
    FILE *file = path != NULL ? fopen(path, "re") : NULL;
    free(path);
    ho_picture *now = NULL;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "@@ ", 3) == 0)
            now = picture_named(charts, line + 3);
        else if (now != NULL && strncmp(line, "## ", 3) == 0)
            now->drawn = now->fault[0] == '\0';
        else if (now != NULL && line[strspn(line, " \t^")] != '\0')
            snprintf(now->fault, sizeof now->fault, "%.190s", line);
    }
    if (file != NULL) fclose(file);
}

/* True when it is there and not empty. */
static bool put_in_place(const ho_charts *charts, const ho_picture *picture)
{
    struct stat is;
    char *from = ho_path_join(charts->work, picture->file), *to = ho_path_join(charts->folder, picture->file);
    const bool good =
        from != NULL && to != NULL && stat(from, &is) == 0 && is.st_size > 0 && rename(from, to) == 0;
    free(from);
    free(to);
    return good;
}

static ho_status note_missing(const ho_picture *picture, ho_strings *notes, ho_error *err)
{
    char *fault = NULL;
    ho_text t;
    HO_TRY(ho_text_begin(&t, err));
    ho_text_put(picture->fault[0] != '\0' ? picture->fault : "gnuplot drew nothing", t.file);
    HO_TRY(ho_text_end(&t, &fault, err));
    ho_status status = ho_strings_printf(notes, err, "no chart %s: %s", picture->file, fault);
    free(fault);
    return status;
}

ho_status ho_charts_end(ho_charts **charts, ho_strings *notes, ho_error *err)
{
    ho_charts *c = *charts;
    ho_status status = HO_OK;
    bool late[HO_CHART_PROCESSES] = {false};
    size_t lost = 0;
    if (c == NULL) return HO_OK;
    for (int i = 0; i < c->processes; i++) {
        late[i] = ho_gnuplot_wait(c->process[i], c->seconds) != 0;
        hear(c, i);
    }
    for (size_t i = 0; i < c->count && status == HO_OK; i++) {
        const ho_picture *picture = &c->pictures[i];
        if (picture->drawn && put_in_place(c, picture)) continue;
        if (late[picture->process])
            lost++;
        else
            status = note_missing(picture, notes, err);
    }
    if (lost > 0 && status == HO_OK)
        status = ho_strings_printf(
            notes, err, "%zu charts are missing: gnuplot was not done after %g seconds", lost, c->seconds);
    clear(charts);
    return status;
}

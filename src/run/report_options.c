#include "run/report_options.h"

#include "base/error.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

ho_status ho_report_files_choose(const ho_report_settings *settings, ho_report_choice *choice, ho_error *err)
{
    const char *plots = settings->plots != NULL && *settings->plots != '\0' ? settings->plots : NULL;
    *choice = (ho_report_choice){
        .chart_format = settings->chart_format, .plots = plots, .chart_seconds = settings->chart_time};
    if (plots != NULL && access(plots, R_OK | X_OK) != 0)
        return ho_fail(err, HO_ERR_USAGE, "--plots %.700s: %s", plots, strerror(errno));
    return ho_report_choose(settings->report, settings->legacy_files, &choice->kinds, err);
}

/* fork without exec: the server has one thread, and the child is of the very version that claimed the job, whatever is
 * installed meanwhile. The child dies with its server (PR_SET_PDEATHSIG), so a job never runs without a lease. */
#include "jobs/work.h"

#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <heavyopt/config.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

extern char **environ;

static volatile int stop_child;

static void on_stop(int number)
{
    (void)number;
    stop_child = 1;
}

/* In the child: what a command tells goes to the pipe, a line each. */
static void tell(void *user, const char *stage, double share, double best)
{
    char line[128];
    int used = snprintf(line, sizeof line, "%.6f %.17g %.40s\n", share, best, stage);
    if (used > 0) (void)!write(*(int *)user, line, (size_t)used);
}

static void warn(void *user, const char *line)
{
    (void)user;
    fprintf(stderr, "heavyopt: warning: %s\n", line);
}

static ho_status set(const ho_command *command, void *settings, const char *name, const char *value,
                     ho_error *err)
{
    return ho_options_set(command->options, settings, name, value, err);
}

static ho_status fill(const ho_command *command, const ho_work_order *order, const char *config,
                      const ho_hooks *hooks, void *settings, ho_error *err)
{
    char number[32];
    const ho_config_place place = {order->share, config, environ, false};
    HO_TRY(ho_config_fill(command, &place, hooks, settings, NULL, err));
    HO_TRY(set(command, settings, "input", order->input, err));
    HO_TRY(set(command, settings, "output", order->output, err));
    snprintf(number, sizeof number, "%d", order->threads);
    HO_TRY(set(command, settings, "threads", number, err));
    snprintf(number, sizeof number, "%d", order->size);
    return set(command, settings, "portfolio-size", number, err);
}

/* The whole life of the child; returns its exit code. */
static int run_child(const ho_work_order *order, int told, int document)
{
    const ho_command *command = ho_command_find("optimize");
    ho_hooks hooks = {tell, warn, &told, &stop_child};
    ho_outcome outcome = {0};
    ho_error err = {""};
    char path[64];
    int config = memfd_create("config", MFD_CLOEXEC);
    void *settings = ho_new_array(command->settings_size + 1, 1);
    bool ready = config >= 0 && settings != NULL &&
                 write(config, order->config, strlen(order->config)) == (ssize_t)strlen(order->config);
    snprintf(path, sizeof path, "/proc/self/fd/%d", config);
    (void)setenv("HEAVYOPT_SHARE", order->share, 1);
    ho_status status = ready ? fill(command, order, path, &hooks, settings, &err)
                             : ho_fail(&err, HO_ERR_MEMORY, "out of memory for a job");
    if (status == HO_OK) status = command->run(settings, &hooks, &outcome, &err);
    FILE *file = outcome.json != NULL ? fdopen(document, "w") : NULL;
    bool kept = outcome.json == NULL || (file != NULL && fputs(outcome.json, file) >= 0 && fflush(file) == 0);
    if (outcome.summary != NULL) fputs(outcome.summary, stdout);
    if (status == HO_OK && !kept) status = ho_fail(&err, HO_ERR_MEMORY, "out of memory for the result");
    if (status != HO_OK) fprintf(stderr, "heavyopt: %s\n", err.text);
    fflush(NULL);
    return outcome.interrupted ? 130 : ho_status_exit_code(status);
}

static void become_child(const ho_work_order *order, const ho_work *work, int told, pid_t server)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGPIPE};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != server) _exit(1); /* it died before the line above */
    (void)setpgid(0, 0);               /* a terminal's Ctrl-C is the server's business */
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction act = {.sa_handler = i == 0 ? on_stop : SIG_IGN, .sa_flags = SA_RESTART};
        sigemptyset(&act.sa_mask);
        if (numbers[i] == SIGCHLD) act.sa_handler = SIG_DFL;
        (void)sigaction(numbers[i], &act, NULL);
    }
    int null = open("/dev/null", O_RDONLY);
    if (null >= 0) (void)dup2(null, STDIN_FILENO);
    if (dup2(work->summary, STDOUT_FILENO) < 0 || dup2(work->errors, STDERR_FILENO) < 0) _exit(1);
    _exit(run_child(order, told, work->document));
}

void ho_work_end(ho_work *work)
{
    int *const fds[] = {&work->told, &work->document, &work->summary, &work->errors};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
        if (*fds[i] >= 0) close(*fds[i]);
        *fds[i] = -1;
    }
}

ho_status ho_work_start(const ho_work_order *order, ho_work *work, ho_error *err)
{
    int ends[2] = {-1, -1};
    *work = (ho_work){.told = -1, .best = NAN};
    work->document = memfd_create("document", MFD_CLOEXEC);
    work->summary = memfd_create("summary", MFD_CLOEXEC);
    work->errors = memfd_create("errors", MFD_CLOEXEC);
    bool good = work->document >= 0 && work->summary >= 0 && work->errors >= 0 && pipe2(ends, O_CLOEXEC) == 0;
    good = good && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 && fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0;
    work->told = ends[0];
    pid_t server = getpid();
    fflush(NULL); /* what is buffered is not the child's to write */
    if (good) work->pid = fork();
    if (good && work->pid == 0) become_child(order, work, ends[1], server);
    int reason = errno;
    if (ends[1] >= 0) close(ends[1]);
    if (good && work->pid > 0) return HO_OK;
    ho_work_end(work);
    return ho_fail(err, HO_ERR_IO, "no process for a job: %s", strerror(reason));
}

static void take_line(ho_work *work)
{
    double share = 0, best = 0;
    int at = 0;
    if (sscanf(work->line, "%lf %lf %n", &share, &best, &at) != 2) return;
    work->share_done = share;
    if (isfinite(best)) work->best = best;
    snprintf(work->stage, sizeof work->stage, "%.47s", work->line + at);
}

void ho_work_listen(ho_work *work)
{
    char bytes[4096];
    ssize_t got = 0;
    while (work->told >= 0 && (got = read(work->told, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < got; i++) {
            bool end = bytes[i] == '\n';
            if (!end && work->line_used + 1 < sizeof work->line) work->line[work->line_used++] = bytes[i];
            if (!end) continue;
            work->line[work->line_used] = '\0';
            work->line_used = 0;
            take_line(work);
        }
    }
}

char *ho_work_text(int fd, size_t most)
{
    off_t size = lseek(fd, 0, SEEK_END);
    size_t length = size > 0 ? (size_t)size : 0, from = length > most ? length - most : 0, used = 0;
    char *text = ho_new_array(length - from + 1, 1);
    while (text != NULL && used < length - from) {
        ssize_t got = pread(fd, text + used, length - from - used, (off_t)(from + used));
        if (got <= 0) break;
        used += (size_t)got;
    }
    return text;
}

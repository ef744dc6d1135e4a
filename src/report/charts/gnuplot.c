#include "report/charts/gnuplot.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* A process group of its own, so that it can be killed with its children. */
static int set_up(posix_spawn_file_actions_t *files, posix_spawnattr_t *attributes, const char *folder,
                  const char *commands, const char *said)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int failed = posix_spawn_file_actions_addchdir_np(files, folder);
    if (failed == 0) failed = posix_spawn_file_actions_addopen(files, STDIN_FILENO, commands, O_RDONLY, 0);
    if (failed == 0)
        failed = posix_spawn_file_actions_addopen(files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (failed == 0)
        failed =
            posix_spawn_file_actions_addopen(files, STDERR_FILENO, said, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (failed == 0) failed = posix_spawnattr_setpgroup(attributes, 0);
    if (failed == 0) failed = posix_spawnattr_setsigmask(attributes, &none);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    if (failed == 0) failed = posix_spawnattr_setsigdefault(attributes, &all);
    const short flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    return failed != 0 ? failed : posix_spawnattr_setflags(attributes, flags);
}

int ho_gnuplot_start(const char *folder, const char *commands, const char *said, pid_t *process)
{
    char program[] = "gnuplot", no_settings[] = "-d"; /* of the user's: they would change the charts */
    char *const arguments[] = {program, no_settings, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&files) != 0) return ENOMEM;
    int failed = posix_spawnattr_init(&attributes);
    if (failed == 0) {
        failed = set_up(&files, &attributes, folder, commands, said);
        if (failed == 0) failed = posix_spawnp(process, program, &files, &attributes, arguments, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

int ho_gnuplot_wait(pid_t process, double seconds)
{
    const double until = ho_clock_seconds() + seconds;
    for (;;) {
        const pid_t ended = waitpid(process, NULL, WNOHANG);
        if (ended == process || (ended < 0 && errno != EINTR)) return 0;
        if (ho_clock_seconds() >= until) break;
        poll(NULL, 0, 2);
    }
    kill(-process, SIGKILL);
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {
    }
    return ETIME;
}

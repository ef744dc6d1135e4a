/* What the program owes the system around it: signals and the three standard descriptors. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* A handler reaches nothing but globals; this is the only one. */
static volatile int interrupted;

static void on_signal(int number)
{
    (void)number;
    if (interrupted != 0) _exit(EXIT_INTERRUPTED);
    interrupted = 1;
}

const volatile int *cli_signals_flag(void)
{
    /* SA_RESTART: the library finishes by looking at the flag, its reads and writes need not know of signals. */
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = SA_RESTART}, old;
    sigemptyset(&act.sa_mask);
    static const int numbers[] = {SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        /* Whoever started us with the signal ignored (nohup, a shell's background job) meant it. */
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(numbers[i], &act, NULL);
    }
    act.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &act, NULL);
    return &interrupted;
}

void cli_descriptors_fill(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) != -1 || errno != EBADF) continue;
        /* The lowest free number is fd. Opened the wrong way round, so that its use still fails. */
        if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd) return;
    }
}

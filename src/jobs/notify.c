#include "jobs/notify.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/strings.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { SECONDS = 30 };

bool ho_notify_words(const char *command, ho_strings *words)
{
    char *word = ho_new_array(strlen(command) + 1, 1);
    bool good = word != NULL;
    for (const char *c = command + strspn(command, " \t"); good && *c != '\0'; c += strspn(c, " \t")) {
        size_t used = 0;
        bool quoted = false;
        for (; *c != '\0' && (quoted || (*c != ' ' && *c != '\t')); c++) {
            if (*c == '"')
                quoted = !quoted;
            else
                word[used++] = *c;
        }
        word[used] = '\0';
        good = !quoted && ho_strings_add(words, word, NULL) == HO_OK;
    }
    free(word);
    return good && words->count != 0;
}

static int document_of(const json_t *result)
{
    char *text = json_dumps(result, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    int fd = memfd_create("result", MFD_CLOEXEC);
    size_t length = text != NULL ? strlen(text) : 0;
    bool good =
        fd >= 0 && text != NULL && write(fd, text, length) == (ssize_t)length && lseek(fd, 0, SEEK_SET) == 0;
    free(text);
    if (good || fd < 0) return fd;
    close(fd);
    return -1;
}

/* What it says goes nowhere; signals are as a program expects them. */
static int spawn(char **argv, int document, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int failed = posix_spawn_file_actions_init(&files);
    if (failed != 0) return failed;
    failed = posix_spawnattr_init(&how);
    if (failed == 0) {
        (void)posix_spawnattr_setsigdefault(&how, &all);
        (void)posix_spawnattr_setsigmask(&how, &none);
        (void)posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                                 POSIX_SPAWN_SETPGROUP);
        failed = posix_spawn_file_actions_adddup2(&files, document, STDIN_FILENO);
        if (failed == 0)
            failed = posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        if (failed == 0)
            failed = posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        if (failed == 0) failed = posix_spawnp(pid, argv[0], &files, &how, argv, environ);
        (void)posix_spawnattr_destroy(&how);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return failed;
}

void ho_notify_start(ho_notify *notify, const char *command, const json_t *result, ho_record *record)
{
    size_t place = 0;
    while (place < HO_NOTIFY_AT_ONCE && notify->running[place].pid != 0)
        place++;
    if (place == HO_NOTIFY_AT_ONCE) {
        ho_record_log(record, "notify: %d calls still run, this one is left out", HO_NOTIFY_AT_ONCE);
        return;
    }
    ho_strings words = {0};
    int document = document_of(result), failed = ENOMEM;
    char **argv = NULL;
    if (!ho_notify_words(command, &words))
        failed = EINVAL;
    else
        argv = HO_NEW(char *, words.count + 1);
    for (size_t i = 0; argv != NULL && i < words.count; i++)
        argv[i] = words.items[i];
    pid_t pid = 0;
    if (argv != NULL && document >= 0) failed = spawn(argv, document, &pid);
    if (failed == 0) {
        notify->running[place].pid = pid;
        notify->running[place].until = ho_clock_seconds() + SECONDS;
    } else {
        ho_record_log(record, "notify: %.300s: %s", command, strerror(failed));
    }
    if (document >= 0) close(document);
    free(argv);
    ho_strings_clear(&words);
}

bool ho_notify_tend(ho_notify *notify, ho_record *record)
{
    bool some = false;
    for (size_t i = 0; i < HO_NOTIFY_AT_ONCE; i++) {
        int status = 0;
        pid_t pid = notify->running[i].pid;
        if (pid == 0) continue;
        if (waitpid(pid, &status, WNOHANG) == 0) {
            some = true;
            if (ho_clock_seconds() <= notify->running[i].until) continue;
            ho_record_log(record, "notify: still running after %d s, ended", SECONDS);
            (void)kill(-pid, SIGKILL);
            notify->running[i].until += SECONDS;
            continue;
        }
        notify->running[i].pid = 0;
        if (WIFSIGNALED(status)) ho_record_log(record, "notify: ended by signal %d", WTERMSIG(status));
        if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
            ho_record_log(record, "notify: ended with code %d", WEXITSTATUS(status));
    }
    return some;
}

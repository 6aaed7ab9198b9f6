/* SPDX-License-Identifier: MIT */
/* __pmProcess*(): other programs, run without a shell, and facts about this one. */
#include <pcp/libpcp.h>

#include <stdbool.h>
#include <sys/times.h>
#include <sys/wait.h>

struct __pmExecCtl {
    int argc;
    char **argv; /* with a NULL behind */
};

/* Streams made by __pmProcessPipe(), and whom they belong to. */
struct child {
    struct child *next;
    FILE *stream;
    pid_t pid;
};
static struct child *children;
static pthread_mutex_t children_lock = PTHREAD_MUTEX_INITIALIZER;

enum { STATUS_SIGNAL = 1000, STATUS_UNKNOWN = 2000 };

void
__pmProcessFree(__pmExecCtl_t **ctl)
{
    if (!*ctl)
        return;
    for (int i = 0; i < (*ctl)->argc; i++)
        free((*ctl)->argv[i]);
    free((*ctl)->argv);
    free(*ctl);
    *ctl = NULL;
}

int
__pmProcessAddArg(__pmExecCtl_t **ctl, const char *arg)
{
    if (!*ctl && (*ctl = calloc(1, sizeof(**ctl))) == NULL)
        return -ENOMEM;
    char **argv = realloc((*ctl)->argv, ((size_t)(*ctl)->argc + 2) * sizeof(char *));
    if (argv)
        (*ctl)->argv = argv;
    char *copy = argv ? strdup(arg) : NULL;
    if (!copy) {
        __pmProcessFree(ctl);
        return -ENOMEM;
    }
    argv[(*ctl)->argc++] = copy;
    argv[(*ctl)->argc] = NULL;
    return 0;
}

/* Quotes go around a whole word: one within a word is a letter like any other. */
int
__pmProcessUnpickArgs(__pmExecCtl_t **ctl, const char *command)
{
    static const char space[] = " \t\n\v\f\r";

    for (const char *at = command + strspn(command, space); *at;
         at += strspn(at, space)) {
        char quote = *at == '"' || *at == '\'' ? *at++ : '\0';
        size_t len = quote ? strcspn(at, (char[]){quote, '\0'}) : strcspn(at, space);
        if (quote && at[len] == '\0') {
            pmNotifyErr(LOG_WARNING,
                        "__pmProcessUnpickArgs: unterminated quote (%c) in command: %s",
                        quote, command);
            __pmProcessFree(ctl);
            return PM_ERR_GENERIC;
        }
        char *word = strndup(at, len);
        int err = word ? __pmProcessAddArg(ctl, word) : -ENOMEM;
        free(word);
        if (err < 0)
            return err;
        at += len + (quote != '\0');
    }
    return 0;
}

static void
toss_fds(int toss)
{
    int null = open("/dev/null", O_RDWR);

    if (null < 0)
        return;
    for (int fd = 0; fd < 3; fd++)
        if (toss & (1 << fd))
            dup2(null, fd);
    if (null > 2)
        close(null);
}

/* In the child. fd replaces standard input or output, at, when it is not -1. */
static void
become(const struct __pmExecCtl *ctl, int fd, int at, int toss)
{
    sigset_t none;

    if (fd >= 0 && fd != at) {
        dup2(fd, at);
        close(fd);
    }
    toss_fds(toss);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    execvp(ctl->argv[0], ctl->argv);
    _exit(127);
}

static int
status_of(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return errno == ECHILD ? STATUS_UNKNOWN : -errno;
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    return WIFSIGNALED(status) ? STATUS_SIGNAL + WTERMSIG(status) : STATUS_UNKNOWN;
}

int
__pmProcessExec(__pmExecCtl_t **ctl, int toss, int wait)
{
    if (!*ctl)
        return PM_ERR_TOOSMALL;
    pid_t pid = fork();
    if (pid == 0)
        become(*ctl, -1, -1, toss);
    int err = errno;
    __pmProcessFree(ctl);
    if (pid < 0)
        return -err;
    return wait == PM_EXEC_WAIT ? status_of(pid) : 0;
}

int
__pmProcessPipe(__pmExecCtl_t **ctl, const char *type, int toss, FILE **ret_stream)
{
    bool reads = type[0] == 'r';
    int fds[2];

    if (!*ctl)
        return PM_ERR_TOOSMALL;
    if (!reads && type[0] != 'w') {
        __pmProcessFree(ctl);
        return -EINVAL;
    }
    struct child *c = malloc(sizeof(*c));
    if (!c || pipe(fds) != 0) {
        int err = c ? -errno : -ENOMEM;
        free(c);
        __pmProcessFree(ctl);
        return err;
    }
    int ours = fds[reads ? 0 : 1], theirs = fds[reads ? 1 : 0];
    fcntl(ours, F_SETFD, FD_CLOEXEC);
    pid_t pid = fork();
    if (pid == 0) {
        close(ours);
        become(*ctl, theirs, reads ? 1 : 0,
               toss & ~(reads ? PM_EXEC_TOSS_STDOUT : PM_EXEC_TOSS_STDIN));
    }
    int err = errno;
    __pmProcessFree(ctl);
    close(theirs);
    FILE *stream = pid > 0 ? fdopen(ours, reads ? "r" : "w") : NULL;
    if (!stream) {
        close(ours);
        free(c);
        return pid < 0 ? -err : -errno;
    }
    pthread_mutex_lock(&children_lock);
    *c = (struct child){.next = children, .stream = stream, .pid = pid};
    children = c;
    pthread_mutex_unlock(&children_lock);
    *ret_stream = stream;
    return 0;
}

int
__pmProcessPipeClose(FILE *stream)
{
    struct child *c, **at = &children;

    pthread_mutex_lock(&children_lock);
    while (*at && (*at)->stream != stream)
        at = &(*at)->next;
    if ((c = *at) != NULL)
        *at = c->next;
    pthread_mutex_unlock(&children_lock);
    if (!c)
        return PM_ERR_NOTCONN;
    fclose(stream);
    int status = status_of(c->pid);
    free(c);
    return status;
}

pid_t
__pmProcessCreate(char **argv, int *ret_infd, int *ret_outfd)
{
    struct __pmExecCtl ctl = {.argc = 0, .argv = argv};
    int in[2], out[2];

    if (pipe(in) != 0)
        return -1;
    if (pipe(out) != 0) {
        close(in[0]);
        close(in[1]);
        return -1;
    }
    pid_t pid = fork();
    if (pid == 0) {
        close(in[1]);
        close(out[0]);
        dup2(in[0], 0);
        become(&ctl, out[1], 1, 0);
    }
    close(in[0]);
    close(out[1]);
    if (pid < 0) {
        close(in[1]);
        close(out[0]);
        return -1;
    }
    *ret_infd = out[0];
    *ret_outfd = in[1];
    return pid;
}

int
__pmProcessExists(pid_t pid)
{
    /* 0 and below are groups of processes */
    return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

int
__pmProcessTerminate(pid_t pid, int force)
{
    return kill(pid, force ? SIGKILL : SIGTERM);
}

int
__pmProcessDataSize(unsigned long *ret_kbytes)
{
    static unsigned long first;
    unsigned long pages[6] = {0};
    FILE *f = fopen("/proc/self/statm", "r");

    if (!f)
        return -errno;
    int n = fscanf(f, "%lu %lu %lu %lu %lu %lu", &pages[0], &pages[1], &pages[2],
                   &pages[3], &pages[4], &pages[5]);
    fclose(f);
    if (n != 6)
        return -EINVAL;
    unsigned long kbytes = pages[5] * (unsigned long)sysconf(_SC_PAGESIZE) / 1024;
    if (first == 0)
        first = kbytes;
    if (ret_kbytes)
        *ret_kbytes = kbytes > first ? kbytes - first : 0;
    return 0;
}

int
__pmProcessRunTimes(double *ret_user_s, double *ret_system_s)
{
    struct tms tms;
    double ticks = (double)sysconf(_SC_CLK_TCK);

    if (times(&tms) == (clock_t)-1) {
        *ret_user_s = *ret_system_s = 0;
        return -errno;
    }
    *ret_user_s = (double)tms.tms_utime / ticks;
    *ret_system_s = (double)tms.tms_stime / ticks;
    return 0;
}

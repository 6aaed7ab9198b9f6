/* SPDX-License-Identifier: MIT */
/* One agent, started and spoken to as pmcd does. */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* How long an agent may take to leave at the end of file, and at SIGTERM. */
enum { LEAVE_MS = 2000, TERM_MS = 1000, NAP_MS = 5 };

enum { MAX_QUESTION_BYTES = 4096 };

uint64_t
session_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void
session_sleep_ms(unsigned ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};

    (void)nanosleep(&t, NULL);
}

bool
session_has_ended(struct session *s)
{
    if (s->pid > 0 && waitpid(s->pid, &s->status, WNOHANG) == s->pid) {
        s->has_ended = true;
        s->pid = 0;
    }
    return s->has_ended;
}

void
session_describe_end(const struct session *s, char *ret, size_t room)
{
    if (!s->has_ended)
        snprintf(ret, room, "it goes on running");
    else if (WIFSIGNALED(s->status))
        snprintf(ret, room, "it has died of signal %d (%s)", WTERMSIG(s->status),
                 strsignal(WTERMSIG(s->status)));
    else
        snprintf(ret, room, "it has ended with status %d", WEXITSTATUS(s->status));
}

static int __attribute__((format(printf, 3, 4)))
fail(struct session *s, int err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(s->why, sizeof(s->why), format, args);
    va_end(args);
    return err;
}

/* The session is over: say why, and what has become of the agent. */
static int
lose(struct session *s, int err)
{
    const char *said = pmdaloop_probe_errmsg(s->probe);
    char end[80];

    /* The end of file comes before the end of the process. */
    for (unsigned i = 0; i < 100 && s->pid > 0 && err != -ETIMEDOUT; i++) {
        if (session_has_ended(s))
            break;
        session_sleep_ms(NAP_MS);
    }
    session_describe_end(s, end, sizeof(end));
    const char *sentence = *said ? said : pmdaloop_strerror(err);
    if (s->pid > 0 || s->has_ended)
        return fail(s, err, "%.150s; %s", sentence, end);
    return fail(s, err, "%.150s", sentence);
}

/* ---- the agent's program ---- */

/* The agent inherits our standard error: put it away meanwhile. What was it, or -1. */
static int
hush(const struct options *o)
{
    int kept = o->is_hushed ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) : -1;
    int nowhere = kept >= 0 ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;

    if (nowhere >= 0) {
        (void)dup2(nowhere, STDERR_FILENO);
        close(nowhere);
    }
    return kept;
}

static void
unhush(int kept)
{
    if (kept >= 0) {
        (void)dup2(kept, STDERR_FILENO);
        close(kept);
    }
}

/* As pmcd starts one that listens: its standard output is not ours to read. */
static int
start_listener(struct session *s)
{
    char **argv = s->options->agent;
    posix_spawn_file_actions_t actions;
    pid_t pid = 0;
    int err = posix_spawn_file_actions_init(&actions);

    if (err)
        return fail(s, -err, "%s", strerror(err));
    if ((err = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY,
                                                0)) == 0 &&
        (err = posix_spawn_file_actions_adddup2(&actions, 2, 1)) == 0)
        err = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (err)
        return fail(s, -err, "cannot start '%.100s': %s", argv[0], strerror(err));
    s->pid = pid;
    return 0;
}

/* Until it listens, or the time is up. */
static int
connect_to(struct session *s)
{
    const char *where = s->options->socket;
    uint64_t end = session_now_ms() + s->options->timeout_ms;

    for (;;) {
        int err = pmdaloop_probe_connect(s->probe, where);
        bool may_come = err == -ECONNREFUSED || err == -ENOENT || err == -EAGAIN;
        if (err == 0)
            return 0;
        if (!s->options->agent || !may_come || session_now_ms() >= end)
            return fail(s, err, "%.200s", pmdaloop_probe_errmsg(s->probe));
        if (session_has_ended(s)) {
            char how[80];
            session_describe_end(s, how, sizeof(how));
            return fail(s, err, "'%.80s' does not listen on %.80s: %s",
                        s->options->agent[0], where, how);
        }
        session_sleep_ms(NAP_MS);
    }
}

/* The agent speaks first. */
static int
greet(struct session *s)
{
    const struct pmdaloop_probe_event *event = NULL;
    int err = pmdaloop_probe_await(s->probe, 0, &event);

    if (err < 0)
        return lose(s, err);
    s->wishes = event->flags;
    return 0;
}

static int
spawn(struct session *s)
{
    int err = pmdaloop_probe_spawn(s->probe, s->options->agent, &s->pid);

    if (err == 0)
        return 0;
    s->pid = 0;
    return fail(s, err, "%.200s", pmdaloop_probe_errmsg(s->probe));
}

int
session_open(struct session *s, const struct options *o)
{
    struct pmdaloop_probe_options settings = {
        .size = sizeof(settings),
        .reply_timeout_ms =
            o->timeout_ms < INT32_MAX ? (uint32_t)o->timeout_ms : INT32_MAX};

    *s = (struct session){.options = o};
    int err = pmdaloop_probe_new(&s->probe, &settings);
    if (err < 0)
        return fail(s, err, "%s", pmdaloop_strerror(err));
    int kept = hush(o);
    if (!o->socket)
        err = spawn(s);
    else if (o->agent)
        err = start_listener(s);
    unhush(kept);
    if (err == 0 && o->socket)
        err = connect_to(s);
    if (err < 0 || (err = greet(s)) < 0)
        return err;
    /* pmcd tells the first client's wishes before its first fetch: everything. */
    err = pmdaloop_probe_profile(s->probe, 0, NULL, 0);
    if (err == 0) /* on its way before the first question */
        (void)pmdaloop_probe_process(s->probe);
    return err < 0 ? lose(s, err) : 0;
}

static bool
wait_for_end(struct session *s, unsigned ms)
{
    uint64_t end = session_now_ms() + ms;

    while (!session_has_ended(s) && s->pid > 0 && session_now_ms() < end)
        session_sleep_ms(NAP_MS);
    return s->pid <= 0;
}

void
session_close(struct session *s)
{
    const char *where = s->options->socket;
    struct stat st;

    pmdaloop_probe_free(s->probe);
    s->probe = NULL;
    if (s->pid > 0 && !wait_for_end(s, LEAVE_MS)) {
        kill(s->pid, SIGTERM);
        if (!wait_for_end(s, TERM_MS)) {
            kill(s->pid, SIGKILL);
            if (waitpid(s->pid, &s->status, 0) == s->pid)
                s->has_ended = true;
            s->pid = 0;
        }
    }
    /* Agents leave their socket's file to pmcd. */
    if (where && s->options->agent && strncmp(where, "unix:", 5) == 0 &&
        lstat(where + 5, &st) == 0 && S_ISSOCK(st.st_mode))
        (void)unlink(where + 5);
}

/* Until the agent says that it is ready, or the time is up. */
static int
await_ready(struct session *s)
{
    uint64_t end = session_now_ms() + s->options->timeout_ms;
    const struct pmdaloop_probe_event *event;

    for (;;) {
        while ((event = pmdaloop_probe_next(s->probe)) != NULL) {
            if (event->kind == PMDALOOP_PROBE_CLOSED)
                return lose(s, event->err ? event->err : -PMDALOOP_ECLOSED);
            if (event->kind == PMDALOOP_PROBE_UNASKED &&
                event->code == PMDALOOP_PM_READY)
                return 0;
        }
        uint64_t now = session_now_ms();
        if (now >= end)
            return fail(s, -ETIMEDOUT, "the agent is not ready after %llu ms",
                        (unsigned long long)s->options->timeout_ms);
        (void)pmdaloop_probe_wait(s->probe,
                                  end - now < 60000 ? (int)(end - now) : 60000);
    }
}

static int
await(struct session *s, int number, const struct pmdaloop_probe_event **ret_event)
{
    if (number < 0)
        return lose(s, number);
    int err = pmdaloop_probe_await(s->probe, (uint32_t)number, ret_event);
    return *ret_event ? 0 : lose(s, err);
}

/* What has been asked lies in front of us until it is sent: so it can be asked again, of
 * an agent that is not ready yet. */
int
session_await(struct session *s, int number,
              const struct pmdaloop_probe_event **ret_event)
{
    const struct pmdaloop_probe_event *event = NULL;
    uint8_t question[MAX_QUESTION_BYTES];
    const void *bytes;
    size_t n = pmdaloop_probe_get_out(s->probe, &bytes);

    if (n > 0 && n <= sizeof(question))
        memcpy(question, bytes, n);
    int err = await(s, number, &event);
    if (err == 0 && event && event->err == 0 && event->code == PMDALOOP_PM_NOTREADY &&
        n > 0 && n <= sizeof(question)) {
        event = NULL;
        err = await_ready(s);
        if (err == 0)
            err = await(s, pmdaloop_probe_raw_start(s->probe, question, n), &event);
    }
    if (err == 0)
        *ret_event = event;
    return err;
}

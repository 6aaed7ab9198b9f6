/* SPDX-License-Identifier: MIT */
/* The probe's shell: an agent's process or socket, and the loop. */
#include "probe.h"

#include "channel.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>

extern char **environ;

void
pl_probe_io_close(struct pmdaloop_probe *p)
{
    if (p->out_fd >= 0 && p->out_fd != p->in_fd)
        close(p->out_fd);
    if (p->in_fd >= 0)
        close(p->in_fd);
    p->in_fd = p->out_fd = -1;
}

int
pmdaloop_probe_connect_fd(struct pmdaloop_probe *p, int in_fd, int out_fd)
{
    int err;

    if (p->in_fd >= 0)
        return -EISCONN;
    if ((err = pl_make_nonblocking(in_fd)) < 0 ||
        (err = pl_make_nonblocking(out_fd)) < 0)
        return pl_probe_fail(p, err, "cannot use descriptors %d and %d: %s", in_fd,
                             out_fd, strerror(-err));
    pl_ignore_sigpipe();
    p->in_fd = in_fd;
    p->out_fd = out_fd;
    pmdaloop_probe_tick(p, pl_now_ms());
    return 0;
}

/* A connection, however full the queue of the one who listens. 0 or -errno. */
static int
connect_within(int fd, const struct pl_address *to, uint32_t timeout_ms)
{
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    int err = pl_make_nonblocking(fd);
    socklen_t len = sizeof(err);

    if (err < 0 || connect(fd, (const struct sockaddr *)&to->at, to->len) == 0)
        return err;
    if (errno != EINPROGRESS)
        return -errno;
    int limit = timeout_ms < INT32_MAX ? (int)timeout_ms : INT32_MAX;
    while ((err = poll(&ready, 1, limit)) < 0 && errno == EINTR)
        continue;
    if (err == 0)
        return -ETIMEDOUT;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0 ? -errno : -err;
}

int
pmdaloop_probe_connect(struct pmdaloop_probe *p, const char *where)
{
    struct pl_address address;
    const char *fault = pl_address_parse(where, &address);

    if (p->in_fd >= 0)
        return -EISCONN;
    if (fault)
        return pl_probe_fail(p, -EINVAL, "cannot connect to '%.100s': %s", where,
                             fault);
    int fd = socket(address.at.ss_family, SOCK_STREAM, 0);
    int err = fd < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ? -errno : 0;
    if (err == 0)
        err = connect_within(fd, &address, p->reply_timeout_ms);
    if (err < 0)
        err = pl_probe_fail(p, err, "cannot connect to '%.100s': %s", where,
                            strerror(-err));
    else
        err = pmdaloop_probe_connect_fd(p, fd, fd);
    if (err < 0 && fd >= 0)
        close(fd);
    return err;
}

static void
close_pair(const int pair[2])
{
    close(pair[0]);
    close(pair[1]);
}

static int
spawn(char *const argv[], const int to_agent[2], const int from_agent[2],
      pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    int err = posix_spawn_file_actions_init(&actions);

    if (err)
        return -err;
    /* dup2 onto itself would leave close-on-exec set; ours are never 0 or 1, see below. */
    if ((err = posix_spawn_file_actions_adddup2(&actions, to_agent[0], 0)) == 0 &&
        (err = posix_spawn_file_actions_adddup2(&actions, from_agent[1], 1)) == 0)
        err = posix_spawnp(ret_pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return -err;
}

/* A pipe that no other child inherits, on descriptors past the standard ones. */
static int
make_pipe(int ret_pair[2])
{
    int raw[2] = {-1, -1};

    if (pipe(raw) < 0)
        return -errno;
    ret_pair[0] = fcntl(raw[0], F_DUPFD_CLOEXEC, 3);
    ret_pair[1] = fcntl(raw[1], F_DUPFD_CLOEXEC, 3);
    int err = ret_pair[0] < 0 || ret_pair[1] < 0 ? -errno : 0;
    close_pair(raw);
    return err;
}

int
pmdaloop_probe_spawn(struct pmdaloop_probe *p, char *const argv[], int *ret_pid)
{
    int to_agent[2] = {-1, -1}, from_agent[2] = {-1, -1};
    pid_t pid = 0;
    int err;

    if (p->in_fd >= 0)
        return -EISCONN;
    if ((err = make_pipe(to_agent)) < 0)
        return pl_probe_fail(p, err, "cannot make a pipe: %s", strerror(-err));
    if ((err = make_pipe(from_agent)) < 0) {
        close_pair(to_agent);
        return pl_probe_fail(p, err, "cannot make a pipe: %s", strerror(-err));
    }
    err = spawn(argv, to_agent, from_agent, &pid);
    close(to_agent[0]);
    close(from_agent[1]);
    if (err == 0)
        err = pmdaloop_probe_connect_fd(p, from_agent[0], to_agent[1]);
    if (err < 0) {
        close(to_agent[1]);
        close(from_agent[0]);
        return pl_probe_fail(p, err, "cannot start '%.100s': %s", argv[0],
                             strerror(-err));
    }
    *ret_pid = (int)pid;
    return 0;
}

int
pmdaloop_probe_get_fd(const struct pmdaloop_probe *p)
{
    return p->in_fd >= 0 ? p->in_fd : -ENOTCONN;
}

int
pmdaloop_probe_get_out_fd(const struct pmdaloop_probe *p)
{
    return p->out_fd >= 0 ? p->out_fd : -ENOTCONN;
}

int
pmdaloop_probe_get_events(const struct pmdaloop_probe *p)
{
    if (p->in_fd < 0 || p->closed)
        return 0;
    return POLLIN | (p->out.len ? POLLOUT : 0);
}

int
pmdaloop_probe_get_timeout_ms(const struct pmdaloop_probe *p)
{
    if (p->closed && !p->closed_told)
        return 0;
    if (p->is_open && p->n_questions == 0)
        return -1;
    uint64_t due = p->is_open ? p->questions[0].deadline_ms : p->hello_due_ms;
    return due <= p->now_ms ? 0 : (int)(due - p->now_ms);
}

static void
lose(struct pmdaloop_probe *p, const char *doing, int err)
{
    if (err == -EPIPE || err == -ECONNRESET)
        p->eof = true;
    else
        pl_probe_close(
            p, pl_probe_fail(p, err, "cannot %s the agent: %s", doing, strerror(-err)));
}

static void
write_some(struct pmdaloop_probe *p)
{
    while (p->out.len > 0 && !p->eof) {
        ssize_t n = write(p->out_fd, queue_at(&p->out), p->out.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            if (errno != EAGAIN)
                lose(p, "write to", -errno);
            return;
        }
        queue_drop(&p->out, (size_t)n);
    }
}

static void
read_some(struct pmdaloop_probe *p)
{
    uint8_t bytes[65536];

    while (!p->closed && !p->eof) {
        ssize_t n = read(p->in_fd, bytes, sizeof(bytes));
        if (n >= 0)
            (void)pmdaloop_probe_feed(p, bytes, (size_t)n);
        else if (errno != EAGAIN && errno != EINTR)
            lose(p, "read from", -errno);
        if (n != (ssize_t)sizeof(bytes))
            return;
    }
}

/* What has come by now is in time; but an agent that never stops to say other things has
 * as long again, and no longer. */
static bool
has_come(const struct pmdaloop_probe *p)
{
    uint64_t due = !p->is_open          ? p->hello_due_ms
                   : p->n_questions > 0 ? p->questions[0].deadline_ms
                                        : p->now_ms;
    struct pl_head h;

    return pl_pdu_peek(queue_at(&p->in), p->in.len, p->max_reply_bytes, &h) != 0 &&
           p->now_ms < due + p->reply_timeout_ms;
}

int
pmdaloop_probe_process(struct pmdaloop_probe *p)
{
    if (p->in_fd < 0)
        return -ENOTCONN;
    if (!p->closed) {
        write_some(p);
        read_some(p);
        p->now_ms = pl_now_ms();
        if (!has_come(p))
            pmdaloop_probe_tick(p, p->now_ms);
    }
    return p->closed;
}

int
pmdaloop_probe_wait(struct pmdaloop_probe *p, int timeout_ms)
{
    struct pollfd fds[2] = {{.fd = p->in_fd}, {.fd = p->out_fd}};

    if (p->in_fd < 0)
        return -ENOTCONN;
    p->now_ms = pl_now_ms();
    if (!p->closed)
        write_some(p);
    int events = pmdaloop_probe_get_events(p);
    int due = pmdaloop_probe_get_timeout_ms(p);
    fds[0].events = (short)(events & POLLIN);
    fds[1].events = (short)(events & POLLOUT);
    if (due >= 0 && (timeout_ms < 0 || due < timeout_ms))
        timeout_ms = due;
    if (p->eof || p->closed)
        timeout_ms = 0;
    if (poll(fds, (events & POLLOUT) ? 2 : 1, timeout_ms) < 0 && errno != EINTR)
        return pl_probe_fail(p, -errno, "cannot poll: %s", strerror(errno));
    return pmdaloop_probe_process(p);
}

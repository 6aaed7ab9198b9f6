/* SPDX-License-Identifier: MIT */
/* The shell: the descriptors of an agent. */
#include "handle.h"

#include "channel.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

void
pl_io_close(struct pmdaloop *pl)
{
    if (pl->out_fd >= 0 && pl->out_fd != pl->in_fd)
        close(pl->out_fd);
    if (pl->in_fd >= 0)
        close(pl->in_fd);
    if (pl->listen_fd >= 0)
        close(pl->listen_fd);
    pl->in_fd = pl->out_fd = pl->listen_fd = -1;
}

static bool
is_connected(const struct pmdaloop *pl)
{
    return pl->in_fd >= 0 || pl->listen_fd >= 0;
}

int
pmdaloop_connect_fd(struct pmdaloop *pl, int in_fd, int out_fd)
{
    int err;

    if (is_connected(pl))
        return -EISCONN;
    if (pl->is_busy)
        return -EBUSY;
    if ((err = pl_make_nonblocking(in_fd)) < 0 ||
        (err = pl_make_nonblocking(out_fd)) < 0)
        return pl_fail(pl, err, "cannot use descriptors %d and %d: %s", in_fd, out_fd,
                       strerror(-err));
    pl_ignore_sigpipe();
    pl_engine_tick(&pl->engine, pl_now_ms());
    if ((err = pmdaloop_start(pl)) < 0)
        return err;
    pl->in_fd = in_fd;
    pl->out_fd = out_fd;
    pl->out_held = 0;
    pl->engine.can_send = true;
    return 0;
}

/* ---- where pmcd is to be found ---- */

static int
listen_on(struct pmdaloop *pl, const struct pl_address *address)
{
    int one = 1;
    int family = address->at.ss_family;
    int fd = socket(family, SOCK_STREAM, 0);

    if (fd < 0)
        return -errno;
    if (family != AF_UNIX)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
        bind(fd, (const struct sockaddr *)&address->at, address->len) < 0 ||
        listen(fd, 1) < 0 || pl_make_nonblocking(fd) < 0) {
        int err = -errno;
        close(fd);
        return err;
    }
    pl->listen_fd = fd;
    return 0;
}

static int
listen_at(struct pmdaloop *pl, const char *where)
{
    struct pl_address address;
    struct stat st;
    const char *fault = pl_address_parse(where, &address);

    if (fault)
        return pl_fail(pl, -EINVAL, "cannot listen on '%.100s': %s", where, fault);
    /* What an earlier run has left behind; nothing but a socket is removed. */
    if (address.path && lstat(address.path, &st) == 0 && S_ISSOCK(st.st_mode))
        (void)unlink(address.path);
    int err = listen_on(pl, &address);
    if (err < 0)
        return pl_fail(pl, err, "cannot listen on '%.100s': %s", where, strerror(-err));
    if (address.path)
        (void)chmod(address.path, 0660);
    return 0;
}

int
pmdaloop_connect(struct pmdaloop *pl, const char *where)
{
    if (is_connected(pl))
        return -EISCONN;
    if (where && strcmp(where, "pipe") != 0)
        return listen_at(pl, where);
    if (isatty(STDIN_FILENO))
        return pl_fail(pl, -PMDALOOP_ETERMINAL,
                       "%s is an agent of pmcd, which starts it as its pmcd.conf says; "
                       "by hand, try it under dbpmda or `pmdaloop probe`",
                       pl->name);
    return pmdaloop_connect_fd(pl, STDIN_FILENO, STDOUT_FILENO);
}

/* ---- the loop ---- */

int
pmdaloop_get_fd(const struct pmdaloop *pl)
{
    return pl->in_fd >= 0 ? pl->in_fd : pl->listen_fd >= 0 ? pl->listen_fd : -ENOTCONN;
}

int
pmdaloop_get_out_fd(const struct pmdaloop *pl)
{
    return pl->out_fd >= 0 ? pl->out_fd : pmdaloop_get_fd(pl);
}

int
pmdaloop_get_events(const struct pmdaloop *pl)
{
    const struct pl_slot *first = pl->engine.first;
    int events = 0;

    if (pl->in_fd < 0)
        return pl->listen_fd >= 0 ? POLLIN : 0;
    if (pl_engine_wants_input(&pl->engine))
        events |= POLLIN;
    if (first && first->state == PL_ANSWERED)
        events |= POLLOUT;
    return events;
}

int
pmdaloop_get_timeout_ms(const struct pmdaloop *pl)
{
    /* What has been read already is not waited for. */
    if (pl->is_retry || pl_engine_has_more(&pl->engine))
        return 0;
    return pl_engine_timeout(&pl->engine);
}

static int
accept_one(struct pmdaloop *pl)
{
    int fd = accept(pl->listen_fd, NULL, NULL);

    if (fd < 0) {
        if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
            return 0;
        return pl_fail(pl, -errno, "cannot accept pmcd's connection: %s",
                       strerror(errno));
    }
    close(pl->listen_fd);
    pl->listen_fd = -1;
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    int err = pmdaloop_connect_fd(pl, fd, fd);
    if (err < 0)
        close(fd);
    return err;
}

static void
lose(struct pmdaloop *pl, const char *doing, int err)
{
    /* These are how a peer ends that has not read everything. */
    if (err == -EPIPE || err == -ECONNRESET)
        err = -PMDALOOP_ECLOSED;
    else
        (void)pl_fail(pl, err, "cannot %s pmcd: %s", doing, strerror(-err));
    pl_engine_close(&pl->engine, err);
}

static void
read_some(struct pmdaloop *pl)
{
    uint8_t bytes[16384]; /* threads may have small stacks, and requests are short */

    while (pl_engine_wants_input(&pl->engine)) {
        ssize_t n = read(pl->in_fd, bytes, sizeof(bytes));
        if (n > 0)
            (void)pl_engine_feed(&pl->engine, bytes, (size_t)n);
        else if (n == 0)
            pl_engine_eof(&pl->engine);
        else if (errno != EAGAIN && errno != EINTR)
            lose(pl, "read from", -errno);
        if (n != (ssize_t)sizeof(bytes))
            return; /* that was all there is now */
    }
}

static void
write_some(struct pmdaloop *pl)
{
    const void *bytes;
    size_t len;

    while ((len = pl_engine_out(&pl->engine, &bytes)) > 0) {
        pl_pipe_hold(pl->out_fd, len, &pl->out_held);
        ssize_t n = write(pl->out_fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            if (errno != EAGAIN)
                lose(pl, "write to", -errno);
            return;
        }
        pl_engine_sent(&pl->engine, (size_t)n);
        if ((size_t)n < len)
            return;
    }
}

int
pmdaloop_process(struct pmdaloop *pl)
{
    int err = 0;

    if (pl->is_busy)
        return -EBUSY;
    if (pl->in_fd < 0 && pl->listen_fd < 0)
        return -ENOTCONN;
    if (pl->in_fd < 0 && (err = accept_one(pl)) < 0)
        pl_engine_close(&pl->engine, err);
    if (pl->in_fd >= 0 && !pl->engine.closed) {
        pl_engine_tick(&pl->engine, pl_now_ms());
        write_some(pl);
        read_some(pl);
    }
    return pl->engine.closed;
}

int
pmdaloop_wait(struct pmdaloop *pl, int timeout_ms)
{
    int due = pmdaloop_get_timeout_ms(pl);
    int events = pmdaloop_get_events(pl);
    struct pollfd fds[] = {
        {.fd = pmdaloop_get_fd(pl), .events = (short)(events & POLLIN)},
        {.fd = pmdaloop_get_out_fd(pl), .events = (short)(events & POLLOUT)},
    };

    if (fds[0].fd < 0)
        return -ENOTCONN;
    if (pl->is_busy)
        return -EBUSY;
    if (pl->engine.closed)
        return pl->engine.closed; /* nothing will come any more */
    if (due >= 0 && (timeout_ms < 0 || due < timeout_ms))
        timeout_ms = due;
    if ((events & POLLIN) == 0)
        fds[0].fd = -1; /* or a peer that has gone would wake us for ever */
    if (poll(fds, (events & POLLOUT) ? 2 : 1, timeout_ms) < 0 && errno != EINTR)
        return pl_fail(pl, -errno, "cannot poll: %s", strerror(errno));
    return pmdaloop_process(pl);
}

int
pmdaloop_run(struct pmdaloop *pl)
{
    const struct pmdaloop_event *event;

    if (pl->is_busy)
        return -EBUSY;
    for (;;) {
        while ((event = pmdaloop_next(pl)) != NULL) {
            if (event->kind == PMDALOOP_CLOSED)
                return event->err;
            if (event->number)
                (void)pmdaloop_reply_error(pl, event->number, PMDALOOP_PM_GENERIC);
        }
        if (pl->engine.closed_told) /* before this call */
            return pl->engine.closed == -PMDALOOP_ECLOSED ? 0 : pl->engine.closed;
        /* An answer as a rule goes out at once; a wait for room would cost a poll. */
        if (pl->in_fd >= 0)
            write_some(pl);
        int err = pmdaloop_wait(pl, -1);
        if (err < 0 && pl->engine.closed == 0)
            return err;
    }
}

/* SPDX-License-Identifier: MIT */
/* Sockets, poll and the clock: the only file that has them, but for the look-up. */
#include "io.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
    READ_BYTES = 32768,
    READS_A_TURN = 16, /* so that an endless answer cannot outlast its deadline */
};

uint64_t
pt_io_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void
pt_io_init(struct pt_io *io)
{
    memset(io, 0, sizeof(*io));
    io->fd = -1;
}

/* All of it, at once: a half-close would make the server finish requests first. */
void
pt_io_close(struct pt_io *io)
{
    if (io->fd >= 0)
        close(io->fd);
    pt_lookup_free(io->lookup);
    free(io->addresses.at);
    pt_io_init(io);
}

/* The system's words begin with a capital, ours stand inside a sentence. */
static int
fail(struct pt_io *io, int err, const char *why)
{
    snprintf(io->why, sizeof(io->why), "%s", why ? why : portmgr_strerror(err));
    if (io->why[0] && islower((unsigned char)io->why[1]))
        io->why[0] = (char)tolower((unsigned char)io->why[0]);
    return err;
}

/* On a socket of another family some of these fail, and need not succeed. */
static void
set_options(int fd)
{
    int on = 1, idle_s = 60, interval_s = 15, probes = 4;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle_s, sizeof(idle_s));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval_s, sizeof(interval_s));
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
}

static int
set_flags(int fd)
{
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
        return -errno;
    return 0;
}

int
pt_io_adopt(struct pt_io *io, int fd)
{
    int type;
    socklen_t len = sizeof(type);

    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0)
        return -errno;
    if (type != SOCK_STREAM)
        return -EINVAL;
    int err = set_flags(fd);
    if (err < 0)
        return err;
    set_options(fd);
    io->fd = fd;
    io->is_open = io->is_connected = true;
    return 0;
}

/* An address that this computer has no way to says nothing about the server, if another
 * one does: "localhost" refused on IPv4 is refused, though there may be no IPv6. */
static void
note_failure(struct pt_io *io, int err)
{
    bool no_way = err == -EAFNOSUPPORT || err == -EADDRNOTAVAIL || err == -ENETUNREACH;

    if (!no_way || io->tried_err == 0)
        io->tried_err = err;
}

/* Begin with the next address that does not fail at once. What is left of the time is
 * shared out among the addresses left, so that a silent one leaves some to the next. */
static int
try_next(struct pt_io *io, uint64_t now_ms)
{
    while (io->tried < io->addresses.count) {
        const struct pt_address *a = &io->addresses.at[io->tried];
        uint64_t left_ms = io->deadline_ms > now_ms ? io->deadline_ms - now_ms : 0;

        /* The last one is closed after the next is open, which so gets another number:
         * whoever polls sees that it is not the same. */
        int last = io->fd;
        io->fd =
            socket(a->addr.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (last >= 0)
            close(last);
        if (io->fd < 0) {
            note_failure(io, -errno);
            io->tried++;
            continue;
        }
        io->try_deadline_ms = now_ms + left_ms / (io->addresses.count - io->tried);
        io->tried++;
        set_options(io->fd);
        if (connect(io->fd, (const struct sockaddr *)&a->addr, a->len) == 0 ||
            errno == EINPROGRESS || errno == EINTR)
            return 0;
        note_failure(io, -errno);
    }
    return fail(io, io->tried_err ? io->tried_err : -EADDRNOTAVAIL, NULL);
}

int
pt_io_connect(struct pt_io *io, const char *host, uint16_t port, uint64_t now_ms,
              uint64_t deadline_ms)
{
    int err = pt_lookup_now(host, port, &io->addresses);

    io->is_open = true;
    io->deadline_ms = deadline_ms;
    if (err == 0) {
        err = pt_lookup_start(&io->lookup, host, port);
        return err < 0 ? fail(io, err, NULL) : 0;
    }
    return err < 0 ? fail(io, err, NULL) : try_next(io, now_ms);
}

/* A socket on the loopback whose own port, picked by the kernel, is the one it calls,
 * connects to itself, and would answer with our own request. */
static bool
is_self(int fd)
{
    struct sockaddr_storage here, there;
    socklen_t here_len = sizeof(here), there_len = sizeof(there);

    memset(&here, 0, sizeof(here));
    memset(&there, 0, sizeof(there));
    return getsockname(fd, (struct sockaddr *)&here, &here_len) == 0 &&
           getpeername(fd, (struct sockaddr *)&there, &there_len) == 0 &&
           here_len == there_len && memcmp(&here, &there, here_len) == 0;
}

/* 1 once the present address answered, 0 while it does not, or why it won't. */
static int
check_try(const struct pt_io *io, uint64_t now_ms)
{
    struct pollfd p = {.fd = io->fd, .events = POLLOUT};
    int err = 0;
    socklen_t len = sizeof(err);

    if (poll(&p, 1, 0) <= 0)
        return now_ms >= io->try_deadline_ms ? -ETIMEDOUT : 0;
    if (getsockopt(io->fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
        return -errno;
    if (err != 0)
        return -err;
    return is_self(io->fd) ? -ECONNREFUSED : 1;
}

int
pt_io_go_on(struct pt_io *io, uint64_t now_ms)
{
    const char *why = NULL;
    int err;

    if (io->lookup) {
        err = pt_lookup_poll(io->lookup, &io->addresses, &why);
        if (err == 0 && now_ms >= io->deadline_ms)
            return fail(io, -ETIMEDOUT, "the look-up of its name takes too long");
        if (err < 0)
            return fail(io, err, why);
        if (err == 0)
            return 0;
        err = try_next(io, now_ms);
        pt_lookup_free(io->lookup);
        io->lookup = NULL;
        if (err < 0)
            return err;
    }
    err = check_try(io, now_ms);
    if (err < 0) {
        note_failure(io, err);
        return try_next(io, now_ms);
    }
    if (err == 1)
        io->is_connected = true;
    return err;
}

/* Some servers send the end of a list as a packet of its own, and not before we
 * acknowledged the others: at once, then, and not after the usual 40 ms. The kernel
 * forgets this soon, so it is asked for again after each read. */
static void
acknowledge(int fd)
{
    int on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

/* One read. How much it was, or 0 where nothing was there, or the connection is over. */
static size_t
receive_once(struct pt_io *io, struct pt_engine *engine, int flags)
{
    char bytes[READ_BYTES];
    ssize_t n;

    do
        n = recv(io->fd, bytes, sizeof(bytes), flags);
    while (n < 0 && errno == EINTR && (flags & MSG_DONTWAIT));
    if (n > 0) {
        pt_engine_feed(engine, bytes, (size_t)n);
        return (size_t)n;
    }
    if (n == 0) {
        pt_engine_end(engine, -PORTMGR_ECLOSED,
                      engine->doing == PT_IDLE
                          ? NULL
                          : "the server closed the connection before its answer "
                            "was whole");
    } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
        int err = fail(io, -errno, NULL);
        pt_engine_end(engine, err, io->why);
    }
    return 0;
}

void
pt_io_receive(struct pt_io *io, struct pt_engine *engine)
{
    size_t n = READ_BYTES, total = 0;

    for (int reads = 0; reads < READS_A_TURN && n == READ_BYTES && !engine->over;
         reads++) {
        n = receive_once(io, engine, MSG_DONTWAIT);
        total += n;
    }
    if (total && engine->doing == PT_LISTING)
        acknowledge(io->fd);
}

/* From now on a read sleeps unless it is told not to, for a part of the time that an
 * operation has; the rest is for poll, which sleeps to the millisecond. */
static void
let_reads_sleep(struct pt_io *io, uint32_t timeout_ms)
{
    uint32_t ms = timeout_ms / 4 * 3;
    struct timeval t = {.tv_sec = (time_t)(ms / 1000),
                        .tv_usec = (suseconds_t)(ms % 1000) * 1000};
    int flags = fcntl(io->fd, F_GETFL);

    if (ms && flags >= 0 &&
        setsockopt(io->fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t)) == 0 &&
        fcntl(io->fd, F_SETFL, flags & ~O_NONBLOCK) == 0)
        io->sleep_ms = ms;
}

bool
pt_io_await(struct pt_io *io, struct pt_engine *engine)
{
    if (io->sleep_ms == 0)
        let_reads_sleep(io, engine->limits.timeout_ms);
    if (io->sleep_ms == 0 || engine->deadline_ms < pt_io_now_ms() + io->sleep_ms ||
        receive_once(io, engine, 0) == 0)
        return engine->over;
    if (engine->doing == PT_LISTING)
        acknowledge(io->fd);
    return true;
}

void
pt_io_send(struct pt_io *io, struct pt_engine *engine)
{
    const void *bytes;
    size_t n;

    while ((n = pt_engine_out(engine, &bytes)) > 0) {
        ssize_t sent = send(io->fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            pt_engine_sent(engine, (size_t)sent);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;
        } else if (errno != EINTR) {
            /* It may have said why before it went. */
            int err = fail(io, -errno, NULL);
            pt_io_receive(io, engine);
            pt_engine_end(engine, err, io->why);
        }
    }
    if (engine->doing == PT_LISTING)
        acknowledge(io->fd);
}

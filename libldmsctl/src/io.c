/* SPDX-License-Identifier: MIT */
/* Sockets, poll, the clock: all of it that there is. */
#include "io.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { READ_BYTES_A_TURN = 4 << 20 }; /* then look at the clock again */

uint64_t
lc_io_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void
drop_fd(struct lc_io *io)
{
    if (io->fd >= 0)
        io->transport->close(io->fd);
    io->fd = -1;
    io->opening = io->no_wait = false;
    io->read_wait_ms = 0;
}

static void
drop_addresses(struct lc_io *io)
{
    lc_lookup_free(io->lookup);
    io->lookup = NULL;
    if (io->addresses)
        freeaddrinfo(io->addresses);
    io->addresses = io->at = NULL;
}

/* The connection is over, or did not come about. A sentence has been said. */
static void
lost(struct lc_io *io, struct lc_engine *e, int err)
{
    drop_fd(io);
    drop_addresses(io);
    io->connect_by_ms = 0;
    lc_engine_close(e, err, false);
}

static const char *
words_of(int err)
{
    return err == -ETIMEDOUT ? "no answer in time" : ldmsctl_strerror(err);
}

/* Our address as munge credentials carry it: a raw sockaddr, IPv4 for what is really
 * IPv4, without the port's host order or any padding filled. */
static void
take_address(int fd, struct lc_engine_seed *seed)
{
    struct sockaddr_storage s = {.ss_family = AF_UNSPEC};
    socklen_t len = sizeof(s);
    struct sockaddr_in v4 = {.sin_family = AF_INET};

    if (getsockname(fd, (struct sockaddr *)&s, &len) != 0)
        s.ss_family = AF_UNSPEC;
    if (s.ss_family == AF_INET) {
        memcpy(&v4, &s, sizeof(v4));
    } else if (s.ss_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, &s, sizeof(v6));
        if (!IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
            memcpy(seed->address, &v6, sizeof(v6));
            seed->address_len = sizeof(v6);
            return;
        }
        v4.sin_port = v6.sin6_port;
        memcpy(&v4.sin_addr, v6.sin6_addr.s6_addr + 12, 4);
    }
    memcpy(seed->address, &v4, sizeof(v4));
    seed->address_len = sizeof(v4);
}

/* The transport is connected: it is the engine's turn. */
static int
greet(struct lc_io *io, struct lc_engine *e)
{
    struct lc_engine_seed seed = {.process_id = (uint32_t)getpid()};
    uint64_t random[2];

    if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random)) {
        lc_engine_say(e, "no random numbers: %s", ldmsctl_strerror(-errno));
        return -errno;
    }
    seed.rail_no = random[0];
    seed.challenge = random[1];
    take_address(io->fd, &seed);
    int err = lc_engine_open(e, &seed);
    if (err < 0)
        lc_engine_say(e, "%s: out of memory", e->peer);
    return err;
}

static int
try_address(struct lc_io *io, struct lc_engine *e, uint64_t now_ms)
{
    uint64_t left = io->connect_by_ms > now_ms ? io->connect_by_ms - now_ms : 0;
    unsigned addresses = 0;
    int err;

    e->stage = LDMSCTL_STAGE_CONNECT;
    for (const struct addrinfo *a = io->at; a; a = a->ai_next)
        addresses++;
    io->attempt_by_ms = now_ms + left / (addresses ? addresses : 1);
    err = io->transport->open(io->at->ai_addr, io->at->ai_addrlen);
    if (err < 0)
        return err;
    io->fd = err;
    io->opening = true;
    return 0;
}

/* The address at hand failed: take the next one that does not fail at once. */
static int
next_address(struct lc_io *io, struct lc_engine *e, int err, uint64_t now_ms)
{
    drop_fd(io);
    while (err < 0 && io->at && io->at->ai_next) {
        io->at = io->at->ai_next;
        err = try_address(io, e, now_ms);
    }
    if (err < 0)
        lc_engine_say(e, "cannot connect to %s: %s", e->peer, words_of(err));
    return err;
}

static int
first_address(struct lc_io *io, struct lc_engine *e, uint64_t now_ms)
{
    io->at = io->addresses;
    int err = try_address(io, e, now_ms);
    return err < 0 ? next_address(io, e, err, now_ms) : 0;
}

int
lc_io_connect(struct lc_io *io, struct lc_engine *e, const char *host, uint16_t port)
{
    uint64_t now_ms = lc_io_now_ms();

    e->stage = LDMSCTL_STAGE_RESOLVE;
    io->connect_by_ms = now_ms + io->connect_timeout_ms;
    int err = lc_lookup_now(host, port, &io->addresses);
    bool is_known = err > 0;
    if (err == 0)
        err = lc_lookup_start(&io->lookup, host, port);
    if (err < 0)
        lc_engine_say(e, "cannot resolve %s: %s", host, ldmsctl_strerror(err));
    if (is_known)
        err = first_address(io, e, now_ms);
    if (err < 0) {
        drop_addresses(io);
        io->connect_by_ms = 0;
    }
    return err;
}

int
lc_io_connect_fd(struct lc_io *io, struct lc_engine *e, int fd)
{
    e->stage = LDMSCTL_STAGE_CONNECT;
    io->fd = fd;
    io->connect_by_ms = lc_io_now_ms() + io->connect_timeout_ms;
    int err = io->transport->opened(fd);
    if (err < 0)
        lc_engine_say(e, "cannot use the connection: %s", words_of(err));
    if (err == 0)
        err = greet(io, e);
    if (err < 0)
        io->fd = -1; /* it stays the caller's */
    return err;
}

/* Write what there is to write, as far as the peer takes it. */
static int
flush(struct lc_io *io, struct lc_engine *e)
{
    const void *bytes;
    size_t len;

    while ((len = lc_engine_out(e, &bytes)) > 0) {
        ssize_t n = io->transport->write(io->fd, bytes, len);
        if (n < 0)
            return n == -EAGAIN ? 0 : (int)n;
        lc_engine_sent(e, (size_t)n, lc_io_now_ms());
    }
    return 0;
}

void
lc_io_close(struct lc_io *io, struct lc_engine *e)
{
    /* An ACK_ACCEPTED that waited for a request goes now, or the daemon would think that
     * the connection never came about. */
    if (io->fd >= 0 && e->phase == LC_PHASE_READY) {
        e->corked_until_ms = 0;
        (void)flush(io, e);
    }
    drop_fd(io);
    drop_addresses(io);
    io->connect_by_ms = 0;
}

/* One read: bytes, 0 where there are none now, or the end. */
static ssize_t
read_once(struct lc_io *io, struct lc_engine *e, bool wait, uint64_t now_ms)
{
    size_t size;
    uint8_t *room = lc_engine_room(e, &size);
    static const char *const stages[] = {
        [LC_PHASE_HANDSHAKE] = "before it accepted, as daemons of other versions do",
        [LC_PHASE_AUTH] = "during authentication, as it does to who lacks the secret",
        [LC_PHASE_READY] = "",
    };

    if (!room) {
        lc_engine_say(e, "%s: out of memory", e->peer);
        return -ENOMEM;
    }
    ssize_t n = io->transport->read(io->fd, room, size, e->n_sent > 1, wait);
    if (n > 0)
        lc_engine_received(e, (size_t)n, now_ms);
    if (n == -EAGAIN)
        return 0;
    if (n == 0) {
        const char *when = stages[e->phase];
        lc_engine_say(e, "%s closed the connection%s%s%s", e->peer, *when ? " " : "",
                      when, e->in.len ? ", within a message" : "");
        return e->phase == LC_PHASE_AUTH ? -LDMSCTL_EAUTH : -ECONNRESET;
    }
    if (n < 0)
        lc_engine_say(e, "lost %s: %s", e->peer, words_of((int)n));
    return n;
}

static int
read_all(struct lc_io *io, struct lc_engine *e, bool wait, uint64_t now_ms)
{
    size_t total = 0;
    ssize_t n;

    do {
        size_t want;
        if (!lc_engine_wants(e))
            return 0;
        (void)lc_engine_room(e, &want);
        n = read_once(io, e, wait, now_ms);
        if (n < 0)
            return (int)n;
        total += (size_t)n;
        wait = false;
        if ((size_t)n < want)
            return 0; /* that was all */
    } while (n > 0 && e->phase != LC_PHASE_IDLE && total < READ_BYTES_A_TURN);
    return 0;
}

/* Whether the addresses are known by now. */
static int
finish_lookup(struct lc_io *io, struct lc_engine *e, uint64_t now_ms)
{
    const char *why = "no answer in time";
    int err = lc_lookup_take(io->lookup, &io->addresses, &why);

    if (err == 0 && now_ms < io->connect_by_ms)
        return 0;
    if (err <= 0) {
        lc_engine_say(e, "cannot resolve %s: %s", lc_lookup_host(io->lookup), why);
        return err < 0 ? err : -ETIMEDOUT;
    }
    lc_lookup_free(io->lookup);
    io->lookup = NULL;
    return first_address(io, e, now_ms);
}

/* Whether the transport has connected by now. */
static int
finish_opening(struct lc_io *io, struct lc_engine *e, uint64_t now_ms)
{
    struct pollfd p = {.fd = io->fd, .events = POLLOUT};
    int err = 0;

    if (poll(&p, 1, 0) > 0)
        err = io->transport->opened(io->fd);
    else if (now_ms >= io->attempt_by_ms)
        err = -ETIMEDOUT;
    else
        return 0;
    if (err < 0)
        return next_address(io, e, err, now_ms);
    io->opening = false;
    drop_addresses(io);
    return greet(io, e);
}

/* A turn. write_err: flush() has failed with it already. What the peer said before it
 * went is taken nevertheless. */
static int
process(struct lc_io *io, struct lc_engine *e, bool wait, int write_err)
{
    uint64_t now_ms = lc_io_now_ms();
    size_t before = e->in.len;
    int err = 0;

    if (lc_io_fd(io) < 0)
        return -ENOTCONN;
    if (io->lookup)
        err = finish_lookup(io, e, now_ms);
    if (err == 0 && io->opening)
        err = finish_opening(io, e, now_ms);
    bool is_open = io->fd >= 0 && !io->opening;
    if (err == 0 && is_open && write_err == 0)
        write_err = flush(io, e);
    if (err == 0 && is_open)
        err = read_all(io, e, wait && write_err == 0, now_ms);
    if (err == 0 && write_err < 0 && e->phase != LC_PHASE_IDLE) {
        lc_engine_say(e, "lost %s: %s", e->peer, words_of(write_err));
        err = write_err;
    }
    if (wait) {
        uint64_t began_ms = now_ms;
        now_ms = lc_io_now_ms();
        /* A loop may have made the descriptor one that never waits. */
        io->no_wait = e->sent.first && now_ms - began_ms <= 1 && e->in.len == before;
    }
    if (err == 0 && e->phase == LC_PHASE_READY)
        io->connect_by_ms = 0;
    if (err == 0 && e->phase != LC_PHASE_IDLE) {
        lc_engine_tick(e, now_ms);
        if (e->phase != LC_PHASE_IDLE)
            (void)flush(io, e); /* that the peer is gone shows in the next turn */
    }
    if (err == 0 && io->connect_by_ms && now_ms >= io->connect_by_ms) {
        lc_engine_say(e,
                      e->phase == LC_PHASE_AUTH
                          ? "authentication with %s: it did not answer within %u ms"
                          : "%s took the connection and did not answer within %u ms",
                      e->peer, io->connect_timeout_ms);
        err = -ETIMEDOUT;
    }
    if (err < 0)
        lost(io, e, err);
    else if (e->phase == LC_PHASE_IDLE && is_open)
        drop_fd(io); /* the engine closed it, and said so */
    return lc_io_fd(io) < 0 ? -ENOTCONN : 0;
}

int
lc_io_process(struct lc_io *io, struct lc_engine *e)
{
    return process(io, e, false, 0);
}

int
lc_io_fd(const struct lc_io *io)
{
    return io->lookup ? lc_lookup_fd(io->lookup) : io->fd;
}

int
lc_io_events(const struct lc_io *io, const struct lc_engine *e)
{
    const void *bytes;

    if (io->lookup)
        return POLLIN;
    if (io->opening)
        return POLLOUT;
    return (lc_engine_wants(e) ? POLLIN : 0) |
           (lc_engine_out(e, &bytes) > 0 ? POLLOUT : 0);
}

int
lc_io_timeout_ms(const struct lc_io *io, const struct lc_engine *e)
{
    uint64_t first = lc_engine_deadline(e), now_ms = lc_io_now_ms();

    if (lc_io_fd(io) < 0)
        return -1;
    if (io->opening && io->attempt_by_ms < first)
        first = io->attempt_by_ms;
    if (io->connect_by_ms && io->connect_by_ms < first)
        first = io->connect_by_ms;
    if (first == UINT64_MAX)
        return -1;
    if (first <= now_ms)
        return 0;
    return first - now_ms > INT_MAX ? INT_MAX : (int)(first - now_ms);
}

/* A request was just sent, and there is nothing to do but wait for its answer, for as
 * long as its time limit: then a read can do the waiting, which saves a poll. */
static bool
can_read(struct lc_io *io, const struct lc_engine *e, int limit, int timeout_ms)
{
    int whole = (int)e->options->reply_timeout_ms;
    const void *bytes;

    if (io->no_wait || io->opening || e->phase != LC_PHASE_READY || timeout_ms >= 0 ||
        limit <= 0 || limit < whole - 1 || lc_engine_out(e, &bytes) > 0 ||
        !lc_engine_wants(e))
        return false;
    if (io->read_wait_ms != whole) {
        io->transport->wait_ms(io->fd, whole);
        io->read_wait_ms = whole;
    }
    return true;
}

int
lc_io_wait(struct lc_io *io, struct lc_engine *e, int timeout_ms)
{
    if (lc_io_fd(io) < 0)
        return -ENOTCONN;
    bool is_open = io->fd >= 0 && !io->opening;
    int err = is_open ? flush(io, e) : 0; /* mostly there is room, without a poll */
    if (err < 0)
        return process(io, e, false, err);
    int limit = lc_io_timeout_ms(io, e);
    if (can_read(io, e, limit, timeout_ms))
        return process(io, e, true, 0);
    if (timeout_ms >= 0 && (limit < 0 || timeout_ms < limit))
        limit = timeout_ms;
    struct pollfd p = {.fd = lc_io_fd(io), .events = (short)lc_io_events(io, e)};
    if (poll(&p, 1, limit) < 0 && errno != EINTR) {
        err = -errno; /* who waits in a loop would wait for ever */
        lc_engine_say(e, "cannot wait for %s: %s", e->peer, ldmsctl_strerror(err));
        lost(io, e, err);
        return -ENOTCONN;
    }
    return process(io, e, false, 0);
}

/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_UV_H
#define PMDALOOP_UV_H

/**
 * @file
 * Agents under libuv: inline functions, compiled by who includes them.
 *
 * pmdaloop_uv_start() polls an agent's descriptors and keeps its deadlines; what it hands
 * out goes to the callback, the table's answers to pmcd. Close with pmdaloop_uv_stop() and
 * free the agent only when its callback has come, since libuv closes handles later.
 */
#include <pmdaloop.h>

#include <poll.h>
#include <string.h>
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

struct pmdaloop_uv;

/** Gets each event, PMDALOOP_CLOSED last. May stop the adapter. */
typedef void (*pmdaloop_uv_event_cb)(struct pmdaloop_uv *u,
                                     const struct pmdaloop_event *event);
/** All handles are closed: @p u and the agent may be freed. */
typedef void (*pmdaloop_uv_close_cb)(struct pmdaloop_uv *u);

/** One agent in one loop. The caller's memory; its fields are the adapter's, but data. */
struct pmdaloop_uv {
    void *data; /**< the caller's own */
    struct pmdaloop *pl;
    uv_loop_t *loop;
    pmdaloop_uv_event_cb on_event;
    pmdaloop_uv_close_cb on_close;
    uv_timer_t timer;
    uv_poll_t polls[2]; /* of the descriptor to read from, and the one to write to */
    int fds[2];         /* what they poll, or -1 */
    int n_open;         /* handles that are not closed yet */
    int is_stopped;
    int is_turning; /* within a turn: what it calls back cannot begin another */
};

static inline void
pmdaloop_uv_closed(uv_handle_t *handle)
{
    struct pmdaloop_uv *u = (struct pmdaloop_uv *)handle->data;

    if (--u->n_open == 0 && u->is_stopped && u->on_close)
        u->on_close(u);
}

/** Poll no more. @p on_close, which may be NULL, comes from the loop. */
static inline void
pmdaloop_uv_stop(struct pmdaloop_uv *u, pmdaloop_uv_close_cb on_close)
{
    if (u->is_stopped)
        return;
    u->is_stopped = 1;
    u->on_close = on_close;
    for (int i = 0; i < 2; i++)
        if (u->fds[i] >= 0 && !uv_is_closing((uv_handle_t *)&u->polls[i]))
            uv_close((uv_handle_t *)&u->polls[i], pmdaloop_uv_closed);
    uv_close((uv_handle_t *)&u->timer, pmdaloop_uv_closed);
}

static inline void pmdaloop_uv_turn(struct pmdaloop_uv *u);

static inline void
pmdaloop_uv_polled(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    pmdaloop_uv_turn((struct pmdaloop_uv *)poll->data);
}

static inline void
pmdaloop_uv_timed(uv_timer_t *timer)
{
    pmdaloop_uv_turn((struct pmdaloop_uv *)timer->data);
}

/* Poll this descriptor for these events: an agent that listened has another one when it
 * is connected. */
static inline int
pmdaloop_uv_poll(struct pmdaloop_uv *u, int i, int fd, int events)
{
    int err = 0;

    if (u->fds[i] != fd && u->fds[i] >= 0)
        return UV_EBUSY; /* the old one has to be closed first: see _turn */
    if (fd < 0)
        return 0;
    if (u->fds[i] < 0) {
        if ((err = uv_poll_init(u->loop, &u->polls[i], fd)) < 0)
            return err;
        u->polls[i].data = u;
        u->fds[i] = fd;
        u->n_open++;
    }
    return events ? uv_poll_start(&u->polls[i], events, pmdaloop_uv_polled)
                  : uv_poll_stop(&u->polls[i]);
}

/* The descriptor listened on has closed, and its number may be another's soon. */
static inline void
pmdaloop_uv_replaced(uv_handle_t *handle)
{
    struct pmdaloop_uv *u = (struct pmdaloop_uv *)handle->data;

    int is_stopped = u->is_stopped; /* then u may be gone after the next line */

    u->fds[(uv_poll_t *)handle == &u->polls[1]] = -1;
    pmdaloop_uv_closed(handle);
    if (!is_stopped)
        pmdaloop_uv_turn(u);
}

/* Is a descriptor polled that is the agent's no more? Then its poll ends. */
static inline int
pmdaloop_uv_leave_old(struct pmdaloop_uv *u)
{
    if (u->fds[0] < 0 || u->fds[0] == pmdaloop_get_fd(u->pl))
        return 0;
    if (!uv_is_closing((uv_handle_t *)&u->polls[0]))
        uv_close((uv_handle_t *)&u->polls[0], pmdaloop_uv_replaced);
    return 1;
}

/* Look again at what is to be polled, and how long it may take. */
static inline int
pmdaloop_uv_arm(struct pmdaloop_uv *u)
{
    int events = pmdaloop_get_events(u->pl);
    int due = pmdaloop_get_timeout_ms(u->pl);
    int in = pmdaloop_get_fd(u->pl), out = pmdaloop_get_out_fd(u->pl);
    int reads = events & POLLIN ? UV_READABLE : 0;
    int writes = events & POLLOUT ? UV_WRITABLE : 0;
    int err;

    if (pmdaloop_uv_leave_old(u))
        return 0; /* its end is the next turn */
    if (in == out) {
        err = pmdaloop_uv_poll(u, 0, in, reads | writes);
    } else {
        err = pmdaloop_uv_poll(u, 0, in, reads);
        if (err == 0)
            err = pmdaloop_uv_poll(u, 1, out, writes);
    }
    if (err == 0 && due >= 0)
        return uv_timer_start(&u->timer, pmdaloop_uv_timed, (uint64_t)due, 0);
    (void)uv_timer_stop(&u->timer);
    return err;
}

/** One turn, after anything that the loop does not see: pmdaloop_retry(), a late reply.
 *  Within a turn, so from a callback of it or of the table, there is no need: nothing
 *  happens. */
static inline void
pmdaloop_uv_turn(struct pmdaloop_uv *u)
{
    const struct pmdaloop_event *event;

    if (u->is_turning)
        return;
    u->is_turning = 1;
    for (int round = 0; round < 2 && !u->is_stopped; round++) {
        (void)pmdaloop_process(u->pl); /* the second time to send the answers at once */
        (void)pmdaloop_uv_leave_old(u);
        while (!u->is_stopped && (event = pmdaloop_next(u->pl)) != NULL)
            if (u->on_event)
                u->on_event(u, event);
    }
    u->is_turning = 0;
    if (!u->is_stopped)
        (void)pmdaloop_uv_arm(u);
}

/** Serve @p pl, which is connected or listens, in @p loop. 0 or a code of libuv's, such as
 *  UV_EPERM for a file, which cannot be polled: stop it all the same. */
static inline int
pmdaloop_uv_start(struct pmdaloop_uv *u, uv_loop_t *loop, struct pmdaloop *pl,
                  pmdaloop_uv_event_cb on_event)
{
    void *data = u->data;
    int err;

    memset(u, 0, sizeof(*u));
    u->data = data;
    u->pl = pl;
    u->loop = loop;
    u->on_event = on_event;
    u->fds[0] = u->fds[1] = -1;
    if ((err = uv_timer_init(loop, &u->timer)) < 0)
        return err;
    u->timer.data = u;
    u->n_open = 1;
    return pmdaloop_uv_arm(u);
}

#ifdef __cplusplus
}
#endif
#endif

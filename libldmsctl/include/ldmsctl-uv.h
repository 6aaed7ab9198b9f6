/* SPDX-License-Identifier: MIT */
#ifndef LDMSCTL_UV_H
#define LDMSCTL_UV_H

/**
 * @file
 * An ldmsctl handle in a libuv loop. Inline, so that libldmsctl itself needs no libuv.
 *
 *  struct ldmsctl_uv u;
 *  ldmsctl_uv_init(&u, loop, lc, on_event, data);
 *  ldmsctl_call_start(lc, "daemon_status", NULL, 0, &number);
 *  ldmsctl_uv_update(&u);
 *
 * Call ldmsctl_uv_update() after each call that ends in _start, since these
 * change what the handle waits for. Don't mix in blocking calls, ldmsctl_process() or
 * ldmsctl_next(). An event callback may start requests, and may close the adapter.
 */
#include <ldmsctl.h>
#include <poll.h>
#include <stdlib.h>
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ldmsctl_uv;

/** One event, valid until the callback returns or calls the handle. */
typedef void ldmsctl_uv_event_cb(struct ldmsctl_uv *u,
                                 const struct ldmsctl_event *event);
/** The adapter is done with; @p u may be freed, and the handle after it. */
typedef void ldmsctl_uv_close_cb(struct ldmsctl_uv *u);

/** The adapter. The caller owns it, and keeps it until its close callback. */
struct ldmsctl_uv {
    struct ldmsctl *lc; /**< not owned */
    ldmsctl_uv_event_cb *on_event;
    ldmsctl_uv_close_cb *on_close;
    void *data; /**< the caller's */
    uv_loop_t *loop;
    uv_timer_t timer;
    uv_poll_t *poll; /* of the descriptor fd, or NULL */
    int fd;
    int is_closing;
};

static inline void ldmsctl_uv_update(struct ldmsctl_uv *u);

static inline void
ldmsctl_uv_free_poll_(uv_handle_t *handle)
{
    free(handle);
}

/* libuv binds a poll handle to its descriptor for good, and connecting changes ours. */
static inline void
ldmsctl_uv_drop_poll_(struct ldmsctl_uv *u)
{
    if (u->poll)
        uv_close((uv_handle_t *)u->poll, ldmsctl_uv_free_poll_);
    u->poll = NULL;
    u->fd = -1;
}

/* One turn: process, then hand out what came of it. */
static inline void
ldmsctl_uv_turn_(struct ldmsctl_uv *u)
{
    const struct ldmsctl_event *event;

    /* Closed, or on to the next address: a new socket may have the old one's number. */
    if (ldmsctl_process(u->lc) < 0 || ldmsctl_get_state(u->lc) == LDMSCTL_CONNECTING)
        ldmsctl_uv_drop_poll_(u);
    while (!u->is_closing && (event = ldmsctl_next(u->lc)) != NULL)
        u->on_event(u, event);
    if (!u->is_closing)
        ldmsctl_uv_update(u);
}

static inline void
ldmsctl_uv_on_poll_(uv_poll_t *poll, int status, int events)
{
    (void)status; /* the socket's own error says more */
    (void)events;
    ldmsctl_uv_turn_((struct ldmsctl_uv *)poll->data);
}

static inline void
ldmsctl_uv_on_timer_(uv_timer_t *timer)
{
    ldmsctl_uv_turn_((struct ldmsctl_uv *)timer->data);
}

static inline void
ldmsctl_uv_on_closed_(uv_handle_t *timer)
{
    struct ldmsctl_uv *u = (struct ldmsctl_uv *)timer->data;
    if (u->on_close)
        u->on_close(u);
}

/** Wait for what the handle waits for now. */
static inline void
ldmsctl_uv_update(struct ldmsctl_uv *u)
{
    int fd, timeout_ms, wanted, events = 0;

    if (u->is_closing)
        return; /* the handle may be gone */
    fd = ldmsctl_get_fd(u->lc);
    timeout_ms = ldmsctl_get_timeout_ms(u->lc);
    wanted = ldmsctl_get_events(u->lc);
    if (fd < 0 || fd != u->fd)
        ldmsctl_uv_drop_poll_(u);
    if (fd >= 0 && !u->poll) {
        u->poll = (uv_poll_t *)malloc(sizeof(*u->poll));
        if (u->poll && uv_poll_init(u->loop, u->poll, fd) != 0) {
            free(u->poll);
            u->poll = NULL;
        }
        if (u->poll) {
            u->poll->data = u;
            u->fd = fd;
        }
    }
    if (wanted & POLLIN)
        events |= UV_READABLE;
    if (wanted & POLLOUT)
        events |= UV_WRITABLE;
    if (u->poll)
        uv_poll_start(u->poll, events, ldmsctl_uv_on_poll_);
    else if (fd >= 0 && (timeout_ms < 0 || timeout_ms > 100))
        timeout_ms = 100; /* no memory to poll with: look now and then */
    if (timeout_ms >= 0)
        uv_timer_start(&u->timer, ldmsctl_uv_on_timer_, (uint64_t)timeout_ms, 0);
    else
        uv_timer_stop(&u->timer);
}

/** Begin to drive @p lc from @p loop. 0, or libuv's negative code. */
static inline int
ldmsctl_uv_init(struct ldmsctl_uv *u, uv_loop_t *loop, struct ldmsctl *lc,
                ldmsctl_uv_event_cb *on_event, void *data)
{
    int err = uv_timer_init(loop, &u->timer);

    if (err < 0)
        return err;
    u->timer.data = u;
    u->lc = lc;
    u->loop = loop;
    u->on_event = on_event;
    u->on_close = NULL;
    u->data = data;
    u->poll = NULL;
    u->fd = -1;
    u->is_closing = 0;
    ldmsctl_uv_update(u);
    return 0;
}

/** Stop. @p on_close, which may be NULL, is called once; free the handle only after this
 *  call, since its descriptor is still known to the loop before. */
static inline void
ldmsctl_uv_close(struct ldmsctl_uv *u, ldmsctl_uv_close_cb *on_close)
{
    if (u->is_closing)
        return;
    u->is_closing = 1;
    u->on_close = on_close;
    ldmsctl_uv_drop_poll_(u);
    uv_close((uv_handle_t *)&u->timer, ldmsctl_uv_on_closed_);
}

#ifdef __cplusplus
}
#endif
#endif

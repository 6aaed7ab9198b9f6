/* SPDX-License-Identifier: MIT */
#ifndef PORTMGR_UV_H
#define PORTMGR_UV_H

/**
 * @file
 * A portmgr handle in a libuv loop. Inline, so that libportmgr itself needs no libuv.
 *
 *  struct portmgr_uv u;
 *  portmgr_uv_init(&u, loop, pm, on_event, data);
 *  portmgr_allocate_start(pm, "svc");
 *  portmgr_uv_update(&u);
 *
 * Call portmgr_uv_update() after each portmgr_connect(), each _start and each
 * portmgr_is_held(), since these change what the handle waits for. Don't mix in blocking
 * calls, portmgr_process() or portmgr_next(). An event callback may start requests, and
 * may close the adapter.
 */
#include <portmgr.h>
#include <poll.h>
#include <stdlib.h>
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

struct portmgr_uv;

/** One event, valid until the callback returns or calls the handle. */
typedef void portmgr_uv_event_cb(struct portmgr_uv *u,
                                 const struct portmgr_event *event);
/** The adapter is done with; @p u may be freed, and the handle after it. */
typedef void portmgr_uv_close_cb(struct portmgr_uv *u);

/** The adapter. The caller owns it, and keeps it until its close callback. */
struct portmgr_uv {
    struct portmgr *pm; /**< not owned */
    portmgr_uv_event_cb *on_event;
    portmgr_uv_close_cb *on_close;
    void *data; /**< the caller's */
    uv_loop_t *loop;
    uv_timer_t timer;
    uv_poll_t *poll; /* of the descriptor fd, or NULL */
    int fd;
    int is_closing;
};

static inline void portmgr_uv_update(struct portmgr_uv *u);

static inline void
portmgr_uv_free_poll_(uv_handle_t *handle)
{
    free(handle);
}

/* libuv binds a poll handle to its descriptor for good, and connecting changes ours. */
static inline void
portmgr_uv_drop_poll_(struct portmgr_uv *u)
{
    if (u->poll)
        uv_close((uv_handle_t *)u->poll, portmgr_uv_free_poll_);
    u->poll = NULL;
    u->fd = -1;
}

/* One turn: process, then hand out what came of it. */
static inline void
portmgr_uv_turn_(struct portmgr_uv *u)
{
    const struct portmgr_event *event;

    if (portmgr_process(u->pm) < 0)
        portmgr_uv_drop_poll_(u); /* closed; the next connection may get its number */
    while (!u->is_closing && (event = portmgr_next(u->pm)) != NULL)
        u->on_event(u, event);
    if (!u->is_closing)
        portmgr_uv_update(u);
}

static inline void
portmgr_uv_on_poll_(uv_poll_t *poll, int status, int events)
{
    (void)status; /* the socket's own error says more */
    (void)events;
    portmgr_uv_turn_((struct portmgr_uv *)poll->data);
}

static inline void
portmgr_uv_on_timer_(uv_timer_t *timer)
{
    portmgr_uv_turn_((struct portmgr_uv *)timer->data);
}

static inline void
portmgr_uv_on_closed_(uv_handle_t *timer)
{
    struct portmgr_uv *u = (struct portmgr_uv *)timer->data;
    if (u->on_close)
        u->on_close(u);
}

/** Wait for what the handle waits for now. */
static inline void
portmgr_uv_update(struct portmgr_uv *u)
{
    int fd = portmgr_get_fd(u->pm), timeout_ms = portmgr_get_timeout_ms(u->pm);
    int wanted = portmgr_get_events(u->pm), events = 0;

    if (u->is_closing)
        return;
    if (fd < 0 || fd != u->fd)
        portmgr_uv_drop_poll_(u);
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
        uv_poll_start(u->poll, events, portmgr_uv_on_poll_);
    else if (fd >= 0 && (timeout_ms < 0 || timeout_ms > 100))
        timeout_ms = 100; /* no memory to poll with: look now and then */
    if (timeout_ms >= 0)
        uv_timer_start(&u->timer, portmgr_uv_on_timer_, (uint64_t)timeout_ms, 0);
    else
        uv_timer_stop(&u->timer);
}

/** Begin to drive @p pm from @p loop. 0, or libuv's negative code. */
static inline int
portmgr_uv_init(struct portmgr_uv *u, uv_loop_t *loop, struct portmgr *pm,
                portmgr_uv_event_cb *on_event, void *data)
{
    int err = uv_timer_init(loop, &u->timer);

    if (err < 0)
        return err;
    u->timer.data = u;
    u->pm = pm;
    u->loop = loop;
    u->on_event = on_event;
    u->on_close = NULL;
    u->data = data;
    u->poll = NULL;
    u->fd = -1;
    u->is_closing = 0;
    portmgr_uv_update(u);
    return 0;
}

/** Stop. @p on_close, which may be NULL, is called once; free the handle only after this
 *  call, since its descriptor is still known to the loop before. */
static inline void
portmgr_uv_close(struct portmgr_uv *u, portmgr_uv_close_cb *on_close)
{
    if (u->is_closing)
        return;
    u->is_closing = 1;
    u->on_close = on_close;
    portmgr_uv_drop_poll_(u);
    uv_close((uv_handle_t *)&u->timer, portmgr_uv_on_closed_);
}

#ifdef __cplusplus
}
#endif
#endif

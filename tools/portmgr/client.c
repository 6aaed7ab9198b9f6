/* SPDX-License-Identifier: MIT */
/* The port manager's clients: a dialogue each, its bytes received and sent. A client
 * costs nothing but its descriptor while it is idle; one that asks and does not read the
 * answer is not read from either, and after a while dropped. */
#include "client.h"
#include "dialogue.h"

#include <sys/socket.h>

enum {
    OUT_ENOUGH = 64 << 10,    /* answers waiting: send before answering more */
    PENDING_LIMIT = 64 << 20, /* answers that wait for slow readers, together */
    STALL_MS = 30 * 1000,     /* a reader that takes nothing so long is gone */
    LINGER_MS = 2 * 1000,     /* for the last words to arrive, before the end */
    SWEEP_MS = 250,
    HOLD_MS = 200, /* until a FAULT_HOLD strikes */
    DRIP_MS = 20,
};

_Static_assert(sizeof(((struct clients *)0)->bytes) <= DIALOGUE_FEED_LIMIT,
               "a dialogue takes what is read at once");

enum phase { TALKING, LINGERING, GONE };

struct client {
    uv_tcp_t tcp;
    uv_write_t write;
    uv_shutdown_t shutdown;
    uv_timer_t delay; /* of a fault */
    struct clients *all;
    struct client *next, **at;
    struct dialogue dialogue;
    struct queue out;
    enum phase phase;
    int handles; /* libuv's, open */
    bool writing, ended, has_delay;
    size_t pending;       /* its part of the server's */
    size_t left;          /* of the answer being sent, when it was looked at last */
    uint64_t deadline_ms; /* or 0 */
    struct fault_run run;
    bool running; /* the fault is being sent */
};

static void pump(struct client *c);
static void on_sweep(uv_timer_t *timer);

static void
set_deadline(struct client *c, uint64_t after_ms)
{
    struct clients *all = c->all;
    all->waiting -= c->deadline_ms != 0;
    c->deadline_ms = after_ms ? uv_now(all->loop) + after_ms : 0;
    all->waiting += c->deadline_ms != 0;
    if (all->waiting == 0)
        uv_timer_stop(&all->sweep);
    else if (!uv_is_active((uv_handle_t *)&all->sweep))
        uv_timer_start(&all->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
}

static void
set_pending(struct client *c, size_t bytes)
{
    c->all->pending += bytes - c->pending;
    c->pending = bytes;
}

static void
on_closed(uv_handle_t *handle)
{
    struct client *c = handle->data;
    if (--c->handles == 0) {
        queue_free(&c->out);
        free(c);
    }
}

/* Ends it for good; its ports are free at once. */
static void
drop(struct client *c, bool reset)
{
    if (c->phase == GONE)
        return;
    c->phase = GONE;
    dialogue_end(&c->dialogue, c->all->pool);
    set_deadline(c, 0);
    set_pending(c, 0);
    if (!c->writing) /* at once: many may be dropped before libuv closes the first */
        queue_free(&c->out);
    *c->at = c->next;
    if (c->next)
        c->next->at = c->at;
    if (c->has_delay)
        uv_close((uv_handle_t *)&c->delay, on_closed);
    if (!reset || c->writing || uv_tcp_close_reset(&c->tcp, on_closed) != 0) {
        struct linger at_once = {.l_onoff = 1, .l_linger = 0};
        int fd;
        if (reset && uv_fileno((uv_handle_t *)&c->tcp, &fd) == 0)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
        uv_close((uv_handle_t *)&c->tcp, on_closed);
    }
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);

static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buf)
{
    struct client *c = handle->data;
    (void)suggested;
    *ret_buf = uv_buf_init(c->all->bytes, sizeof(c->all->bytes));
}

static void
on_shutdown(uv_shutdown_t *request, int status)
{
    struct client *c = request->handle->data;
    if (status < 0 || c->ended)
        drop(c, false);
}

/* Sends the end of file, and reads on for a while without looking: to close at once
 * with bytes unread would reset the connection, and the last words could be lost. */
static void
linger(struct client *c)
{
    c->phase = LINGERING;
    set_deadline(c, LINGER_MS);
    if (uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shutdown) != 0)
        drop(c, false);
    else if (!c->ended)
        uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
}

static void
on_written(uv_write_t *request, int status)
{
    struct client *c = request->handle->data;
    c->writing = false;
    if (c->phase == GONE)
        return;
    set_deadline(c, 0);
    set_pending(c, 0);
    if (status < 0) {
        drop(c, false);
        return;
    }
    queue_free(&c->out);
    pump(c);
}

/* Sends what is in `out` at the client's pace; on_written() goes on when it is gone,
 * after the other clients had their turn. */
static void
flush_later(struct client *c)
{
    if (c->out.room > PENDING_LIMIT - c->all->pending) {
        drop(c, true);
        return;
    }
    char *bytes = (char *)c->out.bytes + c->out.head;
    uv_buf_t buf = uv_buf_init(bytes, (unsigned)c->out.len);
    if (uv_write(&c->write, (uv_stream_t *)&c->tcp, &buf, 1, on_written) != 0) {
        drop(c, false);
        return;
    }
    c->writing = true;
    c->left = c->out.len;
    set_pending(c, c->out.room);
    set_deadline(c, STALL_MS);
}

/* Sends what is in `out`; false if the client is gone, or must be waited for. */
static bool
flush(struct client *c)
{
    if (c->out.len == 0)
        return true;
    char *bytes = (char *)c->out.bytes + c->out.head;
    uv_buf_t buf = uv_buf_init(bytes, (unsigned)c->out.len);
    int sent = uv_try_write((uv_stream_t *)&c->tcp, &buf, 1);
    if (sent < 0 && sent != UV_EAGAIN) {
        drop(c, false);
        return false;
    }
    queue_drop(&c->out, sent > 0 ? (size_t)sent : 0);
    if (c->out.len == 0) {
        queue_free(&c->out);
        return true;
    }
    flush_later(c);
    return false;
}

static void
on_delay(uv_timer_t *timer)
{
    pump(timer->data);
}

/* pump() again in a moment. */
static void
delay(struct client *c, uint64_t ms)
{
    if (!c->has_delay) {
        c->has_delay = true;
        c->handles++;
        uv_timer_init(c->all->loop, &c->delay);
        c->delay.data = c;
    }
    uv_timer_start(&c->delay, on_delay, ms, 0);
}

/* The next bytes of the fault, as far as the client takes them. */
static void
run_fault(struct client *c)
{
    const struct fault *f = c->run.fault;
    for (;;) {
        size_t want = f->drip ? 1 : OUT_ENOUGH;
        uint8_t *room = queue_room(&c->out, want);
        if (!room) {
            drop(c, true);
            return;
        }
        size_t n = fault_take(&c->run, (char *)room, want);
        queue_added(&c->out, n);
        if (!flush(c))
            return;
        if (n == 0)
            break;
        if (f->drip || f->times == FAULT_FOREVER) {
            delay(c, f->drip ? DRIP_MS : 1); /* the other clients' turn */
            return;
        }
    }
    c->running = f->then == FAULT_STAY;
    if (f->then == FAULT_CLOSE || f->then == FAULT_RESET)
        drop(c, f->then == FAULT_RESET);
}

static bool
starts_fault(const struct client *c)
{
    const struct fault *f = c->all->fault;
    if (!f)
        return false;
    bool gimme = c->dialogue.request == DIALOGUE_GIMME;
    bool list = c->dialogue.request == DIALOGUE_LIST;
    return (f->when == FAULT_REQUEST && (gimme || list)) ||
           (f->when == FAULT_LIST && list) ||
           (f->when == FAULT_HOLD && c->dialogue.holder.first);
}

static void
start_fault(struct client *c)
{
    c->run = (struct fault_run){.fault = c->all->fault,
                                .gimme = c->dialogue.request == DIALOGUE_GIMME};
    c->running = true;
}

/* Answers whole lines, up to what is sent at once. 1 where more of them are left, 0 where
 * not, or -ENOMEM, -ENOBUFS. */
static int
answer_some(struct client *c)
{
    struct pool *pool = c->all->pool;
    int got = 1;

    while (got == 1 && c->out.len < OUT_ENOUGH && !c->running) {
        size_t before = c->out.len;
        got = dialogue_answer(&c->dialogue, pool, &c->out);
        if (got == 1 && starts_fault(c)) {
            if (c->all->fault->when != FAULT_HOLD)
                c->out.len = before; /* the good answer, taken back */
            start_fault(c);
        }
    }
    if (got == 0 && c->ended && !c->dialogue.over)
        got = dialogue_finish(&c->dialogue, pool, &c->out);
    return got;
}

/* Answers what can be answered, sends it, and decides what to wait for. However much one
 * client asks at once, and however fast it reads, the others get their turn. */
static void
pump(struct client *c)
{
    struct clients *all = c->all;

    if (c->writing || c->phase >= LINGERING)
        return;
    if (!c->running) {
        int got = answer_some(c);
        if (got < 0) {
            drop(c, true);
            return;
        }
        usage_write(all->usage, all->pool);
        if (got == 1 && !c->running) {
            flush_later(c);
            uv_read_stop((uv_stream_t *)&c->tcp);
            return;
        }
        if (!flush(c)) {
            uv_read_stop((uv_stream_t *)&c->tcp);
            return;
        }
        if (c->dialogue.over) {
            linger(c);
            return;
        }
    }
    if (c->running && c->run.part == 0 && c->run.at == 0 &&
        c->run.fault->when == FAULT_HOLD && !c->has_delay)
        delay(c, HOLD_MS);
    else if (c->running)
        run_fault(c);
    if (c->phase == TALKING && !c->ended)
        uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct client *c = stream->data;

    if (n < 0) {
        c->ended = true;
        uv_read_stop(stream);
        if (n != UV_EOF || c->phase == LINGERING || c->running)
            drop(c, false);
        else
            pump(c);
    } else if (n > 0 && c->phase == TALKING && !c->running) {
        if (dialogue_feed(&c->dialogue, buf->base, (size_t)n) != 0)
            drop(c, true);
        else
            pump(c);
    }
}

void
clients_accept(uv_stream_t *listener, int status)
{
    struct clients *all = listener->data;
    struct client *c = status == 0 ? calloc(1, sizeof(*c)) : NULL;
    if (!c) {
        all->starved = all->starved || status == 0;
        return;
    }

    uv_tcp_init(all->loop, &c->tcp);
    c->tcp.data = c;
    c->handles = 1;
    c->all = all;
    c->out = queue_make(DIALOGUE_REPLY_LIMIT + OUT_ENOUGH);
    c->next = all->first;
    c->at = &all->first;
    if (c->next)
        c->next->at = &c->next;
    all->first = c;

    struct sockaddr_storage peer;
    int len = sizeof(peer);
    char address[64] = "";
    int err = uv_accept(listener, (uv_stream_t *)&c->tcp);
    err = err ? err : uv_tcp_getpeername(&c->tcp, (struct sockaddr *)&peer, &len);
    err = err ? err : uv_ip_name((struct sockaddr *)&peer, address, sizeof(address));
    dialogue_begin(&c->dialogue, address);
    if (err) {
        drop(c, false);
        return;
    }
    uv_tcp_nodelay(&c->tcp, 1);
    if (all->fault && all->fault->when == FAULT_CONNECT)
        start_fault(c);
    pump(c);
}

/* Has it taken anything of its answer since it was looked at last? */
static bool
is_moving(struct client *c)
{
    size_t left =
        c->writing ? uv_stream_get_write_queue_size((uv_stream_t *)&c->tcp) : 0;
    bool moving = c->writing && left < c->left;
    c->left = left;
    return moving;
}

static void
on_sweep(uv_timer_t *timer)
{
    struct clients *all = timer->data;
    uint64_t now = uv_now(all->loop);

    for (struct client *c = all->first, *next; c && all->waiting; c = next) {
        next = c->next;
        if (c->deadline_ms == 0 || c->deadline_ms > now)
            continue;
        if (is_moving(c))
            set_deadline(c, STALL_MS);
        else
            drop(c, c->phase != LINGERING);
    }
}

void
clients_open(struct clients *all, uv_loop_t *loop, struct pool *pool,
             struct usage *usage, const struct fault *fault)
{
    all->loop = loop;
    all->pool = pool;
    all->usage = usage;
    all->fault = fault;
    all->first = NULL;
    all->starved = false;
    all->waiting = all->pending = 0;
    uv_timer_init(loop, &all->sweep);
    all->sweep.data = all;
}

void
clients_close(struct clients *all)
{
    while (all->first)
        drop(all->first, false);
    if (!uv_is_closing((uv_handle_t *)&all->sweep))
        uv_close((uv_handle_t *)&all->sweep, NULL);
}

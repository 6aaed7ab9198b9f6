/* SPDX-License-Identifier: MIT */
/* The port manager's event loop: one thread, a dialogue for each client. A client costs
 * nothing but its descriptor while it is idle; one that asks and does not read the
 * answer is not read from either, and after a while dropped. */
#include "server.h"
#include "cli.h"
#include "dialogue.h"
#include "listen.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum {
    LONG_ANSWER = 128 << 10,
    OUT_ENOUGH = 64 << 10,    /* answers waiting: send before answering more */
    PENDING_LIMIT = 64 << 20, /* answers that wait for slow readers, together */
    STALL_MS = 30 * 1000,     /* a reader that takes nothing so long is gone */
    LINGER_MS = 2 * 1000,     /* for the last words to arrive, before the end */
    SWEEP_MS = 250,
    HOLD_MS = 200, /* until a FAULT_HOLD strikes */
    DRIP_MS = 20,
};

struct server {
    uv_loop_t loop;
    struct listeners listeners;
    uv_signal_t terminate, interrupt;
    uv_timer_t sweep;    /* runs while somebody has a deadline */
    uv_prepare_t settle; /* before each wait for events */
    const struct server_options *options;
    struct pool pool;
    struct client *clients;
    uint64_t usage_written; /* pool.changes in the usage file */
    size_t waiting;         /* clients with a deadline */
    size_t pending;         /* bytes in their queues */
    char bytes[DIALOGUE_FEED_LIMIT];
};

enum phase { TALKING, LINGERING, GONE };

struct client {
    uv_tcp_t tcp;
    uv_write_t write;
    uv_shutdown_t shutdown;
    uv_timer_t delay; /* of a fault */
    struct server *server;
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
    struct server *s = c->server;
    s->waiting -= c->deadline_ms != 0;
    c->deadline_ms = after_ms ? uv_now(&s->loop) + after_ms : 0;
    s->waiting += c->deadline_ms != 0;
    if (s->waiting == 0)
        uv_timer_stop(&s->sweep);
    else if (!uv_is_active((uv_handle_t *)&s->sweep))
        uv_timer_start(&s->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
}

static void
set_pending(struct client *c, size_t bytes)
{
    c->server->pending += bytes - c->pending;
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
    dialogue_end(&c->dialogue, &c->server->pool);
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

/* Rewritten whole beside the old one, so that no reader finds a part of it. */
static void
write_usage(struct server *s)
{
    const char *path = s->options->usage_file;
    char beside[4096];

    if (!path || s->usage_written == s->pool.changes)
        return;
    s->usage_written = s->pool.changes;
    int n = snprintf(beside, sizeof(beside), "%s.%ld", path, (long)getpid());
    FILE *f = n > 0 && (size_t)n < sizeof(beside) ? fopen(beside, "w") : NULL;
    bool good = f && pool_write_usage(&s->pool, f) == 0;
    good = f && fclose(f) == 0 && good;
    if (!good || rename(beside, path) != 0) {
        cli_say("cannot write the usage file %s: %s", path, strerror(errno));
        if (f)
            unlink(beside);
    }
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);

static void
on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buf)
{
    struct client *c = handle->data;
    (void)suggested;
    *ret_buf = uv_buf_init(c->server->bytes, sizeof(c->server->bytes));
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
    if (c->out.room > PENDING_LIMIT - c->server->pending) {
        drop(c, true);
        return false;
    }
    buf = uv_buf_init((char *)c->out.bytes + c->out.head, (unsigned)c->out.len);
    if (uv_write(&c->write, (uv_stream_t *)&c->tcp, &buf, 1, on_written) != 0) {
        drop(c, false);
        return false;
    }
    c->writing = true;
    c->left = c->out.len;
    set_pending(c, c->out.room);
    set_deadline(c, STALL_MS);
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
        uv_timer_init(&c->server->loop, &c->delay);
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
    const struct fault *f = c->server->options->fault;
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
    c->run = (struct fault_run){.fault = c->server->options->fault,
                                .gimme = c->dialogue.request == DIALOGUE_GIMME};
    c->running = true;
}

/* Answers what can be answered, sends it, and decides what to wait for. */
static void
pump(struct client *c)
{
    struct server *s = c->server;

    if (c->writing || c->phase >= LINGERING)
        return;
    while (!c->running) {
        int got = 1;
        while (got == 1 && c->out.len < OUT_ENOUGH && !c->running) {
            size_t before = c->out.len;
            got = dialogue_answer(&c->dialogue, &s->pool, &c->out);
            if (got == 1 && starts_fault(c)) {
                if (s->options->fault->when != FAULT_HOLD)
                    c->out.len = before; /* the good answer, taken back */
                start_fault(c);
            }
        }
        if (got == 0 && c->ended && !c->dialogue.over)
            got = dialogue_finish(&c->dialogue, &s->pool, &c->out);
        if (got < 0) {
            drop(c, true);
            return;
        }
        write_usage(s);
        if (!flush(c)) {
            uv_read_stop((uv_stream_t *)&c->tcp);
            return;
        }
        if (c->dialogue.over) {
            linger(c);
            return;
        }
        if (got == 0)
            break;
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

static void
on_connection(uv_stream_t *listener, int status)
{
    struct server *s = listener->data;
    struct client *c = status == 0 ? calloc(1, sizeof(*c)) : NULL;
    if (!c)
        return;

    uv_tcp_init(&s->loop, &c->tcp);
    c->tcp.data = c;
    c->handles = 1;
    c->server = s;
    c->out = queue_make(DIALOGUE_REPLY_LIMIT + OUT_ENOUGH);
    c->next = s->clients;
    c->at = &s->clients;
    if (c->next)
        c->next->at = &c->next;
    s->clients = c;

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
    if (s->options->fault && s->options->fault->when == FAULT_CONNECT)
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
    struct server *s = timer->data;
    uint64_t now = uv_now(&s->loop);

    for (struct client *c = s->clients, *next; c && s->waiting; c = next) {
        next = c->next;
        if (c->deadline_ms == 0 || c->deadline_ms > now)
            continue;
        if (is_moving(c))
            set_deadline(c, STALL_MS);
        else
            drop(c, c->phase != LINGERING);
    }
}

/* Ports come back when clients go, in whatever way. */
static void
on_settle(uv_prepare_t *handle)
{
    write_usage(handle->data);
}

static void
close_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void
on_signal(uv_signal_t *handle, int number)
{
    struct server *s = handle->data;
    (void)number;
    while (s->clients)
        drop(s->clients, false);
    write_usage(s);
    listeners_close(&s->listeners);
    close_handle((uv_handle_t *)&s->terminate);
    close_handle((uv_handle_t *)&s->interrupt);
    close_handle((uv_handle_t *)&s->sweep);
    close_handle((uv_handle_t *)&s->settle);
}

static int
serve(struct server *s)
{
    int err = pool_open(&s->pool, s->options->low, s->options->high);
    if (err) {
        cli_say("cannot make the pool: %s", strerror(-err));
        return CLI_FAILED;
    }
    s->usage_written = UINT64_MAX;
    write_usage(s);
    int code = listeners_open(&s->listeners, &s->loop, s->options, on_connection, s);
    if (code == CLI_DONE) {
        uv_signal_init(&s->loop, &s->terminate);
        uv_signal_init(&s->loop, &s->interrupt);
        uv_timer_init(&s->loop, &s->sweep);
        uv_prepare_init(&s->loop, &s->settle);
        s->terminate.data = s->interrupt.data = s->sweep.data = s->settle.data = s;
        uv_signal_start(&s->terminate, on_signal, SIGTERM);
        uv_signal_start(&s->interrupt, on_signal, SIGINT);
        uv_prepare_start(&s->settle, on_settle);
        uv_run(&s->loop, UV_RUN_DEFAULT);
    }
    pool_close(&s->pool);
    return code;
}

int
server_run(const struct server_options *o)
{
    struct server *s = calloc(1, sizeof(*s));
    int err = s ? uv_loop_init(&s->loop) : UV_ENOMEM;
    if (err) {
        cli_say("cannot start: %s", uv_strerror(err));
        free(s);
        return CLI_FAILED;
    }
    s->options = o;
    signal(SIGPIPE, SIG_IGN);
#ifdef __GLIBC__
    /* What a long answer took goes back to the system with it; else glibc raises the
     * threshold with the first one, and keeps what the others leave. */
    mallopt(M_MMAP_THRESHOLD, LONG_ANSWER);
#endif
    int code = serve(s);
    uv_loop_close(&s->loop);
    free(s);
    return code;
}

/* SPDX-License-Identifier: MIT */
/* One connection to the stand-in daemon: its bytes, in and out. However fast or slow the
 * other side is, nothing here takes longer than a turn of the loop and nothing calls
 * itself, so that all connections are heard; and who does not read is not read from. */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

enum {
    READ_BYTES = 65536,
    WRITES_OF_A_TURN = 64,
    KEPT_BYTES = 1 << 20, /* of memory for output, while there is none */
    DRIP_MS = 20,
};

struct connection {
    uv_tcp_t tcp;
    uv_timer_t timer; /* for answers that take their time */
    uv_idle_t turn;   /* for what is left to do in the next one */
    struct peer *peer;
    bool waits;  /* the timer runs */
    bool late;   /* the delay has been served */
    int closing; /* handles of it still to close */
};

/* What is being written, with the bytes behind it. */
struct parcel {
    uv_write_t request;
    struct connection *connection;
    uint8_t *bytes;
};

static void
closed(uv_handle_t *handle)
{
    struct connection *c = handle->data;
    if (--c->closing > 0)
        return;
    peer_free(c->peer);
    free(c);
}

/* With a reset where the fault wants one. */
static void
close_connection(struct connection *c)
{
    if (c->closing)
        return;
    c->closing = 3;
    if (c->peer->end != FAULT_RESETS || uv_tcp_close_reset(&c->tcp, closed) != 0)
        uv_close((uv_handle_t *)&c->tcp, closed);
    uv_close((uv_handle_t *)&c->timer, closed);
    uv_close((uv_handle_t *)&c->turn, closed);
}

void
connections_close(struct stand_in *of)
{
    for (struct peer *p = of->peers; p; p = p->next)
        close_connection(p->body);
}

static void push_out(struct connection *c);

static void
wait_over(uv_timer_t *timer)
{
    struct connection *c = timer->data;
    c->waits = false;
    c->late = true;
    push_out(c);
}

static void
wait_for(struct connection *c, uint64_t ms)
{
    c->waits = uv_timer_start(&c->timer, wait_over, ms, 0) == 0;
}

/* Take what came, or, of what came before, as much as a turn may. */
static void
take(struct connection *c, const void *bytes, size_t n)
{
    if (!peer_feed(c->peer, bytes, n) && c->peer->end == FAULT_STAYS)
        c->peer->end = FAULT_CLOSES; /* once what it said is out */
    push_out(c);
}

static void
got(uv_stream_t *stream, ssize_t n, const uv_buf_t *buffer)
{
    struct connection *c = stream->data;

    if (n < 0)
        close_connection(c);
    else if (n > 0 && c->peer->end != FAULT_CLOSES)
        take(c, buffer->base, (size_t)n);
}

static void
give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buffer)
{
    static char bytes[READ_BYTES]; /* one for all: nothing is kept in it */
    (void)handle;
    (void)suggested;
    *ret_buffer = uv_buf_init(bytes, READ_BYTES);
}

static void
next_turn(uv_idle_t *turn)
{
    struct connection *c = turn->data;

    (void)uv_idle_stop(turn);
    if (c->peer->out.len > 0)
        push_out(c);
    else
        take(c, NULL, 0);
}

/* Read only while nothing of what was read is left to be done. */
static void
hear(struct connection *c)
{
    if (c->peer->more)
        (void)uv_read_stop((uv_stream_t *)&c->tcp);
    else
        (void)uv_read_start((uv_stream_t *)&c->tcp, give_buffer, got);
}

static void
written(uv_write_t *request, int status)
{
    struct parcel *parcel = (struct parcel *)request;
    struct connection *c = parcel->connection;

    free(parcel->bytes);
    free(parcel);
    if (status < 0)
        close_connection(c);
    else
        push_out(c);
}

/* All that there is goes out when there is room; then written(). */
static void
send_later(struct connection *c)
{
    struct queue *out = &c->peer->out;
    struct parcel *parcel = malloc(sizeof(*parcel));

    if (!parcel || out->len == 0) {
        free(parcel);
        close_connection(c);
        return;
    }
    parcel->connection = c;
    parcel->bytes = out->bytes; /* taken over */
    uv_buf_t buf = uv_buf_init((char *)out->bytes + out->head, (unsigned)out->len);
    *out = queue_make(out->limit);
    if (uv_write(&parcel->request, (uv_stream_t *)&c->tcp, &buf, 1, written) != 0) {
        free(parcel->bytes);
        free(parcel);
        close_connection(c);
    }
}

/* The output is gone: what the peer's end asks for now. */
static void
finish(struct connection *c)
{
    struct peer *p = c->peer;
    uv_os_fd_t fd;

    if (p->out.room > KEPT_BYTES)
        queue_free(&p->out);
    if (p->exits)
        p->of->exits(p->of->body);
    switch (p->end) {
    case FAULT_FLOODS:
        peer_refill(p);
        send_later(c);
        return;
    case FAULT_HALF_CLOSES:
        if (uv_fileno((uv_handle_t *)&c->tcp, &fd) == 0)
            (void)shutdown(fd, SHUT_WR);
        p->end = FAULT_MUTE;
        return;
    case FAULT_RESETS:
    case FAULT_CLOSES:
        close_connection(c);
        return;
    default:
        if (p->more && !c->closing)
            (void)uv_idle_start(&c->turn, next_turn);
        return;
    }
}

/* How much may go now; 0 while the fault makes it wait. */
static size_t
allowance(struct connection *c)
{
    struct peer *p = c->peer;

    if (c->waits)
        return 0;
    if (p->end == FAULT_DRIPS || p->of->fault == FAULT_SPLIT)
        return 1;
    if (p->of->fault == FAULT_DELAY && p->state == PEER_READY && !c->late) {
        wait_for(c, p->of->delay_ms);
        return c->waits ? 0 : p->out.len;
    }
    c->late = false;
    return p->out.len;
}

/* Write what there is: at once as far as it goes, the rest when there is room. */
static void
push_out(struct connection *c)
{
    struct queue *out = &c->peer->out;

    if (c->closing)
        return;
    hear(c);
    if (uv_stream_get_write_queue_size((uv_stream_t *)&c->tcp) > 0)
        return; /* written() comes back here */
    for (int writes = 0; out->len > 0; writes++) {
        size_t n = allowance(c);
        if (n == 0)
            return; /* wait_over() comes back here */
        if (writes == WRITES_OF_A_TURN) {
            (void)uv_idle_start(&c->turn, next_turn);
            return;
        }
        uv_buf_t buf = uv_buf_init((char *)out->bytes + out->head, (unsigned)n);
        int sent = uv_try_write((uv_stream_t *)&c->tcp, &buf, 1);
        if (sent < 0 && sent != UV_EAGAIN) {
            close_connection(c);
            return;
        }
        if (sent < 0) {
            send_later(c);
            return;
        }
        queue_drop(out, (size_t)sent);
        if (c->peer->end == FAULT_DRIPS)
            wait_for(c, DRIP_MS);
    }
    if (!c->waits)
        finish(c);
}

/* What tells rails apart, and what a munge credential holds. */
static void
take_addresses(struct connection *c)
{
    struct peer *p = c->peer;
    struct sockaddr_storage a;
    int len = sizeof(a);

    if (uv_tcp_getpeername(&c->tcp, (struct sockaddr *)&a, &len) == 0 &&
        a.ss_family == AF_INET)
        p->address = ((struct sockaddr_in *)&a)->sin_addr.s_addr;
    memset(&a, 0, sizeof(a));
    len = sizeof(a);
    if (uv_tcp_getsockname(&c->tcp, (struct sockaddr *)&a, &len) == 0) {
        p->own_address_len = a.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                     : sizeof(struct sockaddr_in);
        memcpy(p->own_address, &a, p->own_address_len);
    }
}

void
connection_accept(uv_stream_t *listener, struct stand_in *of,
                  const struct lc_auth_config *auth)
{
    struct connection *c = calloc(1, sizeof(*c));

    if (!c)
        return;
    c->peer = peer_new(of, auth);
    if (!c->peer) {
        free(c);
        return;
    }
    c->peer->body = c;
    (void)uv_tcp_init(listener->loop, &c->tcp);
    (void)uv_timer_init(listener->loop, &c->timer);
    (void)uv_idle_init(listener->loop, &c->turn);
    c->tcp.data = c->timer.data = c->turn.data = c;
    if (uv_accept(listener, (uv_stream_t *)&c->tcp) != 0) {
        close_connection(c);
        return;
    }
    (void)uv_tcp_nodelay(&c->tcp, 1);
    take_addresses(c);
    hear(c);
}

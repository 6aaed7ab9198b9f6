/* SPDX-License-Identifier: MIT */
/* The connection: greeting, authentication, messages in, and its end. */
#include "engine.h"

#include "envelope.h"
#include "frame.h"
#include "hello.h"
#include "pending.h"
#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    OUT_BYTES_MAX = 64 << 20,   /* of requests not yet written */
    COURTESY_BYTES_MAX = 65536, /* past this, what a peer asks for is not answered */
};

void
lc_engine_init(struct lc_engine *e, const struct lc_engine_options *options)
{
    *e = (struct lc_engine){.options = options,
                            .in = queue_make(LC_FRAME_MAX_BYTES + LC_ENGINE_READ_BYTES),
                            .out = queue_make(OUT_BYTES_MAX)};
    lc_list_init(&e->waiting);
    lc_list_init(&e->sent);
    lc_list_init(&e->done);
}

void
lc_engine_free(struct lc_engine *e)
{
    lc_engine_close(e, -ECANCELED, true);
    lc_pending_free_all(e);
    queue_free(&e->in);
    queue_free(&e->out);
}

void
lc_engine_say(struct lc_engine *e, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(e->why, sizeof(e->why), format, list);
    va_end(list);
    lc_text_tame(e->why); /* names of hosts and methods are foreign, too */
}

/* Foreign words in a sentence of ours. */
static void
quote(struct lc_engine *e, const char *before, const void *text, size_t len)
{
    char clean[256];

    while (len && ((const char *)text)[len - 1] == '\0')
        len--;
    lc_text_escape(clean, sizeof(clean), text, len, 200);
    lc_engine_say(e, "%s %s: %s", e->peer, before, clean);
}

static void
fail(struct lc_engine *e, int err, const char *why)
{
    lc_engine_say(e, "%s %s", e->peer, why);
    lc_engine_close(e, err, false);
}

int
lc_engine_open(struct lc_engine *e, const struct lc_engine_seed *seed)
{
    uint8_t hello_bytes[LC_HELLO_RAIL_BYTES], bytes[128];
    struct lc_hello hello = {.rail = !e->options->legacy,
                             .kind = 1,
                             .rate_limit = -1,
                             .recv_quota = -1,
                             .endpoints = 1,
                             .process_id = seed->process_id,
                             .rail_no = seed->rail_no,
                             .messages = 1};
    struct wr h = wr_over(hello_bytes, sizeof(hello_bytes));
    struct wr c = wr_over(bytes, sizeof(bytes));

    memcpy(hello.version, lc_hello_version, sizeof(hello.version));
    snprintf(hello.auth, sizeof(hello.auth), "%s", e->options->auth.name);
    lc_hello_put(&h, &hello);
    e->zap_xid = 1;
    lc_frame_put(&c, LC_ZAP_CONNECT, e->zap_xid, hello_bytes, wr_len(&h));
    queue_drop(&e->in, e->in.len);
    queue_drop(&e->out, e->out.len);
    lc_auth_init(&e->auth, &e->options->auth, false, seed->challenge);
    memcpy(e->auth.address, seed->address, sizeof(e->auth.address));
    e->auth.address_len = seed->address_len;
    e->phase = LC_PHASE_HANDSHAKE;
    e->stage = LDMSCTL_STAGE_HANDSHAKE;
    e->corked_until_ms = 0;
    e->connected_event = e->closed_event = false;
    return queue_push(&e->out, bytes, wr_len(&c));
}

void
lc_engine_close(struct lc_engine *e, int err, bool quietly)
{
    bool was_ready = e->phase == LC_PHASE_READY;

    lc_auth_end(&e->auth);
    e->phase = LC_PHASE_IDLE;
    queue_drop(&e->out, e->out.len);
    lc_pending_end_all(e, err);
    if (!quietly && was_ready) {
        e->closed_event = true;
        e->closed_err = err;
    } else if (!quietly) {
        e->connected_event = true;
        e->connect_err = err;
    }
}

static void
put(struct lc_engine *e, uint32_t command, uint64_t xid, const void *body, size_t len)
{
    size_t size = lc_envelope_overhead(command) + len;
    uint8_t *room = queue_room(&e->out, size);
    struct wr c = wr_over(room, room ? size : 0);

    lc_envelope_put(&c, ++e->zap_xid, xid, command, body, len);
    if (!c.bad)
        queue_added(&e->out, size);
}

static void
become_ready(struct lc_engine *e, uint64_t now_ms)
{
    e->phase = LC_PHASE_READY;
    e->stage = LDMSCTL_STAGE_READY;
    e->connected_event = true;
    e->connect_err = 0;
    e->why[0] = '\0';
    /* What is left to say waits a moment for a request to be written with it. */
    e->corked_until_ms = now_ms + LC_ENGINE_CORK_MS;
    lc_pending_send(e, now_ms);
}

/* Send what the authentication says, and go on if it is over. */
static void
authenticated(struct lc_engine *e, int end, const struct lc_auth_out *out,
              uint64_t now_ms)
{
    const uint8_t *at = out->bytes;

    if (end < 0) {
        lc_engine_say(e, "%s: authentication %s failed: %s", e->peer,
                      e->options->auth.name, e->auth.why);
        lc_engine_close(e, -LDMSCTL_EAUTH, false);
        return;
    }
    for (size_t i = 0; i < out->n; at += out->len[i++])
        put(e, LC_AUTH_MSG, 0, at, out->len[i]);
    if (end > 0)
        become_ready(e, now_ms);
}

static void
take_accepted(struct lc_engine *e, const struct lc_frame *frame, uint64_t now_ms)
{
    struct lc_hello hello;
    struct lc_auth_out out = {.n = 0};
    uint8_t bytes[LC_FRAME_SENDRECV_HEAD];
    struct wr c = wr_over(bytes, sizeof(bytes));

    if (frame->len < LC_HELLO_LEGACY_BYTES ||
        lc_hello_take(frame->data, frame->len, &hello) < 0) {
        fail(e, -LDMSCTL_EPROTO, "accepted with too few bytes");
        return;
    }
    if (!lc_hello_is_ours(&hello)) {
        fail(e, -LDMSCTL_EPROTO, "speaks another version of LDMS");
        return;
    }
    if (strcmp(hello.auth, e->options->auth.name) != 0) {
        quote(e, "accepted with another authentication than ours", hello.auth,
              strlen(hello.auth));
        lc_engine_close(e, -LDMSCTL_EAUTH, false);
        return;
    }
    e->phase = LC_PHASE_AUTH;
    e->stage = LDMSCTL_STAGE_AUTH;
    lc_frame_put(&c, LC_ZAP_ACK_ACCEPTED, ++e->zap_xid, NULL, 0);
    (void)queue_push(&e->out, bytes, wr_len(&c));
    int end = lc_auth_begin(&e->auth, &out);
    authenticated(e, end, &out, now_ms);
}

/* The daemon tells of a set that goes away, and wants to hear that we heard. */
static void
answer_set_delete(struct lc_engine *e, const struct lc_envelope *envelope)
{
    static const uint8_t nothing[20]; /* rc 0, and times that nobody reads */

    if (e->out.len < COURTESY_BYTES_MAX)
        put(e, LC_SET_DELETE_REPLY, envelope->xid, nothing, sizeof(nothing));
}

static void
take_message(struct lc_engine *e, const struct lc_frame *frame, uint64_t now_ms)
{
    struct lc_envelope envelope;
    struct lc_auth_out out = {.n = 0};

    if (lc_envelope_take(frame->data, frame->len, &envelope) < 0) {
        fail(e, -LDMSCTL_EPROTO, "sent a message whose lengths disagree");
        return;
    }
    if (envelope.command == LC_AUTH_MSG && e->phase == LC_PHASE_AUTH) {
        int end = lc_auth_take(&e->auth, envelope.body, envelope.len, &out);
        authenticated(e, end, &out, now_ms);
        return;
    }
    if (e->phase != LC_PHASE_READY)
        return; /* too early to mean us */
    if (envelope.command == LC_SEND_MSG)
        lc_pending_take_record(e, &envelope, now_ms);
    else if (envelope.command == LC_DIR_REPLY)
        lc_pending_take_dir(e, &envelope, now_ms);
    else if (envelope.command == LC_SET_DELETE)
        answer_set_delete(e, &envelope);
}

/* Messages which nobody asked for are dropped; so are those about memory, since a
 * control client lends none. */
static void
take_frame(struct lc_engine *e, const struct lc_frame *frame, uint64_t now_ms)
{
    bool greeting = e->phase == LC_PHASE_HANDSHAKE;

    switch (frame->type) {
    case LC_ZAP_ACCEPTED:
        if (greeting)
            take_accepted(e, frame, now_ms);
        else
            fail(e, -LDMSCTL_EPROTO, "accepted twice");
        break;
    case LC_ZAP_REJECTED:
        if (greeting)
            quote(e, "rejected the connection", frame->data, frame->len);
        else
            quote(e, "rejected the connection after it had accepted it", frame->data,
                  frame->len);
        lc_engine_close(e, greeting ? -LDMSCTL_EREJECTED : -LDMSCTL_EPROTO, false);
        break;
    case LC_ZAP_SENDRECV:
        if (greeting)
            fail(e, -LDMSCTL_EPROTO, "sent a message before it accepted");
        else
            take_message(e, frame, now_ms);
        break;
    case LC_ZAP_CONNECT:
    case LC_ZAP_ACK_ACCEPTED:
        fail(e, -LDMSCTL_EPROTO, "sent what only a client says");
        break;
    default:
        break;
    }
}

uint8_t *
lc_engine_room(struct lc_engine *e, size_t *ret_size)
{
    size_t whole = lc_frame_size(queue_at(&e->in), e->in.len);
    size_t want = LC_ENGINE_READ_BYTES;

    /* The rest of a large message lands where it will stay. */
    if (whole > e->in.len && whole <= LC_FRAME_MAX_BYTES && whole - e->in.len > want)
        want = whole - e->in.len;
    uint8_t *room = queue_room(&e->in, want);
    *ret_size = room ? want : 0;
    return room;
}

void
lc_engine_received(struct lc_engine *e, size_t n, uint64_t now_ms)
{
    queue_added(&e->in, n);
    while (e->phase != LC_PHASE_IDLE) {
        struct rd stream = rd_over(queue_at(&e->in), e->in.len);
        struct lc_frame frame;
        int took = lc_frame_take(&stream, &frame);
        if (took < 0)
            fail(e, -LDMSCTL_EPROTO, "sent what is no message of the transport");
        if (took <= 0)
            break;
        size_t size = e->in.len - rd_left(&stream);
        take_frame(e, &frame, now_ms);
        if (!e->adopted)
            queue_drop(&e->in, size);
        e->adopted = false;
    }
    if (e->phase == LC_PHASE_IDLE)
        queue_drop(&e->in, e->in.len);
}

void
lc_engine_feed(struct lc_engine *e, const void *bytes, size_t n, uint64_t now_ms)
{
    const uint8_t *at = bytes;

    while (n && e->phase != LC_PHASE_IDLE) {
        size_t size;
        uint8_t *room = lc_engine_room(e, &size);
        size = size < n ? size : n;
        if (!room) {
            fail(e, -ENOMEM, "sends more than memory holds");
            return;
        }
        memcpy(room, at, size);
        lc_engine_received(e, size, now_ms);
        at += size;
        n -= size;
    }
}

bool
lc_engine_wants(const struct lc_engine *e)
{
    return e->waits || !e->done.first ||
           e->held_bytes < e->options->max_response_bytes / 2;
}

size_t
lc_engine_out(const struct lc_engine *e, const void **ret_bytes)
{
    *ret_bytes = queue_at(&e->out);
    return e->corked_until_ms ? 0 : e->out.len;
}

void
lc_engine_sent(struct lc_engine *e, size_t n, uint64_t now_ms)
{
    queue_drop(&e->out, n);
    lc_pending_send(e, now_ms);
}

/* The request whose time is up first: mostly the oldest, unless the limit was changed. */
static const struct lc_pending *
next_late(const struct lc_engine *e)
{
    const struct lc_pending *next = e->sent.first;

    for (const struct lc_pending *p = next; p; p = p->next)
        if (p->deadline_ms < next->deadline_ms)
            next = p;
    return next;
}

uint64_t
lc_engine_deadline(const struct lc_engine *e)
{
    const struct lc_pending *next = next_late(e);
    uint64_t first = UINT64_MAX;

    if (e->corked_until_ms && e->out.len)
        first = e->corked_until_ms;
    if (next && next->deadline_ms < first)
        first = next->deadline_ms;
    return first;
}

void
lc_engine_tick(struct lc_engine *e, uint64_t now_ms)
{
    if (e->corked_until_ms && now_ms >= e->corked_until_ms)
        e->corked_until_ms = 0;
    const struct lc_pending *late = next_late(e);
    if (late && now_ms >= late->deadline_ms) {
        lc_engine_say(e, "%s did not answer %s within %u ms", e->peer, late->call.name,
                      late->limit_ms);
        lc_engine_close(e, -ETIMEDOUT, false);
    }
}

/* SPDX-License-Identifier: MIT */
#ifndef TESTS_LDMSCTL_PEER_H
#define TESTS_LDMSCTL_PEER_H

/* A daemon of few words, in a thread: it listens on a port of the loopback, and behaves
 * as it was told. */
#include "support/cmocka.h"

#include "attr.h"
#include "auth.h"
#include "dir.h"
#include "envelope.h"
#include "frame.h"
#include "hello.h"
#include "message.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

enum peer_mode {
    PEER_ANSWERS,           /* each request with its id as text; dir with two sets */
    PEER_SILENT,            /* accepts TCP and says nothing */
    PEER_SILENT_LATER,      /* answers no request */
    PEER_CLOSES,            /* at the first request */
    PEER_CLOSES_WITHIN,     /* within its first answer */
    PEER_CLOSES_AT_ONCE,    /* before it accepts */
    PEER_CLOSES_AUTH,       /* instead of authenticating */
    PEER_ANSWERS_BACKWARDS, /* three requests at a time, the last one first */
    PEER_ANSWERS_BYTEWISE,  /* a byte a write */
    PEER_DRIPS,             /* a byte each 20 ms, for ever */
    PEER_HUGE,              /* an answer of 3 MB in records */
};

enum { PEER_REQUESTS_MAX = 512 };

struct peer {
    enum peer_mode mode;
    const struct lc_auth_config *auth;
    int listener, fd;
    uint16_t port;
    pthread_t thread;
    struct queue in;
    uint32_t xid;
    struct { /* the last record of each request, in an allocation of its own */
        uint32_t id, msg_no;
        uint8_t *bytes;
        size_t len;
    } requests[PEER_REQUESTS_MAX];
    volatile size_t n_requests;
    int connections; /* to serve before it ends */
};

static inline void
peer_write(struct peer *p, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    while (len) {
        size_t piece =
            p->mode == PEER_ANSWERS_BYTEWISE || p->mode == PEER_DRIPS ? 1 : len;
        ssize_t n = send(p->fd, at, piece, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        if (p->mode == PEER_DRIPS && p->n_requests)
            poll(NULL, 0, 20);
        at += n;
        len -= (size_t)n;
    }
}

static inline void
peer_put(struct peer *p, uint32_t command, uint64_t xid, const void *body, size_t len)
{
    size_t size = lc_envelope_overhead(command) + len;
    uint8_t *bytes = malloc(size);
    struct wr c = wr_over(bytes, size);

    lc_envelope_put(&c, ++p->xid, xid, command, body, len);
    peer_write(p, bytes, wr_len(&c));
    free(bytes);
}

/* The next whole frame; false at the end. Its data is valid until the next. */
static inline bool
peer_frame(struct peer *p, struct lc_frame *ret_frame, size_t *drop)
{
    queue_drop(&p->in, *drop);
    *drop = 0;
    for (;;) {
        struct rd stream = rd_over(queue_at(&p->in), p->in.len);
        if (p->in.len && lc_frame_take(&stream, ret_frame) == 1) {
            *drop = p->in.len - rd_left(&stream);
            return true;
        }
        uint8_t *room = queue_room(&p->in, 65536);
        ssize_t n = room ? recv(p->fd, room, 65536, 0) : 0;
        if (n <= 0)
            return false;
        queue_added(&p->in, (size_t)n);
    }
}

static inline void
peer_answer(struct peer *p, uint32_t msg_no, uint32_t id)
{
    struct queue out = queue_make(16 << 20);
    struct lc_record head = {.type = LC_RECORD_RESPONSE, .msg_no = msg_no};
    size_t len = p->mode == PEER_HUGE ? 3000000 : 32;
    uint8_t *attrs = calloc(1, len + 64);
    struct wr c = wr_over(attrs, len + 64);
    char *text = calloc(1, len);

    snprintf(text, len, "%#x", id);
    if (p->mode == PEER_HUGE)
        memset(text, 'x', len);
    lc_attr_put(&c, LC_ATTR_STRING, text,
                p->mode == PEER_HUGE ? len : strlen(text) + 1);
    (void)lc_message_put(&out, &p->xid, &head, attrs, wr_len(&c), LC_RECORD_MAX_BYTES);
    peer_write(p, queue_at(&out),
               p->mode == PEER_CLOSES_WITHIN ? out.len / 2 : out.len);
    queue_free(&out);
    free(attrs);
    free(text);
}

static inline void
peer_answer_dir(struct peer *p, uint64_t xid)
{
    static const char json[] = "{ \"directory\" : [{\"name\":\"a\"},{\"name\":\"b\"}]}";
    struct lc_dir_reply reply = {.json = (const uint8_t *)json,
                                 .len = sizeof(json) - 1};
    uint8_t body[256];
    struct wr c = wr_over(body, sizeof(body));

    lc_dir_reply_put(&c, &reply);
    peer_put(p, LC_DIR_REPLY, xid, body, wr_len(&c));
}

static inline bool
peer_greet(struct peer *p, size_t *drop)
{
    struct lc_frame frame;
    struct lc_hello hello;
    struct lc_auth auth;
    struct lc_auth_out out = {.n = 0};
    uint8_t hello_bytes[64], bytes[128];
    struct wr h = wr_over(hello_bytes, sizeof(hello_bytes));
    struct wr c = wr_over(bytes, sizeof(bytes));

    if (!peer_frame(p, &frame, drop) || p->mode == PEER_CLOSES_AT_ONCE ||
        lc_hello_take(frame.data, frame.len, &hello) < 0)
        return false;
    lc_hello_put(&h, &hello);
    lc_frame_put(&c, LC_ZAP_ACCEPTED, ++p->xid, hello_bytes, wr_len(&h));
    peer_write(p, bytes, wr_len(&c));
    if (!peer_frame(p, &frame, drop) || frame.type != LC_ZAP_ACK_ACCEPTED ||
        p->mode == PEER_CLOSES_AUTH)
        return false;
    lc_auth_init(&auth, p->auth, true, 0x1234567890);
    int end = lc_auth_begin(&auth, &out);
    while (end >= 0) {
        const uint8_t *at = out.bytes;
        struct lc_envelope envelope;
        for (size_t i = 0; i < out.n; at += out.len[i++])
            peer_put(p, LC_AUTH_MSG, 0, at, out.len[i]);
        out.n = 0;
        if (auth.done)
            break;
        if (!peer_frame(p, &frame, drop) ||
            lc_envelope_take(frame.data, frame.len, &envelope) < 0)
            return false;
        end = lc_auth_take(&auth, envelope.body, envelope.len, &out);
    }
    lc_auth_end(&auth);
    return end >= 0;
}

static inline void
peer_serve(struct peer *p)
{
    struct lc_frame frame;
    struct lc_envelope envelope;
    struct lc_record r;
    size_t drop = 0, kept = 0;

    if (p->mode == PEER_SILENT || !peer_greet(p, &drop))
        return;
    while (peer_frame(p, &frame, &drop)) {
        if (lc_envelope_take(frame.data, frame.len, &envelope) < 0)
            return;
        if (envelope.command == LC_DIR && p->mode != PEER_SILENT_LATER)
            peer_answer_dir(p, envelope.xid);
        if (envelope.command != LC_SEND_MSG ||
            lc_record_take(envelope.body, envelope.len, &r) < 0 ||
            !(r.flags & LC_RECORD_EOM))
            continue;
        if (p->n_requests < PEER_REQUESTS_MAX) {
            uint8_t *copy = malloc(r.len + 1);
            memcpy(copy, r.body, r.len);
            p->requests[p->n_requests].id = r.code;
            p->requests[p->n_requests].msg_no = r.msg_no;
            p->requests[p->n_requests].bytes = copy;
            p->requests[p->n_requests].len = r.len;
            p->n_requests++;
        }
        if (p->mode == PEER_CLOSES)
            return;
        if (p->mode == PEER_SILENT_LATER)
            continue;
        if (p->mode != PEER_ANSWERS_BACKWARDS) {
            peer_answer(p, r.msg_no, r.code);
            if (p->mode == PEER_CLOSES_WITHIN)
                return;
        } else if (++kept == 3) {
            for (size_t i = p->n_requests; kept; kept--, i--)
                peer_answer(p, p->requests[i - 1].msg_no, p->requests[i - 1].id);
        }
    }
}

static inline void *
peer_run(void *arg)
{
    struct peer *p = arg;

    for (int i = 0; i < p->connections; i++) {
        p->fd = accept(p->listener, NULL, NULL);
        if (p->fd < 0)
            break;
        peer_serve(p);
        if (p->mode == PEER_SILENT) { /* until the client goes */
            char c;
            while (recv(p->fd, &c, 1, 0) > 0)
                continue;
        }
        close(p->fd);
        queue_drop(&p->in, p->in.len);
    }
    return NULL;
}

static inline void
peer_start(struct peer *p, enum peer_mode mode, const struct lc_auth_config *auth,
           int connections)
{
    static const struct lc_auth_config none = {.kind = LC_AUTH_NONE, .name = "none"};
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(in);

    *p = (struct peer){.mode = mode,
                       .auth = auth ? auth : &none,
                       .in = queue_make(8 << 20),
                       .connections = connections};
    p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(p->listener >= 0);
    assert_int_equal(bind(p->listener, (struct sockaddr *)&in, sizeof(in)), 0);
    assert_int_equal(listen(p->listener, 16), 0);
    assert_int_equal(getsockname(p->listener, (struct sockaddr *)&in, &len), 0);
    p->port = ntohs(in.sin_port);
    assert_int_equal(pthread_create(&p->thread, NULL, peer_run, p), 0);
}

static inline void
peer_stop(struct peer *p)
{
    shutdown(p->listener, SHUT_RDWR); /* wakes a thread that still accepts */
    pthread_join(p->thread, NULL);
    close(p->listener);
    for (size_t i = 0; i < p->n_requests; i++)
        free(p->requests[i].bytes);
    queue_free(&p->in);
}

#endif

/* SPDX-License-Identifier: MIT */
/* One connection to the stand-in daemon: the handshake, and what goes where. */
#include "peer_parts.h"

#include "envelope.h"
#include "frame.h"
#include "hello.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MOST_OUT = 256 << 20, /* one answer, and what others left */
    PLENTY_OUT = 1 << 20, /* until it is gone, nothing more is answered */
    MESSAGES_OF_A_TURN = 32,
};

struct peer *
peer_new(struct stand_in *of, const struct lc_auth_config *auth)
{
    struct peer *p = calloc(1, sizeof(*p));
    if (!p)
        return NULL;
    p->of = of;
    p->auth = auth;
    p->in = queue_make(2 * (size_t)LC_FRAME_MAX_BYTES);
    p->out = queue_make(MOST_OUT);
    p->held = queue_make(MOST_OUT);
    p->number = ++of->connections;
    p->next = of->peers;
    p->link = &of->peers;
    if (p->next)
        p->next->link = &p->next;
    of->peers = p;
    return p;
}

void
peer_free(struct peer *p)
{
    if (!p)
        return;
    *p->link = p->next;
    if (p->next)
        p->next->link = p->link;
    peer_forget_requests(p);
    queue_free(&p->in);
    queue_free(&p->out);
    queue_free(&p->held);
    free(p);
}

/* A message of the transport with data of its own. */
static void
put_frame(struct peer *p, enum lc_zap type, const void *data, size_t len)
{
    uint8_t *room = queue_room(&p->out, LC_FRAME_SENDRECV_HEAD + len);
    if (!room)
        return;
    struct wr c = wr_over(room, LC_FRAME_SENDRECV_HEAD + len);
    lc_frame_put(&c, type, ++p->zap_xid, data, len);
    if (!c.bad)
        queue_added(&p->out, wr_len(&c));
}

void
peer_put_ldms(struct peer *p, uint64_t xid, uint32_t command, const void *body,
              size_t len)
{
    size_t size = len + lc_envelope_overhead(command);
    uint8_t *room = queue_room(&p->out, size);
    if (!room)
        return;
    struct wr c = wr_over(room, size);
    lc_envelope_put(&c, ++p->zap_xid, xid, command, body, len);
    if (!c.bad)
        queue_added(&p->out, wr_len(&c));
}

/* The connection is over once this is sent. */
static bool
reject(struct peer *p, const char *text)
{
    put_frame(p, LC_ZAP_REJECTED, text, strlen(text) + 1);
    return false;
}

/* Faults of the handshake: true when they are all the answer there is. */
static bool
greet_faultily(struct peer *p, struct lc_hello *ours, bool *ret_goes_on)
{
    enum { LONG = 100000 };
    static const char escapes[] = "\x1b]0;owned\a\x1b[31mno";
    char *text;

    *ret_goes_on = false;
    switch (p->of->fault) {
    case FAULT_SILENT_CONNECT:
        p->state = PEER_DEAF;
        *ret_goes_on = true;
        return true;
    case FAULT_CLOSE_AT_CONNECT:
        return true;
    case FAULT_SHORT_HELLO:
        put_frame(p, LC_ZAP_ACCEPTED, "\4\2\0\0none\0", 10);
        p->state = PEER_DEAF;
        *ret_goes_on = true;
        return true;
    case FAULT_REJECT_WITHOUT_NUL:
        put_frame(p, LC_ZAP_REJECTED, "go away", 7);
        return true;
    case FAULT_REJECT_ESCAPES:
        put_frame(p, LC_ZAP_REJECTED, escapes, sizeof(escapes));
        return true;
    case FAULT_REJECT_LONG:
        text = malloc(LONG);
        if (text) {
            memset(text, 'x', LONG);
            put_frame(p, LC_ZAP_REJECTED, text, LONG);
        }
        free(text);
        return true;
    case FAULT_DOWNGRADE:
        memset(ours->auth, 0, sizeof(ours->auth));
        strcpy(ours->auth, "none");
        return false;
    case FAULT_OTHER_VERSION:
        ours->version[1]++;
        return false;
    case FAULT_LEGACY:
        ours->rail = false;
        return false;
    default:
        return false;
    }
}

/* Rails are told apart by address, process and number; within one, connections by index. */
static bool
rail_is_taken(const struct peer *p, const struct lc_hello *h)
{
    for (const struct peer *o = p->of->peers; o; o = o->next)
        if (o != p && o->rail && o->address == p->address &&
            o->process_id == h->process_id && o->rail_no == h->rail_no &&
            o->rail_index == h->index)
            return true;
    return false;
}

/* Legacy forms are short; what is long enough for a rail has to be one. */
static bool
is_of_no_form(size_t len)
{
    enum { SHORTEST_RAIL = 24 };
    return len >= SHORTEST_RAIL && len != LC_HELLO_RAIL_BYTES &&
           len != LC_HELLO_IB_BYTES;
}

static bool
take_connect(struct peer *p, const struct lc_frame *frame)
{
    struct lc_hello h = {0};
    uint8_t answer[LC_HELLO_RAIL_BYTES];
    char text[80];
    bool goes_on;

    if (frame->type != LC_ZAP_CONNECT || frame->foreign)
        return false; /* as the daemon does: without a word */
    if (frame->len < sizeof(h.version))
        return reject(p, "Bad conn msg");
    int err = lc_hello_take(frame->data, frame->len, &h);
    if (memcmp(frame->data, lc_hello_version, sizeof(h.version)) != 0)
        return reject(p, "Version mismatch");
    if (err < 0 || is_of_no_form(frame->len))
        return reject(p, "Bad msg");
    if (strcmp(h.auth, p->auth->name) != 0 && p->of->fault != FAULT_DOWNGRADE)
        return reject(p, "Auth mismatch");
    if (h.rail && h.endpoints == 0)
        return reject(p, "passive rail create error: 22");
    if (h.rail && h.index >= h.endpoints) {
        snprintf(text, sizeof(text), "bad ep_idx %u (should be in 0..%u range)",
                 h.index, h.endpoints - 1);
        return reject(p, text);
    }
    if (h.rail && rail_is_taken(p, &h)) {
        snprintf(text, sizeof(text), "bad ep_idx %u, the endpoint already existed",
                 h.index);
        return reject(p, text);
    }
    p->rail = h.rail;
    p->process_id = h.process_id;
    p->rail_no = h.rail_no;
    p->rail_index = h.index;

    h.process_id = (uint32_t)getpid();
    h.rate_limit = h.recv_quota = -1;
    h.messages = 0;
    if (greet_faultily(p, &h, &goes_on))
        return goes_on;
    struct wr c = wr_over(answer, sizeof(answer));
    lc_hello_put(&c, &h);
    put_frame(p, LC_ZAP_ACCEPTED, answer, wr_len(&c));
    p->state = PEER_ACCEPTED;
    return true;
}

static bool
take_message(struct peer *p, const struct lc_frame *frame)
{
    enum { LOOKUP = 2, LOOKUP_REPLY = 0x104 };
    static const uint8_t no_such_set[] = {0, 0, 0, ENOENT};
    struct lc_envelope e;

    if (frame->type != LC_ZAP_SENDRECV || lc_envelope_take(frame->data, frame->len, &e))
        return false;
    switch (e.command) {
    case LC_AUTH_MSG:
        return p->state == PEER_AUTHENTICATES ? peer_take_auth(p, e.body, e.len) : true;
    case LC_SEND_MSG:
        return peer_take_record(p, e.body, e.len);
    case LC_DIR:
        return p->state == PEER_READY ? peer_answer_directory(p, e.xid) : true;
    case LOOKUP:
        peer_put_ldms(p, e.xid, LOOKUP_REPLY, no_such_set, sizeof(no_such_set));
        return true;
    case LC_DIR_CANCEL:
        peer_put_ldms(p, e.xid, LC_DIR_CANCEL_REPLY, "\0\0\0", 4);
        return true;
    default:
        return true; /* the rest needs no answer */
    }
}

static bool
take_frame(struct peer *p, const struct lc_frame *frame)
{
    switch (p->state) {
    case PEER_NEW:
        return take_connect(p, frame);
    case PEER_ACCEPTED:
        return frame->type == LC_ZAP_ACK_ACCEPTED && peer_begin_auth(p);
    case PEER_DEAF:
        return true;
    default:
        return take_message(p, frame);
    }
}

bool
peer_feed(struct peer *p, const void *bytes, size_t len)
{
    /* What is left of an earlier turn goes first; usually there is nothing. */
    bool direct = p->in.len == 0;
    if (!direct && queue_push(&p->in, bytes, len) < 0)
        return false;
    struct rd stream =
        direct ? rd_over(bytes, len) : rd_over(queue_at(&p->in), p->in.len);
    size_t all = rd_left(&stream);
    struct lc_frame frame;
    bool goes_on = true;
    int got = 0, messages = 0;

    p->more = false;
    while (goes_on && !p->more && (got = lc_frame_take(&stream, &frame)) > 0) {
        goes_on = take_frame(p, &frame);
        p->more = ++messages == MESSAGES_OF_A_TURN || p->out.len >= PLENTY_OUT;
    }
    if (!goes_on || got < 0)
        return false;
    size_t left = rd_left(&stream);
    if (direct)
        return left == 0 || queue_push(&p->in, stream.at, left) == 0;
    queue_drop(&p->in, all - left);
    return true;
}

void
peer_refill(struct peer *p)
{
    fault_flood(p->of->fault, &p->out, &p->zap_xid, &p->flood_head, p->flood_xid);
}

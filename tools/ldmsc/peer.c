/* SPDX-License-Identifier: MIT */
/* One connection to the stand-in daemon: the handshake, and requests put together. */
#include "peer.h"
#include "attr.h"
#include "envelope.h"
#include "frame.h"
#include "hello.h"
#include "message.h"
#include "munge.h"
#include "ovis.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum {
    MOST_GATHERINGS = 256,    /* requests not all there yet */
    MOST_GATHERED = 64 << 20, /* and their bytes */
    MOST_OUT = 256 << 20,     /* answers that the peer doesn't read */
    NOBODYS = -1,             /* msg_no of an answer to no request */
};

/* A request of which records are still to come; or one whose number is spent, since its
 * attributes were not in the protocol. */
struct gathering {
    struct gathering *next;
    uint32_t msg_no;
    struct lc_message message;
};

struct peer *
peer_new(struct stand_in *of, const struct door *door)
{
    struct peer *p = calloc(1, sizeof(*p));
    if (!p)
        return NULL;
    p->of = of;
    p->door = door;
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

static void
free_gathering(struct peer *p, struct gathering **at)
{
    struct gathering *g = *at;
    *at = g->next;
    p->gathered -= g->message.len;
    lc_message_free(&g->message);
    free(g);
}

void
peer_free(struct peer *p)
{
    if (!p)
        return;
    *p->link = p->next;
    if (p->next)
        p->next->link = p->link;
    while (p->gatherings)
        free_gathering(p, &p->gatherings);
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

static void
put_ldms(struct peer *p, uint64_t xid, uint32_t command, const void *body, size_t len)
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

/* Rails are told apart by address, process and number. */
static bool
rail_is_taken(const struct peer *p, const struct lc_hello *h)
{
    for (const struct peer *o = p->of->peers; o; o = o->next)
        if (o != p && o->rail && o->address == p->address &&
            o->process_id == h->process_id && o->rail_no == h->rail_no)
            return true;
    return false;
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
    if (err < 0)
        return reject(p, "Bad msg");
    if (strcmp(h.auth, auth_name(p->door->auth)) != 0 &&
        p->of->fault != FAULT_DOWNGRADE)
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

static void
put_ovis(struct peer *p, const struct lc_ovis *message)
{
    uint8_t bytes[80];
    struct wr c = wr_over(bytes, sizeof(bytes));
    lc_ovis_put(&c, message);
    put_ldms(p, 0, LC_AUTH_MSG, bytes, wr_len(&c));
}

static bool
is_big_endian(void)
{
    const uint16_t one = 1;
    uint8_t first;
    memcpy(&first, &one, 1);
    return first == 0;
}

static bool
begin_ovis(struct peer *p)
{
    if (getrandom(&p->challenge, sizeof(p->challenge), 0) != sizeof(p->challenge))
        return false;
    if (p->of->fault != FAULT_REFLECT) /* that one waits for the client's */
        put_ovis(p, &(struct lc_ovis){.type = LC_OVIS_CHALLENGE,
                                      .big_endian = is_big_endian(),
                                      .challenge = p->challenge});
    return true;
}

static bool
begin_munge(struct peer *p)
{
    char *credential = NULL, why[160];

    if (p->of->fault == FAULT_MUNGE_REPLAY)
        return true; /* sends the client's own, once it has it */
    if (lc_munge_encode(p->door->munge_socket, p->own_address, p->own_address_len,
                        &credential, why, sizeof(why)) < 0)
        return false;
    put_ldms(p, 0, LC_AUTH_MSG, credential, strlen(credential) + 1);
    free(credential);
    return true;
}

/* The client is there: the daemon's part of the authentication is due. */
static bool
take_ack(struct peer *p, const struct lc_frame *frame)
{
    uint8_t ids[8];

    if (frame->type != LC_ZAP_ACK_ACCEPTED)
        return false;
    p->state = PEER_AUTHENTICATES;
    if (p->of->fault == FAULT_SILENT_AUTH)
        return true;
    if (p->of->fault == FAULT_AUTH_GARBAGE) {
        put_ldms(p, 0, LC_AUTH_MSG, "garbage", 7);
        return true;
    }
    switch (p->door->auth) {
    case AUTH_NONE:
        p->state = PEER_READY;
        p->owner = true;
        return true;
    case AUTH_NAIVE:
        wr_be32(ids, p->door->uid);
        wr_be32(ids + 4, p->door->gid);
        put_ldms(p, 0, LC_AUTH_MSG, ids, sizeof(ids));
        return true;
    case AUTH_OVIS:
        return begin_ovis(p);
    default:
        return begin_munge(p);
    }
}

/* Who owns the daemon may do everything, and so may root. */
static void
let_in(struct peer *p, uint32_t uid)
{
    p->owner = uid == 0 || uid == geteuid();
    p->state = PEER_READY;
}

static bool
take_ovis(struct peer *p, const uint8_t *bytes, size_t len)
{
    struct lc_ovis m, proof = {.type = LC_OVIS_PROOF, .big_endian = is_big_endian()};
    char expected[LC_OVIS_PROOF_BYTES];

    if (lc_ovis_take(bytes, len, &m) < 0)
        return false;
    if (p->of->fault == FAULT_REFLECT) {
        put_ldms(p, 0, LC_AUTH_MSG, bytes, len); /* challenge and proof alike */
        return true;
    }
    if (m.type == LC_OVIS_CHALLENGE) {
        const char *secret =
            p->of->fault == FAULT_WRONG_PROOF ? "another0secret" : p->door->secret;
        if (lc_ovis_prove(m.challenge, secret, proof.proof) < 0)
            return false;
        put_ovis(p, &proof);
        return true;
    }
    if (lc_ovis_prove(p->challenge, p->door->secret, expected) < 0 ||
        memcmp(expected, m.proof, sizeof(expected)) != 0)
        return false;
    let_in(p, geteuid());
    return true;
}

static bool
take_munge(struct peer *p, const uint8_t *bytes, size_t len)
{
    uint32_t uid, gid;
    char why[160];

    if (len == 0 || bytes[len - 1] != '\0')
        return false;
    if (p->of->fault == FAULT_MUNGE_REPLAY)
        put_ldms(p, 0, LC_AUTH_MSG, bytes, len);
    if (lc_munge_decode(p->door->munge_socket, (const char *)bytes, &uid, &gid, why,
                        sizeof(why)) < 0)
        return false;
    let_in(p, uid);
    return true;
}

static bool
take_auth(struct peer *p, const uint8_t *bytes, size_t len)
{
    switch (p->door->auth) {
    case AUTH_NAIVE:
        if (len != 8)
            return false;
        let_in(p, rd_be32(bytes));
        return true;
    case AUTH_OVIS:
        return take_ovis(p, bytes, len);
    case AUTH_MUNGE:
        return take_munge(p, bytes, len);
    default:
        return true; /* nobody asked for it */
    }
}

/* What a fault leaves of the connection. False when it is to end. */
static bool
go_on_after(struct peer *p, enum fault_end end)
{
    if (end == FAULT_STAYS)
        return true;
    p->end = end;
    p->state = PEER_DEAF;
    return end != FAULT_CLOSES;
}

/* Send an answer; with FAULT_REORDER, after the next one. */
static bool
put_answer(struct peer *p, const struct lc_record *head, const void *attrs, size_t len)
{
    if (p->of->fault == FAULT_REORDER && !p->holds) {
        p->holds = true;
        (void)lc_message_put(&p->held, &p->zap_xid, head, attrs, len,
                             LC_RECORD_MAX_BYTES);
        return true;
    }
    p->flood_head = *head;
    if (p->of->fault != FAULT_NONE) {
        enum fault_end end =
            fault_answer(p->of->fault, &p->out, &p->zap_xid, head, attrs, len);
        if (p->holds)
            (void)queue_push(&p->out, queue_at(&p->held), p->held.len);
        queue_drop(&p->held, p->held.len);
        p->holds = false;
        return go_on_after(p, end);
    }
    (void)lc_message_put(&p->out, &p->zap_xid, head, attrs, len, p->of->max_record);
    return true;
}

/* An answer of one attribute, by its bytes. */
static bool
answer_bytes(struct peer *p, uint32_t msg_no, uint32_t status, enum lc_attr kind,
             const void *value, size_t len)
{
    struct lc_record head = {.marker = LC_RECORD_MARKER,
                             .type = LC_RECORD_RESPONSE,
                             .msg_no = msg_no,
                             .code = status};
    size_t size = LC_ATTR_HEAD_BYTES + len;
    uint8_t *attrs = malloc(size);
    struct wr c = wr_over(attrs, attrs ? size : 0);

    if (kind != LC_ATTR_NONE)
        lc_attr_put(&c, kind, value, len);
    bool goes_on = !c.bad && put_answer(p, &head, attrs, wr_len(&c));
    free(attrs);
    return goes_on;
}

static bool
answer_text(struct peer *p, uint32_t msg_no, uint32_t status, const char *text,
            bool with_nul)
{
    return answer_bytes(p, msg_no, status, LC_ATTR_STRING, text,
                        strlen(text) + (with_nul ? 1 : 0));
}

/* greeting level=N: attributes of about 1 MiB each, which need records of their own. */
static bool
answer_large(struct peer *p, uint32_t msg_no, unsigned count)
{
    enum { EACH = 1048456 };
    struct lc_record head = {
        .marker = LC_RECORD_MARKER, .type = LC_RECORD_RESPONSE, .msg_no = msg_no};
    size_t size = (size_t)count * (LC_ATTR_HEAD_BYTES + EACH);
    uint8_t *attrs = malloc(size);
    char *text = malloc(EACH);
    struct wr c = wr_over(attrs, attrs ? size : 0);

    for (unsigned i = 0; text && i < count; i++) {
        snprintf(text, EACH, "%-*u", EACH - 1, i);
        lc_attr_put(&c, LC_ATTR_STRING, text, EACH);
    }
    bool goes_on = text && !c.bad && put_answer(p, &head, attrs, wr_len(&c));
    free(text);
    free(attrs);
    return goes_on;
}

/* The attributes of a request; false when they are not in the protocol. */
static bool
take_attrs(const struct lc_message *m, struct dm_request *q)
{
    struct rd list = rd_over(m->bytes, m->len);
    struct ldmsctl_attr a;
    int more;

    while ((more = lc_attr_take(&list, &a)) > 0) {
        const char *text = a.value;
        if (a.len > 0 && text[a.len - 1] != '\0')
            return false;
        if (a.id < LC_ATTR_COUNT && !q->attr[a.id])
            q->attr[a.id] = a.len > 0 ? text : "";
    }
    return more == 0;
}

/* A whole request. */
static bool
do_request(struct peer *p, uint32_t msg_no, struct dm_request *q)
{
    struct dm_reply r;
    bool goes_on;

    dm_answer(p->of->mind, q, &r);
    if (r.repeat > 1)
        goes_on = answer_large(p, msg_no, r.repeat);
    else
        goes_on = answer_bytes(p, msg_no, (uint32_t)r.status, r.kind, r.text,
                               r.len + (r.without_nul ? 0 : 1));
    p->exits = r.exits;
    dm_reply_free(&r);
    return goes_on && !p->exits;
}

/* The request with that number of which something is there; *ret_at is its link. */
static struct gathering *
find_gathering(struct peer *p, uint32_t msg_no, struct gathering ***ret_at)
{
    struct gathering **at = &p->gatherings;
    while (*at && (*at)->msg_no != msg_no)
        at = &(*at)->next;
    *ret_at = at;
    return *at;
}

static bool
add_record(struct peer *p, const struct lc_record *r)
{
    const struct lc_message_limit limit = {.bytes = MOST_GATHERED, .records = 65536};
    struct gathering **at, *g = find_gathering(p, r->msg_no, &at);
    char text[80];

    if ((r->flags & LC_RECORD_SOM) && g) {
        snprintf(text, sizeof(text), "Duplicate message number %u:%llureceived",
                 r->msg_no, (unsigned long long)p->number);
        return answer_text(p, r->msg_no, EADDRINUSE, text, false);
    }
    if (!(r->flags & LC_RECORD_SOM) && !g) {
        snprintf(text, sizeof(text), "The message no %u was not found.", r->msg_no);
        return answer_text(p, r->msg_no, ENOENT, text, false);
    }
    if (!g) {
        size_t count = 0;
        for (const struct gathering *o = p->gatherings; o; o = o->next)
            count++;
        g = count < MOST_GATHERINGS ? calloc(1, sizeof(*g)) : NULL;
        if (!g)
            return false;
        g->msg_no = r->msg_no;
        *at = g;
    }
    size_t had = g->message.len;
    int last = p->gathered + r->len > MOST_GATHERED
                   ? -E2BIG
                   : lc_message_add(&g->message, r, &limit);
    p->gathered += g->message.len - had;
    if (last <= 0)
        return last == 0;

    struct dm_request q = {.id = g->message.code, .owner = p->owner};
    if (!take_attrs(&g->message, &q)) /* the daemon never lets go of that number */
        return answer_text(p, r->msg_no, 0, "LDMSD received a bad request.", true);
    bool goes_on = do_request(p, r->msg_no, &q);
    (void)find_gathering(p, r->msg_no, &at);
    free_gathering(p, at);
    return goes_on;
}

static bool
take_record(struct peer *p, const uint8_t *bytes, size_t len)
{
    const uint32_t most = LC_RECORD_MAX_BYTES;
    struct lc_record r;

    if (p->state != PEER_READY)
        return true; /* too early: dropped */
    if (lc_record_take(bytes, len, &r) < 0)
        return false;
    if (r.marker != LC_RECORD_MARKER)
        return answer_text(p, (uint32_t)NOBODYS, EINVAL,
                           "Config request is missing record marker", false);
    if (r.rec_len > most) /* in our own byte order, as the daemon has it */
        return answer_bytes(p, r.msg_no, E2BIG, LC_ATTR_REC_LEN, &most, sizeof(most));
    if (!lc_record_is_sound(&r) || r.type != LC_RECORD_REQUEST)
        return true;
    return add_record(p, &r);
}

/* The directory in as many replies as it takes. */
static bool
answer_directory(struct peer *p, uint64_t xid)
{
    size_t at = 0;

    do {
        size_t len = 0;
        char *json = dm_directory(p->of->mind, p->owner, &at, p->of->dir_entries, &len);
        if (!json)
            return false;
        p->flood_xid = xid;
        if (p->of->fault != FAULT_NONE) {
            enum fault_end end =
                fault_directory(p->of->fault, &p->out, &p->zap_xid, xid, json, len);
            free(json);
            return go_on_after(p, end);
        }
        fault_put_directory(&p->out, &p->zap_xid, LC_DIR_REPLY, xid, at != 0, json,
                            len);
        free(json);
    } while (at != 0);
    return true;
}

static bool
take_message(struct peer *p, const struct lc_frame *frame)
{
    struct lc_envelope e;

    if (frame->type != LC_ZAP_SENDRECV || lc_envelope_take(frame->data, frame->len, &e))
        return false;
    switch (e.command) {
    case LC_AUTH_MSG:
        return p->state == PEER_AUTHENTICATES ? take_auth(p, e.body, e.len) : true;
    case LC_SEND_MSG:
        return take_record(p, e.body, e.len);
    case LC_DIR:
        return p->state == PEER_READY ? answer_directory(p, e.xid) : true;
    case LC_DIR_CANCEL:
        put_ldms(p, e.xid, LC_DIR_CANCEL_REPLY, "\0\0\0", 4);
        return true;
    default:
        return true; /* sets are not to be had, and the rest needs no answer */
    }
}

static bool
take_frame(struct peer *p, const struct lc_frame *frame)
{
    switch (p->state) {
    case PEER_NEW:
        return take_connect(p, frame);
    case PEER_ACCEPTED:
        return take_ack(p, frame);
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
    int got = 0;

    while (goes_on && (got = lc_frame_take(&stream, &frame)) > 0)
        goes_on = take_frame(p, &frame);
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

/* SPDX-License-Identifier: MIT */
/* Requests to the stand-in daemon, put together from their records, and its answers. */
#include "peer_parts.h"

#include "attr.h"
#include "envelope.h"
#include "message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_GATHERINGS = 256,    /* requests not all there yet */
    MOST_GATHERED = 64 << 20, /* and their bytes */
    NOBODYS = -1,             /* msg_no of an answer to no request */
};

/* A request of which records are still to come; or one whose number is spent, since its
 * attributes were not in the protocol. */
struct gathering {
    struct gathering *next;
    uint32_t msg_no;
    struct lc_message message;
};

static void
free_gathering(struct peer *p, struct gathering **at)
{
    struct gathering *g = *at;
    if (!g)
        return;
    *at = g->next;
    p->gathered -= g->message.len;
    lc_message_free(&g->message);
    free(g);
}

void
peer_forget_requests(struct peer *p)
{
    while (p->gatherings)
        free_gathering(p, &p->gatherings);
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

    if (text)
        memset(text, ' ', EACH);
    for (unsigned i = 0; text && i < count; i++) {
        int digits = snprintf(text, EACH, "%u", i);
        text[digits] = ' ';
        text[EACH - 1] = '\0';
        lc_attr_put(&c, LC_ATTR_STRING, text, EACH);
    }
    bool goes_on = text && !c.bad && put_answer(p, &head, attrs, wr_len(&c));
    free(text);
    free(attrs);
    return goes_on;
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
    struct rd list = rd_over(g->message.bytes, g->message.len);
    if (!dm_take_attrs(&list, true, &q)) /* the daemon never lets go of that number */
        return answer_text(p, r->msg_no, 0, "LDMSD received a bad request.", true);
    bool goes_on = do_request(p, r->msg_no, &q);
    free_gathering(p, at);
    return goes_on;
}

bool
peer_take_record(struct peer *p, const uint8_t *bytes, size_t len)
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

bool
peer_answer_directory(struct peer *p, uint64_t xid)
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

/* SPDX-License-Identifier: MIT */
/* The order of requests and replies, deadlines, and who is ready. */
#include "engine.h"

#include <stdlib.h>

int
pl_grow(void *array, size_t *room, size_t used, size_t n, size_t element, size_t max)
{
    if (n > max || used > max - n)
        return -ENOBUFS;
    if (used + n <= *room)
        return 0;
    size_t more = *room > max / 2 ? max : *room * 2;
    if (more < used + n)
        more = used + n;
    if (more < 64 && max >= 64)
        more = 64;
    void *old, *bytes;
    memcpy(&old, array, sizeof(old));
    bytes = realloc(old, more * element);
    if (!bytes)
        return -ENOMEM;
    memcpy(array, &bytes, sizeof(bytes));
    *room = more;
    return 0; // cppcheck-suppress memleak ; array points to it
}

int
pl_engine_init(struct pl_engine *e, const struct pmdaloop_options *o)
{
    *e = (struct pl_engine){
        .domain = o->domain,
        .flags = o->flags,
        .reply_timeout_ms = o->reply_timeout_ms ? o->reply_timeout_ms : 4000,
        .max_request_bytes =
            o->max_request_bytes ? o->max_request_bytes : PL_MAX_REQUEST_BYTES,
        .max_reply_bytes = o->max_reply_bytes ? o->max_reply_bytes : (size_t)64 << 20,
        .max_requests = o->max_requests ? o->max_requests : 64,
        .is_ready = !o->starts_not_ready,
        .told_not_ready = o->starts_not_ready != 0,
    };
    if (e->max_request_bytes < 1024 || e->max_request_bytes > INT32_MAX ||
        e->max_reply_bytes < 1024 || e->max_reply_bytes > INT32_MAX)
        return -EINVAL;
    e->in = queue_make(2 * e->max_request_bytes + 65536);
    return 0;
}

static void
free_slot(struct pl_slot *s)
{
    free(s->request);
    free(s->pmids);
    free(s->stored);
    free(s->reply);
    free(s->label_sets);
    free(s->labels);
    free(s->json);
    free(s);
}

static void
free_slots(struct pl_slot *s)
{
    while (s) {
        struct pl_slot *next = s->next;
        free_slot(s);
        s = next;
    }
}

void
pl_engine_free(struct pl_engine *e)
{
    queue_free(&e->in);
    free_slots(e->first);
    free_slots(e->idle);
    pl_wanted_free(&e->wanted);
    free(e->text);
}

/* A slot for a PDU of this type, in no order yet. */
static struct pl_slot *
take_slot(struct pl_engine *e, const struct pl_head *h)
{
    struct pl_slot *s = e->idle;

    if (s)
        e->idle = s->next;
    else if (!(s = calloc(1, sizeof(*s))))
        return NULL;
    s->next = NULL;
    s->type = h->type;
    s->is_late = s->for_table = false;
    s->sent = 0;
    s->event = (struct pmdaloop_event){.context = h->from};
    pl_reply_again(s);
    if (pl_grow(&s->reply, &s->reply_room, 0, 64, 1, SIZE_MAX) < 0) {
        s->next = e->idle; /* room for an ERROR there must be */
        e->idle = s;
        return NULL;
    }
    return s;
}

/* Keep a slot for the next request. One that is large is enough: replies to a burst of
 * requests would else hold on to as many times their size. */
static void
put_back(struct pl_engine *e, struct pl_slot *s)
{
    enum { LARGE_BYTES = 1 << 20 };
    struct pl_slot *last = e->idle;

    if (last && last->reply_room + last->json_room > LARGE_BYTES) {
        e->idle = last->next;
        free_slot(last);
    }
    s->next = e->idle;
    e->idle = s;
}

static void
append_slot(struct pl_engine *e, struct pl_slot *s)
{
    if (e->last)
        e->last->next = s;
    else
        e->first = s;
    e->last = s;
}

/* Something to say that nobody asked for. */
static struct pl_slot *
append_note(struct pl_engine *e)
{
    const struct pl_head h = {.type = 0};
    struct pl_slot *s = take_slot(e, &h);

    if (s)
        append_slot(e, s);
    return s;
}

int
pl_engine_start(struct pl_engine *e, int32_t pid)
{
    struct pl_slot *s = append_note(e);

    if (!s)
        return -ENOMEM;
    s->w = wr_over(s->reply, s->reply_room);
    pl_creds_encode(&s->w, pid, 2, e->flags);
    s->reply_len = wr_len(&s->w);
    s->state = PL_ANSWERED;
    return 0;
}

int
pl_engine_say(struct pl_engine *e, int32_t code)
{
    struct pl_slot *s = append_note(e);

    if (!s)
        return -ENOMEM;
    pl_reply_error(s, code);
    return 0;
}

int
pl_engine_feed(struct pl_engine *e, const void *bytes, size_t n)
{
    if (e->closed)
        return e->closed;
    int err = queue_push(&e->in, bytes, n);
    if (err < 0)
        pl_engine_close(e, err);
    return err;
}

void
pl_engine_eof(struct pl_engine *e)
{
    if (!e->eof)
        e->eof_deadline_ms = e->now_ms + e->reply_timeout_ms;
    e->eof = true;
}

/* pmcd has nothing more to ask, but may still read answers to what it has asked. */
static bool
is_draining(const struct pl_engine *e)
{
    return e->eof && e->can_send && e->first && e->first->state == PL_ANSWERED &&
           e->now_ms < e->eof_deadline_ms;
}

void
pl_engine_close(struct pl_engine *e, int err)
{
    if (!e->closed)
        e->closed = err;
}

size_t
pl_engine_out(struct pl_engine *e, const void **ret_bytes)
{
    const struct pl_slot *s = e->first;

    if (!s || s->state != PL_ANSWERED)
        return 0;
    *ret_bytes = s->reply + s->sent;
    return s->reply_len - s->sent;
}

void
pl_engine_sent(struct pl_engine *e, size_t n)
{
    while (e->first && e->first->state == PL_ANSWERED) {
        struct pl_slot *s = e->first;
        size_t left = s->reply_len - s->sent;
        if (n < left) {
            s->sent += n;
            return;
        }
        n -= left;
        e->first = s->next;
        if (!e->first)
            e->last = NULL;
        if (s->event.number)
            e->n_requests--;
        put_back(e, s);
        if (n == 0)
            return;
    }
}

/* What has not come in time is not available now. */
static void
answer_late(struct pl_engine *e, struct pl_slot *s)
{
    if (!s->is_late)
        e->counts.late++;
    s->is_late = true;
    if (s->for_table)
        return; /* it has its turn in pmdaloop_next() */
    if (s->state == PL_BUILDING && s->event.kind == PMDALOOP_FETCH)
        (void)pl_reply_end(e, s);
    else
        pl_reply_error(s, PMDALOOP_PM_AGAIN);
}

void
pl_engine_tick(struct pl_engine *e, uint64_t now_ms)
{
    e->now_ms = now_ms;
    for (struct pl_slot *s = e->first; s; s = s->next)
        if (s->event.number && s->state != PL_ANSWERED && s->deadline_ms <= now_ms)
            answer_late(e, s);
}

int
pl_engine_timeout(const struct pl_engine *e)
{
    uint64_t least = UINT64_MAX;

    for (const struct pl_slot *s = e->first; s; s = s->next)
        if (s->event.number && s->state != PL_ANSWERED && s->deadline_ms < least)
            least = s->deadline_ms;
    if (is_draining(e) && e->eof_deadline_ms < least)
        least = e->eof_deadline_ms;
    if (least == UINT64_MAX)
        return -1;
    if (least <= e->now_ms)
        return 0;
    return least - e->now_ms > INT32_MAX ? INT32_MAX : (int)(least - e->now_ms);
}

bool
pl_engine_wants_input(const struct pl_engine *e)
{
    return !e->closed && !e->eof && e->n_requests < e->max_requests &&
           e->in.len <= e->max_request_bytes;
}

struct pl_slot *
pl_engine_slot(struct pl_engine *e, uint32_t number)
{
    struct pl_slot *s = number ? e->first : NULL;

    while (s && (s->event.number != number || s->state == PL_ANSWERED))
        s = s->next;
    return s;
}

/* A PDU that wants a reply: an event, unless the engine itself has to answer. */
static const struct pmdaloop_event *
take_request(struct pl_engine *e, const void *pdu, const struct pl_head *h)
{
    struct pl_slot *s = take_slot(e, h);
    int err = s ? pl_request_read(s, pdu, h) : -ENOMEM;

    if (!s) {
        pl_engine_close(e, -ENOMEM);
        return NULL;
    }
    append_slot(e, s);
    if (++e->last_number == 0)
        e->last_number = 1;
    s->event.number = e->last_number;
    s->deadline_ms = e->now_ms + e->reply_timeout_ms;
    e->n_requests++;
    e->counts.requests++;
    if (err == -PMDALOOP_EMALFORMED) {
        e->counts.malformed++;
        pl_reply_error(s, PMDALOOP_PM_IPC);
    } else if (err < 0) {
        pl_reply_error(s, err);
    } else if (!e->is_ready) {
        e->told_not_ready = true;
        pl_reply_error(s, PMDALOOP_PM_NOTREADY);
    }
    return s->state == PL_WAITING ? &s->event : NULL;
}

static const struct pmdaloop_event *
take_creds(struct pl_engine *e, const void *pdu, const struct pl_head *h)
{
    struct pl_creds creds;

    if (h->type != PL_CREDS || pl_creds_decode(pdu, h->len, &creds) < 0 ||
        creds.version == 0) {
        pl_engine_close(e, -PMDALOOP_EPROTO);
        return NULL;
    }
    e->is_open = true;
    e->event = (struct pmdaloop_event){.kind = PMDALOOP_OPENED};
    return &e->event;
}

static const struct pmdaloop_event *
take_attr(struct pl_engine *e, const void *pdu, const struct pl_head *h)
{
    struct pl_attr a;

    if (pl_attr_decode(pdu, h->len, &a) < 0) {
        e->counts.malformed++;
        return NULL;
    }
    if (pl_grow(&e->text, &e->text_room, 0, a.len + 1, 1, SIZE_MAX) < 0)
        return NULL;
    if (a.len)
        memcpy(e->text, a.value, a.len);
    e->text[a.len] = '\0';
    e->event = (struct pmdaloop_event){
        .kind = PMDALOOP_ATTRIBUTE,
        .context = h->from,
        .ident = (uint32_t)a.key,
        .name = a.value ? e->text : NULL,
        .name_len = strlen(e->text),
    };
    return &e->event;
}

/* A PDU that nobody answers. */
static const struct pmdaloop_event *
take_silent(struct pl_engine *e, const void *pdu, const struct pl_head *h)
{
    struct pl_profile profile;
    int32_t code;

    switch (h->type) {
    case PL_PROFILE:
        if (pl_profile_decode(pdu, h->len, &profile) < 0)
            e->counts.malformed++;
        else if (pl_wanted_set(&e->wanted, profile) < 0)
            pl_engine_close(e, -ENOMEM);
        return NULL;
    case PL_ATTR:
        return take_attr(e, pdu, h);
    case PL_ERROR:
        if (pl_error_decode(pdu, h->len, &code) < 0) {
            e->counts.malformed++;
            return NULL;
        }
        if (code != PMDALOOP_PM_NOTCONN)
            return NULL;
        e->event =
            (struct pmdaloop_event){.kind = PMDALOOP_CLIENT_GONE, .context = h->from};
        return &e->event;
    default:
        e->counts.unknown++;
        return NULL;
    }
}

static const struct pmdaloop_event *
tell_closed(struct pl_engine *e)
{
    if (!e->closed || e->closed_told)
        return NULL;
    e->closed_told = true;
    e->event = (struct pmdaloop_event){
        .kind = PMDALOOP_CLOSED, .err = e->closed == -PMDALOOP_ECLOSED ? 0 : e->closed};
    return &e->event;
}

bool
pl_engine_has_more(const struct pl_engine *e)
{
    struct pl_head h;

    if (e->closed)
        return !e->closed_told;
    return e->n_requests < e->max_requests &&
           ((e->eof && !is_draining(e)) ||
            pl_pdu_peek(queue_at(&e->in), e->in.len, e->max_request_bytes, &h) != 0);
}

const struct pmdaloop_event *
pl_engine_next(struct pl_engine *e)
{
    const struct pmdaloop_event *event = NULL;
    struct pl_head h;

    while (!event && !e->closed && e->n_requests < e->max_requests) {
        const void *pdu = queue_at(&e->in);
        int got = pl_pdu_peek(pdu, e->in.len, e->max_request_bytes, &h);
        if (got < 0)
            pl_engine_close(e, got);
        else if (got == 0 && e->eof && !is_draining(e))
            pl_engine_close(e, e->in.len ? -PMDALOOP_EPROTO : -PMDALOOP_ECLOSED);
        if (got <= 0)
            break;
        if (!e->is_open)
            event = take_creds(e, pdu, &h);
        else if (pl_pdu_wants_reply(h.type))
            event = take_request(e, pdu, &h);
        else
            event = take_silent(e, pdu, &h);
        queue_drop(&e->in, h.len);
    }
    return event ? event : tell_closed(e);
}

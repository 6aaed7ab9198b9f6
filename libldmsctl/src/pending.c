/* SPDX-License-Identifier: MIT */
/* Calls from their start to their end. */
#include "pending.h"

#include "attr.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

void
lc_list_init(struct lc_list *list)
{
    list->first = NULL;
    list->last = &list->first;
}

static void
append(struct lc_list *list, struct lc_pending *p)
{
    p->next = NULL;
    *list->last = p;
    list->last = &p->next;
}

static void
prepend(struct lc_list *list, struct lc_pending *p)
{
    p->next = list->first;
    if (!list->first)
        list->last = &p->next;
    list->first = p;
}

/* Take out what *at points to. */
static struct lc_pending *
take_out(struct lc_list *list, struct lc_pending **at)
{
    struct lc_pending *p = *at;

    *at = p->next;
    if (list->last == &p->next)
        list->last = at;
    p->next = NULL;
    return p;
}

/* Bytes that a large answer came in are there for the next one to come in. */
static void
give_back(struct lc_engine *e, struct lc_message *m)
{
    if (m->owned_room <= e->in.room || e->in.len != 0)
        return;
    queue_free(&e->in);
    e->in.bytes = m->owned;
    e->in.room = m->owned_room;
    m->owned = NULL;
}

static void
free_pending(struct lc_engine *e, struct lc_pending *p)
{
    if (!p)
        return;
    give_back(e, &p->message);
    e->held_bytes -= p->message.room;
    lc_call_free(&p->call);
    lc_message_free(&p->message);
    lc_answer_free(&p->answer);
    free(p->lens);
    free(p->why);
    free(p);
}

static uint32_t
new_number(struct lc_engine *e)
{
    if (++e->last_number == 0 || e->last_number == UINT32_MAX)
        e->last_number = 1; /* daemons complain under number UINT32_MAX */
    return e->last_number;
}

static int
start(struct lc_engine *e, struct lc_call *call, bool raw, uint64_t now_ms,
      uint32_t *ret_number)
{
    if (e->n_pending >= e->options->max_in_flight) {
        lc_engine_say(e, "%s: %u requests are in flight, and their answers not taken",
                      call->name, e->options->max_in_flight);
        return -EAGAIN;
    }
    struct lc_pending *p = calloc(1, sizeof(*p));
    if (!p) {
        lc_engine_say(e, "%s: out of memory", call->name);
        return -ENOMEM;
    }
    p->number = new_number(e);
    p->raw = raw;
    p->call = *call;
    *call = (struct lc_call){0};
    append(&e->waiting, p);
    e->n_pending++;
    *ret_number = p->number;
    lc_pending_send(e, now_ms);
    return 0;
}

int
lc_engine_start(struct lc_engine *e, struct lc_call *call, uint64_t now_ms,
                uint32_t *ret_number)
{
    return start(e, call, false, now_ms, ret_number);
}

int
lc_engine_start_raw(struct lc_engine *e, const void *record, size_t len,
                    uint64_t now_ms, uint32_t *ret_number)
{
    struct lc_call call = {.name = "send_command", .n_steps = 1};
    struct lc_record r;

    if (lc_record_take(record, len, &r) < 0 || !lc_record_is_sound(&r) ||
        r.type != LC_RECORD_REQUEST || r.len < LC_ATTR_END_BYTES ||
        r.flags != (LC_RECORD_SOM | LC_RECORD_EOM)) {
        lc_engine_say(e, "send_command: this is no whole request record");
        return -EINVAL;
    }
    size_t attrs_len = r.len - LC_ATTR_END_BYTES;
    if (lc_call_room(&call, attrs_len ? attrs_len : 1) < 0) {
        lc_engine_say(e, "send_command: out of memory");
        return -ENOMEM;
    }
    struct wr c = lc_call_begin(&call);
    wr_bytes(&c, r.body, attrs_len);
    call.n_steps = 0;
    lc_call_end(&call, r.code, &c);
    int err = start(e, &call, true, now_ms, ret_number);
    if (err < 0)
        lc_call_free(&call);
    return err;
}

static void
set_limit(const struct lc_engine *e, struct lc_pending *p, uint64_t now_ms)
{
    p->limit_ms = e->options->reply_timeout_ms;
    p->deadline_ms = now_ms + p->limit_ms;
}

static int
send_dir(struct lc_engine *e, struct lc_pending *p)
{
    uint8_t flags[4] = {0, 0, 0, LC_DIR_ONCE};
    size_t size = lc_envelope_overhead(LC_DIR) + sizeof(flags);
    uint8_t *room = queue_room(&e->out, size);

    if (!room)
        return -errno;
    struct wr c = wr_over(room, size);
    lc_envelope_put(&c, ++e->zap_xid, p->msg_no, LC_DIR, flags, sizeof(flags));
    queue_added(&e->out, size);
    return 0;
}

static int
send_step(struct lc_engine *e, struct lc_pending *p)
{
    const struct lc_step *step = &p->call.steps[p->step];

    p->msg_no = p->step == 0 ? p->number : new_number(e);
    if (step->request_id == 0)
        return send_dir(e, p);
    struct lc_record head = {
        .type = LC_RECORD_REQUEST, .msg_no = p->msg_no, .code = step->request_id};
    return lc_message_put(&e->out, &e->zap_xid, &head, p->call.bytes + step->at,
                          step->len, LC_RECORD_MAX_BYTES);
}

static void
finish(struct lc_engine *e, struct lc_pending *p, int err)
{
    p->err = err;
    if (err < 0)
        p->why = strdup(e->why);
    free(p->call.bytes);
    p->call.bytes = NULL;
    append(&e->done, p);
}

void
lc_pending_send(struct lc_engine *e, uint64_t now_ms)
{
    while (e->phase == LC_PHASE_READY && e->waiting.first &&
           e->n_sent < LC_ENGINE_WINDOW && e->out.len < LC_ENGINE_AHEAD_BYTES) {
        struct lc_pending *p = take_out(&e->waiting, &e->waiting.first);
        int err = send_step(e, p);
        if (err < 0) {
            lc_engine_say(e, "cannot send %s: %s", p->call.name, ldmsctl_strerror(err));
            finish(e, p, err);
            continue;
        }
        e->corked_until_ms = 0;
        set_limit(e, p, now_ms);
        append(&e->sent, p);
        e->n_sent++;
    }
}

/* The daemon's own words about what it refused. */
static void
say_refused(struct lc_engine *e, const struct lc_pending *p)
{
    const struct ldmsctl_reply *r = &p->answer.reply;
    char clean[256] = "no reason given";

    if (r->text && r->text_len)
        lc_text_escape(clean, sizeof(clean), r->text, r->text_len, 200);
    lc_engine_say(e, "%s refused %s: %s (status %d)", e->peer, p->call.name, clean,
                  (int)r->status);
}

/* A whole answer is there: the end, or the next step, which goes before what waits. */
static void
answered(struct lc_engine *e, struct lc_pending **at, int err, uint64_t now_ms)
{
    struct lc_pending *p = take_out(&e->sent, at);

    e->n_sent--;
    if (err == 0 && p->step + 1 < p->call.n_steps) {
        e->held_bytes -= p->message.room;
        lc_answer_free(&p->answer);
        lc_message_free(&p->message);
        p->step++;
        prepend(&e->waiting, p);
    } else {
        if (err == -LDMSCTL_EREFUSED)
            say_refused(e, p);
        finish(e, p, err);
    }
    lc_pending_send(e, now_ms);
}

static struct lc_pending **
find_sent(struct lc_engine *e, uint32_t msg_no)
{
    struct lc_pending **at = &e->sent.first;

    while (*at && (*at)->msg_no != msg_no)
        at = &(*at)->next;
    return *at ? at : NULL;
}

static void
fail(struct lc_engine *e, const struct lc_pending *p, int err, const char *why)
{
    lc_engine_say(e, "%s: answer to %s: %s", e->peer, p->call.name, why);
    lc_engine_close(e, err, false);
}

/* What a call's answer may be: all of them together have one limit. */
static struct lc_message_limit
limit_of(const struct lc_engine *e, const struct lc_pending *p)
{
    size_t others = e->held_bytes - p->message.room;
    return (struct lc_message_limit){.bytes = e->options->max_response_bytes - others,
                                     .records = LC_ENGINE_RECORDS_MAX};
}

/* A large answer in one record keeps the bytes that it came in, if all of them may be
 * held: there may be more of them than it needs. */
static bool
adopt(struct lc_engine *e, struct lc_pending *p, const struct lc_record *r,
      const struct lc_message_limit *limit)
{
    size_t used = (size_t)(r->body + r->len - queue_at(&e->in));
    struct queue rest = queue_make(e->in.limit);

    if (r->len < LC_ENGINE_READ_BYTES * 2 || e->in.room > limit->bytes ||
        p->message.started || r->flags != (LC_RECORD_SOM | LC_RECORD_EOM) ||
        e->in.len - used > r->len / 16)
        return false;
    if (queue_push(&rest, queue_at(&e->in) + used, e->in.len - used) < 0) {
        queue_free(&rest);
        return false;
    }
    lc_message_adopt(&p->message, r, e->in.bytes, e->in.room);
    e->in = rest;
    e->adopted = true;
    return true;
}

void
lc_pending_take_record(struct lc_engine *e, const struct lc_envelope *envelope,
                       uint64_t now_ms)
{
    struct lc_record r;

    if (lc_record_take(envelope->body, envelope->len, &r) < 0 ||
        !lc_record_is_sound(&r)) {
        lc_engine_say(e, "%s sent a record whose lengths disagree", e->peer);
        lc_engine_close(e, -LDMSCTL_EPROTO, false);
        return;
    }
    struct lc_pending **at =
        r.type == LC_RECORD_RESPONSE ? find_sent(e, r.msg_no) : NULL;
    if (!at || (*at)->call.steps[(*at)->step].request_id == 0)
        return; /* streams that were subscribed to, or late answers */

    struct lc_pending *p = *at;
    size_t before = p->message.room;
    struct lc_message_limit limit = limit_of(e, p);
    int whole = adopt(e, p, &r, &limit) ? 1 : lc_message_add(&p->message, &r, &limit);
    e->held_bytes += p->message.room - before;
    if (whole < 0) {
        fail(e, p, whole,
             whole == -LDMSCTL_EPROTO ? "its records are out of turn"
                                      : "it is longer than is allowed");
        return;
    }
    if (!whole)
        return;
    int err = lc_answer_read(&p->answer, &p->message, p->call.reply);
    if (err == -LDMSCTL_EPROTO) {
        fail(e, p, err, "its attributes are broken");
        return;
    }
    answered(e, at, err, now_ms);
}

static int
add_document(struct lc_engine *e, struct lc_pending *p,
             const struct lc_dir_reply *reply)
{
    struct lc_record r = {.type = LC_RECORD_RESPONSE,
                          .flags = (p->message.started ? 0U : LC_RECORD_SOM) |
                                   (reply->more ? 0U : LC_RECORD_EOM),
                          .code = reply->rc,
                          .body = reply->json,
                          .len = reply->rc == 0 ? reply->len : 0};
    size_t before = p->message.room;
    struct lc_message_limit limit = limit_of(e, p);

    if ((p->n_lens & (p->n_lens + 1)) == 0) { /* full at 0, 1, 3, 7... */
        size_t *lens = realloc(p->lens, (2 * p->n_lens + 1) * sizeof(*lens));
        if (!lens)
            return -ENOMEM;
        p->lens = lens;
    }
    int whole = lc_message_add(&p->message, &r, &limit);
    e->held_bytes += p->message.room - before;
    if (whole >= 0)
        p->lens[p->n_lens++] = r.len;
    return whole;
}

void
lc_pending_take_dir(struct lc_engine *e, const struct lc_envelope *envelope,
                    uint64_t now_ms)
{
    struct lc_dir_reply reply;
    size_t fault = 0;
    uint32_t msg_no = (uint32_t)envelope->xid;

    if (lc_dir_reply_take(envelope->body, envelope->len, &reply) < 0) {
        lc_engine_say(e, "%s sent a directory whose lengths disagree", e->peer);
        lc_engine_close(e, -LDMSCTL_EPROTO, false);
        return;
    }
    struct lc_pending **at = envelope->xid == msg_no && reply.type == LC_DIR_LIST
                                 ? find_sent(e, msg_no)
                                 : NULL;
    if (!at || (*at)->call.steps[(*at)->step].request_id != 0)
        return;
    struct lc_pending *p = *at;
    int whole = add_document(e, p, &reply);
    if (whole < 0) {
        fail(e, p, whole, "it is longer than is allowed");
        return;
    }
    if (!whole)
        return;
    int err = lc_answer_read_dir(&p->answer, &p->message, p->lens, p->n_lens,
                                 e->options->max_response_bytes, &fault);
    if (err == -LDMSCTL_ETOOBIG) {
        fail(e, p, err, "it has more sets than are allowed");
        return;
    }
    if (err == -LDMSCTL_EPROTO)
        lc_engine_say(e, "%s: the directory is not JSON at byte %zu", e->peer, fault);
    answered(e, at, err, now_ms);
}

void
lc_pending_end_all(struct lc_engine *e, int err)
{
    while (e->sent.first)
        finish(e, take_out(&e->sent, &e->sent.first), err);
    while (e->waiting.first)
        finish(e, take_out(&e->waiting, &e->waiting.first), err);
    e->n_sent = 0;
}

void
lc_pending_free_all(struct lc_engine *e)
{
    free_pending(e, e->taken);
    e->taken = NULL;
    while (e->done.first)
        free_pending(e, take_out(&e->done, &e->done.first));
}

/* Hand out the call that *at points to, with its sentence; NULL for an event of the
 * connection. What was handed out before is no more. */
static const struct ldmsctl_event *
hand_out(struct lc_engine *e, struct lc_pending **at)
{
    free_pending(e, e->taken);
    e->taken = at ? take_out(&e->done, at) : NULL;
    e->event = (struct ldmsctl_event){.type = LDMSCTL_EVENT_REPLY};
    if (e->taken) {
        e->n_pending--; /* though its answer stays until the next call */
        e->event.err = e->taken->err;
        e->event.request = e->taken->number;
        e->event.method = e->taken->call.name;
        e->event.reply = e->taken->answer.reply;
        if (e->taken->why)
            lc_engine_say(e, "%s", e->taken->why);
    }
    return &e->event;
}

const struct ldmsctl_event *
lc_engine_next(struct lc_engine *e)
{
    if (e->connected_event) {
        (void)hand_out(e, NULL);
        e->event.type = LDMSCTL_EVENT_CONNECTED;
        e->event.err = e->connect_err;
        e->connected_event = false;
        return &e->event;
    }
    struct lc_pending **at = &e->done.first;
    while (*at && (*at)->raw)
        at = &(*at)->next;
    if (*at)
        return hand_out(e, at);
    if (e->closed_event) {
        (void)hand_out(e, NULL);
        e->event.type = LDMSCTL_EVENT_CLOSED;
        e->event.err = e->closed_err;
        e->closed_event = false;
        return &e->event;
    }
    return NULL;
}

const struct ldmsctl_event *
lc_engine_take(struct lc_engine *e, uint32_t number)
{
    struct lc_pending **at = &e->done.first;

    while (*at && (*at)->number != number)
        at = &(*at)->next;
    return *at ? hand_out(e, at) : NULL;
}

bool
lc_engine_has(const struct lc_engine *e, uint32_t number)
{
    const struct lc_list *lists[] = {&e->done, &e->sent, &e->waiting};

    for (size_t i = 0; i < 3; i++)
        for (const struct lc_pending *p = lists[i]->first; p; p = p->next)
            if (p->number == number)
                return true;
    return false;
}

uint32_t
lc_engine_find_raw(const struct lc_engine *e)
{
    const struct lc_list *lists[] = {&e->done, &e->sent, &e->waiting};
    uint32_t oldest = 0;

    for (size_t i = 0; i < 3; i++)
        for (const struct lc_pending *p = lists[i]->first; p; p = p->next)
            if (p->raw && (oldest == 0 || p->number < oldest))
                oldest = p->number;
    return oldest;
}

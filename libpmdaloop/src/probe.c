/* SPDX-License-Identifier: MIT */
/* The collector's end: PDUs in and out, and in which order the answers are due. */
#include "probe.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int
pl_probe_fail(struct pmdaloop_probe *p, int err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(p->why, sizeof(p->why), format, args);
    va_end(args);
    return err;
}

const char *
pmdaloop_probe_errmsg(const struct pmdaloop_probe *p)
{
    return p->why;
}

int
pmdaloop_probe_new(struct pmdaloop_probe **ret_probe,
                   const struct pmdaloop_probe_options *options)
{
    struct pmdaloop_probe_options o = {.size = sizeof(o)};

    if (options && options->size < sizeof(o))
        return -EINVAL;
    for (size_t i = sizeof(o); options && i < options->size; i++)
        if (((const uint8_t *)options)[i])
            return -E2BIG;
    if (options)
        o = *options;
    struct pmdaloop_probe *p = calloc(1, sizeof(*p));
    if (!p)
        return -ENOMEM;
    p->max_reply_bytes = o.max_reply_bytes ? o.max_reply_bytes : (size_t)64 << 20;
    p->reply_timeout_ms = o.reply_timeout_ms ? o.reply_timeout_ms : 5000;
    p->in = queue_make(p->max_reply_bytes + 65536);
    p->out = queue_make((size_t)64 << 20);
    p->in_fd = p->out_fd = -1;
    *ret_probe = p;
    return 0;
}

void
pmdaloop_probe_free(struct pmdaloop_probe *p)
{
    if (!p)
        return;
    pl_probe_io_close(p);
    queue_free(&p->in);
    queue_free(&p->out);
    free(p->questions);
    free(p->items);
    free(p->text);
    free(p);
}

void
pl_probe_close(struct pmdaloop_probe *p, int err)
{
    if (!p->closed)
        p->closed = err;
}

int
pmdaloop_probe_set_context(struct pmdaloop_probe *p, int32_t context)
{
    p->context = context;
    return 0;
}

/* ---- bytes ---- */

int
pmdaloop_probe_feed(struct pmdaloop_probe *p, const void *bytes, size_t n)
{
    if (n == 0)
        p->eof = true;
    int err = queue_push(&p->in, bytes, n);
    if (err < 0)
        pl_probe_close(p, err);
    return err;
}

size_t
pmdaloop_probe_get_out(struct pmdaloop_probe *p, const void **ret_bytes)
{
    *ret_bytes = queue_at(&p->out);
    return p->out.len;
}

void
pmdaloop_probe_sent(struct pmdaloop_probe *p, size_t n)
{
    queue_drop(&p->out, n);
}

/* An agent that is late is out of step with us from then on: pmcd drops it too. */
void
pmdaloop_probe_tick(struct pmdaloop_probe *p, uint64_t now_ms)
{
    p->now_ms = now_ms;
    if (p->hello_due_ms == 0)
        p->hello_due_ms = now_ms + p->reply_timeout_ms;
    if (!p->is_open && p->hello_due_ms <= now_ms)
        pl_probe_close(p, pl_probe_fail(p, -ETIMEDOUT,
                                        "no version from the agent within %u ms",
                                        p->reply_timeout_ms));
    else if (p->n_questions > 0 && p->questions[0].deadline_ms <= now_ms)
        pl_probe_close(p, pl_probe_fail(p, -ETIMEDOUT, "no reply within %u ms",
                                        p->reply_timeout_ms));
}

/* ---- events ---- */

static const struct pmdaloop_probe_event *
take_hello(struct pmdaloop_probe *p, const void *pdu, const struct pl_head *h)
{
    uint8_t bytes[64];
    struct wr w = wr_over(bytes, sizeof(bytes));
    struct pl_creds creds;

    if (h->type != PL_CREDS || pl_creds_decode(pdu, h->len, &creds) < 0 ||
        creds.version == 0) {
        pl_probe_close(p, pl_probe_fail(p, -PMDALOOP_EPROTO,
                                        "the agent's first words are no version"));
        return NULL;
    }
    pl_creds_encode(&w, (int32_t)getpid(), 2, creds.flags & PMDALOOP_WANT_ATTRIBUTES);
    int err = queue_push(&p->out, bytes, wr_len(&w));
    if (err < 0)
        pl_probe_close(p, err);
    p->is_open = true;
    p->event = (struct pmdaloop_probe_event){.kind = PMDALOOP_PROBE_OPENED,
                                             .flags = creds.flags};
    return &p->event;
}

static const struct pmdaloop_probe_event *
take_reply(struct pmdaloop_probe *p, const void *pdu, const struct pl_head *h)
{
    struct pl_question q = {0};
    int32_t code = 0;

    p->n_items = p->text_len = 0;
    p->event = (struct pmdaloop_probe_event){.pdu = pdu, .pdu_bytes = h->len};
    if (h->type == PL_ERROR)
        (void)pl_error_decode(pdu, h->len, &code);
    if (p->n_questions == 0 || code == PMDALOOP_PM_READY) {
        p->event.kind = PMDALOOP_PROBE_UNASKED;
        p->event.code = code;
        p->event.err = h->type == PL_ERROR ? 0 : -PMDALOOP_EPROTO;
        return &p->event;
    }
    q = p->questions[0];
    memmove(p->questions, p->questions + 1, --p->n_questions * sizeof(*p->questions));
    p->event.kind = PMDALOOP_PROBE_REPLY;
    p->event.number = q.number;
    p->event.err = pl_probe_read(p, pdu, h, q.type);
    p->event.items = p->items;
    p->event.n_items = p->n_items;
    return &p->event;
}

const struct pmdaloop_probe_event *
pmdaloop_probe_next(struct pmdaloop_probe *p)
{
    struct pl_head h;

    queue_drop(&p->in, p->taken);
    p->taken = 0;
    if (!p->closed) {
        const void *pdu = queue_at(&p->in);
        int got = pl_pdu_peek(pdu, p->in.len, p->max_reply_bytes, &h);
        if (got < 0)
            pl_probe_close(p,
                           pl_probe_fail(p, got, "the agent has sent what is no PDU"));
        else if (got == 0 && p->eof)
            pl_probe_close(
                p, pl_probe_fail(p, p->in.len ? -PMDALOOP_EPROTO : -PMDALOOP_ECLOSED,
                                 "the agent has ended the session"));
        if (got > 0) {
            p->taken = h.len;
            const struct pmdaloop_probe_event *event =
                p->is_open ? take_reply(p, pdu, &h) : take_hello(p, pdu, &h);
            if (event)
                return event;
        }
    }
    if (!p->closed || p->closed_told)
        return NULL;
    p->closed_told = true;
    p->event = (struct pmdaloop_probe_event){
        .kind = PMDALOOP_PROBE_CLOSED,
        .err = p->closed == -PMDALOOP_ECLOSED ? 0 : p->closed};
    return &p->event;
}

int
pmdaloop_probe_await(struct pmdaloop_probe *p, uint32_t number,
                     const struct pmdaloop_probe_event **ret_event)
{
    const struct pmdaloop_probe_event *event;

    if (number == 0 && p->is_open)
        return 0;
    for (;;) {
        while ((event = pmdaloop_probe_next(p)) != NULL) {
            if (event->kind == PMDALOOP_PROBE_CLOSED)
                return event->err ? event->err : -PMDALOOP_ECLOSED;
            if (event->number != number ||
                (number == 0 && event->kind != PMDALOOP_PROBE_OPENED))
                continue;
            if (ret_event)
                *ret_event = event;
            return event->err;
        }
        int err = pmdaloop_probe_wait(p, -1);
        if (err < 0 && !p->closed)
            return err;
        if (err < 0 && p->closed_told)
            return p->closed;
    }
}

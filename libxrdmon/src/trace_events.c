/* SPDX-License-Identifier: MIT */
/* Events of the t-stream. A client can forge entries, since it chooses the offset that a
 * read is traced with before it is refused: no count is believed, and no mark of time
 * that lacks the server's id. */
#include "engine.h"
#include "trace.h"

/* Where the window that starts at p ends: as the next mark says. */
static uint32_t
window_end(const struct xm_engine *e, const uint8_t *p)
{
    for (; (size_t)(e->cursor.end - p) >= XM_TRACE_BYTES; p += XM_TRACE_BYTES)
        if (p[0] == XRDMON_TRACE_WINDOW && (rd_be64(p) & XM_SID_MASK) == e->window_sid)
            return rd_be32(p + 8);
    return 0;
}

/* False for a forged one, which is told as what it is: an entry without a meaning. */
static bool
take_mark(struct xm_engine *e)
{
    struct xrdmon_trace_record *t = &e->trace;

    if (e->window_sid == UINT64_MAX)
        e->window_sid = t->u.window.sid;
    if (t->u.window.sid != e->window_sid) {
        e->item->server->counts.forged++;
        t->type = XRDMON_TRACE_UNKNOWN;
        return false;
    }
    e->event.window = (struct xrdmon_window){.begin_unix_s = t->u.window.start_unix_s,
                                             .end_unix_s = window_end(e, e->cursor.at)};
    e->window_number++;
    return true;
}

/* A vector read that was unpacked is followed by its segments, which may begin in one
 * packet and end in another: counting both would count its bytes twice. */
static bool
is_segment(struct xm_server *s, struct xm_file *f, uint32_t dictid)
{
    uint32_t *left = f                     ? &f->segments_left
                     : dictid == s->orphan ? &s->orphan_segments
                                           : NULL;
    if (!left || *left == 0)
        return false;
    --*left;
    return true;
}

static void
expect_segments(struct xm_server *s, struct xm_file *f, uint32_t dictid, uint32_t n)
{
    if (f) {
        f->segments_left = n;
    } else if (n || dictid == s->orphan) {
        s->orphan = dictid;
        s->orphan_segments = n;
    }
}

/* Some servers send opens and closes twice to one of their destinations. */
static bool
is_twice(const struct xm_engine *e, struct xm_file *f)
{
    bool *was = e->trace.type == XRDMON_TRACE_OPEN ? &f->t_opened : &f->t_closed;

    if (*was && !e->set.no_deduplicate)
        return true;
    *was = true;
    return false;
}

static bool
tell_of_file(struct xm_engine *e)
{
    const struct xrdmon_trace_record *t = &e->trace;
    struct xm_server *s = e->item->server;
    struct xm_file *f = xm_file_find(s, t->dictid);
    bool is_segment_read = false;

    if (!f && e->set.is_strict)
        return false;
    switch (t->type) {
    case XRDMON_TRACE_READ:
        is_segment_read = is_segment(s, f, t->dictid);
        break;
    case XRDMON_TRACE_READU:
        expect_segments(s, f, t->dictid, t->u.readv.segments);
        break;
    case XRDMON_TRACE_OPEN:
        expect_segments(s, f, t->dictid, 0);
        if (f && is_twice(e, f))
            return false;
        break;
    case XRDMON_TRACE_CLOSE:
        expect_segments(s, f, t->dictid, 0);
        if (f && is_twice(e, f))
            return false;
        break;
    default:
        break;
    }
    xm_event_file(e, t->dictid, f);
    e->event.is_segment = is_segment_read;
    if (f && t->type == XRDMON_TRACE_CLOSE)
        xm_file_end(f);
    return true;
}

static bool
tell_of_user(struct xm_engine *e)
{
    struct xm_server *s = e->item->server;
    struct xm_user *u = xm_user_find(s, e->trace.dictid);

    if (!u && e->set.is_strict)
        return false;
    e->event.id = e->trace.dictid;
    e->event.path = (struct xrdmon_text){NULL, 0};
    e->event.client = u ? &u->client : NULL;
    e->event.is_segment = false;
    s->counts.unresolved_users += !u;
    if (u && !e->trace.u.disc.is_bound) /* or it is one of its connections alone */
        xm_user_end(u);
    return true;
}

static bool
tell_of_nobody(struct xm_engine *e)
{
    if (e->set.is_strict)
        return false;
    e->event.id = e->trace.dictid;
    e->event.path = (struct xrdmon_text){NULL, 0};
    e->event.client = NULL;
    e->event.is_segment = false;
    return true;
}

bool
xm_tell_trace(struct xm_engine *e)
{
    struct xrdmon_cursor *c = &e->cursor;
    struct xrdmon_event *ev = &e->event;
    struct xm_server *s = e->item->server;

    ev->type = XRDMON_EV_TRACE;
    ev->trace = &e->trace;
    while ((size_t)(c->end - c->at) >= XM_TRACE_BYTES) {
        bool is_told;
        if (e->window_sid == UINT64_MAX && c->at[0] != XRDMON_TRACE_WINDOW) {
            /* its entries are told all the same, in no window */
            e->window_sid = s->known.sid;
            return xm_tell_bad(e, -XRDMON_EMALFORMED, (size_t)(c->at - c->start),
                               "the first entry is no window mark");
        }
        xm_trace_decode(c->at, &e->trace);
        c->offset = (size_t)(c->at - c->start);
        c->at += XM_TRACE_BYTES;
        switch (e->trace.type) {
        case XRDMON_TRACE_WINDOW:
            if (take_mark(e))
                continue;
            is_told = tell_of_nobody(e);
            break;
        case XRDMON_TRACE_DISC:
            is_told = tell_of_user(e);
            break;
        case XRDMON_TRACE_APPID:
        case XRDMON_TRACE_UNKNOWN:
            is_told = tell_of_nobody(e);
            break;
        case XRDMON_TRACE_READV:
        case XRDMON_TRACE_READU:
            if (e->set.is_strict) {
                is_told = false;
                break;
            }
            is_told = tell_of_file(e);
            break;
        default:
            is_told = tell_of_file(e);
            break;
        }
        if (is_told)
            return true;
        s->counts.dropped++;
    }
    int err = xm_cursor_tail(c);
    ev->trace = NULL;
    return err < 0 && xm_tell_bad(e, err, c->offset, c->why);
}

/* SPDX-License-Identifier: MIT */
/* Events of the f-stream, and the accesses that they add up to. */
#include "engine.h"

static void
set_window(struct xm_engine *e, const struct xrdmon_fstat_time *t)
{
    e->event.window = (struct xrdmon_window){.begin_unix_s = t->begin_unix_s,
                                             .end_unix_s = t->end_unix_s};
    e->window_sid = t->sid;
    e->window_number++;
}

static void
set_last(struct xm_engine *e, struct xm_file *f, const struct xrdmon_fstat_totals *t)
{
    f->totals = *t;
    f->has_totals = true;
    f->last_begin_unix_s = e->event.window.begin_unix_s;
    f->last_end_unix_s = e->event.window.end_unix_s;
}

/* The file of an xfr or a close. One whose open and path never came is an access all the
 * same, though nobody knows of what. */
static struct xm_file *
file_of(struct xm_engine *e)
{
    struct xm_server *s = e->item->server;

    xm_limits_hold(e); /* before anything is found that the event will speak of */
    struct xm_file *f = xm_file_find(s, e->fstat.id);
    if (!f && e->set.want_access && !e->set.is_strict)
        f = xm_file_make(s, e->fstat.id);
    return f;
}

/* With a path the open needs no map before it. */
static bool
tell_open(struct xm_engine *e, const struct xrdmon_fstat_open *o)
{
    struct xm_server *s = e->item->server;

    xm_limits_hold(e); /* before anything is found that the event will speak of */
    struct xm_file *f = xm_file_find(s, e->fstat.id);
    struct xm_user *u = xm_user_find(s, o->user_dictid);

    if (e->set.is_strict && (o->has_lfn ? o->user_dictid && !u : !f))
        return false;
    if (!f && o->has_lfn)
        f = xm_file_make(s, e->fstat.id);
    if (f) {
        f->f_opened = true;
        f->f_closed = false;
        f->file_bytes = o->file_bytes;
        f->is_rw = o->is_rw;
        f->open_begin_unix_s = e->event.window.begin_unix_s;
        f->open_end_unix_s = e->event.window.end_unix_s;
        if (o->has_lfn)
            (void)xm_file_set_path(f, o->path);
        if (u)
            xm_file_set_user(f, u);
        else if (o->user_dictid)
            f->user_dictid = o->user_dictid;
        if (f->user && f->user->server && xm_list_is_empty(&f->of_user))
            xm_list_append(&f->user->files, &f->of_user);
    }
    xm_event_file(e, e->fstat.id, f);
    if (o->has_lfn)
        e->event.path = o->path;
    return true;
}

static bool
tell_xfr(struct xm_engine *e)
{
    struct xm_file *f = file_of(e);

    if (!f && e->set.is_strict)
        return false;
    if (f)
        set_last(e, f, &e->fstat.u.xfr);
    xm_event_file(e, e->fstat.id, f);
    return true;
}

static bool
tell_close(struct xm_engine *e, const struct xrdmon_fstat_close *c)
{
    struct xm_file *f = file_of(e);

    if (!f && e->set.is_strict)
        return false;
    xm_event_file(e, e->fstat.id, f);
    if (f) {
        set_last(e, f, &c->totals);
        f->is_forced = c->is_forced;
        f->f_closed = true;
        xm_list_remove(&f->of_user);
        xm_file_tell(f, XRDMON_END_CLOSE);
        xm_file_end(f);
    }
    return true;
}

static bool
tell_disc(struct xm_engine *e)
{
    struct xm_user *u = xm_user_find(e->item->server, e->fstat.id);

    if (!u && e->set.is_strict)
        return false;
    e->event.id = e->fstat.id;
    e->event.path = (struct xrdmon_text){NULL, 0};
    e->event.client = u ? &u->client : NULL;
    e->item->server->counts.unresolved_users += !u;
    if (u) {
        xm_user_end_accesses(u);
        xm_user_end(u);
    }
    return true;
}

static bool
tell_record(struct xm_engine *e)
{
    switch (e->fstat.type) {
    case XRDMON_FSTAT_TIME:
        set_window(e, &e->fstat.u.time);
        return false;
    case XRDMON_FSTAT_OPEN:
        return tell_open(e, &e->fstat.u.open);
    case XRDMON_FSTAT_XFR:
        return tell_xfr(e);
    case XRDMON_FSTAT_CLOSE:
        return tell_close(e, &e->fstat.u.close);
    case XRDMON_FSTAT_DISC:
        return tell_disc(e);
    default:
        return false;
    }
}

bool
xm_tell_fstat(struct xm_engine *e)
{
    struct xrdmon_event *ev = &e->event;
    int more;

    ev->type = XRDMON_EV_FSTAT;
    ev->fstat = &e->fstat;
    while ((more = xrdmon_fstat_next(&e->cursor, &e->fstat)) > 0) {
        if (e->window_sid == UINT64_MAX && e->fstat.type != XRDMON_FSTAT_TIME) {
            /* the record itself is told all the same, in no window */
            e->cursor.at = e->fstat.bytes;
            e->window_sid = 0;
            return xm_tell_bad(e, -XRDMON_EMALFORMED, e->cursor.offset,
                               "the first record is no time");
        }
        if (tell_record(e))
            return true;
        e->item->server->counts.dropped += e->fstat.type != XRDMON_FSTAT_TIME;
    }
    ev->fstat = NULL;
    return more < 0 && xm_tell_bad(e, more, e->cursor.offset, e->cursor.why);
}

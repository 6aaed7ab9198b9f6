/* SPDX-License-Identifier: MIT */
/* Events of the r-stream. */
#include "engine.h"

/* The time of the next mark, and the size it gives to the window before it. */
static void
set_window(struct xm_engine *e, const struct xrdmon_redir_record *mark)
{
    struct xrdmon_cursor ahead = e->cursor;
    struct xrdmon_redir_record r;
    struct xrdmon_window w = {.begin_unix_s = mark->u.window.start_unix_s,
                              .size_s = mark->u.window.size_s};

    w.end_unix_s = w.begin_unix_s + w.size_s;
    while (xrdmon_redir_next(&ahead, &r) > 0) {
        if (r.type != XRDMON_REDIR_WINDOW)
            continue;
        w.end_unix_s = w.begin_unix_s + r.u.window.size_s;
        w.next_unix_s = r.u.window.start_unix_s;
        break;
    }
    e->event.window = w;
    e->window_number++;
}

static bool
tell_redirect(struct xm_engine *e)
{
    struct xm_server *s = e->item->server;
    struct xrdmon_event *ev = &e->event;
    struct xm_user *u = xm_user_find(s, e->redir.u.redirect.dictid);

    if (!u && e->set.is_strict)
        return false;
    ev->id = e->redir.u.redirect.dictid;
    ev->client = u ? &u->client : NULL;
    ev->path = e->redir.u.redirect.path;
    s->counts.unresolved_users += !u;
    return true;
}

bool
xm_tell_redir(struct xm_engine *e)
{
    int more;

    e->event.type = XRDMON_EV_REDIR;
    e->event.redir = &e->redir;
    while ((more = xrdmon_redir_next(&e->cursor, &e->redir)) > 0) {
        switch (e->redir.type) {
        case XRDMON_REDIR_WINDOW:
            set_window(e, &e->redir);
            break;
        case XRDMON_REDIR_REDIRECT:
        case XRDMON_REDIR_REDLOCAL:
            if (tell_redirect(e))
                return true;
            e->item->server->counts.dropped++;
            break;
        default:
            break;
        }
    }
    e->event.redir = NULL;
    return more < 0 && xm_tell_bad(e, more, e->cursor.offset, e->cursor.why);
}

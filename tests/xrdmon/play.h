/* SPDX-License-Identifier: MIT */
#ifndef PLAY_H
#define PLAY_H

/* A server to play with: packets made by the encoders, and the events that come of them
 * as one line of text. */
#include "show.h"

#define SECOND UINT64_C(1000000000)

struct play {
    struct xrdmon *xm;
    struct show told;
    struct xrdmon_source source;
    uint64_t now_ns, sid;
    uint32_t stod;
    uint8_t main, fstat, gstream; /* the next number of each sequence */
    bool is_flood;                /* what comes of it is not told */
};

static inline struct play
play_new(struct xrdmon_options o)
{
    struct play p = {.now_ns = 1000 * SECOND, .sid = 7, .stod = 500};

    o.size = sizeof(o);
    assert_int_equal(xrdmon_new(&p.xm, &o), 0);
    return p;
}

static inline const char *
play_user(const struct xrdmon_event *ev)
{
    static char name[300];

    if (!ev->client)
        return "?";
    snprintf(name, sizeof(name), "%.*s%s%.*s", SHOW_TEXT(ev->client->userid.user),
             ev->client->has_auth ? "+" : "", SHOW_TEXT(ev->client->auth.name));
    return name;
}

static inline void
play_tell(struct show *s, const struct xrdmon_event *ev)
{
    static const char *const ends[] = {"",        "closed",  "disconnected", "restart",
                                       "timeout", "evicted", "flush"};

    switch (ev->type) {
    case XRDMON_EV_SERVER:
        SHOW(s, " server");
        break;
    case XRDMON_EV_USER:
        SHOW(s, " user %s", play_user(ev));
        break;
    case XRDMON_EV_PATH:
        SHOW(s, " path %.*s %s", SHOW_TEXT(ev->path), play_user(ev));
        break;
    case XRDMON_EV_FSTAT:
        show_fstat_record(s, ev->fstat);
        if (ev->fstat->type != XRDMON_FSTAT_DISC)
            SHOW(s, " %.*s", SHOW_TEXT(ev->path));
        SHOW(s, " %s", play_user(ev));
        break;
    case XRDMON_EV_TRACE:
        SHOW(s, "%s", ev->is_segment ? " segment:" : "");
        show_trace_record(s, ev->trace);
        SHOW(s, " %.*s %s", SHOW_TEXT(ev->path), play_user(ev));
        break;
    case XRDMON_EV_REDIR:
        show_redir_record(s, ev->redir);
        SHOW(s, " %s", play_user(ev));
        break;
    case XRDMON_EV_ACCESS:
        SHOW(s, " access %.*s %s %s %" PRId64 "%s", SHOW_TEXT(ev->path), play_user(ev),
             ends[ev->access->end], ev->access->totals.read_bytes,
             ev->access->close ? " final" : "");
        break;
    case XRDMON_EV_WINDOW_BEGIN:
        SHOW(s, " [%" PRIu32 "-%" PRIu32, ev->window.begin_unix_s,
             ev->window.end_unix_s);
        break;
    case XRDMON_EV_WINDOW_END:
        SHOW(s, " ]");
        break;
    case XRDMON_EV_BAD:
        SHOW(s, " bad@%zu", ev->bad.offset);
        break;
    default:
        SHOW(s, " event%d", ev->type);
        break;
    }
    SHOW(s, ";");
}

static inline void
play_drain(struct play *p)
{
    const struct xrdmon_event *ev;

    while ((ev = xrdmon_next(p->xm)) != NULL)
        if (!p->is_flood)
            play_tell(&p->told, ev);
}

/* What was told since the last time. */
static inline void
play_expect(struct play *p, const char *want)
{
    play_drain(p);
    const char *got = p->told.len ? p->told.text + 1 : "";
    assert_string_equal(got, want);
    p->told.len = 0;
}

static inline void
play_bytes(struct play *p, const void *bytes, size_t len)
{
    assert_int_equal(xrdmon_feed(p->xm, &p->source, bytes, len, p->now_ns), 0);
    play_drain(p);
}

static inline void
play_tick(struct play *p, uint64_t pass_ns)
{
    p->now_ns += pass_ns;
    xrdmon_tick(p->xm, p->now_ns);
    play_drain(p);
}

static inline void
play_send(struct play *p, struct xrdmon_writer *w)
{
    int n = xrdmon_write_end(w);
    assert_true(n > 0);
    play_bytes(p, w->bytes, (size_t)n);
}

static inline void
play_begin(struct play *p, struct xrdmon_writer *w, char code)
{
    static uint8_t bytes[65536];
    uint8_t *pseq = code == 'f' ? &p->fstat : code == 'g' ? &p->gstream : &p->main;
    struct xrdmon_header h = {.code = code, .pseq = (*pseq)++, .stod_unix_s = p->stod};

    xrdmon_write_begin(w, bytes, sizeof(bytes), &h);
}

/* A map: who is "al" or the like. */
static inline void
play_map(struct play *p, char code, uint32_t dictid, const char *who,
         const char *payload)
{
    char userid[200];
    struct xrdmon_writer w;
    struct xrdmon_map m = {.code = code, .dictid = dictid};

    snprintf(userid, sizeof(userid), "xroot/%s.1:%" PRIu64 "@h", who, p->sid);
    m.userid.raw = (struct xrdmon_text){userid, strlen(userid)};
    if (payload)
        m.payload = (struct xrdmon_text){payload, strlen(payload)};
    play_begin(p, &w, code);
    xrdmon_write_map(&w, &m);
    play_send(p, &w);
}

static inline void
play_announce(struct play *p)
{
    play_map(p, '=', 0, "xrdd", "&site=S&port=1094");
}

static inline void
play_fstat_begin(struct play *p, struct xrdmon_writer *w)
{
    struct xrdmon_fstat_record r = {.type = XRDMON_FSTAT_TIME,
                                    .flags = XRDMON_FSTAT_HAS_SID};

    r.u.time.begin_unix_s = 100;
    r.u.time.end_unix_s = 110;
    r.u.time.has_sid = true;
    r.u.time.sid = p->sid;
    play_begin(p, w, 'f');
    xrdmon_write_fstat(w, &r);
}

static inline void
play_open(struct play *p, uint32_t id, uint32_t user, const char *path)
{
    struct xrdmon_writer w;
    struct xrdmon_fstat_record r = {
        .type = XRDMON_FSTAT_OPEN, .flags = path ? XRDMON_FSTAT_HAS_LFN : 0, .id = id};

    r.u.open.file_bytes = 10;
    r.u.open.has_lfn = path != NULL;
    r.u.open.user_dictid = user;
    if (path)
        r.u.open.path = (struct xrdmon_text){path, strlen(path)};
    play_fstat_begin(p, &w);
    xrdmon_write_fstat(&w, &r);
    play_send(p, &w);
}

static inline void
play_fstat(struct play *p, enum xrdmon_fstat_type type, uint32_t id, int64_t read)
{
    struct xrdmon_writer w;
    struct xrdmon_fstat_record r = {.type = (uint8_t)type, .id = id};

    if (type == XRDMON_FSTAT_CLOSE)
        r.u.close.totals.read_bytes = read;
    else
        r.u.xfr.read_bytes = read;
    play_fstat_begin(p, &w);
    xrdmon_write_fstat(&w, &r);
    play_send(p, &w);
}

static inline void
play_mark(struct play *p, struct xrdmon_writer *w, uint32_t time)
{
    struct xrdmon_trace_record r = {.type = XRDMON_TRACE_WINDOW};

    r.u.window.sid = p->sid;
    r.u.window.prev_end_unix_s = r.u.window.start_unix_s = time;
    xrdmon_write_trace(w, &r);
}

/* One entry between two marks. */
static inline void
play_trace(struct play *p, struct xrdmon_trace_record r)
{
    struct xrdmon_writer w;

    play_begin(p, &w, 't');
    play_mark(p, &w, 100);
    xrdmon_write_trace(&w, &r);
    play_mark(p, &w, 105);
    play_send(p, &w);
}

static inline struct xrdmon_stats
play_stats(const struct play *p)
{
    struct xrdmon_stats stats;

    xrdmon_get_stats(p->xm, &stats);
    return stats;
}

#endif

/* SPDX-License-Identifier: MIT */
/* Servers that do not exist, and what they would report. */
#include "synth.h"

#include <xrdmon.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As the servers do by default: what a packet holds, and how often it is sent. */
enum {
    TRACE_BYTES = 16384,
    FSTAT_BYTES = 16384,
    MAP_BYTES = 2048,
    TRACE_MARGIN = 64,   /* room for a window mark or two */
    FSTAT_MARGIN = 1536, /* and for the longest record */
    FSTAT_FLUSH_S = 5,
    TRACE_FLUSH_S = 60,
    WINDOW_S = 2,
    SESSION_S = 10,
    IDENT_S = 3600,
    RESTART_S = 40000,
};

static const uint32_t FIRST_START = 1767225600; /* 2026-01-01 */
static const uint64_t SID_MASK = UINT64_C(0xffffffffffff);

/* A packet that grows until it is sent. */
struct growing {
    struct xrdmon_writer writer;
    uint8_t bytes[TRACE_BYTES];
    uint32_t began, mark; /* its first second; of the window it is in */
    uint64_t records;
};

struct server {
    uint32_t number, stod, now, identified;
    uint64_t sid;
    uint32_t next_dictid, sessions;
    uint8_t main_pseq, fstat_pseq, tpc_pseq, cache_pseq, daemon_pseq;
    struct growing trace, fstat;
};

struct synth {
    uint64_t random;
    uint32_t server_count, users, turn;
    synth_sink *sink;
    void *arg;
    bool is_done;
    struct server servers[];
};

/* A session, in the words of the maps. */
struct session {
    uint32_t user, dictid;
    char userid[96];
};

/* splitmix64 */
static uint64_t
draw(struct synth *s)
{
    uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint32_t
below(struct synth *s, uint32_t n)
{
    return (uint32_t)((draw(s) >> 32) * n >> 32);
}

static struct xrdmon_text
text(const char *words)
{
    return (struct xrdmon_text){words, strlen(words)};
}

static void
emit(struct synth *s, struct xrdmon_writer *w, uint64_t records)
{
    int len = xrdmon_write_end(w);
    if (len < 0)
        abort(); /* ours: every packet was given room enough */
    if (!s->is_done)
        s->is_done = !s->sink(s->arg, w->bytes, (size_t)len, records);
}

static void
send_map(struct synth *s, struct server *sv, char code, uint8_t pseq, uint32_t dictid,
         const char *userid, const char *payload)
{
    uint8_t bytes[MAP_BYTES];
    struct xrdmon_writer w;
    struct xrdmon_header header = {.code = code, .pseq = pseq, .stod_unix_s = sv->stod};
    struct xrdmon_map map = {
        .code = code, .dictid = dictid, .userid.raw = text(userid)};

    if (payload)
        map.payload = text(payload);
    xrdmon_write_begin(&w, bytes, sizeof(bytes), &header);
    xrdmon_write_map(&w, &map);
    emit(s, &w, 1);
}

static void
identify(struct synth *s, struct server *sv)
{
    char userid[96], payload[128];
    snprintf(userid, sizeof(userid),
             "=/xrootd.%" PRIu32 ":%" PRIu64 "@ds%" PRIu32 ".example.org",
             1000 + sv->number, sv->sid, sv->number);
    snprintf(payload, sizeof(payload),
             "&site=SITE_%" PRIu32 "&port=1094&inst=main&pgm=xrootd&ver=v5.6.9",
             sv->number % 10);
    send_map(s, sv, '=', sv->main_pseq++, 0, userid, payload);
    sv->identified = sv->now;
}

/* The staging daemon beside the server: a process, an id and a numbering of its own. */
static void
identify_daemon(struct synth *s, struct server *sv)
{
    char userid[96], payload[128];
    snprintf(userid, sizeof(userid),
             "xrootd.%" PRIu32 ":%" PRIu64 "@ds%" PRIu32 ".example.org",
             2000 + sv->number, sv->sid | 1, sv->number);
    snprintf(payload, sizeof(payload),
             "&site=SITE_%" PRIu32 "&port=0&inst=main&pgm=frm_xfrd", sv->number % 10);
    send_map(s, sv, '=', sv->daemon_pseq++, 0, userid, payload);
}

static void
trace_put(struct server *sv, const struct xrdmon_trace_record *r)
{
    xrdmon_write_trace(&sv->trace.writer, r);
    sv->trace.records++;
}

static void
trace_mark(struct server *sv, uint32_t end, uint32_t start)
{
    struct xrdmon_trace_record mark = {.type = XRDMON_TRACE_WINDOW};
    mark.u.window.sid = sv->sid;
    mark.u.window.prev_end_unix_s = end;
    mark.u.window.start_unix_s = start;
    trace_put(sv, &mark);
    sv->trace.mark = start;
}

static void
trace_begin(struct server *sv)
{
    struct xrdmon_header header = {.code = 't', .stod_unix_s = sv->stod};
    xrdmon_write_begin(&sv->trace.writer, sv->trace.bytes, sizeof(sv->trace.bytes),
                       &header);
    sv->trace.records = 0;
    sv->trace.began = sv->now;
    trace_mark(sv, sv->now, sv->now);
}

static void
trace_flush(struct synth *s, struct server *sv)
{
    if (sv->trace.records > 1) {
        uint32_t end = sv->trace.mark + WINDOW_S;
        trace_mark(sv, end, end);
        sv->trace.bytes[1] = sv->main_pseq++; /* numbered when it is sent */
        emit(s, &sv->trace.writer, sv->trace.records);
    }
    trace_begin(sv);
}

/* Room for one more entry, in the window that is now. */
static void
trace_ready(struct synth *s, struct server *sv)
{
    if (sv->trace.writer.len + TRACE_MARGIN > sizeof(sv->trace.bytes) ||
        sv->now - sv->trace.began >= TRACE_FLUSH_S)
        trace_flush(s, sv);
    else if (sv->now - sv->trace.mark >= WINDOW_S)
        trace_mark(sv, sv->trace.mark + WINDOW_S, sv->now);
}

static void
fstat_begin(struct server *sv)
{
    struct xrdmon_header header = {.code = 'f', .stod_unix_s = sv->stod};
    struct xrdmon_fstat_record time = {.type = XRDMON_FSTAT_TIME,
                                       .flags = XRDMON_FSTAT_HAS_SID};
    time.u.time.begin_unix_s = time.u.time.end_unix_s = sv->now;
    time.u.time.has_sid = true;
    time.u.time.sid = sv->sid;
    xrdmon_write_begin(&sv->fstat.writer, sv->fstat.bytes, sizeof(sv->fstat.bytes),
                       &header);
    xrdmon_write_fstat(&sv->fstat.writer, &time);
    sv->fstat.records = 1;
    sv->fstat.began = sv->now;
}

static void
fstat_flush(struct synth *s, struct server *sv)
{
    enum { END_AT = 8 + 12 }; /* of the time record: known when it is sent */
    if (sv->fstat.records > 1) {
        for (int i = 0; i < 4; i++)
            sv->fstat.bytes[END_AT + i] = (uint8_t)(sv->now >> (24 - 8 * i));
        sv->fstat.bytes[1] = sv->fstat_pseq++;
        emit(s, &sv->fstat.writer, sv->fstat.records);
    }
    fstat_begin(sv);
}

static void
fstat_put(struct synth *s, struct server *sv, const struct xrdmon_fstat_record *r)
{
    if (sv->fstat.writer.len + FSTAT_MARGIN > sizeof(sv->fstat.bytes) ||
        sv->now - sv->fstat.began >= FSTAT_FLUSH_S)
        fstat_flush(s, sv);
    xrdmon_write_fstat(&sv->fstat.writer, r);
    sv->fstat.records++;
}

static void
start_server(struct synth *s, struct server *sv)
{
    sv->stod = sv->now;
    sv->main_pseq = sv->fstat_pseq = sv->daemon_pseq = 0;
    sv->tpc_pseq = sv->cache_pseq = 1;
    sv->next_dictid = 1;
    identify(s, sv);
    identify_daemon(s, sv);
    trace_begin(sv);
    fstat_begin(sv);
}

static void
log_in(struct synth *s, struct server *sv, struct session *ses)
{
    static const char *const vos[] = {"atlas", "cms", "lhcb", "alice", "ligo"};
    char payload[512];
    uint32_t user = ses->user = below(s, s->users);

    ses->dictid = sv->next_dictid++;
    snprintf(ses->userid, sizeof(ses->userid),
             "xroot/u%" PRIu32 ".%" PRIu32 ":%" PRIu64 "@[::ffff:192.0.2.%" PRIu32 "]",
             user, sv->sessions, sv->sid, user % 250 + 1);
    snprintf(payload, sizeof(payload),
             "&p=gsi&n=/DC=org/DC=example/CN=user %" PRIu32 "&h=wn%" PRIu32
             ".example.org&o=%s&r=&g=%s&m=&R=v5.6.9&x=xrdcp&y=&I=%d",
             user, user % 250 + 1, vos[user % 5], vos[user % 5], user % 3 ? 6 : 4);
    send_map(s, sv, 'u', sv->main_pseq++, ses->dictid, ses->userid, payload);
    if (sv->sessions % 8 == 0) {
        snprintf(payload, sizeof(payload), "%" PRIu32 "_job:%" PRIu64, user,
                 draw(s) % 1000000);
        send_map(s, sv, 'i', sv->main_pseq++, sv->next_dictid++, ses->userid, payload);
    }
    if (sv->sessions % 8 == 1) {
        snprintf(payload, sizeof(payload),
                 "&Uc=%" PRIu32 "&s=sub-%" PRIu32 "&n=u%" PRIu32
                 "&o=https://issuer.example.org&r=&g=/%s",
                 ses->dictid, user, user, vos[user % 5]);
        send_map(s, sv, 'T', sv->main_pseq++, sv->next_dictid++, ses->userid, payload);
    }
    if (sv->sessions % 8 == 2) {
        snprintf(payload, sizeof(payload), "&Uc=%" PRIu32 "&Ec=%" PRIu32 "&Ac=%" PRIu32,
                 ses->dictid, user % 5 + 2, user % 64);
        send_map(s, sv, 'U', sv->main_pseq++, sv->next_dictid++, ses->userid, payload);
    }
}

static void
log_out(struct synth *s, struct server *sv, const struct session *ses, bool is_forced)
{
    struct xrdmon_trace_record t = {.type = XRDMON_TRACE_DISC, .dictid = ses->dictid};
    struct xrdmon_fstat_record f = {.type = XRDMON_FSTAT_DISC, .id = ses->dictid};

    t.u.disc.is_forced = is_forced;
    t.u.disc.flags = is_forced ? XRDMON_TRACE_FORCED : 0;
    t.u.disc.connected_s = 1;
    trace_ready(s, sv);
    trace_put(sv, &t);
    fstat_put(s, sv, &f);
}

/* Some requests on an open file; what they add up to. */
static void
do_io(struct synth *s, struct server *sv, uint32_t id, bool is_rw,
      struct xrdmon_fstat_close *c)
{
    uint32_t requests = 8 + below(s, 48);
    int64_t offset = 0;

    for (uint32_t i = 0; i < requests; i++) {
        struct xrdmon_trace_record t = {.dictid = id};
        uint32_t len = 1 + below(s, 1 << 20);
        trace_ready(s, sv);
        if (!is_rw && i % 16 == 15) {
            t.type = XRDMON_TRACE_READV;
            t.u.readv.request = (uint8_t)i;
            t.u.readv.segments = 8;
            t.u.readv.len_bytes = (int32_t)len;
            c->totals.readv_bytes += len;
            c->ops.readv_calls++;
            c->ops.segments += 8;
            c->ssq.readv_bytes += (double)len * len;
        } else {
            t.type = is_rw ? XRDMON_TRACE_WRITE : XRDMON_TRACE_READ;
            t.u.rw.offset = offset;
            t.u.rw.len_bytes = len;
            offset += len;
            *(is_rw ? &c->totals.write_bytes : &c->totals.read_bytes) += len;
            ++*(is_rw ? &c->ops.write_calls : &c->ops.read_calls);
            *(is_rw ? &c->ssq.write_bytes : &c->ssq.read_bytes) += (double)len * len;
        }
        trace_put(sv, &t);
    }
}

static void
close_file(struct synth *s, struct server *sv, uint32_t id,
           const struct xrdmon_fstat_close *c)
{
    struct xrdmon_fstat_record f = {
        .type = XRDMON_FSTAT_CLOSE, .id = id, .u.close = *c};
    struct xrdmon_trace_record t = {.type = XRDMON_TRACE_CLOSE, .dictid = id};
    uint64_t read = (uint64_t)(c->totals.read_bytes + c->totals.readv_bytes);

    f.flags = (uint8_t)(XRDMON_FSTAT_HAS_OPS | XRDMON_FSTAT_HAS_SSQ |
                        (c->is_forced ? XRDMON_FSTAT_FORCED : 0));
    t.u.close.read_bytes = read;
    t.u.close.read_value = (uint32_t)read; /* some 60 requests stay below 4 GiB */
    t.u.close.write_bytes = (uint64_t)c->totals.write_bytes;
    t.u.close.write_value = (uint32_t)c->totals.write_bytes;
    trace_ready(s, sv);
    trace_put(sv, &t);
    fstat_put(s, sv, &f);
}

static void
use_file(struct synth *s, struct server *sv, const struct session *ses, bool is_forced)
{
    static const char *const tops[] = {"data", "mc", "user", "test"};
    uint32_t file = below(s, 100000), id = sv->next_dictid++;
    bool is_rw = file % 10 == 0;
    char path[128];
    struct xrdmon_fstat_record f = {.type = XRDMON_FSTAT_OPEN, .id = id};
    struct xrdmon_trace_record t = {.type = XRDMON_TRACE_OPEN, .dictid = id};
    struct xrdmon_fstat_close c = {
        .is_forced = is_forced, .has_ops = true, .has_ssq = true};

    snprintf(path, sizeof(path), "/store/%s/run%03" PRIu32 "/file%05" PRIu32 ".root",
             tops[file % 4], file / 1000, file);
    send_map(s, sv, 'd', sv->main_pseq++, id, ses->userid, path);

    f.flags = (uint8_t)(XRDMON_FSTAT_HAS_LFN | (is_rw ? XRDMON_FSTAT_HAS_RW : 0));
    f.u.open.file_bytes = is_rw ? 0 : (int64_t)file * 100000;
    f.u.open.is_rw = is_rw;
    f.u.open.has_lfn = true;
    f.u.open.user_dictid = ses->dictid;
    f.u.open.path = text(path);
    fstat_put(s, sv, &f);
    t.u.open.file_bytes = (uint64_t)f.u.open.file_bytes;
    trace_ready(s, sv);
    trace_put(sv, &t);

    do_io(s, sv, id, is_rw, &c);
    if (file % 7 == 0) {
        struct xrdmon_fstat_record xfr = {.type = XRDMON_FSTAT_XFR, .id = id};
        xfr.u.xfr = c.totals;
        fstat_put(s, sv, &xfr);
    }
    close_file(s, sv, id, &c);
}

static void
send_redirect(struct synth *s, struct server *sv, const struct session *ses)
{
    uint8_t bytes[MAP_BYTES];
    struct xrdmon_writer w;
    struct xrdmon_header header = {
        .code = 'r', .pseq = sv->main_pseq++, .stod_unix_s = sv->stod};
    struct xrdmon_redir_record sid = {.type = XRDMON_REDIR_SID,
                                      .code = XRDMON_REDIR_SID},
                               mark = {.type = XRDMON_REDIR_WINDOW},
                               red = {.type = XRDMON_REDIR_REDLOCAL,
                                      .code = XRDMON_REDIR_REDLOCAL | XRDMON_OP_OPENR};
    sid.u.server.sid = sv->sid;
    mark.u.window.size_s = WINDOW_S;
    mark.u.window.start_unix_s = sv->now;
    red.u.redirect.op = XRDMON_OP_OPENR;
    red.u.redirect.port = 1094;
    red.u.redirect.dictid = ses->dictid;
    red.u.redirect.host = text("other.example.org");
    red.u.redirect.path = text("/store/elsewhere/file.root");
    red.u.redirect.text = text("other.example.org:/store/elsewhere/file.root");
    xrdmon_write_begin(&w, bytes, sizeof(bytes), &header);
    xrdmon_write_redir(&w, &sid);
    xrdmon_write_redir(&w, &mark);
    xrdmon_write_redir(&w, &red);
    xrdmon_write_redir(&w, &mark);
    emit(s, &w, 3);
}

static void
send_gstream(struct synth *s, struct server *sv, char provider, uint8_t pseq,
             const char *line)
{
    uint8_t bytes[MAP_BYTES];
    struct xrdmon_writer w;
    struct xrdmon_header header = {.code = 'g', .pseq = pseq, .stod_unix_s = sv->stod};
    struct xrdmon_gstream g = {.begin_unix_s = sv->now,
                               .end_unix_s = sv->now,
                               .provider = provider,
                               .sid = sv->sid,
                               .text = text(line)};

    xrdmon_write_begin(&w, bytes, sizeof(bytes), &header);
    xrdmon_write_gstream(&w, &g);
    emit(s, &w, 1);
}

/* What is rare: redirections, the cache, third-party copies, staging and purging. */
static void
do_rare(struct synth *s, struct server *sv, const struct session *ses)
{
    char line[512], userid[96];

    switch (sv->sessions % 64) {
    case 10:
    case 40:
        send_redirect(s, sv, ses);
        break;
    case 20:
        snprintf(
            line, sizeof(line),
            "{\"event\":\"file_close\",\"lfn\":\"/store/cache/f%" PRIu32
            "\",\"size\":1000000,\"blk_size\":131072,\"n_blks\":8,\"n_blks_done\":8,"
            "\"access_cnt\":1,\"attach_t\":%" PRIu32 ",\"detach_t\":%" PRIu32
            ",\"remotes\":[],\"b_hit\":1000000,\"b_miss\":0,\"b_bypass\":0,"
            "\"n_cks_errs\":0}",
            below(s, 1000), sv->now, sv->now);
        send_gstream(s, sv, 'C', sv->cache_pseq++, line);
        break;
    case 30:
        snprintf(line, sizeof(line),
                 "{\"TPC\":\"xroot\",\"Client\":\"u%" PRIu32 "\",\"Xeq\":{\"RC\":0,"
                 "\"Strm\":1,\"Type\":\"pull\",\"IPv\":6},\"Src\":\"root://a//f\","
                 "\"Dst\":\"root://b//f\",\"Size\":%" PRIu32 "}",
                 ses->user, below(s, 1000000));
        send_gstream(s, sv, 'P', sv->tpc_pseq++, line);
        break;
    case 50:
    case 51:
        snprintf(userid, sizeof(userid), "u%" PRIu32 ".1:%" PRIu64 "@wn1.example.org",
                 ses->user, sv->sid | 1);
        snprintf(line, sizeof(line),
                 sv->sessions % 2 ? "/store/cold/f%" PRIu32 "\n&tod=%" PRIu32
                                    "&sz=1000&at=1&ct=1&mt=1&fn=l"
                                  : "/store/cold/f%" PRIu32 "\n&tod=%" PRIu32
                                    "&sz=1000&qt=0&tm=1&op=6&rc=0",
                 below(s, 1000), sv->now);
        send_map(s, sv, sv->sessions % 2 ? 'p' : 'x', sv->daemon_pseq++, 0, userid,
                 line);
        break;
    default:
        break;
    }
}

struct synth *
synth_new(uint64_t seed, uint32_t servers, uint32_t users, synth_sink *sink, void *arg)
{
    struct synth *s = calloc(1, sizeof(*s) + (size_t)servers * sizeof(struct server));
    if (!s)
        return NULL;
    s->random = seed;
    s->server_count = servers;
    s->users = users;
    s->sink = sink;
    s->arg = arg;
    for (uint32_t i = 0; i < servers; i++) {
        struct server *sv = &s->servers[i];
        sv->number = i + 1;
        sv->sid = draw(s) & SID_MASK & ~UINT64_C(1); /* its daemon's is odd */
        sv->now = FIRST_START + i / 2;               /* some begin in the same second */
        start_server(s, sv);
    }
    return s;
}

void
synth_free(struct synth *synth)
{
    free(synth);
}

bool
synth_session(struct synth *s)
{
    struct server *sv = &s->servers[s->turn++ % s->server_count];
    struct session ses;

    sv->now += SESSION_S;
    sv->sessions++;
    if (sv->now - sv->stod >= RESTART_S) {
        trace_flush(s, sv);
        fstat_flush(s, sv);
        start_server(s, sv);
    } else if (sv->now - sv->identified >= IDENT_S) {
        identify(s, sv);
    }
    bool is_forced = sv->sessions % 50 == 49;
    uint32_t files = 1 + below(s, 3);
    log_in(s, sv, &ses);
    for (uint32_t i = 0; i < files; i++)
        use_file(s, sv, &ses, is_forced && i + 1 == files);
    do_rare(s, sv, &ses);
    log_out(s, sv, &ses, is_forced);
    return !s->is_done;
}

void
synth_flush(struct synth *s)
{
    for (uint32_t i = 0; i < s->server_count; i++) {
        trace_flush(s, &s->servers[i]);
        fstat_flush(s, &s->servers[i]);
    }
}

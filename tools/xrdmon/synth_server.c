/* SPDX-License-Identifier: MIT */
/* A server that does not exist: which packets it sends when, and how it numbers them. */
#include "synth_server.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As the servers do by default: what a packet holds, and how often it is sent. */
enum {
    MAP_BYTES = 2048,
    TRACE_MARGIN = 64,   /* room for a window mark or two */
    FSTAT_MARGIN = 1536, /* and for the longest record */
    FSTAT_FLUSH_S = 5,
    TRACE_FLUSH_S = 60,
    WINDOW_S = 2,
};

static struct xrdmon_text
as_text(const char *words)
{
    return (struct xrdmon_text){words, strlen(words)};
}

static void
emit(struct synth_server *sv, struct xrdmon_writer *w, uint64_t records)
{
    int len = xrdmon_write_end(w);
    if (len < 0)
        abort(); /* ours: every packet was given room enough */
    struct synth_outlet *o = sv->outlet;
    if (!o->is_done)
        o->is_done = !o->sink(o->arg, w->bytes, (size_t)len, records);
}

void
synth_map(struct synth_server *sv, char code, uint8_t pseq, uint32_t dictid,
          const char *userid, const char *payload)
{
    uint8_t bytes[MAP_BYTES];
    struct xrdmon_writer w;
    struct xrdmon_header header = {.code = code, .pseq = pseq, .stod_unix_s = sv->stod};
    struct xrdmon_map map = {
        .code = code, .dictid = dictid, .userid.raw = as_text(userid)};

    if (payload)
        map.payload = as_text(payload);
    xrdmon_write_begin(&w, bytes, sizeof(bytes), &header);
    xrdmon_write_map(&w, &map);
    emit(sv, &w, 1);
}

void
synth_identify(struct synth_server *sv)
{
    char userid[96], payload[128];
    snprintf(userid, sizeof(userid),
             "=/xrootd.%" PRIu32 ":%" PRIu64 "@ds%" PRIu32 ".example.org",
             1000 + sv->number, sv->sid, sv->number);
    snprintf(payload, sizeof(payload),
             "&site=SITE_%" PRIu32 "&port=1094&inst=main&pgm=xrootd&ver=v5.6.9",
             sv->number % 10);
    synth_map(sv, '=', sv->main_pseq++, 0, userid, payload);
    sv->identified = sv->now;
}

/* The staging daemon beside the server: a process, an id and a numbering of its own. */
static void
identify_daemon(struct synth_server *sv)
{
    char userid[96], payload[128];
    snprintf(userid, sizeof(userid),
             "xrootd.%" PRIu32 ":%" PRIu64 "@ds%" PRIu32 ".example.org",
             2000 + sv->number, sv->sid | 1, sv->number);
    snprintf(payload, sizeof(payload),
             "&site=SITE_%" PRIu32 "&port=0&inst=main&pgm=frm_xfrd", sv->number % 10);
    synth_map(sv, '=', sv->daemon_pseq++, 0, userid, payload);
}

static void
trace_put(struct synth_server *sv, const struct xrdmon_trace_record *r)
{
    xrdmon_write_trace(&sv->trace.writer, r);
    sv->trace.records++;
}

static void
trace_mark(struct synth_server *sv, uint32_t end, uint32_t start)
{
    struct xrdmon_trace_record mark = {.type = XRDMON_TRACE_WINDOW};
    mark.u.window.sid = sv->sid;
    mark.u.window.prev_end_unix_s = end;
    mark.u.window.start_unix_s = start;
    trace_put(sv, &mark);
    sv->trace.mark = start;
}

static void
trace_begin(struct synth_server *sv)
{
    struct xrdmon_header header = {.code = 't', .stod_unix_s = sv->stod};
    xrdmon_write_begin(&sv->trace.writer, sv->trace.bytes, sizeof(sv->trace.bytes),
                       &header);
    sv->trace.records = 0;
    sv->trace.began = sv->now;
    trace_mark(sv, sv->now, sv->now);
}

static void
trace_flush(struct synth_server *sv)
{
    if (sv->trace.records > 1) {
        uint32_t end = sv->trace.mark + WINDOW_S;
        trace_mark(sv, end, end);
        sv->trace.bytes[1] = sv->main_pseq++; /* numbered when it is sent */
        emit(sv, &sv->trace.writer, sv->trace.records);
    }
    trace_begin(sv);
}

void
synth_trace(struct synth_server *sv, const struct xrdmon_trace_record *r)
{
    if (sv->trace.writer.len + TRACE_MARGIN > sizeof(sv->trace.bytes) ||
        sv->now - sv->trace.began >= TRACE_FLUSH_S)
        trace_flush(sv);
    else if (sv->now - sv->trace.mark >= WINDOW_S)
        trace_mark(sv, sv->trace.mark + WINDOW_S, sv->now);
    trace_put(sv, r);
}

static void
fstat_begin(struct synth_server *sv)
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
fstat_flush(struct synth_server *sv)
{
    enum { END_AT = 8 + 12 }; /* of the time record: known when it is sent */
    if (sv->fstat.records > 1) {
        for (int i = 0; i < 4; i++)
            sv->fstat.bytes[END_AT + i] = (uint8_t)(sv->now >> (24 - 8 * i));
        sv->fstat.bytes[1] = sv->fstat_pseq++;
        emit(sv, &sv->fstat.writer, sv->fstat.records);
    }
    fstat_begin(sv);
}

void
synth_fstat(struct synth_server *sv, const struct xrdmon_fstat_record *r)
{
    if (sv->fstat.writer.len + FSTAT_MARGIN > sizeof(sv->fstat.bytes) ||
        sv->now - sv->fstat.began >= FSTAT_FLUSH_S)
        fstat_flush(sv);
    xrdmon_write_fstat(&sv->fstat.writer, r);
    sv->fstat.records++;
}

void
synth_start(struct synth_server *sv)
{
    sv->stod = sv->now;
    sv->main_pseq = sv->fstat_pseq = sv->daemon_pseq = 0;
    sv->tpc_pseq = sv->cache_pseq = 1;
    sv->next_dictid = 1;
    synth_identify(sv);
    identify_daemon(sv);
    trace_begin(sv);
    fstat_begin(sv);
}

void
synth_redirect(struct synth_server *sv, uint32_t user_dictid)
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
    red.u.redirect.dictid = user_dictid;
    red.u.redirect.host = as_text("other.example.org");
    red.u.redirect.path = as_text("/store/elsewhere/file.root");
    red.u.redirect.text = as_text("other.example.org:/store/elsewhere/file.root");
    xrdmon_write_begin(&w, bytes, sizeof(bytes), &header);
    xrdmon_write_redir(&w, &sid);
    xrdmon_write_redir(&w, &mark);
    xrdmon_write_redir(&w, &red);
    xrdmon_write_redir(&w, &mark);
    emit(sv, &w, 3);
}

void
synth_gstream(struct synth_server *sv, char provider, uint8_t pseq, const char *line)
{
    uint8_t bytes[MAP_BYTES];
    struct xrdmon_writer w;
    struct xrdmon_header header = {.code = 'g', .pseq = pseq, .stod_unix_s = sv->stod};
    struct xrdmon_gstream g = {.begin_unix_s = sv->now,
                               .end_unix_s = sv->now,
                               .provider = provider,
                               .sid = sv->sid,
                               .text = as_text(line)};

    xrdmon_write_begin(&w, bytes, sizeof(bytes), &header);
    xrdmon_write_gstream(&w, &g);
    emit(sv, &w, 1);
}

void
synth_send_rest(struct synth_server *sv)
{
    trace_flush(sv);
    fstat_flush(sv);
}

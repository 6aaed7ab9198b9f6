/* SPDX-License-Identifier: MIT */
/* One event of the streams as JSON. */
#include "show_event.h"
#include "words.h"

static void
show_path(struct out *o, const struct xrdmon_event *e)
{
    out_key(o, "path");
    show_text(o, e->path);
}

static void
show_file(struct out *o, const struct xrdmon_event *e)
{
    show_client(o, e->client);
    show_path(o, e);
    out_key(o, "fileid");
    out_u64(o, e->id);
}

static void
show_fstat(struct out *o, const struct xrdmon_event *e)
{
    const struct xrdmon_fstat_record *r = e->fstat;

    switch (r->type) {
    case XRDMON_FSTAT_OPEN:
        show_file(o, e);
        out_key(o, "filesize");
        out_i64(o, r->u.open.file_bytes);
        out_key(o, "rw");
        out_bool(o, r->u.open.is_rw);
        break;
    case XRDMON_FSTAT_CLOSE:
        show_file(o, e);
        show_totals(o, &r->u.close.totals);
        out_key(o, "forced");
        out_bool(o, r->u.close.is_forced);
        show_fstat_ops(o, &r->u.close);
        if (!r->u.close.has_ops) {
            out_key(o, "ops");
            out_text(o, NULL);
        }
        if (!r->u.close.has_ssq) {
            out_key(o, "ssq");
            out_text(o, NULL);
        }
        break;
    case XRDMON_FSTAT_XFR:
        show_file(o, e);
        show_totals(o, &r->u.xfr);
        break;
    case XRDMON_FSTAT_DISC:
        show_client(o, e->client);
        out_key(o, "userid");
        out_u64(o, e->id);
        break;
    default:
        break;
    }
}

static void
show_trace(struct out *o, const struct xrdmon_event *e)
{
    const struct xrdmon_trace_record *r = e->trace;

    switch (r->type) {
    case XRDMON_TRACE_READ:
    case XRDMON_TRACE_WRITE:
        show_file(o, e);
        out_key(o, "offset");
        out_i64(o, r->u.rw.offset);
        out_key(o, "len");
        out_i64(o, r->u.rw.len_bytes);
        break;
    case XRDMON_TRACE_OPEN:
        show_file(o, e);
        out_key(o, "filesize");
        out_u64(o, r->u.open.file_bytes);
        break;
    case XRDMON_TRACE_READV:
    case XRDMON_TRACE_READU:
        show_file(o, e);
        out_key(o, "len");
        out_i64(o, r->u.readv.len_bytes);
        out_key(o, "count");
        out_u64(o, r->u.readv.segments);
        out_key(o, "vseq");
        out_u64(o, r->u.readv.request);
        out_key(o, "unpacked");
        out_bool(o, r->type == XRDMON_TRACE_READU);
        break;
    case XRDMON_TRACE_CLOSE:
        show_file(o, e);
        out_key(o, "read");
        out_u64(o, r->u.close.read_bytes);
        out_key(o, "write");
        out_u64(o, r->u.close.write_bytes);
        break;
    case XRDMON_TRACE_DISC:
        show_client(o, e->client);
        out_key(o, "userid");
        out_u64(o, e->id);
        out_key(o, "seconds");
        out_i64(o, r->u.disc.connected_s);
        out_key(o, "forced");
        out_bool(o, r->u.disc.is_forced);
        out_key(o, "bound");
        out_bool(o, r->u.disc.is_bound);
        break;
    case XRDMON_TRACE_APPID:
        out_key(o, "text");
        show_text(o, r->u.appid.text);
        break;
    default:
        break;
    }
}

static void
show_redir(struct out *o, const struct xrdmon_event *e)
{
    const struct xrdmon_redir_record *r = e->redir;

    show_client(o, e->client);
    out_key(o, "userid");
    out_u64(o, e->id);
    out_key(o, "local");
    out_bool(o, r->type == XRDMON_REDIR_REDLOCAL);
    out_key(o, "op");
    show_redir_op(o, r->u.redirect.op);
    out_key(o, "host");
    show_text(o, r->u.redirect.host);
    out_key(o, "port");
    out_u64(o, r->u.redirect.port);
    out_key(o, "path");
    show_text(o, r->u.redirect.path);
}

static void
show_gstream(struct out *o, const struct xrdmon_event *e)
{
    char provider = e->gstream ? e->gstream->provider
                    : e->gtext ? e->gtext->provider
                               : 0;

    out_key(o, "provider");
    if (provider)
        out_string(o, &provider, 1);
    else
        out_text(o, NULL);
    bool is_json = xrdmon_json_is_valid(e->line);
    out_key(o, "data");
    if (is_json)
        out_json(o, e->line.at, e->line.len);
    else
        out_text(o, NULL);
    out_key(o, "text");
    show_text(o, is_json ? (struct xrdmon_text){NULL, 0} : e->line);
}

static void
show_gtext(struct out *o, const struct xrdmon_event *e)
{
    struct xrdmon_lines lines = {.left = e->gtext->text};
    struct xrdmon_text line;
    uint64_t count = 0;

    while (xrdmon_lines_next(&lines, &line))
        count++;
    out_key(o, "format");
    out_text(o, e->packet && e->packet->kind == XRDMON_CGI ? "cgi" : "json");
    out_key(o, "lines");
    out_u64(o, count);
    out_key(o, "text");
    show_text(o, e->gtext->text);
}

static void
show_access(struct out *o, const struct xrdmon_event *e)
{
    static const char *const ends[] = {
        [XRDMON_END_CLOSE] = "close",     [XRDMON_END_DISCONNECT] = "disconnect",
        [XRDMON_END_RESTART] = "restart", [XRDMON_END_TIMEOUT] = "timeout",
        [XRDMON_END_EVICTED] = "evicted", [XRDMON_END_FLUSH] = "flush",
    };
    const struct xrdmon_access *a = e->access;

    show_file(o, e);
    out_key(o, "end");
    out_text(o, ends[a->end]);
    out_key(o, "closed");
    out_bool(o, a->end == XRDMON_END_CLOSE);
    if (a->has_open) {
        out_key(o, "opened");
        out_begin(o, '{');
        out_key(o, "beg");
        out_u64(o, a->open_begin_unix_s);
        out_key(o, "end");
        out_u64(o, a->open_end_unix_s);
        out_end(o, '}');
        out_key(o, "filesize");
        out_i64(o, a->file_bytes);
        out_key(o, "rw");
        out_bool(o, a->is_rw);
    }
    if (a->has_totals) {
        out_key(o, "last");
        out_begin(o, '{');
        out_key(o, "beg");
        out_u64(o, a->close_begin_unix_s);
        out_key(o, "end");
        out_u64(o, a->close_end_unix_s);
        out_end(o, '}');
        show_totals(o, &a->totals);
        out_key(o, "forced");
        out_bool(o, a->is_forced);
    }
    if (a->close)
        show_fstat_ops(o, a->close);
}

static void
show_info(struct out *o, const struct xrdmon_event *e)
{
    out_key(o, "info");
    show_pairs(o, e->map);
}

static void
show_body(struct out *o, const struct xrdmon_event *e)
{
    switch (e->type) {
    case XRDMON_EV_SERVER:
        out_key(o, "pid");
        if (e->server && e->server->userid.has_pid)
            out_u64(o, e->server->userid.pid);
        else
            out_text(o, NULL);
        out_key(o, "user");
        if (e->server)
            show_text(o, e->server->userid.user);
        else
            out_text(o, NULL);
        break;
    case XRDMON_EV_USER:
        show_client(o, e->client);
        break;
    case XRDMON_EV_PATH:
        show_file(o, e);
        break;
    case XRDMON_EV_APPINFO:
        out_key(o, "dictid");
        out_u64(o, e->map->dictid);
        show_client(o, e->client);
        out_key(o, "appinfo");
        show_text(o, e->map->info);
        break;
    case XRDMON_EV_TOKEN:
    case XRDMON_EV_EXPERIMENT:
        show_client(o, e->client);
        show_info(o, e);
        break;
    case XRDMON_EV_TRANSFER:
    case XRDMON_EV_PURGE:
        show_client(o, e->client);
        show_path(o, e);
        show_info(o, e);
        break;
    case XRDMON_EV_FSTAT:
        show_fstat(o, e);
        break;
    case XRDMON_EV_TRACE:
        show_trace(o, e);
        break;
    case XRDMON_EV_REDIR:
        show_redir(o, e);
        break;
    case XRDMON_EV_GSTREAM:
        show_gstream(o, e);
        break;
    case XRDMON_EV_GTEXT:
        show_gtext(o, e);
        break;
    case XRDMON_EV_SUMMARY:
        out_key(o, "text");
        out_string(o, (const char *)e->packet->bytes, e->packet->len);
        break;
    case XRDMON_EV_ACCESS:
        show_access(o, e);
        break;
    case XRDMON_EV_BAD:
        out_key(o, "why");
        out_text(o, e->bad.why ? e->bad.why : xrdmon_strerror(e->bad.err));
        out_key(o, "offset");
        out_u64(o, e->bad.offset);
        break;
    default:
        break;
    }
}

static void
show_place(struct out *o, const struct xrdmon_event *e, const struct arrival *arrival)
{
    out_key(o, "n");
    out_u64(o, e->packet_number);
    if (arrival->has_time) {
        out_key(o, "time");
        out_time_ns(o, e->time_ns);
    }
    show_origin(o, &arrival->origin);
}

static void
show_words(struct out *o, struct words words)
{
    if (words.stream) {
        out_key(o, "stream");
        out_text(o, words.stream);
    }
    out_key(o, "ev");
    out_text(o, words.ev);
}

static bool
has_window(const struct xrdmon_event *e)
{
    return e->type == XRDMON_EV_FSTAT || e->type == XRDMON_EV_TRACE ||
           (e->type == XRDMON_EV_GSTREAM && e->gstream);
}

void
show_event(struct out *o, const struct xrdmon_event *e, const struct arrival *arrival)
{
    out_begin(o, '{');
    show_place(o, e, arrival);
    show_words(o, words_of_event(e));
    if (e->type != XRDMON_EV_GTEXT && e->type != XRDMON_EV_SUMMARY)
        show_server(o, e->server);
    if (has_window(e))
        show_window(o, &e->window);
    else if (e->type == XRDMON_EV_REDIR)
        show_redir_window(o, &e->window);
    show_body(o, e);
    out_end(o, '}');
}

void
show_window_begin(struct out *o, const struct xrdmon_event *e,
                  const struct arrival *arrival)
{
    out_begin(o, '{');
    show_place(o, e, arrival);
    show_words(o, words_of_event(e));
    show_server(o, e->server);
    if (e->packet && e->packet->kind == XRDMON_REDIR)
        show_redir_window(o, &e->window);
    else
        show_window(o, &e->window);
    out_key(o, "records");
    out_begin(o, '[');
}

void
show_window_event(struct out *o, const struct xrdmon_event *e)
{
    out_next(o);
    out_begin(o, '{');
    out_key(o, "ev");
    out_text(o, words_of_event(e).ev);
    show_body(o, e);
    out_end(o, '}');
}

void
show_window_end(struct out *o)
{
    out_end(o, ']');
    out_end(o, '}');
}

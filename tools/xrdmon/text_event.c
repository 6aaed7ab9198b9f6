/* SPDX-License-Identifier: MIT */
/* Events for people: when, which server, what, who, which file, how much. */
#include "../cli.h"
#include "human.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

enum {
    TIME_WIDTH = sizeof("HH:MM:SS.mmm  ") - 1,
    SERVER_WIDTH = 22,
    EVENT_WIDTH = 9,
    USER_WIDTH = 8
};

static void
put_bytes(FILE *f, const char *what, int64_t bytes)
{
    char text[HUMAN_TEXT];
    human_bytes(text, bytes > 0 ? (uint64_t)bytes : 0);
    fprintf(f, " %s %s", what, text);
}

static void
put_totals(FILE *f, const struct xrdmon_fstat_totals *totals)
{
    put_bytes(f, "read", totals->read_bytes);
    if (totals->readv_bytes)
        put_bytes(f, "readv", totals->readv_bytes);
    put_bytes(f, "written", totals->write_bytes);
}

static const char *
put_fstat(FILE *f, const struct xrdmon_fstat_record *r)
{
    static const char *const words[] = {"f close", "f open", "f time", "f xfr",
                                        "f disc"};

    switch (f ? r->type : UINT8_MAX) {
    case XRDMON_FSTAT_OPEN:
        put_bytes(f, "size", r->u.open.file_bytes);
        fputs(r->u.open.is_rw ? " for update" : "", f);
        break;
    case XRDMON_FSTAT_CLOSE:
        put_totals(f, &r->u.close.totals);
        fputs(r->u.close.is_forced ? " forced" : "", f);
        break;
    case XRDMON_FSTAT_XFR:
        put_totals(f, &r->u.xfr);
        break;
    default:
        break;
    }
    return r->type < 5 ? words[r->type] : "f unknown";
}

static const char *
put_trace(FILE *f, const struct xrdmon_event *e)
{
    const struct xrdmon_trace_record *r = e->trace;

    switch (r->type) {
    case XRDMON_TRACE_READ:
    case XRDMON_TRACE_WRITE:
        if (f) {
            put_bytes(f, "length", r->u.rw.len_bytes);
            fprintf(f, " at %" PRId64, r->u.rw.offset);
        }
        return r->type == XRDMON_TRACE_WRITE ? "t write"
               : e->is_segment               ? "t readseg"
                                             : "t read";
    case XRDMON_TRACE_OPEN:
        if (f)
            put_bytes(f, "size", (int64_t)r->u.open.file_bytes);
        return "t open";
    case XRDMON_TRACE_READV:
    case XRDMON_TRACE_READU:
        if (f) {
            put_bytes(f, "length", r->u.readv.len_bytes);
            fprintf(f, " in %u", r->u.readv.segments);
        }
        return "t readv";
    case XRDMON_TRACE_CLOSE:
        if (f) {
            put_bytes(f, "read", (int64_t)r->u.close.read_bytes);
            put_bytes(f, "written", (int64_t)r->u.close.write_bytes);
        }
        return "t close";
    case XRDMON_TRACE_DISC:
        if (f)
            fprintf(f, " after %" PRId32 " s%s", r->u.disc.connected_s,
                    r->u.disc.is_forced ? " forced" : "");
        return "t disc";
    case XRDMON_TRACE_APPID:
        return "t appid";
    default:
        return "t unknown";
    }
}

static const char *
put_redir(FILE *f, const struct xrdmon_redir_record *r)
{
    if (r->type != XRDMON_REDIR_REDIRECT && r->type != XRDMON_REDIR_REDLOCAL)
        return "r unknown";
    if (f) {
        const char *op = xrdmon_redir_op_name(r->u.redirect.op);
        fprintf(f, " %s to ", op ? op : "?");
        if (r->u.redirect.host.at)
            cli_put_safe(f, r->u.redirect.host.at, r->u.redirect.host.len);
        fprintf(f, ":%u", r->u.redirect.port);
    }
    return "r redir";
}

static const char *
put_text(FILE *f, struct xrdmon_text text, const char *name)
{
    if (f && text.at) {
        fputc(' ', f);
        cli_put_safe(f, text.at, text.len);
    }
    return name;
}

static const char *
put_access(FILE *f, const struct xrdmon_access *a)
{
    if (f) {
        if (a->has_totals)
            put_totals(f, &a->totals);
        fputs(a->end == XRDMON_END_CLOSE ? "" : " without a close", f);
    }
    return "f access";
}

/* The details of an event, unless `f` is NULL. Gives its name. */
static const char *
put_details(FILE *f, const struct xrdmon_event *e)
{
    switch (e->type) {
    case XRDMON_EV_FSTAT:
        return put_fstat(f, e->fstat);
    case XRDMON_EV_TRACE:
        return put_trace(f, e);
    case XRDMON_EV_REDIR:
        return put_redir(f, e->redir);
    case XRDMON_EV_ACCESS:
        return put_access(f, e->access);
    case XRDMON_EV_SERVER:
        return put_text(f, e->map->info, "server");
    case XRDMON_EV_USER:
        return put_text(f, e->map->info, "user");
    case XRDMON_EV_PATH:
        return "path";
    case XRDMON_EV_APPINFO:
        return put_text(f, e->map->info, "appinfo");
    case XRDMON_EV_TOKEN:
        return put_text(f, e->map->info, "token");
    case XRDMON_EV_EXPERIMENT:
        return put_text(f, e->map->info, "ea");
    case XRDMON_EV_TRANSFER:
        return put_text(f, e->map->info, "frmxfr");
    case XRDMON_EV_PURGE:
        return put_text(f, e->map->info, "purge");
    case XRDMON_EV_GSTREAM:
        return put_text(f, e->line, "g record");
    case XRDMON_EV_GTEXT:
        return put_text(f, e->gtext->text, "g text");
    case XRDMON_EV_SUMMARY:
        return "summary";
    case XRDMON_EV_WINDOW_BEGIN:
        if (f)
            fprintf(f, " of %" PRIu32 " s",
                    e->window.end_unix_s - e->window.begin_unix_s);
        return "window";
    case XRDMON_EV_BAD:
        if (f)
            fprintf(f, " %s, at byte %zu",
                    e->bad.why ? e->bad.why : xrdmon_strerror(e->bad.err),
                    e->bad.offset);
        return "bad";
    default:
        return "";
    }
}

/* Where it runs; several may share a host. */
static void
put_server(FILE *f, const struct xrdmon_server *server)
{
    char text[300];
    struct xrdmon_text host = server ? server->userid.host : (struct xrdmon_text){0};

    if (host.at && host.len < 256 && server->is_known) {
        int n = snprintf(text, sizeof(text), "%.*s:%u", (int)host.len, host.at,
                         server->port);
        host = (struct xrdmon_text){text, (size_t)n};
    }
    text_column(f, host, SERVER_WIDTH);
}

void
text_event(FILE *f, const struct xrdmon_event *e, bool has_time)
{
    struct xrdmon_text none = {0}, path = e->path;
    uint64_t time_ns =
        has_time ? e->time_ns : (uint64_t)e->window.begin_unix_s * 1000000000;
    const char *name = put_details(NULL, e);

    if (e->type == XRDMON_EV_WINDOW_END)
        return;
    if (e->type == XRDMON_EV_REDIR)
        path = e->redir->u.redirect.path;
    if (time_ns)
        text_time(f, time_ns);
    else
        fprintf(f, "%*s", TIME_WIDTH, "");
    put_server(f, e->server);
    fprintf(f, "%-*s  ", EVENT_WIDTH, name);
    text_column(f, e->client ? e->client->userid.user : none, USER_WIDTH);
    if (path.at)
        cli_put_safe(f, path.at, path.len);
    (void)put_details(f, e);
    fputc('\n', f);
}

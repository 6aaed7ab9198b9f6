/* SPDX-License-Identifier: MIT */
/* Events for people: when, which server, what, who, which file, how much. */
#include "../cli.h"
#include "human.h"
#include "text.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

enum {
    TIME_WIDTH = sizeof("HH:MM:SS.mmm  ") - 1,
    SERVER_WIDTH = 22,
    EVENT_WIDTH = 10,
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

static void
put_fstat(FILE *f, const struct xrdmon_fstat_record *r)
{
    switch (r->type) {
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
}

static void
put_trace(FILE *f, const struct xrdmon_trace_record *r)
{
    switch (r->type) {
    case XRDMON_TRACE_READ:
    case XRDMON_TRACE_WRITE:
        put_bytes(f, "length", r->u.rw.len_bytes);
        fprintf(f, " at %" PRId64, r->u.rw.offset);
        break;
    case XRDMON_TRACE_OPEN:
        put_bytes(f, "size", (int64_t)r->u.open.file_bytes);
        break;
    case XRDMON_TRACE_READV:
    case XRDMON_TRACE_READU:
        put_bytes(f, "length", r->u.readv.len_bytes);
        fprintf(f, " in %u", r->u.readv.segments);
        break;
    case XRDMON_TRACE_CLOSE:
        put_bytes(f, "read", (int64_t)r->u.close.read_bytes);
        put_bytes(f, "written", (int64_t)r->u.close.write_bytes);
        break;
    case XRDMON_TRACE_DISC:
        fprintf(f, " after %" PRId32 " s%s", r->u.disc.connected_s,
                r->u.disc.is_forced ? " forced" : "");
        break;
    default:
        break;
    }
}

static void
put_redir(FILE *f, const struct xrdmon_redir_record *r)
{
    const char *op = xrdmon_redir_op_name(r->u.redirect.op);

    fprintf(f, " %s to ", op ? op : "?");
    cli_put_safe(f, r->u.redirect.host.at, r->u.redirect.host.len);
    fprintf(f, ":%u", r->u.redirect.port);
}

static void
put_text(FILE *f, struct xrdmon_text text)
{
    if (!text.at)
        return;
    fputc(' ', f);
    cli_put_safe(f, text.at, text.len);
}

static void
put_details(FILE *f, const struct xrdmon_event *e)
{
    switch (e->type) {
    case XRDMON_EV_FSTAT:
        put_fstat(f, e->fstat);
        break;
    case XRDMON_EV_TRACE:
        put_trace(f, e->trace);
        break;
    case XRDMON_EV_REDIR:
        put_redir(f, e->redir);
        break;
    case XRDMON_EV_ACCESS:
        if (e->access->has_totals)
            put_totals(f, &e->access->totals);
        fputs(e->access->end == XRDMON_END_CLOSE ? "" : " without a close", f);
        break;
    case XRDMON_EV_SERVER:
    case XRDMON_EV_USER:
    case XRDMON_EV_APPINFO:
    case XRDMON_EV_TOKEN:
    case XRDMON_EV_EXPERIMENT:
    case XRDMON_EV_TRANSFER:
    case XRDMON_EV_PURGE:
        put_text(f, e->map->info);
        break;
    case XRDMON_EV_GSTREAM:
        put_text(f, e->line);
        break;
    case XRDMON_EV_GTEXT:
        put_text(f, e->gtext->text);
        break;
    case XRDMON_EV_WINDOW_BEGIN:
        fprintf(f, " of %" PRIu32 " s", e->window.end_unix_s - e->window.begin_unix_s);
        break;
    case XRDMON_EV_BAD:
        fprintf(f, " %s, at byte %zu", e->bad.why, e->bad.offset);
        break;
    default:
        break;
    }
}

/* "f open", "t readseg", "r redirect"; the words of other streams are theirs alone. */
static void
put_word(FILE *f, const struct xrdmon_event *e)
{
    struct words words = words_of_event(e);
    bool is_shared = words.stream && strchr("ftr", words.stream[0]) && !words.stream[1];
    char text[EVENT_WIDTH + 1];

    snprintf(text, sizeof(text), "%s%s%s", is_shared ? words.stream : "",
             is_shared ? " " : "", words.ev);
    fprintf(f, "%-*s  ", EVENT_WIDTH, text);
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

    if (e->type == XRDMON_EV_WINDOW_END)
        return;
    if (e->type == XRDMON_EV_REDIR)
        path = e->redir->u.redirect.path;
    if (time_ns)
        text_time(f, time_ns);
    else
        fprintf(f, "%*s", TIME_WIDTH, "");
    put_server(f, e->server);
    put_word(f, e);
    text_column(f, e->client ? e->client->userid.user : none, USER_WIDTH);
    if (path.at)
        cli_put_safe(f, path.at, path.len);
    put_details(f, e);
    fputc('\n', f);
}

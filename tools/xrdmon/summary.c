/* SPDX-License-Identifier: MIT */
/* xrdmon summary: what was opened, read, written and lost, by server, user, path or VO. */
#include "../cli.h"
#include "../table.h"
#include "commands.h"
#include "human.h"
#include "show_event.h"
#include "stop.h"
#include "streams.h"
#include "tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    LONGEST_NAME = 512,
    LONGEST_HOST = 256,
    BAR_WIDTH = 24,
    DEFAULT_TOP = 20,
    DEFAULT_ROWS = 10000
};

struct summing {
    const struct settings *settings;
    struct streams streams;
    struct out out;
    struct tally *tally;
    bool has_fstat; /* it tells of opens and bytes, so the t-stream need not */
};

static bool
take_by(struct settings *s, const char *option, const char *value)
{
    static const char *const words[] = {"server", "user", "path", "vo"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(value, words[i]) == 0) {
            s->by = (enum summary_by)i;
            return true;
        }
    (void)cli_misused("%s is server, user, path or vo, not '%s'", option, value);
    return false;
}

static bool
take_depth(struct settings *s, const char *option, const char *value)
{
    return cli_take_uint(option, value, 1, 100, &s->depth);
}

static bool
take_top(struct settings *s, const char *option, const char *value)
{
    return cli_take_uint(option, value, 1, 1000000, &s->top);
}

static bool
take_rows(struct settings *s, const char *option, const char *value)
{
    return cli_take_uint(option, value, 1, 1000000, &s->most_rows);
}

static const struct option_row options_summary[] = {
    {"by", 0, "WHAT", "server (default), user, path or vo", take_by},
    {"depth", 0, "N", "of a path, so many names; default 2", take_depth},
    {"top", 0, "N",
     "print so many rows, the largest; default 20 on a terminal, else all", take_top},
    {"max-rows", 0, "N", "keep so many names, the rest in one row; default 10000",
     take_rows},
    {NULL, 0, NULL, NULL, NULL},
};

static struct xrdmon_text
first_word(struct xrdmon_text text)
{
    size_t n = 0;
    while (n < text.len && text.at[n] != ' ')
        n++;
    return (struct xrdmon_text){text.at, n};
}

/* The first names of a path, whatever slashes are doubled. */
static struct xrdmon_text
first_names(struct xrdmon_text path, uint64_t depth)
{
    size_t n = 0;
    for (uint64_t names = 0; n < path.len; n++) {
        bool begins = path.at[n] != '/' && (n == 0 || path.at[n - 1] == '/');
        if (begins && names++ == depth)
            break;
    }
    while (n > 1 && path.at[n - 1] == '/')
        n--;
    return (struct xrdmon_text){path.at, n};
}

static struct xrdmon_text
or_else(struct xrdmon_text text, struct xrdmon_text other)
{
    return text.len ? text : other;
}

/* Its host and port, or its id until these are known. */
static size_t
put_server(char text[LONGEST_NAME], const struct xrdmon_server *server)
{
    struct xrdmon_text host = server->userid.host;
    int n = server->is_known
                ? snprintf(text, LONGEST_NAME, "%.*s:%u",
                           host.len < LONGEST_HOST ? (int)host.len : LONGEST_HOST,
                           host.at ? host.at : "", server->port)
                : snprintf(text, LONGEST_NAME, "id %" PRIu64, server->sid);
    return n > 0 ? (size_t)n : 0;
}

static struct tally_row *
row_of(struct summing *s, const struct xrdmon_event *e)
{
    static const struct xrdmon_text nobody = {"-", 1};
    const struct xrdmon_client *c = e->client;
    struct xrdmon_text name = {0};
    char text[LONGEST_NAME];

    switch (s->settings->by) {
    case BY_SERVER:
        name.at = text;
        name.len = e->server ? put_server(text, e->server) : 0;
        break;
    case BY_USER:
        if (c)
            name = or_else(or_else(c->auth.name, c->token.username),
                           or_else(c->token.subject, c->userid.user));
        break;
    case BY_PATH:
        name = first_names(e->path, s->settings->depth);
        break;
    case BY_VO:
        if (c)
            name = or_else(first_word(c->auth.organisation), c->token.organisation);
        break;
    }
    name = or_else(name, nobody);
    return tally_row(s->tally, name.at,
                     name.len < LONGEST_NAME ? name.len : LONGEST_NAME);
}

static uint64_t
positive(int64_t value)
{
    return value > 0 ? (uint64_t)value : 0;
}

static void
add_totals(struct sums *sums, const struct xrdmon_fstat_totals *totals)
{
    sums->read_bytes += positive(totals->read_bytes) + positive(totals->readv_bytes);
    sums->write_bytes += positive(totals->write_bytes);
}

static void
take_fstat(struct summing *s, const struct xrdmon_event *e)
{
    const struct xrdmon_fstat_record *r = e->fstat;

    s->has_fstat = true;
    if (r->type == XRDMON_FSTAT_OPEN) {
        row_of(s, e)->f.opens++;
    } else if (r->type == XRDMON_FSTAT_CLOSE) {
        struct tally_row *row = row_of(s, e);
        row->f.closes++;
        row->errors += r->u.close.is_forced;
        add_totals(&row->f, &r->u.close.totals);
    }
}

static void
take_trace(struct summing *s, const struct xrdmon_event *e)
{
    const struct xrdmon_trace_record *r = e->trace;

    if (r->type == XRDMON_TRACE_OPEN) {
        row_of(s, e)->t.opens++;
    } else if (r->type == XRDMON_TRACE_CLOSE) {
        struct tally_row *row = row_of(s, e);
        row->t.closes++;
        row->t.read_bytes += r->u.close.read_bytes;
        row->t.write_bytes += r->u.close.write_bytes;
    }
}

/* A file that was not closed, or whose close was lost: its last totals count. */
static void
take_access(struct summing *s, const struct xrdmon_event *e)
{
    if (e->access->end == XRDMON_END_CLOSE)
        return;
    struct tally_row *row = row_of(s, e);
    row->errors += e->access->end != XRDMON_END_FLUSH;
    if (e->access->has_totals)
        add_totals(&row->f, &e->access->totals);
}

/* A server that has started again is known in both its lives for a while, and what it
 * had sent before may still turn out to be lost. */
static void
note_losses(struct tally_row *row, const struct xrdmon_server *server)
{
    struct xrdmon_stats stats;
    xrdmon_server_get_stats(server, &stats);

    if (server->stod_unix_s == row->stod_then_unix_s) {
        if (stats.lost > row->lost_then) {
            row->lost_before += stats.lost - row->lost_then;
            row->lost_then = stats.lost;
        }
        return;
    }
    if (server->stod_unix_s != row->stod_unix_s) {
        row->lost_before += row->lost_now;
        row->lost_then = row->lost_now;
        row->stod_then_unix_s = row->stod_unix_s;
        row->stod_unix_s = server->stod_unix_s;
    }
    row->lost_now = stats.lost;
}

static bool
take_event(void *arg, const struct xrdmon_event *e)
{
    struct summing *s = (struct summing *)arg;

    switch (e->type) {
    case XRDMON_EV_FSTAT:
        take_fstat(s, e);
        break;
    case XRDMON_EV_TRACE:
        take_trace(s, e);
        break;
    case XRDMON_EV_ACCESS:
        take_access(s, e);
        break;
    case XRDMON_EV_REDIR:
        if (s->settings->by != BY_PATH)
            row_of(s, e)->redirects++;
        break;
    case XRDMON_EV_SERVER:
        if (s->settings->by == BY_SERVER && e->server)
            note_losses(row_of(s, e), e->server);
        break;
    default:
        break;
    }
    return true;
}

static const struct sums *
sums_of(const struct summing *s, const struct tally_row *row)
{
    return s->has_fstat ? &row->f : &row->t;
}

/* What is printed: the largest rows, the rest as one, and all together. */
struct result {
    struct tally_row **rows;
    size_t shown;
    struct tally_row others, total;
    uint64_t others_names, others_refused, lost;
};

static void
finish(struct summing *s, struct result *ret)
{
    const struct xrdmon_server *server = NULL;
    struct xrdmon_stats stats;
    struct tally_row **rows;
    size_t count;

    while (s->settings->by == BY_SERVER && xrdmon_server_next(s->streams.xm, &server)) {
        struct xrdmon_event e = {.server = server};
        note_losses(row_of(s, &e), server);
    }
    rows = tally_rows(s->tally, &count);
    for (size_t i = 0; i < count; i++) {
        const struct sums *sums = sums_of(s, rows[i]);
        rows[i]->size = sums->read_bytes + sums->write_bytes;
        tally_add(&ret->total, rows[i]);
    }
    ret->rows = tally_sorted(s->tally, &count);
    ret->shown = s->settings->top < count ? s->settings->top : count;
    ret->others = *tally_others(s->tally, &ret->others_refused);
    tally_add(&ret->total, &ret->others);
    ret->others_names = count - ret->shown;
    for (size_t i = ret->shown; i < count; i++)
        tally_add(&ret->others, ret->rows[i]);
    xrdmon_get_stats(s->streams.xm, &stats);
    ret->lost = stats.lost;
}

static bool
has_others(const struct result *r)
{
    return r->others_names > 0 || r->others_refused > 0;
}

static void
put_row(struct out *o, const struct summing *s, const char *what,
        const struct tally_row *row)
{
    const struct sums *sums = sums_of(s, row);

    out_key(o, "row");
    out_text(o, what);
    out_key(o, "name");
    if (row->name)
        out_string(o, row->name, row->len);
    else
        out_text(o, NULL);
    out_key(o, "opens");
    out_u64(o, sums->opens);
    out_key(o, "closes");
    out_u64(o, sums->closes);
    out_key(o, "read_bytes");
    out_u64(o, sums->read_bytes);
    out_key(o, "write_bytes");
    out_u64(o, sums->write_bytes);
    out_key(o, "errors");
    out_u64(o, row->errors);
    out_key(o, "redirects");
    out_u64(o, row->redirects);
    if (s->settings->by == BY_SERVER && row->name) {
        out_key(o, "lost");
        out_u64(o, row->lost_before + row->lost_now);
    }
}

static void
put_total(struct out *o, const struct summing *s, const struct result *r)
{
    put_row(o, s, "total", &r->total);
    out_key(o, "lost");
    out_u64(o, r->lost);
    out_key(o, "stream");
    out_text(o, s->has_fstat ? "f" : "t");
}

static void
put_json(struct summing *s, const struct result *r)
{
    struct out *o = &s->out;
    size_t count = r->shown + has_others(r) + 1;

    for (size_t i = 0; i < count; i++) {
        out_begin_item(o);
        out_begin(o, '{');
        if (i + 1 == count) {
            put_total(o, s, r);
        } else if (i < r->shown) {
            put_row(o, s, "name", r->rows[i]);
        } else {
            put_row(o, s, "others", &r->others);
            out_key(o, "names");
            out_u64(o, r->others_names);
        }
        out_end(o, '}');
        out_end_item(o);
    }
    out_end_items(o);
}

static void
add_text_row(struct table *t, const struct summing *s, const struct tally_row *row,
             const char *name, size_t name_len, uint64_t lost, uint64_t largest)
{
    const struct sums *sums = sums_of(s, row);
    uint64_t bytes = sums->read_bytes + sums->write_bytes;
    char read[HUMAN_TEXT], written[HUMAN_TEXT], opens[HUMAN_TEXT];
    char bar[BAR_WIDTH + 1];
    size_t width =
        largest ? (size_t)((double)bytes / (double)largest * BAR_WIDTH + 0.5) : 0;

    human_count(opens, sums->opens);
    human_bytes(read, sums->read_bytes);
    human_bytes(written, sums->write_bytes);
    memset(bar, '#', sizeof(bar));
    table_add(t, name, name_len);
    table_addf(t, "%s", opens);
    table_addf(t, "%s", read);
    table_addf(t, "%s", written);
    table_addf(t, "%" PRIu64, row->errors);
    if (s->settings->by == BY_SERVER)
        table_addf(t, "%" PRIu64, lost);
    table_add(t, bar, width <= BAR_WIDTH ? width : BAR_WIDTH);
}

static void
put_table(const struct summing *s, const struct result *r)
{
    static const char *const heads[] = {"server", "user", "path", "vo"};
    bool by_server = s->settings->by == BY_SERVER;
    struct table *t = table_new(by_server ? "crrrrrl" : "crrrrl");
    uint64_t largest = r->shown ? r->rows[0]->size : 0;
    char name[64];

    if (!t)
        return;
    table_addf(t, "%s", heads[s->settings->by]);
    table_addf(t, "opens");
    table_addf(t, "read");
    table_addf(t, "written");
    table_addf(t, "errors");
    if (by_server)
        table_addf(t, "lost");
    table_addf(t, "%s", "");
    for (size_t i = 0; i < r->shown; i++)
        add_text_row(t, s, r->rows[i], r->rows[i]->name, r->rows[i]->len,
                     r->rows[i]->lost_before + r->rows[i]->lost_now, largest);
    if (has_others(r)) {
        snprintf(name, sizeof(name), "(%" PRIu64 "%s others)", r->others_names,
                 r->others_refused ? " and more" : "");
        add_text_row(t, s, &r->others, name, strlen(name), r->others.lost_before, 0);
    }
    add_text_row(t, s, &r->total, "total", 5, r->lost, 0);
    table_print(t, stdout, true);
    table_free(t);
}

int
command_summary(int argc, char **argv)
{
    static const struct option_row *const tables[] = {options_reading, options_summary,
                                                      options_streams, NULL};
    struct settings settings = {.depth = 2, .most_rows = DEFAULT_ROWS};
    struct summing s = {.settings = &settings};
    struct result result = {.rows = NULL};
    int code;

    settings.stream.want_access = true;
    if (!settings_take(&settings, argc, argv, tables, &code))
        return code;
    if (settings.top == 0)
        settings.top =
            settings.format == FORMAT_TEXT ? DEFAULT_TOP : settings.most_rows;
    s.tally = tally_new((size_t)settings.most_rows);
    if (!s.tally || out_open(&s.out, 1) < 0) {
        tally_free(s.tally);
        cli_say("cannot begin: no memory");
        return CLI_FAILED;
    }
    s.out.is_document = settings.format == FORMAT_JSON;
    stop_begin();
    code = streams_run(&s.streams, &settings, NULL, take_event, &s);
    stop_end();
    if (code != CLI_MISUSED && s.streams.xm) {
        finish(&s, &result);
        if (settings.format == FORMAT_TEXT)
            put_table(&s, &result);
        else if (settings.format != FORMAT_NONE)
            put_json(&s, &result);
        streams_say_counts(&s.streams);
    }
    code = commands_end(&s.out, code);
    streams_close(&s.streams);
    tally_free(s.tally);
    return code;
}

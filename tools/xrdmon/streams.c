/* SPDX-License-Identifier: MIT */
/* The streams layer over all files: its options, datagrams in, events out. */
#include "streams.h"
#include "../cli.h"
#include "show_event.h"
#include "walk.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

/* A server sends its traces and redirections after at most 600 s, unless it is told
 * otherwise; until then a file that the f-stream has closed must not be forgotten. */
enum { RELEASE_MS = 660000 };

/* Servers whose clocks are wrong are not wrong by more. */
enum { A_DAY_S = 86400 };

static bool
take_strict(struct settings *s, const char *option, const char *value)
{
    (void)option, (void)value;
    s->stream.is_strict = true;
    return true;
}

static bool
take_reorder(struct settings *s, const char *option, const char *value)
{
    uint64_t n;
    if (!cli_take_uint(option, value, 0, 127, &n))
        return false;
    s->stream.reorder_packets = (uint32_t)n;
    s->stream.no_order = n == 0;
    return true;
}

static bool
take_reorder_time(struct settings *s, const char *option, const char *value)
{
    uint64_t ms;
    if (!cli_take_seconds(option, value, &ms))
        return false;
    s->stream.reorder_ms = ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
    return true;
}

static bool
take_release(struct settings *s, const char *option, const char *value)
{
    uint64_t ms;
    if (strcmp(value, "never") == 0) {
        s->stream.no_release = true;
        return true;
    }
    if (!cli_take_seconds(option, value, &ms))
        return false;
    s->stream.no_release = false;
    s->stream.release_ms = ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
    return true;
}

static bool
take_idle(struct settings *s, const char *option, const char *value)
{
    uint64_t ms;
    if (!cli_take_seconds(option, value, &ms))
        return false;
    s->stream.idle_s = (uint32_t)((ms + 999) / 1000);
    return true;
}

static bool
take_duplicates(struct settings *s, const char *option, const char *value)
{
    (void)option, (void)value;
    s->stream.no_deduplicate = true;
    return true;
}

static bool
take_memory(struct settings *s, const char *option, const char *value)
{
    uint64_t mib;
    if (!cli_take_uint(option, value, 1, 1024 * 1024, &mib))
        return false;
    s->stream.max_memory_bytes = (size_t)mib * 1024 * 1024;
    return true;
}

static bool
take_ignore_address(struct settings *s, const char *option, const char *value)
{
    (void)option, (void)value;
    s->stream.ignore_address = true;
    return true;
}

static bool
take_counts(struct settings *s, const char *option, const char *value)
{
    (void)option, (void)value;
    s->wants_counts = true;
    return true;
}

const struct option_row options_streams[] = {
    {"strict", 0, NULL, "as xrootdlib: nothing of unknown servers, nothing unresolved",
     take_strict},
    {"reorder", 0, "N", "packets held for one that is missing, default 8; 0: none",
     take_reorder},
    {"reorder-time", 0, "SECONDS", "and for how long, default 0.5", take_reorder_time},
    {"keep-duplicates", 0, NULL, "packets, opens and closes that were sent twice",
     take_duplicates},
    {"release", 0, "SECONDS",
     "closed files are remembered for this long, or 'never'; default 660",
     take_release},
    {"idle", 0, "SECONDS",
     "silent sessions are remembered for this long, default 86400", take_idle},
    {"memory", 0, "MIB", "for users and files, then the oldest go; default 64",
     take_memory},
    {"ignore-address", 0, NULL, "servers are told apart by start time and id alone",
     take_ignore_address},
    {"counts", 0, NULL, "at the end, all counters on stderr as one JSON object",
     take_counts},
    {NULL, 0, NULL, NULL, NULL},
};

/* Nothing comes from the future: a damaged packet must not turn the clock there, where all
 * that is known would be done with. */
static void
see_time(struct streams *st, uint32_t unix_s)
{
    if (unix_s > st->seen_unix_s && unix_s <= st->latest_unix_s)
        st->seen_unix_s = unix_s;
}

static bool
drain(struct streams *st)
{
    for (const struct xrdmon_event *e; (e = xrdmon_next(st->xm)) != NULL;) {
        see_time(st, e->window.end_unix_s);
        if (!st->take(st->arg, e))
            return false;
    }
    return true;
}

/* Without times of arrival nothing tells how long a packet has been held: the clock is
 * what packets say, and leaps by seconds. So only their number counts. */
static bool
make_handle(struct streams *st, bool has_time)
{
    struct xrdmon_options options = st->settings->stream;

    if (options.release_ms == 0)
        options.release_ms = RELEASE_MS;
    if (options.reorder_ms == 0 && !has_time)
        options.reorder_ms = UINT32_MAX;
    int err = xrdmon_new(&st->xm, &options);
    if (err < 0) {
        cli_say("cannot begin: %s", xrdmon_strerror(err));
        st->has_failed = true;
    }
    return err == 0;
}

static bool
take_datagram(void *arg, const struct datagram *datagram)
{
    struct streams *st = (struct streams *)arg;
    if (!st->xm && !make_handle(st, datagram->has_time))
        return false;

    struct xrdmon_source source = names_take(st->names, datagram);
    struct xrdmon_packet packet;
    int err;

    /* Without times of arrival, what the packets say is clock enough: something has to
     * release what is done with. */
    if (!datagram->has_time &&
        xrdmon_packet_parse(datagram->bytes, datagram->len, &packet) == 0)
        see_time(st, packet.header.stod_unix_s);
    uint64_t now_ns =
        datagram->has_time ? datagram->time_ns : (uint64_t)st->seen_unix_s * 1000000000;
    if (now_ns > st->now_ns)
        st->now_ns = now_ns;
    while ((err = xrdmon_feed(st->xm, &source, datagram->bytes, datagram->len,
                              st->now_ns)) == -EAGAIN)
        if (!drain(st))
            return false;
    if (err < 0) {
        cli_say("cannot go on: %s", xrdmon_errmsg(st->xm));
        st->has_failed = true;
        return false;
    }
    return drain(st);
}

int
streams_run(struct streams *st, const struct settings *settings, struct out *out,
            bool (*take)(void *arg, const struct xrdmon_event *event), void *arg)
{
    *st = (struct streams){.settings = settings,
                           .names = names_new(),
                           .latest_unix_s = (uint32_t)(time(NULL) + A_DAY_S),
                           .take = take,
                           .arg = arg};
    if (!st->names) {
        cli_say("cannot begin: no memory");
        return CLI_FAILED;
    }
    int code = walk(settings, out, take_datagram, st);
    if (code == CLI_MISUSED || (!st->xm && !make_handle(st, false)))
        return code == CLI_DONE ? CLI_FAILED : code;
    xrdmon_flush(st->xm);
    (void)drain(st);
    return st->has_failed ? CLI_FAILED : code;
}

void
streams_close(struct streams *st)
{
    xrdmon_free(st->xm);
    names_free(st->names);
}

/* What a person should know of, each where it happened. */
static void
say_amiss(const struct xrdmon_stats *s)
{
    const struct {
        uint64_t count;
        const char *one, *many, *how;
    } amiss[] = {
        {s->lost, "packet", "packets", "lost"},
        {s->late, "packet", "packets", "late"},
        {s->bad_truncated + s->bad_malformed + s->bad_unknown, "packet", "packets",
         "bad"},
        {s->unresolved_users, "event", "events", "without a user"},
        {s->unresolved_paths, "event", "events", "without a path"},
        {s->evicted_users + s->evicted_files, "user or file", "users and files",
         "forgotten for want of memory"},
        {s->evicted_servers, "server", "servers", "forgotten"},
    };
    char line[512] = "";
    size_t len = 0;

    for (size_t i = 0; i < sizeof(amiss) / sizeof(amiss[0]); i++)
        if (amiss[i].count && len < sizeof(line))
            len += (size_t)snprintf(
                line + len, sizeof(line) - len, "%s%" PRIu64 " %s %s", len ? ", " : "",
                amiss[i].count, amiss[i].count == 1 ? amiss[i].one : amiss[i].many,
                amiss[i].how);
    if (len)
        cli_say("%s", line);
}

void
streams_say_counts(const struct streams *st)
{
    struct xrdmon_stats stats;
    struct out out;

    if (!st->xm)
        return;
    xrdmon_get_stats(st->xm, &stats);
    if (!st->settings->wants_counts) {
        if (!st->settings->is_quiet)
            say_amiss(&stats);
        return;
    }
    if (out_open(&out, 2) < 0)
        return;
    out_begin(&out, '{');
    show_stats(&out, &stats);
    out_end(&out, '}');
    out_char(&out, '\n');
    out_close(&out);
}

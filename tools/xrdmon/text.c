/* SPDX-License-Identifier: MIT */
/* Packets and events for people: a line each, in columns. */
#include "text.h"
#include "../cli.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

/* What a column shows at least; longer texts push the rest of their line. */
enum { SOURCE_WIDTH = 21, KIND_WIDTH = 8, COUNTED_NAMES = 16 };

void
text_time(FILE *f, uint64_t time_ns)
{
    time_t seconds = (time_t)(time_ns / 1000000000);
    struct tm tm;

    if (time_ns && gmtime_r(&seconds, &tm))
        fprintf(f, "%02d:%02d:%02d.%03d  ", tm.tm_hour, tm.tm_min, tm.tm_sec,
                (int)(time_ns / 1000000 % 1000));
}

void
text_column(FILE *f, struct xrdmon_text text, int width)
{
    cli_put_safe(f, text.at ? text.at : "-", text.at ? text.len : 1);
    int pad = width - (int)(text.at ? text.len : 1);
    fprintf(f, "%*s  ", pad > 0 ? pad : 0, "");
}

struct tally {
    const char *name;
    unsigned count;
};

static void
count_name(struct tally tallies[COUNTED_NAMES], const char *name)
{
    for (size_t i = 0; i < COUNTED_NAMES; i++)
        if (!tallies[i].name || strcmp(tallies[i].name, name) == 0) {
            tallies[i].name = name;
            tallies[i].count++;
            return;
        }
}

/* "3 open, 3 close, 1 disc". Gives the damage in words, or NULL. */
static const char *
text_records(FILE *f, const struct xrdmon_packet *packet)
{
    struct xrdmon_cursor cursor = xrdmon_cursor_over(packet);
    struct tally tallies[COUNTED_NAMES] = {{NULL, 0}};
    int got = 0;

    for (;;) {
        struct xrdmon_fstat_record fstat;
        struct xrdmon_trace_record trace;
        struct xrdmon_redir_record redir;
        const char *word = NULL;
        bool is_mark = false; /* of time: it is not counted */
        if (packet->kind == XRDMON_FSTAT) {
            got = xrdmon_fstat_next(&cursor, &fstat);
            is_mark = got == 1 && fstat.type == XRDMON_FSTAT_TIME;
            word = got == 1 ? word_of_fstat(fstat.type) : NULL;
        } else if (packet->kind == XRDMON_TRACE) {
            got = xrdmon_trace_next(&cursor, &trace);
            is_mark = got == 1 && trace.type == XRDMON_TRACE_WINDOW;
            word = got == 1 ? word_of_trace(trace.type) : NULL;
        } else {
            got = xrdmon_redir_next(&cursor, &redir);
            bool is_redirect = got == 1 && (redir.type == XRDMON_REDIR_REDIRECT ||
                                            redir.type == XRDMON_REDIR_REDLOCAL);
            is_mark = !is_redirect;
            word = is_redirect ? xrdmon_redir_op_name(redir.u.redirect.op) : NULL;
        }
        if (got != 1)
            break;
        if (!is_mark)
            count_name(tallies, word ? word : "unknown");
    }
    for (size_t i = 0; i < COUNTED_NAMES && tallies[i].name; i++)
        fprintf(f, "%s%u %s", i ? ", " : "", tallies[i].count, tallies[i].name);
    return got < 0 ? cursor.why ? cursor.why : xrdmon_strerror(got) : NULL;
}

static const char *
text_map(FILE *f, const struct xrdmon_packet *packet)
{
    struct xrdmon_map map;
    int err = xrdmon_map_parse(packet, &map);

    if (err < 0)
        return xrdmon_strerror(err);
    fprintf(f, "%" PRIu32 " ", map.dictid);
    cli_put_safe(f, map.userid.raw.at, map.userid.raw.len);
    struct xrdmon_text rest = map.path.at ? map.path : map.info;
    if (rest.at) {
        fputc(' ', f);
        cli_put_safe(f, rest.at, rest.len);
    }
    return NULL;
}

static const char *
text_gstream(FILE *f, const struct xrdmon_packet *packet)
{
    struct xrdmon_gstream gstream;
    struct xrdmon_text line;
    unsigned lines = 0;
    int err = xrdmon_gstream_parse(packet, &gstream);

    if (err < 0)
        return xrdmon_strerror(err);
    while (xrdmon_lines_next(&gstream.lines, &line))
        lines++;
    const char *name = xrdmon_provider_name(gstream.provider);
    fprintf(f, "%u of %s", lines, name ? name : "an unknown provider");
    return packet->missing ? xrdmon_strerror(XRDMON_ETRUNCATED) : NULL;
}

void
text_packet(FILE *f, const struct datagram *datagram)
{
    static const char *const kinds[] = {
        "bad", "map", "fstat", "trace", "redir", "gstream", "gjson", "gcgi", "summary",
    };
    char source[ORIGIN_TEXT];
    struct xrdmon_text from = {
        source, origin_put_text(&datagram->origin, source, sizeof(source))};
    struct xrdmon_packet packet = {0};
    int err = xrdmon_packet_parse(datagram->bytes, datagram->len, &packet);
    const char *why = NULL;

    text_time(f, datagram->has_time ? datagram->time_ns : 0);
    if (datagram->origin.text)
        from = (struct xrdmon_text){datagram->origin.text, datagram->origin.text_len};
    if (from.len)
        text_column(f, from, SOURCE_WIDTH);
    fprintf(f, "%-*s", KIND_WIDTH, err < 0 ? "bad" : kinds[packet.kind]);
    if (err < 0) {
        why = xrdmon_strerror(err);
        fprintf(f, "%zu bytes", datagram->len);
    } else if (packet.kind >= XRDMON_JSON) {
        cli_put_safe(f, (const char *)packet.bytes, packet.len);
    } else {
        fprintf(f, "%c %3u %5u B  ", packet.header.code, packet.header.pseq,
                packet.header.plen);
        why = packet.kind == XRDMON_MAP       ? text_map(f, &packet)
              : packet.kind == XRDMON_GSTREAM ? text_gstream(f, &packet)
                                              : text_records(f, &packet);
    }
    if (why)
        fprintf(f, "  (bad: %s)", why);
    fputc('\n', f);
}

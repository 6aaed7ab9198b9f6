/* SPDX-License-Identifier: MIT */
#ifndef SHOW_H
#define SHOW_H

/* Rows of packets as hex text, and what they say as a line of text: records as they were
 * decoded, then how it ended. What is good is also cut at every byte. */
#include "support/cmocka.h"
#include "support/hex.h"
#include "again.h"

#include <inttypes.h>

struct show {
    char text[8192];
    size_t len;
};

struct show_row {
    const char *name, *hex, *want;
};

#define SHOW(s, ...)                                                                   \
    ((s)->len +=                                                                       \
     (size_t)snprintf((s)->text + (s)->len,                                            \
                      (s)->len < sizeof((s)->text) ? sizeof((s)->text) - (s)->len : 0, \
                      __VA_ARGS__))
#define SHOW_TEXT(t) (int)(t).len, (t).at ? (t).at : ""

/* Absent is "-", empty is "''". */
static inline void
show_text(struct show *s, const char *name, struct xrdmon_text t)
{
    if (t.at)
        SHOW(s, " %s='%.*s'", name, SHOW_TEXT(t));
}

static inline void
show_map(struct show *s, const struct xrdmon_packet *p)
{
    struct xrdmon_map m;
    struct xrdmon_pairs pairs;
    struct xrdmon_text key, value;
    int err = xrdmon_map_parse(p, &m);

    if (err < 0) {
        SHOW(s, " error %d", err);
        return;
    }
    SHOW(s, " %" PRIu32, m.dictid);
    if (m.userid.is_valid) {
        show_text(s, "prot", m.userid.prot);
        show_text(s, "user", m.userid.user);
        if (m.userid.has_pid)
            SHOW(s, " pid=%" PRIu32, m.userid.pid);
        SHOW(s, " sid=%" PRIu64, m.userid.sid);
        show_text(s, "host", m.userid.host);
    } else {
        show_text(s, "raw", m.userid.raw);
    }
    show_text(s, "path", m.path);
    if (m.code == 'i')
        show_text(s, "info", m.info);
    pairs = xrdmon_map_pairs(&m);
    while (xrdmon_pairs_next(&pairs, &key, &value))
        SHOW(s, " %.*s:'%.*s'", SHOW_TEXT(key), SHOW_TEXT(value));
    if (m.tail.len)
        SHOW(s, " tail %zu", m.tail.len);
}

static inline void
show_fstat_record(struct show *s, const struct xrdmon_fstat_record *r)
{
    const struct xrdmon_fstat_totals *t = &r->u.xfr; /* close has them at its start */

    switch (r->type) {
    case XRDMON_FSTAT_TIME:
        SHOW(s, " time %u/%u %" PRIu32 "-%" PRIu32, r->u.time.xfr_records,
             r->u.time.all_records, r->u.time.begin_unix_s, r->u.time.end_unix_s);
        if (r->u.time.has_sid)
            SHOW(s, " sid=%" PRIx64, r->u.time.sid);
        break;
    case XRDMON_FSTAT_OPEN:
        SHOW(s, " open %" PRIu32 " %" PRId64 "%s", r->id, r->u.open.file_bytes,
             r->u.open.is_rw ? " rw" : "");
        if (r->u.open.has_lfn)
            SHOW(s, " user %" PRIu32 " '%.*s'", r->u.open.user_dictid,
                 SHOW_TEXT(r->u.open.path));
        break;
    case XRDMON_FSTAT_XFR:
        SHOW(s, " xfr %" PRIu32 " %" PRId64 " %" PRId64 " %" PRId64, r->id,
             t->read_bytes, t->readv_bytes, t->write_bytes);
        break;
    case XRDMON_FSTAT_CLOSE:
        t = &r->u.close.totals;
        SHOW(s, " close %" PRIu32 " %" PRId64 " %" PRId64 " %" PRId64 "%s", r->id,
             t->read_bytes, t->readv_bytes, t->write_bytes,
             r->u.close.is_forced ? " forced" : "");
        if (r->u.close.has_ops)
            SHOW(s, " ops %d,%d,%d seg %d-%d %" PRId64 " %d-%d %d-%d %d-%d",
                 r->u.close.ops.read_calls, r->u.close.ops.readv_calls,
                 r->u.close.ops.write_calls, r->u.close.ops.segments_min,
                 r->u.close.ops.segments_max, r->u.close.ops.segments,
                 r->u.close.ops.read_min_bytes, r->u.close.ops.read_max_bytes,
                 r->u.close.ops.readv_min_bytes, r->u.close.ops.readv_max_bytes,
                 r->u.close.ops.write_min_bytes, r->u.close.ops.write_max_bytes);
        if (r->u.close.has_ssq)
            SHOW(s, " ssq %g %g %g %g", r->u.close.ssq.read_bytes,
                 r->u.close.ssq.readv_bytes, r->u.close.ssq.segments,
                 r->u.close.ssq.write_bytes);
        break;
    case XRDMON_FSTAT_DISC:
        SHOW(s, " disc %" PRIu32, r->id);
        break;
    default:
        SHOW(s, " type%u", r->type);
        break;
    }
}

static inline void
show_trace_record(struct show *s, const struct xrdmon_trace_record *r)
{
    switch (r->type) {
    case XRDMON_TRACE_READ:
    case XRDMON_TRACE_WRITE:
        SHOW(s, " %s %" PRIu32 " %" PRIu32 "@%" PRId64,
             r->type == XRDMON_TRACE_READ ? "read" : "write", r->dictid,
             r->u.rw.len_bytes, r->u.rw.offset);
        break;
    case XRDMON_TRACE_OPEN:
        SHOW(s, " open %" PRIu32 " %" PRIu64, r->dictid, r->u.open.file_bytes);
        break;
    case XRDMON_TRACE_READV:
    case XRDMON_TRACE_READU:
        SHOW(s, " %s %" PRIu32 " #%u %ux %" PRId32,
             r->type == XRDMON_TRACE_READV ? "readv" : "readu", r->dictid,
             r->u.readv.request, r->u.readv.segments, r->u.readv.len_bytes);
        break;
    case XRDMON_TRACE_APPID:
        SHOW(s, " appid '%.*s'", SHOW_TEXT(r->u.appid.text));
        break;
    case XRDMON_TRACE_CLOSE:
        SHOW(s, " close %" PRIu32 " %" PRIu64 " %" PRIu64, r->dictid,
             r->u.close.read_bytes, r->u.close.write_bytes);
        break;
    case XRDMON_TRACE_DISC:
        SHOW(s, " disc %" PRIu32 " %" PRId32 "s%s%s", r->dictid, r->u.disc.connected_s,
             r->u.disc.is_forced ? " forced" : "", r->u.disc.is_bound ? " bound" : "");
        break;
    case XRDMON_TRACE_WINDOW:
        SHOW(s, " window %" PRIx64 " %" PRIu32 " %" PRIu32, r->u.window.sid,
             r->u.window.prev_end_unix_s, r->u.window.start_unix_s);
        break;
    default:
        SHOW(s, " unknown %02x", r->code);
        break;
    }
}

static inline void
show_redir_record(struct show *s, const struct xrdmon_redir_record *r)
{
    const char *op;

    switch (r->type) {
    case XRDMON_REDIR_WINDOW:
        SHOW(s, " window %" PRIu32 "s %" PRIu32, r->u.window.size_s,
             r->u.window.start_unix_s);
        break;
    case XRDMON_REDIR_REDIRECT:
    case XRDMON_REDIR_REDLOCAL:
        op = xrdmon_redir_op_name(r->u.redirect.op);
        SHOW(s, " %s %s %" PRIu32 " port %u",
             r->type == XRDMON_REDIR_REDIRECT ? "redirect" : "redlocal", op ? op : "?",
             r->u.redirect.dictid, r->u.redirect.port);
        show_text(s, "host", r->u.redirect.host);
        show_text(s, "path", r->u.redirect.path);
        break;
    case XRDMON_REDIR_SID:
        SHOW(s, " sid %" PRIx64, r->u.server.sid);
        break;
    default:
        SHOW(s, " unknown %02x", r->code);
        break;
    }
}

static inline void
show_records(struct show *s, const struct xrdmon_packet *p)
{
    struct xrdmon_cursor c = xrdmon_cursor_over(p);
    struct xrdmon_fstat_record f;
    struct xrdmon_trace_record t;
    struct xrdmon_redir_record r;
    uint64_t sid;
    uint8_t type;
    int more = 0;

    if (p->kind == XRDMON_FSTAT)
        while ((more = xrdmon_fstat_next(&c, &f)) > 0)
            show_fstat_record(s, &f);
    if (p->kind == XRDMON_TRACE)
        while ((more = xrdmon_trace_next(&c, &t)) > 0)
            show_trace_record(s, &t);
    if (p->kind == XRDMON_REDIR) {
        if (xrdmon_redir_sid(p, &sid, &type) == 0)
            SHOW(s, " %02x:%" PRIx64, type, sid);
        while ((more = xrdmon_redir_next(&c, &r)) > 0)
            show_redir_record(s, &r);
    }
    if (more < 0)
        SHOW(s, " %s at %zu: %s",
             more == -XRDMON_ETRUNCATED ? "truncated" : "malformed", c.offset, c.why);
}

static inline void
show_gstream(struct show *s, const struct xrdmon_packet *p)
{
    struct xrdmon_gstream g;
    struct xrdmon_text line;

    if (xrdmon_gstream_parse(p, &g) < 0) {
        SHOW(s, " error");
        return;
    }
    SHOW(s, " %" PRIu32 "-%" PRIu32 " %c %" PRIx64, g.begin_unix_s, g.end_unix_s,
         g.provider ? g.provider : '0', g.sid);
    while (xrdmon_lines_next(&g.lines, &line))
        SHOW(s, " '%.*s'%s", SHOW_TEXT(line),
             xrdmon_json_is_valid(line) ? "" : " no JSON");
}

static inline void
show_gtext(struct show *s, const struct xrdmon_packet *p)
{
    struct xrdmon_gtext g;
    struct xrdmon_text line;

    if (xrdmon_gtext_parse(p, &g) < 0) {
        SHOW(s, " error");
        return;
    }
    if (g.code)
        SHOW(s, " code %c pseq %u stod %" PRIu32 " sid %" PRIu64, g.code, g.pseq,
             g.stod_unix_s, g.sid);
    if (g.provider)
        SHOW(s, " %c %" PRIu32 "-%" PRIu32, g.provider, g.begin_unix_s, g.end_unix_s);
    show_text(s, "site", g.site);
    show_text(s, "host", g.host);
    show_text(s, "port", g.port);
    show_text(s, "inst", g.inst);
    show_text(s, "pgm", g.pgm);
    show_text(s, "ver", g.ver);
    while (xrdmon_lines_next(&g.lines, &line))
        SHOW(s, " '%.*s'", SHOW_TEXT(line));
}

static inline void
show_packet(struct show *s, const uint8_t *bytes, size_t len)
{
    struct xrdmon_packet p;
    int err = xrdmon_packet_parse(bytes, len, &p);

    s->len = 0;
    s->text[0] = 0;
    if (err < 0) {
        SHOW(s, "%s", xrdmon_strerror(err));
        return;
    }
    if (p.kind < XRDMON_JSON)
        SHOW(s, "%c %u %" PRIu32 ":", p.header.code, p.header.pseq,
             p.header.stod_unix_s);
    if (p.kind == XRDMON_MAP)
        show_map(s, &p);
    else if (p.kind == XRDMON_GSTREAM)
        show_gstream(s, &p);
    else if (p.kind == XRDMON_JSON || p.kind == XRDMON_CGI)
        show_gtext(s, &p);
    else
        show_records(s, &p);
    if (p.trailing)
        SHOW(s, " trailing %zu", p.trailing);
    if (p.missing)
        SHOW(s, " missing %zu", p.missing);
}

/* In hex, text may stand in single quotes, and "plen" for the length of the packet. */
static inline struct hex
show_bytes(const char *text)
{
    char *hex = malloc(strlen(text) * 2 + 1), *to = hex;
    bool is_text = false, is_plen = false;

    assert_non_null(hex);
    for (; *text; text++) {
        if (*text == '\'') {
            is_text = !is_text;
        } else if (!is_text && strncmp(text, "plen", 4) == 0) {
            is_plen = true;
            to += sprintf(to, "0000");
            text += 3;
        } else if (is_text)
            to += sprintf(to, "%02x", (unsigned char)*text);
        else
            *to++ = *text;
    }
    *to = 0;
    struct hex h = unhex(hex);
    if (is_plen) {
        h.bytes[2] = (uint8_t)(h.len >> 8);
        h.bytes[3] = (uint8_t)h.len;
    }
    free(hex);
    return h;
}

/* What decodes whole never does when it is cut: it says so, and where. */
static inline void
show_check(void **state)
{
    const struct show_row *row = *state;
    struct hex h = show_bytes(row->hex);
    static struct show got;

    show_packet(&got, h.bytes, h.len);
    assert_string_equal(got.text, row->want);
    bool is_whole = !strstr(row->want, "truncated") && !strstr(row->want, "error") &&
                    !strstr(row->want, "malformed") && !strstr(row->want, "missing") &&
                    strchr(row->want, ':') && !strstr(row->want, "trailing") &&
                    h.bytes[0] != '{' && h.bytes[0] != 'c';
    for (size_t len = 0; is_whole && len < h.len; len++) {
        static uint8_t out[65536];
        struct hex cut = hex_cut(h.bytes, len);
        struct xrdmon_packet p;
        size_t records = 0;
        int err = xrdmon_packet_parse(cut.bytes, len, &p);
        if (err == 0)
            err = again(&p, out, sizeof(out), &records);
        assert_int_equal(err, -XRDMON_ETRUNCATED);
        free(cut.bytes);
    }
    free(h.bytes);
}

static inline int
show_rows(const char *group, struct show_row *rows, size_t n)
{
    struct CMUnitTest *tests = calloc(n, sizeof(*tests));

    if (!tests)
        return 1;
    for (size_t i = 0; i < n; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(show_check, &rows[i]);
        tests[i].name = rows[i].name;
    }
    int failed = _cmocka_run_group_tests(group, tests, n, NULL, NULL);
    free(tests);
    return failed;
}

#endif

/* SPDX-License-Identifier: MIT */
/* One packet as JSON, record by record. */
#include "show.h"
#include "words.h"

static void
show_userid(struct out *o, const struct xrdmon_userid *userid)
{
    out_begin(o, '{');
    out_key(o, "raw");
    show_text(o, userid->raw);
    out_key(o, "prot");
    show_text(o, userid->prot);
    out_key(o, "user");
    show_text(o, userid->user);
    out_key(o, "pid");
    if (userid->has_pid)
        out_u64(o, userid->pid);
    else
        out_text(o, NULL);
    out_key(o, "sid");
    if (userid->is_valid)
        out_u64(o, userid->sid);
    else
        out_text(o, NULL);
    out_key(o, "host");
    show_text(o, userid->host);
    out_end(o, '}');
}

static void
show_bad(struct out *o, const char *why, size_t offset)
{
    out_key(o, "bad");
    out_text(o, why);
    out_key(o, "offset");
    out_u64(o, offset);
}

static void
show_map(struct out *o, const struct xrdmon_packet *packet)
{
    struct xrdmon_map map;
    int err = xrdmon_map_parse(packet, &map);

    if (err < 0) {
        show_bad(o, xrdmon_strerror(err), packet->len);
        return;
    }
    out_key(o, "dictid");
    out_u64(o, map.dictid);
    out_key(o, "userid");
    show_userid(o, &map.userid);
    if (map.path.at || map.code == 'd') {
        out_key(o, "path");
        show_text(o, map.path);
    }
    switch (map.code) {
    case '=':
        out_key(o, "srv");
        show_pairs(o, &map);
        break;
    case 'u':
        out_key(o, "auth");
        if (map.info.at)
            show_pairs(o, &map);
        else
            out_text(o, NULL);
        break;
    case 'T':
        out_key(o, "token");
        show_pairs(o, &map);
        break;
    case 'U':
        out_key(o, "ea");
        show_pairs(o, &map);
        break;
    case 'i':
        out_key(o, "appinfo");
        show_text(o, map.info);
        break;
    case 'p':
    case 'x':
        out_key(o, "info");
        show_pairs(o, &map);
        break;
    default: /* d: all is said */
        break;
    }
}

static void
show_fstat_record(struct out *o, const struct xrdmon_fstat_record *r)
{
    const char *word = word_of_fstat(r->type);

    out_begin(o, '{');
    out_key(o, "rec");
    out_text(o, word ? word : "unknown");
    out_key(o, "flags");
    out_u64(o, r->flags);
    out_key(o, "size");
    out_u64(o, r->size_bytes);
    if (word && r->type != XRDMON_FSTAT_TIME) {
        if (r->type == XRDMON_FSTAT_DISC)
            out_key(o, "userid");
        else
            out_key(o, "fileid");
        out_u64(o, r->id);
    }
    switch (r->type) {
    case XRDMON_FSTAT_CLOSE:
        out_key(o, "forced");
        out_bool(o, r->u.close.is_forced);
        show_totals(o, &r->u.close.totals);
        show_fstat_ops(o, &r->u.close);
        break;
    case XRDMON_FSTAT_OPEN:
        out_key(o, "rw");
        out_bool(o, r->u.open.is_rw);
        out_key(o, "filesize");
        out_i64(o, r->u.open.file_bytes);
        if (r->u.open.has_lfn) {
            out_key(o, "user");
            out_u64(o, r->u.open.user_dictid);
            out_key(o, "lfn");
            show_text(o, r->u.open.path);
        }
        break;
    case XRDMON_FSTAT_TIME:
        out_key(o, "nxfr");
        out_u64(o, r->u.time.xfr_records);
        out_key(o, "ntot");
        out_u64(o, r->u.time.all_records);
        out_key(o, "beg");
        out_u64(o, r->u.time.begin_unix_s);
        out_key(o, "end");
        out_u64(o, r->u.time.end_unix_s);
        out_key(o, "sid");
        if (r->u.time.has_sid)
            out_u64(o, r->u.time.sid);
        else
            out_text(o, NULL);
        break;
    case XRDMON_FSTAT_XFR:
        show_totals(o, &r->u.xfr);
        break;
    case XRDMON_FSTAT_DISC:
        break;
    default:
        out_key(o, "type");
        out_u64(o, r->type);
        out_key(o, "raw");
        show_hex(o, r->bytes, r->size_bytes);
        break;
    }
    out_end(o, '}');
}

static void
show_trace_record(struct out *o, const struct xrdmon_trace_record *r)
{
    const char *word = word_of_trace(r->type);
    bool has_dictid = true;

    out_begin(o, '{');
    out_key(o, "rec");
    out_text(o, word ? word : "unknown");
    switch (r->type) {
    case XRDMON_TRACE_READ:
    case XRDMON_TRACE_WRITE:
        out_key(o, "offset");
        out_i64(o, r->u.rw.offset);
        out_key(o, "len");
        out_i64(o, r->u.rw.len_bytes);
        break;
    case XRDMON_TRACE_OPEN:
        out_key(o, "filesize");
        out_u64(o, r->u.open.file_bytes);
        break;
    case XRDMON_TRACE_READV:
    case XRDMON_TRACE_READU:
        out_key(o, "vseq");
        out_u64(o, r->u.readv.request);
        out_key(o, "count");
        out_u64(o, r->u.readv.segments);
        out_key(o, "len");
        out_i64(o, r->u.readv.len_bytes);
        break;
    case XRDMON_TRACE_CLOSE:
        out_key(o, "read");
        out_u64(o, r->u.close.read_bytes);
        out_key(o, "write");
        out_u64(o, r->u.close.write_bytes);
        break;
    case XRDMON_TRACE_DISC:
        out_key(o, "forced");
        out_bool(o, r->u.disc.is_forced);
        out_key(o, "bound");
        out_bool(o, r->u.disc.is_bound);
        out_key(o, "flags");
        out_u64(o, r->u.disc.flags);
        out_key(o, "seconds");
        out_i64(o, r->u.disc.connected_s);
        break;
    case XRDMON_TRACE_APPID:
        has_dictid = false;
        out_key(o, "text");
        show_text(o, r->u.appid.text);
        break;
    case XRDMON_TRACE_WINDOW:
        has_dictid = false;
        out_key(o, "sid");
        out_u64(o, r->u.window.sid);
        out_key(o, "end");
        out_u64(o, r->u.window.prev_end_unix_s);
        out_key(o, "start");
        out_u64(o, r->u.window.start_unix_s);
        break;
    default:
        has_dictid = false;
        out_key(o, "type");
        out_u64(o, r->code);
        out_key(o, "raw");
        show_hex(o, r->bytes, 16);
        break;
    }
    if (has_dictid) {
        out_key(o, "dictid");
        out_u64(o, r->dictid);
    }
    out_end(o, '}');
}

static void
show_redir_record(struct out *o, const struct xrdmon_redir_record *r)
{
    out_begin(o, '{');
    out_key(o, "rec");
    switch (r->type) {
    case XRDMON_REDIR_WINDOW:
        out_text(o, "window");
        out_key(o, "prev");
        out_u64(o, r->u.window.size_s);
        out_key(o, "time");
        out_u64(o, r->u.window.start_unix_s);
        break;
    case XRDMON_REDIR_REDIRECT:
    case XRDMON_REDIR_REDLOCAL:
        out_text(o, r->type == XRDMON_REDIR_REDIRECT ? "redirect" : "redlocal");
        out_key(o, "op");
        show_redir_op(o, r->u.redirect.op);
        out_key(o, "port");
        out_u64(o, r->u.redirect.port);
        out_key(o, "dictid");
        out_u64(o, r->u.redirect.dictid);
        out_key(o, "host");
        show_text(o, r->u.redirect.host);
        out_key(o, "path");
        show_text(o, r->u.redirect.path);
        break;
    case XRDMON_REDIR_SID:
        out_text(o, "sid");
        out_key(o, "sid");
        out_u64(o, r->u.server.sid);
        break;
    default:
        out_text(o, "unknown");
        out_key(o, "type");
        out_u64(o, r->code);
        out_key(o, "raw");
        show_hex(o, r->bytes, r->size_bytes);
        break;
    }
    out_end(o, '}');
}

/* The records of an f, t or r packet. */
static void
show_records(struct out *o, const struct xrdmon_packet *packet)
{
    struct xrdmon_cursor cursor = xrdmon_cursor_over(packet);
    int got;

    if (packet->kind == XRDMON_REDIR) {
        uint64_t sid;
        uint8_t type;
        if (xrdmon_redir_sid(packet, &sid, &type) == 0) {
            out_key(o, "sid");
            out_u64(o, sid);
            out_key(o, "sidtype");
            out_u64(o, type);
        }
    }
    out_key(o, "records");
    out_begin(o, '[');
    do {
        struct xrdmon_fstat_record fstat;
        struct xrdmon_trace_record trace;
        struct xrdmon_redir_record redir;
        got = packet->kind == XRDMON_FSTAT   ? xrdmon_fstat_next(&cursor, &fstat)
              : packet->kind == XRDMON_TRACE ? xrdmon_trace_next(&cursor, &trace)
                                             : xrdmon_redir_next(&cursor, &redir);
        if (got != 1)
            break;
        out_next(o);
        if (packet->kind == XRDMON_FSTAT)
            show_fstat_record(o, &fstat);
        else if (packet->kind == XRDMON_TRACE)
            show_trace_record(o, &trace);
        else
            show_redir_record(o, &redir);
    } while (true);
    out_end(o, ']');
    if (got < 0)
        show_bad(o, cursor.why ? cursor.why : xrdmon_strerror(got), cursor.offset);
}

static void
show_gstream(struct out *o, const struct xrdmon_packet *packet)
{
    struct xrdmon_gstream gstream;
    struct xrdmon_text line;
    int err = xrdmon_gstream_parse(packet, &gstream);

    if (err < 0) {
        show_bad(o, xrdmon_strerror(err), packet->len);
        return;
    }
    const char *name = xrdmon_provider_name(gstream.provider);
    out_key(o, "beg");
    out_u64(o, gstream.begin_unix_s);
    out_key(o, "end");
    out_u64(o, gstream.end_unix_s);
    out_key(o, "sid");
    out_u64(o, gstream.sid);
    out_key(o, "provider");
    out_string(o, &gstream.provider, 1);
    out_key(o, "provider_name");
    out_text(o, name);
    out_key(o, "records");
    out_begin(o, '[');
    while (xrdmon_lines_next(&gstream.lines, &line)) {
        out_next(o);
        out_begin(o, '{');
        if (xrdmon_json_is_valid(line)) {
            out_key(o, "json");
            out_json(o, line.at, line.len);
        } else {
            out_key(o, "text");
            show_text(o, line);
        }
        out_end(o, '}');
    }
    out_end(o, ']');
    if (packet->missing)
        show_bad(o, xrdmon_strerror(XRDMON_ETRUNCATED), packet->len);
}

static void
show_header(struct out *o, const struct xrdmon_header *header)
{
    out_key(o, "header");
    out_begin(o, '{');
    out_key(o, "code");
    out_string(o, &header->code, 1);
    out_key(o, "pseq");
    out_u64(o, header->pseq);
    out_key(o, "plen");
    out_u64(o, header->plen);
    out_key(o, "stod");
    out_u64(o, header->stod_unix_s);
    out_end(o, '}');
}

void
show_packet(struct out *o, const struct datagram *datagram)
{
    static const char *const kinds[] = {
        [XRDMON_MAP] = "map",         [XRDMON_FSTAT] = "fstat",
        [XRDMON_TRACE] = "trace",     [XRDMON_REDIR] = "redir",
        [XRDMON_GSTREAM] = "gstream", [XRDMON_JSON] = "gjson",
        [XRDMON_CGI] = "gcgi",        [XRDMON_SUMMARY] = "summary",
    };
    struct xrdmon_packet packet;
    int err = xrdmon_packet_parse(datagram->bytes, datagram->len, &packet);

    out_begin(o, '{');
    if (datagram->has_time) {
        out_key(o, "time");
        out_time_ns(o, datagram->time_ns);
    }
    show_origin(o, &datagram->origin);
    out_key(o, "kind");
    if (err < 0) {
        out_text(o, "bad");
        out_key(o, "why");
        out_text(o, xrdmon_strerror(err));
        out_key(o, "hex");
        show_hex(o, datagram->bytes, datagram->len);
    } else if (packet.kind >= XRDMON_JSON) {
        struct xrdmon_gtext text = {.text = {(const char *)packet.bytes, packet.len}};
        out_text(o, kinds[packet.kind]);
        out_key(o, "text");
        if (packet.kind != XRDMON_SUMMARY)
            (void)xrdmon_gtext_parse(&packet, &text);
        show_text(o, text.text);
    } else {
        out_text(o, kinds[packet.kind]);
        show_header(o, &packet.header);
        if (packet.kind == XRDMON_MAP)
            show_map(o, &packet);
        else if (packet.kind == XRDMON_GSTREAM)
            show_gstream(o, &packet);
        else
            show_records(o, &packet);
        if (packet.trailing) {
            out_key(o, "trailing");
            out_u64(o, packet.trailing);
        }
    }
    out_end(o, '}');
}

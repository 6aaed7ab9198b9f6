/* SPDX-License-Identifier: MIT */
/* The r-stream: clients sent elsewhere, between marks of time. */
#include "xm.h"

enum { UNIT_BYTES = 8, MORE_UNITS = 255 };

/* host ":" path. A host in brackets contains colons, and so may a path. */
static void
split_target(struct xrdmon_text text, struct xrdmon_text *host,
             struct xrdmon_text *path)
{
    size_t from = 0;

    if (text.len && text.at[0] == '[') {
        const char *bracket = memchr(text.at, ']', text.len);
        from = bracket ? (size_t)(bracket - text.at) : 0;
    }
    const char *colon =
        text.len > from ? memchr(text.at + from, ':', text.len - from) : NULL;
    *host = text;
    *path = xm_text(NULL, 0);
    if (colon) {
        host->len = (size_t)(colon - text.at);
        *path = xm_text(colon + 1, text.len - host->len - 1);
    }
}

/*   below 0x80  window     1 u24 its size in seconds, 4 u32 its start, Unix seconds
 *   0x80 0x90   redirect   low nibble what was asked for, 1 u8 units of text, 2 u16 port,
 *                          4 u32 user, 8 text
 *   0xf0        server     2 u48 its id
 */
int
xrdmon_redir_next(struct xrdmon_cursor *cursor, struct xrdmon_redir_record *ret_record)
{
    size_t left = (size_t)(cursor->end - cursor->at);
    if (left < UNIT_BYTES)
        return xm_cursor_tail(cursor);

    const uint8_t *p = cursor->at;
    struct xrdmon_redir_record r;
    r.code = p[0];
    r.type = p[0] < 0x80 ? XRDMON_REDIR_WINDOW : (uint8_t)(p[0] & 0xf0);
    r.bytes = p;
    r.size_bytes = UNIT_BYTES;
    switch (r.type) {
    case XRDMON_REDIR_WINDOW:
        r.u.window.size_s = rd_be32(p) & 0xffffff;
        r.u.window.start_unix_s = rd_be32(p + 4);
        break;
    case XRDMON_REDIR_REDIRECT:
    case XRDMON_REDIR_REDLOCAL:
        r.u.redirect.op = p[0] & 0x0f;
        r.u.redirect.dent = p[1];
        r.u.redirect.port = rd_be16(p + 2);
        r.u.redirect.dictid = rd_be32(p + 4);
        r.size_bytes += (size_t)UNIT_BYTES * p[1];
        if (r.size_bytes > left)
            return xm_cursor_bad(cursor, -XRDMON_ETRUNCATED,
                                 "a redirection reaches past the packet");
        r.u.redirect.text = xm_text_to_nul(p + UNIT_BYTES, r.size_bytes - UNIT_BYTES);
        split_target(r.u.redirect.text, &r.u.redirect.host, &r.u.redirect.path);
        break;
    case XRDMON_REDIR_SID:
        r.u.server.sid = rd_be64(p) & XM_SID_MASK;
        break;
    default:
        r.type = XRDMON_REDIR_UNKNOWN;
        break;
    }
    cursor->offset = (size_t)(cursor->at - cursor->start);
    cursor->at += r.size_bytes;
    *ret_record = r;
    return 1;
}

int
xrdmon_redir_sid(const struct xrdmon_packet *packet, uint64_t *ret_sid,
                 uint8_t *ret_type)
{
    if (packet->kind != XRDMON_REDIR)
        return -EINVAL;
    if (packet->len < XM_HEADER_BYTES + UNIT_BYTES)
        return -XRDMON_ETRUNCATED;
    *ret_sid = rd_be64(packet->bytes + XM_HEADER_BYTES) & XM_SID_MASK;
    *ret_type = packet->bytes[XM_HEADER_BYTES];
    return 0;
}

const char *
xrdmon_redir_op_name(uint8_t op)
{
    static const char *const names[] = {NULL,    "chmod", "locate", "opendir", "openc",
                                        "openr", "openw", "mkdir",  "mv",      "prep",
                                        "query", "rm",    "rmdir",  "stat",    "trunc"};
    return op < sizeof(names) / sizeof(names[0]) ? names[op] : NULL;
}

static void
write_redirect(struct wr *out, const struct xrdmon_redir_record *r)
{
    struct xrdmon_text host = r->u.redirect.host, path = r->u.redirect.path;
    size_t len = host.len + (path.at ? 1 + path.len : 0);
    size_t units = (len + UNIT_BYTES - 1) / UNIT_BYTES;

    if (units < r->u.redirect.dent)
        units = r->u.redirect.dent;
    if (units > MORE_UNITS) {
        out->bad = true;
        return;
    }
    wr_u8(out, (uint8_t)(r->type | (r->u.redirect.op & 0x0f)));
    wr_u8(out, (uint8_t)units);
    wr_u16(out, r->u.redirect.port);
    wr_u32(out, r->u.redirect.dictid);
    wr_bytes(out, host.at, host.len);
    if (path.at) {
        wr_u8(out, ':');
        wr_bytes(out, path.at, path.len);
    }
    wr_zeros(out, units * UNIT_BYTES - len);
}

void
xrdmon_write_redir(struct xrdmon_writer *w, const struct xrdmon_redir_record *record)
{
    struct wr out = xm_writer_open(w);
    const struct xrdmon_redir_record *r = record;

    switch (r->type) {
    case XRDMON_REDIR_WINDOW:
        wr_u32(&out,
               (uint32_t)(r->code & 0x7f) << 24 | (r->u.window.size_s & 0xffffff));
        wr_u32(&out, r->u.window.start_unix_s);
        break;
    case XRDMON_REDIR_REDIRECT:
    case XRDMON_REDIR_REDLOCAL:
        write_redirect(&out, r);
        break;
    case XRDMON_REDIR_SID:
        wr_u64(&out, (uint64_t)(r->code > r->type ? r->code : r->type) << 56 |
                         (r->u.server.sid & XM_SID_MASK));
        break;
    default: /* not known, so as it came */
        if (!r->bytes)
            xm_writer_fail(w);
        else
            wr_bytes(&out, r->bytes, UNIT_BYTES);
        break;
    }
    xm_writer_close(w, &out);
}

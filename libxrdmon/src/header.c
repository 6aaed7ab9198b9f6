/* SPDX-License-Identifier: MIT */
/* The 8 bytes before every packet, what a datagram is, and the way through its records. */
#include "xm.h"

/*    0  u8   code, a letter              2  u16  bytes of the packet, these 8 included
 *    1  u8   sequence number             4  u32  start of the sender, Unix seconds
 */
static enum xrdmon_kind
kind_of(const uint8_t *bytes, size_t len)
{
    switch (len ? bytes[0] : 0) {
    case '=':
    case 'd':
    case 'i':
    case 'p':
    case 'u':
    case 'x':
    case 'T':
    case 'U':
        return XRDMON_MAP;
    case 'f':
        return XRDMON_FSTAT;
    case 't':
        return XRDMON_TRACE;
    case 'r':
        return XRDMON_REDIR;
    case 'g':
        return XRDMON_GSTREAM;
    case '{':
        return XRDMON_JSON;
    case '<':
        return XRDMON_SUMMARY;
    case 'c':
        return len >= 5 && memcmp(bytes, "code=", 5) == 0 ? XRDMON_CGI
                                                          : (enum xrdmon_kind)0;
    default:
        return (enum xrdmon_kind)0;
    }
}

int
xrdmon_packet_parse(const void *bytes, size_t len, struct xrdmon_packet *ret_packet)
{
    struct rd c = rd_over(bytes, len);
    struct xrdmon_packet p = {.kind = kind_of(c.at, len), .bytes = c.at, .len = len};

    if (p.kind == 0)
        return len ? -XRDMON_EUNKNOWN : -XRDMON_ETRUNCATED;
    if (p.kind >= XRDMON_JSON) {
        *ret_packet = p;
        return 0;
    }
    p.header.code = (char)rd_u8(&c);
    p.header.pseq = rd_u8(&c);
    p.header.plen = rd_u16(&c);
    p.header.stod_unix_s = rd_u32(&c);
    if (c.bad)
        return -XRDMON_ETRUNCATED;
    if (p.header.plen < XM_HEADER_BYTES)
        return -XRDMON_EMALFORMED;
    if (p.header.plen > len) {
        p.missing = p.header.plen - len;
    } else {
        p.len = p.header.plen;
        p.trailing = len - p.len;
    }
    *ret_packet = p;
    return 0;
}

struct xrdmon_cursor
xrdmon_cursor_over(const struct xrdmon_packet *packet)
{
    /* what stands before the first record; of the other kinds, everything */
    size_t head = packet->kind == XRDMON_FSTAT || packet->kind == XRDMON_TRACE ? 8
                  : packet->kind == XRDMON_REDIR                               ? 16
                  : packet->kind == XRDMON_GSTREAM                             ? 24
                                                   : SIZE_MAX;
    bool is_cut = head != SIZE_MAX && packet->len < head;
    if (packet->len < head)
        head = packet->len;
    return (struct xrdmon_cursor){
        .start = packet->bytes,
        .at = packet->bytes + head,
        .end = packet->bytes + packet->len,
        .missing = is_cut && packet->missing == 0 ? 1 : packet->missing,
        .offset = head,
    };
}

int
xm_cursor_bad(struct xrdmon_cursor *c, int err, const char *why)
{
    c->offset = (size_t)(c->at - c->start);
    c->why = why;
    c->at = c->end;
    c->missing = 0;
    return err;
}

int
xm_cursor_tail(struct xrdmon_cursor *c)
{
    if (c->at < c->end)
        return xm_cursor_bad(c, -XRDMON_ETRUNCATED, "the packet ends within a record");
    if (c->missing)
        return xm_cursor_bad(c, -XRDMON_ETRUNCATED,
                             "the packet is shorter than it says");
    return 0;
}

void
xrdmon_write_begin(struct xrdmon_writer *w, void *bytes, size_t room,
                   const struct xrdmon_header *header)
{
    *w = (struct xrdmon_writer){.bytes = bytes, .room = room};
    struct wr out = xm_writer_open(w);
    wr_u8(&out, (uint8_t)header->code);
    wr_u8(&out, header->pseq);
    wr_u16(&out, header->plen);
    wr_u32(&out, header->stod_unix_s);
    xm_writer_close(w, &out);
}

void
xrdmon_write_bytes(struct xrdmon_writer *w, const void *bytes, size_t len)
{
    struct wr out = xm_writer_open(w);
    wr_bytes(&out, bytes, len);
    xm_writer_close(w, &out);
}

int
xrdmon_write_end(struct xrdmon_writer *w)
{
    if (w->err == 0 && w->len > UINT16_MAX)
        w->err = -ENOBUFS;
    if (w->err)
        return w->err;
    wr_be16(w->bytes + 2, (uint16_t)w->len);
    if (w->time_at) {
        wr_be16(w->bytes + w->time_at, w->xfr_records);
        wr_be16(w->bytes + w->time_at + 2, w->all_records);
    }
    return (int)w->len;
}

struct wr
xm_writer_open(struct xrdmon_writer *w)
{
    struct wr out = wr_over(w->bytes + w->len, w->room - w->len);
    out.bad = w->err != 0;
    return out;
}

void
xm_writer_close(struct xrdmon_writer *w, const struct wr *out)
{
    if (w->err)
        return;
    if (out->bad)
        w->err = -ENOBUFS;
    else
        w->len += wr_len(out);
}

void
xm_writer_fail(struct xrdmon_writer *w)
{
    if (w->err == 0)
        w->err = -EINVAL;
}

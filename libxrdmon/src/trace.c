/* SPDX-License-Identifier: MIT */
/* The t-stream: entries of 16 bytes, opens, reads, writes and closes between marks. */
#include "xm.h"

#include "trace.h"

int
xrdmon_trace_next(struct xrdmon_cursor *cursor, struct xrdmon_trace_record *ret_record)
{
    if ((size_t)(cursor->end - cursor->at) < XM_TRACE_BYTES)
        return xm_cursor_tail(cursor);
    xm_trace_decode(cursor->at, ret_record);
    cursor->offset = (size_t)(cursor->at - cursor->start);
    cursor->at += XM_TRACE_BYTES;
    return 1;
}

/* Reads and writes have no type but a low byte 0 and the sign of the length. */
static bool
write_rw(uint8_t *p, const struct xrdmon_trace_record *r)
{
    bool is_write = r->type == XRDMON_TRACE_WRITE;

    if (r->u.rw.offset < 0 ||
        r->u.rw.len_bytes > (uint32_t)INT32_MAX + (is_write ? 1U : 0U))
        return false;
    wr_be64(p, (uint64_t)r->u.rw.offset);
    wr_be32(p + 8, is_write ? 0U - r->u.rw.len_bytes : r->u.rw.len_bytes);
    return true;
}

/* A total as value and shift: those given, unless they do not make it. */
static uint32_t
pack_total(uint64_t total, uint32_t value, uint8_t shift, uint8_t *ret_shift)
{
    *ret_shift = shift;
    if (xm_trace_total(value, shift) == total)
        return value;
    for (*ret_shift = 0; total > UINT32_MAX; ++*ret_shift)
        total >>= 1; /* the last bits are lost, as in the server */
    return (uint32_t)total;
}

static void
write_close(uint8_t *p, const struct xrdmon_trace_record *r)
{
    wr_be32(p + 4, pack_total(r->u.close.read_bytes, r->u.close.read_value,
                              r->u.close.read_shift, p + 1));
    wr_be32(p + 8, pack_total(r->u.close.write_bytes, r->u.close.write_value,
                              r->u.close.write_shift, p + 2));
}

static void
write_disc(uint8_t *p, const struct xrdmon_trace_record *r)
{
    p[1] = (uint8_t)(r->u.disc.flags | (r->u.disc.is_forced ? XRDMON_TRACE_FORCED : 0) |
                     (r->u.disc.is_bound ? XRDMON_TRACE_BOUND : 0));
    wr_be32(p + 4, r->u.disc.reserved);
    wr_be32(p + 8, (uint32_t)r->u.disc.connected_s);
}

/* All but the type. False for what has no encoding. */
static bool
write_entry(uint8_t *p, const struct xrdmon_trace_record *r)
{
    memset(p, 0, XM_TRACE_BYTES);
    wr_be32(p + 12, r->dictid);
    switch (r->type) {
    case XRDMON_TRACE_READ:
    case XRDMON_TRACE_WRITE:
        return write_rw(p, r);
    case XRDMON_TRACE_OPEN:
        wr_be64(p, r->u.open.file_bytes);
        return true;
    case XRDMON_TRACE_READV:
    case XRDMON_TRACE_READU:
        p[1] = r->u.readv.request;
        wr_be16(p + 2, r->u.readv.segments);
        wr_be32(p + 8, (uint32_t)r->u.readv.len_bytes);
        return true;
    case XRDMON_TRACE_APPID:
        if (r->u.appid.text.len)
            memcpy(p + 4, r->u.appid.text.at,
                   r->u.appid.text.len < 12 ? r->u.appid.text.len : 12);
        return true;
    case XRDMON_TRACE_CLOSE:
        write_close(p, r);
        return true;
    case XRDMON_TRACE_DISC:
        write_disc(p, r);
        return true;
    case XRDMON_TRACE_WINDOW:
        wr_be64(p, r->u.window.sid & XM_SID_MASK);
        wr_be32(p + 8, r->u.window.prev_end_unix_s);
        wr_be32(p + 12, r->u.window.start_unix_s);
        return true;
    default: /* not known, so as it came */
        if (r->bytes)
            memcpy(p, r->bytes, XM_TRACE_BYTES);
        return r->bytes != NULL;
    }
}

void
xrdmon_write_trace(struct xrdmon_writer *w, const struct xrdmon_trace_record *record)
{
    struct wr out = xm_writer_open(w);
    uint8_t *p = wr_room(&out, XM_TRACE_BYTES);

    if (p && !write_entry(p, record))
        xm_writer_fail(w);
    else if (p && record->type >= XRDMON_TRACE_OPEN)
        p[0] = record->type;
    xm_writer_close(w, &out);
}

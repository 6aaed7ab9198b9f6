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

void
xrdmon_write_trace(struct xrdmon_writer *w, const struct xrdmon_trace_record *record)
{
    struct wr out = xm_writer_open(w);
    uint8_t *p = wr_room(&out, XM_TRACE_BYTES);
    const struct xrdmon_trace_record *r = record;

    xm_writer_close(w, &out);
    if (!p)
        return;
    memset(p, 0, XM_TRACE_BYTES);
    wr_be32(p + 12, r->dictid);
    switch (r->type) {
    case XRDMON_TRACE_READ:
    case XRDMON_TRACE_WRITE:
        wr_be64(p, (uint64_t)r->u.rw.offset);
        wr_be32(p + 8, r->type == XRDMON_TRACE_WRITE ? 0U - r->u.rw.len_bytes
                                                     : r->u.rw.len_bytes);
        return;
    case XRDMON_TRACE_OPEN:
        wr_be64(p, r->u.open.file_bytes);
        break;
    case XRDMON_TRACE_READV:
    case XRDMON_TRACE_READU:
        p[1] = r->u.readv.request;
        wr_be16(p + 2, r->u.readv.segments);
        wr_be32(p + 8, (uint32_t)r->u.readv.len_bytes);
        break;
    case XRDMON_TRACE_APPID:
        memcpy(p + 4, r->u.appid.text.at,
               r->u.appid.text.len < 12 ? r->u.appid.text.len : 12);
        break;
    case XRDMON_TRACE_CLOSE:
        p[1] = r->u.close.read_shift;
        p[2] = r->u.close.write_shift;
        wr_be32(p + 4, r->u.close.read_value);
        wr_be32(p + 8, r->u.close.write_value);
        break;
    case XRDMON_TRACE_DISC:
        p[1] = r->u.disc.flags;
        wr_be32(p + 4, r->u.disc.reserved);
        wr_be32(p + 8, (uint32_t)r->u.disc.connected_s);
        break;
    case XRDMON_TRACE_WINDOW:
        wr_be64(p, r->u.window.sid);
        wr_be32(p + 8, r->u.window.prev_end_unix_s);
        wr_be32(p + 12, r->u.window.start_unix_s);
        break;
    default: /* not known, so as it came */
        memcpy(p, r->bytes, XM_TRACE_BYTES);
        return;
    }
    p[0] = r->type;
}

/* SPDX-License-Identifier: MIT */
#ifndef XM_TRACE_H
#define XM_TRACE_H

/* One entry of the t-stream. Inline, since the engine takes millions of them a second.
 *
 *  reads, writes     0 i64 offset, 8 i32 length (negative: written), 12 u32 file
 *  0x80 open         1 u56 file size, 12 u32 file
 *  0x90 0x91 readv   1 u8 request, 2 u16 segments, 8 i32 length, 12 u32 file
 *  0xa0 appid        4 text of 12
 *  0xc0 close        1 u8 read shift, 2 u8 write shift, 4 u32 read, 8 u32 written, 12 file
 *  0xd0 disconnect   1 u8 flags, 4 garbage, 8 i32 seconds, 12 u32 user
 *  0xe0 window       2 u48 server, 8 u32 end of the last, 12 u32 start of the next
 */
#include "xm.h"

enum { XM_TRACE_BYTES = 16 };

/* A sane shift is 31 at most: more would lose bits, and past 63 it has no meaning in C. */
static inline uint64_t
xm_trace_total(uint32_t value, uint8_t shift)
{
    return (uint64_t)value << (shift > 31 ? 31 : shift);
}

static inline void
xm_trace_decode(const uint8_t *p, struct xrdmon_trace_record *r)
{
    r->code = p[0];
    r->bytes = p;
    r->dictid = rd_be32(p + 12);
    if (p[0] < 0x80) {
        int32_t len = (int32_t)rd_be32(p + 8);
        r->type = (uint8_t)(len < 0 ? XRDMON_TRACE_WRITE : XRDMON_TRACE_READ);
        r->u.rw.offset = (int64_t)rd_be64(p);
        r->u.rw.len_bytes = len < 0 ? 0U - (uint32_t)len : (uint32_t)len;
        return;
    }
    r->type = p[0];
    switch (p[0]) {
    case XRDMON_TRACE_OPEN:
        r->u.open.file_bytes = rd_be64(p) & UINT64_C(0xffffffffffffff);
        break;
    case XRDMON_TRACE_READV:
    case XRDMON_TRACE_READU:
        r->u.readv.request = p[1];
        r->u.readv.segments = rd_be16(p + 2);
        r->u.readv.len_bytes = (int32_t)rd_be32(p + 8);
        break;
    case XRDMON_TRACE_APPID:
        r->dictid = 0;
        r->u.appid.text = xm_text(p + 4, 12);
        break;
    case XRDMON_TRACE_CLOSE:
        r->u.close.read_shift = p[1];
        r->u.close.write_shift = p[2];
        r->u.close.read_value = rd_be32(p + 4);
        r->u.close.write_value = rd_be32(p + 8);
        r->u.close.read_bytes = xm_trace_total(r->u.close.read_value, p[1]);
        r->u.close.write_bytes = xm_trace_total(r->u.close.write_value, p[2]);
        break;
    case XRDMON_TRACE_DISC:
        r->u.disc.flags = p[1];
        r->u.disc.is_forced = (p[1] & XRDMON_TRACE_FORCED) != 0;
        r->u.disc.is_bound = (p[1] & XRDMON_TRACE_BOUND) != 0;
        r->u.disc.reserved = rd_be32(p + 4);
        r->u.disc.connected_s = (int32_t)rd_be32(p + 8);
        break;
    case XRDMON_TRACE_WINDOW:
        r->dictid = 0;
        r->u.window.sid = rd_be64(p) & XM_SID_MASK;
        r->u.window.prev_end_unix_s = rd_be32(p + 8);
        r->u.window.start_unix_s = rd_be32(p + 12);
        break;
    default:
        r->type = XRDMON_TRACE_UNKNOWN;
        break;
    }
}

#endif

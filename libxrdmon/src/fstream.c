/* SPDX-License-Identifier: MIT */
/* The f-stream: files opened, what was moved so far, files closed, sessions ended. */
#include "xm.h"

enum { HEAD_BYTES = 8, OPS_BYTES = 48, SSQ_BYTES = 32 };

static void
take_totals(struct rd *rec, struct xrdmon_fstat_totals *t)
{
    t->read_bytes = rd_i64(rec);
    t->readv_bytes = rd_i64(rec);
    t->write_bytes = rd_i64(rec);
}

/*    4  u16  transfer records       12  u32  end, Unix seconds
 *    6  u16  all other records      16  i64  server, low 48 bits; old senders end here
 *    8  u32  begin, Unix seconds
 */
static void
take_time(struct rd *rec, uint32_t counts, uint8_t flags, struct xrdmon_fstat_time *t)
{
    t->xfr_records = (uint16_t)(counts >> 16);
    t->all_records = (uint16_t)counts;
    t->begin_unix_s = rd_u32(rec);
    t->end_unix_s = rd_u32(rec);
    t->has_sid = (flags & XRDMON_FSTAT_HAS_SID) && rd_left(rec) >= 8;
    t->sid = t->has_sid ? rd_u64(rec) & XM_SID_MASK : 0;
}

/*    8  i64  size of the file       16  u32  user, 0 without user monitoring
 *                                   20  ...  path and 5 to 8 NULs
 */
static void
take_open(struct rd *rec, uint8_t flags, struct xrdmon_fstat_open *o)
{
    o->file_bytes = rd_i64(rec);
    o->is_rw = (flags & XRDMON_FSTAT_HAS_RW) != 0;
    o->has_lfn = (flags & XRDMON_FSTAT_HAS_LFN) && rd_left(rec) >= 4;
    o->user_dictid = o->has_lfn ? rd_u32(rec) : 0;
    o->path = o->has_lfn ? xm_text_to_nul(rec->at, rd_left(rec)) : xm_text(NULL, 0);
}

/*    8  3 i64  bytes read, read by vector, written
 *   32  48     counts and extremes, where the size has room for them
 *   80  4 f64  sums of squares, likewise
 *
 * Of flags and size the size is believed: 0x04 has a second meaning on closes. */
static void
take_close(struct rd *rec, uint8_t flags, struct xrdmon_fstat_close *c)
{
    take_totals(rec, &c->totals);
    c->is_forced = (flags & XRDMON_FSTAT_FORCED) != 0;
    c->has_ops = (flags & (XRDMON_FSTAT_HAS_OPS | XRDMON_FSTAT_HAS_SSQ)) &&
                 rd_left(rec) >= OPS_BYTES;
    c->has_ssq = c->has_ops && (flags & XRDMON_FSTAT_HAS_SSQ) &&
                 rd_left(rec) >= OPS_BYTES + SSQ_BYTES;
    if (c->has_ops) {
        c->ops.read_calls = rd_i32(rec);
        c->ops.readv_calls = rd_i32(rec);
        c->ops.write_calls = rd_i32(rec);
        c->ops.segments_min = rd_i16(rec);
        c->ops.segments_max = rd_i16(rec);
        c->ops.segments = rd_i64(rec);
        c->ops.read_min_bytes = rd_i32(rec);
        c->ops.read_max_bytes = rd_i32(rec);
        c->ops.readv_min_bytes = rd_i32(rec);
        c->ops.readv_max_bytes = rd_i32(rec);
        c->ops.write_min_bytes = rd_i32(rec);
        c->ops.write_max_bytes = rd_i32(rec);
    }
    if (c->has_ssq) {
        c->ssq.read_bytes = rd_f64(rec);
        c->ssq.readv_bytes = rd_f64(rec);
        c->ssq.segments = rd_f64(rec);
        c->ssq.write_bytes = rd_f64(rec);
    }
}

/* What a record of a type needs behind its head. */
static size_t
least_bytes(uint8_t type)
{
    switch (type) {
    case XRDMON_FSTAT_CLOSE:
    case XRDMON_FSTAT_XFR:
        return 24;
    case XRDMON_FSTAT_OPEN:
    case XRDMON_FSTAT_TIME:
        return 8;
    default: /* a disconnect is all head, and so is what we do not know */
        return 0;
    }
}

/*    0  u8   type       2  u16  bytes of the record, these 8 included
 *    1  u8   flags      4  u32  file, user or two counts
 */
int
xrdmon_fstat_next(struct xrdmon_cursor *cursor, struct xrdmon_fstat_record *ret_record)
{
    const uint8_t *p = cursor->at;
    size_t left = (size_t)(cursor->end - p);
    if (left < HEAD_BYTES)
        return xm_cursor_tail(cursor);

    size_t size = rd_be16(p + 2);
    if (size < HEAD_BYTES) /* or we would take it for ever */
        return xm_cursor_bad(cursor, -XRDMON_EMALFORMED,
                             "a record is shorter than its head");
    if (size > left)
        return xm_cursor_bad(cursor, -XRDMON_ETRUNCATED,
                             "a record reaches past the packet");
    if (size - HEAD_BYTES < least_bytes(p[0]))
        return xm_cursor_bad(cursor, -XRDMON_EMALFORMED,
                             "a record is too short for its type");

    /* from here on nothing fails, so the caller's record can be filled in place */
    struct rd rec = rd_over(p + HEAD_BYTES, size - HEAD_BYTES);
    struct xrdmon_fstat_record *r = ret_record;
    r->bytes = p;
    r->type = p[0];
    r->flags = p[1];
    r->size_bytes = (uint16_t)size;
    r->id = rd_be32(p + 4);
    switch (r->type) {
    case XRDMON_FSTAT_CLOSE:
        take_close(&rec, r->flags, &r->u.close);
        break;
    case XRDMON_FSTAT_OPEN:
        take_open(&rec, r->flags, &r->u.open);
        break;
    case XRDMON_FSTAT_TIME:
        take_time(&rec, r->id, r->flags, &r->u.time);
        break;
    case XRDMON_FSTAT_XFR:
        take_totals(&rec, &r->u.xfr);
        break;
    default:
        break;
    }
    cursor->offset = (size_t)(p - cursor->start);
    cursor->at += size;
    return 1;
}

static void
write_totals(struct wr *out, const struct xrdmon_fstat_totals *t)
{
    wr_u64(out, (uint64_t)t->read_bytes);
    wr_u64(out, (uint64_t)t->readv_bytes);
    wr_u64(out, (uint64_t)t->write_bytes);
}

static void
write_close(struct wr *out, const struct xrdmon_fstat_close *c)
{
    write_totals(out, &c->totals);
    if (c->has_ops) {
        wr_u32(out, (uint32_t)c->ops.read_calls);
        wr_u32(out, (uint32_t)c->ops.readv_calls);
        wr_u32(out, (uint32_t)c->ops.write_calls);
        wr_u16(out, (uint16_t)c->ops.segments_min);
        wr_u16(out, (uint16_t)c->ops.segments_max);
        wr_u64(out, (uint64_t)c->ops.segments);
        wr_u32(out, (uint32_t)c->ops.read_min_bytes);
        wr_u32(out, (uint32_t)c->ops.read_max_bytes);
        wr_u32(out, (uint32_t)c->ops.readv_min_bytes);
        wr_u32(out, (uint32_t)c->ops.readv_max_bytes);
        wr_u32(out, (uint32_t)c->ops.write_min_bytes);
        wr_u32(out, (uint32_t)c->ops.write_max_bytes);
    }
    if (c->has_ops && c->has_ssq) {
        wr_f64(out, c->ssq.read_bytes);
        wr_f64(out, c->ssq.readv_bytes);
        wr_f64(out, c->ssq.segments);
        wr_f64(out, c->ssq.write_bytes);
    }
}

static void
write_time(struct wr *out, const struct xrdmon_fstat_time *t)
{
    wr_u32(out, t->begin_unix_s);
    wr_u32(out, t->end_unix_s);
    if (t->has_sid)
        wr_u64(out, t->sid);
}

static void
write_open(struct wr *out, const struct xrdmon_fstat_open *o)
{
    wr_u64(out, (uint64_t)o->file_bytes);
    if (!o->has_lfn)
        return;
    wr_u32(out, o->user_dictid);
    wr_bytes(out, o->path.at, o->path.len);
    /* as the server rounds it, so that the path is always terminated */
    wr_zeros(out, ((16 + 4 + o->path.len + 8) & ~(size_t)3) - 20 - o->path.len);
}

/* The flags as given, and those without which a part would not be seen. */
static uint8_t
flags_of(const struct xrdmon_fstat_record *r)
{
    enum { PARTS = XRDMON_FSTAT_HAS_OPS | XRDMON_FSTAT_HAS_SSQ };
    const struct xrdmon_fstat_close *c = &r->u.close;
    unsigned flags = r->flags;

    switch (r->type) {
    case XRDMON_FSTAT_CLOSE:
        flags |= c->is_forced ? XRDMON_FSTAT_FORCED : 0;
        if (c->has_ops && c->has_ssq && !(flags & XRDMON_FSTAT_HAS_SSQ))
            flags |= PARTS;
        else if (c->has_ops && !(flags & PARTS))
            flags |= XRDMON_FSTAT_HAS_OPS;
        break;
    case XRDMON_FSTAT_OPEN:
        flags |= r->u.open.has_lfn ? XRDMON_FSTAT_HAS_LFN : 0;
        flags |= r->u.open.is_rw ? XRDMON_FSTAT_HAS_RW : 0;
        break;
    case XRDMON_FSTAT_TIME:
        flags |= r->u.time.has_sid ? XRDMON_FSTAT_HAS_SID : 0;
        break;
    default:
        break;
    }
    return (uint8_t)flags;
}

static void
count_record(struct xrdmon_writer *w, const struct xrdmon_fstat_record *r)
{
    if (r->type != XRDMON_FSTAT_TIME) {
        w->all_records++;
        w->xfr_records = (uint16_t)(w->xfr_records + (r->type == XRDMON_FSTAT_XFR));
        return;
    }
    if (!w->has_time && r->u.time.xfr_records == 0 && r->u.time.all_records == 0)
        w->time_at = w->len + 4;
    w->has_time = true;
}

void
xrdmon_write_fstat(struct xrdmon_writer *w, const struct xrdmon_fstat_record *record)
{
    struct wr out = xm_writer_open(w);
    uint8_t *head = wr_room(&out, HEAD_BYTES);
    uint32_t id = record->id;

    switch (record->type) {
    case XRDMON_FSTAT_CLOSE:
        write_close(&out, &record->u.close);
        break;
    case XRDMON_FSTAT_OPEN:
        write_open(&out, &record->u.open);
        break;
    case XRDMON_FSTAT_TIME:
        id = (uint32_t)record->u.time.xfr_records << 16 | record->u.time.all_records;
        write_time(&out, &record->u.time);
        break;
    case XRDMON_FSTAT_XFR:
        write_totals(&out, &record->u.xfr);
        break;
    case XRDMON_FSTAT_DISC:
        break;
    default: /* not known, so as it came */
        if (!record->bytes || record->size_bytes < HEAD_BYTES) {
            xm_writer_fail(w);
            return;
        }
        wr_bytes(&out, record->bytes + HEAD_BYTES,
                 record->size_bytes - (size_t)HEAD_BYTES);
        break;
    }
    if (wr_len(&out) < record->size_bytes)
        wr_zeros(&out, record->size_bytes - wr_len(&out));
    size_t size = wr_len(&out);
    out.bad = out.bad || size > UINT16_MAX;
    if (!out.bad) {
        head[0] = record->type;
        head[1] = flags_of(record);
        wr_be16(head + 2, (uint16_t)size);
        wr_be32(head + 4, id);
        count_record(w, record);
    }
    xm_writer_close(w, &out);
}

/* SPDX-License-Identifier: MIT */
/* Arrays of event records, packed into the block of one value.
 *
 *    0  u32  records, then each:
 *       EVENT          i32 sec · i32 usec · u32 flags · i32 nparams
 *       HIGHRES_EVENT  i64 sec · i64 nsec · u32 flags · i32 nparams
 *       nparams × {u32 pmID · u8 type · u24 len · value}, unless the flags say MISSED;
 *       len counts its own word and the value, which is padded to 4
 */
#include "pdu.h"

static bool
take_param(struct rd *c, struct pl_event_param *ret)
{
    uint32_t pmid = rd_u32(c);
    uint32_t word = rd_u32(c);
    uint32_t len = word & 0xffffff;

    if (len < 4)
        c->bad = true;
    const uint8_t *bytes = rd_bytes(c, c->bad ? 0 : pl_pad4(len - 4));
    if (c->bad)
        return false;
    *ret = (struct pl_event_param){
        .pmid = pmid, .type = (int32_t)(word >> 24), .bytes = bytes, .len = len - 4};
    return true;
}

/* Takes a record with its parameters off the array. */
static bool
take_record(struct pl_events *e, struct pl_event_record *ret)
{
    struct pl_event_record r = {0};
    struct rd *c = &e->rest;

    r.sec = e->highres ? rd_i64(c) : rd_i32(c);
    r.sub = e->highres ? rd_i64(c) : rd_i32(c);
    r.flags = rd_u32(c);
    r.n_params = rd_i32(c);
    if (r.n_params < 0)
        c->bad = true;
    r.params = *c;
    if (!(r.flags & PMDALOOP_RECORD_MISSED)) {
        struct pl_event_param p;
        for (int32_t i = 0; i < r.n_params; i++)
            if (!take_param(c, &p))
                return false;
    }
    r.params.end = c->at;
    *ret = r;
    return !c->bad;
}

int
pl_events_decode(const void *bytes, size_t len, bool highres, struct pl_events *ret)
{
    struct rd c = rd_over(bytes, len);
    uint32_t n = rd_u32(&c);
    struct pl_events e = {.highres = highres, .n = n, .rest = c};
    struct pl_events walk = e;
    struct pl_event_record r;

    for (; walk.n > 0; walk.n--)
        if (!take_record(&walk, &r))
            return -PMDALOOP_EMALFORMED;
    if (c.bad)
        return -PMDALOOP_EMALFORMED;
    *ret = e;
    return 0;
}

bool
pl_events_next(struct pl_events *events, struct pl_event_record *ret)
{
    if (events->n == 0 || !take_record(events, ret))
        return false;
    events->n--;
    return true;
}

bool
pl_event_next_param(struct pl_event_record *record, struct pl_event_param *ret)
{
    if ((record->flags & PMDALOOP_RECORD_MISSED) || record->n_params <= 0 ||
        !take_param(&record->params, ret))
        return false;
    record->n_params--;
    return true;
}

/* One more of what a count in the bytes already written counts. */
static void
count_up(const struct wr *w, uint8_t *count)
{
    if (!w->bad && count)
        wr_be32(count, rd_be32(count) + 1);
}

struct pl_events_wr
pl_events_begin(struct wr *w, bool highres)
{
    uint8_t *n_records = w->at;

    wr_u32(w, 0);
    return (struct pl_events_wr){.w = w, .highres = highres, .n_records = n_records};
}

static void
begin_record(struct pl_events_wr *e, int64_t sec, int64_t sub, uint32_t flags,
             uint32_t n)
{
    if (e->highres) {
        wr_u64(e->w, (uint64_t)sec);
        wr_u64(e->w, (uint64_t)sub);
    } else {
        wr_u32(e->w, (uint32_t)sec);
        wr_u32(e->w, (uint32_t)sub);
    }
    wr_u32(e->w, flags);
    e->n_params = e->w->at;
    wr_u32(e->w, n);
    count_up(e->w, e->n_records);
}

void
pl_events_record(struct pl_events_wr *e, int64_t sec, int64_t sub, uint32_t flags)
{
    begin_record(e, sec, sub, flags & ~PMDALOOP_RECORD_MISSED, 0);
}

void
pl_events_missed(struct pl_events_wr *e, int64_t sec, int64_t sub, uint32_t n)
{
    begin_record(e, sec, sub, PMDALOOP_RECORD_MISSED, n);
    e->n_params = NULL; /* it takes no parameters */
}

void
pl_events_param(struct pl_events_wr *e, uint32_t pmid, int32_t type, const void *bytes,
                size_t len)
{
    if (!e->n_params || len > 0xffffff - 4) {
        e->w->bad = true;
        return;
    }
    wr_u32(e->w, pmid);
    wr_u32(e->w, (uint32_t)type << 24 | (uint32_t)(len + 4));
    wr_bytes(e->w, bytes, len);
    wr_zeros(e->w, pl_pad4(len) - len);
    count_up(e->w, e->n_params);
}

/* SPDX-License-Identifier: MIT */
/* A value of event records, taken apart.
 *
 *    0  u32  records, then each:
 *       EVENT          i32 sec · i32 usec · u32 flags · i32 parameters
 *       HIGHRES_EVENT  i64 sec · i64 nsec · u32 flags · i32 parameters
 *       parameters × {u32 pmID · u8 type · u24 len · value}, unless they were missed: then
 *       it is how many. len counts its own word and the value, which is padded to 4
 */
#include "events.h"

#include <bytekit/rd.h>

struct events
events_over(const struct pmdaloop_value *v)
{
    struct rd c = rd_over(v->as.bytes, v->len);
    uint32_t n = rd_u32(&c);

    return (struct events){.at = c.at,
                           .end = c.end,
                           .highres = v->type == PMDALOOP_HIGHRES_EVENT,
                           .bad = c.bad,
                           .n = c.bad ? 0 : n};
}

/* Where a parameter ends; the cursor turns bad where it does not. */
static struct rd
take_param(struct rd *c, uint32_t *ret_pmid, int32_t *ret_type)
{
    *ret_pmid = rd_u32(c);
    uint32_t word = rd_u32(c);
    uint32_t len = word & 0xffffff;

    *ret_type = (int32_t)(word >> 24);
    if (len < 4)
        c->bad = true;
    struct rd value = rd_sub(c, len - 4);
    (void)rd_bytes(c, (4 - len % 4) % 4);
    return value;
}

bool
events_next(struct events *e, struct event_record *ret)
{
    struct rd c = rd_over(e->at, (size_t)(e->end - e->at));

    if (e->bad || e->n == 0)
        return false;
    struct event_record r = {0};
    r.unix_s = e->highres ? rd_i64(&c) : rd_i32(&c);
    r.nsec = e->highres ? (uint32_t)rd_i64(&c) : (uint32_t)rd_i32(&c) * 1000;
    r.flags = rd_u32(&c);
    uint32_t n = rd_u32(&c);
    r.at = c.at;
    if (r.flags & PMDALOOP_RECORD_MISSED)
        r.missed = n;
    else
        for (uint32_t i = 0; i < n && !c.bad; i++) {
            uint32_t pmid;
            int32_t type;
            (void)take_param(&c, &pmid, &type);
        }
    r.end = c.at;
    e->at = c.at;
    e->bad = c.bad;
    e->n--;
    *ret = r;
    return !c.bad;
}

static bool
read_value(struct rd *c, int32_t type, struct pmdaloop_value *ret)
{
    size_t len = rd_left(c);
    uint32_t bits;

    *ret = (struct pmdaloop_value){.type = type, .len = len};
    switch (type) {
    case PMDALOOP_32:
    case PMDALOOP_U32:
        ret->as.u32 = rd_u32(c);
        break;
    case PMDALOOP_64:
    case PMDALOOP_U64:
        ret->as.u64 = rd_u64(c);
        break;
    case PMDALOOP_FLOAT:
        bits = rd_u32(c);
        memcpy(&ret->as.f, &bits, sizeof(bits));
        break;
    case PMDALOOP_DOUBLE:
        ret->as.d = rd_f64(c);
        break;
    default:
        ret->as.bytes = rd_bytes(c, len);
    }
    return !c->bad;
}

bool
events_next_param(struct event_record *r, struct event_param *ret)
{
    struct rd c = rd_over(r->at, (size_t)(r->end - r->at));
    int32_t type;

    if (r->at == r->end)
        return false;
    struct rd value = take_param(&c, &ret->pmid, &type);
    r->at = c.at;
    return !c.bad && read_value(&value, type, &ret->value);
}

/* SPDX-License-Identifier: MIT */
/* What a fetch method handed over, as a RESULT PDU. */
#include "pcp/result.h"
#include "pcp/stream.h"

struct extent {
    size_t filled, values, block_bytes;
};

/* How much room a result needs. False: it makes no sense. */
static bool
measure(const pmResult *result, struct extent *ret)
{
    *ret = (struct extent){0};
    if (result->numpmid < 0)
        return false;
    for (int i = 0; i < result->numpmid; i++) {
        const pmValueSet *set = result->vset[i];
        if (!set)
            return false;
        if (set->numval <= 0)
            continue;
        ret->filled++;
        ret->values += (size_t)set->numval;
        if (set->valfmt == PM_VAL_INSITU)
            continue;
        for (int k = 0; k < set->numval; k++) {
            const pmValueBlock *block = set->vlist[k].value.pval;
            if (!block || block->vlen < PM_VAL_HDR_SIZE)
                return false;
            ret->block_bytes += pl_pad4(block->vlen);
        }
    }
    return true;
}

static bool
is_wide(unsigned int type)
{
    return type == PM_TYPE_64 || type == PM_TYPE_U64 || type == PM_TYPE_DOUBLE;
}

/* Where a scalar's bytes are in network order; anything else is left as it is. */
static const void *
turned(unsigned int type, const void *bytes, size_t len, uint8_t buf[8])
{
    uint64_t wide;
    uint32_t word;

    switch (type) {
    case PM_TYPE_64:
    case PM_TYPE_U64:
    case PM_TYPE_DOUBLE:
        if (len != 8)
            return bytes;
        memcpy(&wide, bytes, 8);
        wr_be64(buf, wide);
        return buf;
    case PM_TYPE_32:
    case PM_TYPE_U32:
    case PM_TYPE_FLOAT:
        if (len != 4)
            return bytes;
        memcpy(&word, bytes, 4);
        wr_be32(buf, word);
        return buf;
    default:
        return bytes;
    }
}

/* Parameters as they lie in memory, to the wire. Returns where they end. */
static const uint8_t *
put_params(struct pl_events_wr *e, const uint8_t *at, const uint8_t *end, int n)
{
    pmEventParameter param;
    uint8_t buf[8];

    for (; n > 0 && (size_t)(end - at) >= sizeof(param); n--) {
        memcpy(&param, at, sizeof(param));
        at += sizeof(param);
        size_t len =
            param.ep_len >= PM_VAL_HDR_SIZE ? param.ep_len - PM_VAL_HDR_SIZE : 0;
        if (pl_pad4(len) > (size_t)(end - at))
            return NULL;
        pl_events_param(e, param.ep_pmid, (int32_t)param.ep_type,
                        turned(param.ep_type, at, len, buf), len);
        at += pl_pad4(len);
    }
    return n == 0 ? at : NULL;
}

/* The head of a record, out of either layout. */
struct record {
    int64_t sec, sub;
    uint32_t flags;
    int nparams;
};

static bool
take_record(const uint8_t **at, const uint8_t *end, bool highres, struct record *ret)
{
    pmTimespec fine;
    pmTimeval coarse;
    size_t stamp = highres ? sizeof(fine) : sizeof(coarse);

    if ((size_t)(end - *at) < stamp + 8)
        return false;
    if (highres) {
        memcpy(&fine, *at, sizeof(fine));
        ret->sec = fine.tv_sec;
        ret->sub = fine.tv_nsec;
    } else {
        memcpy(&coarse, *at, sizeof(coarse));
        ret->sec = coarse.tv_sec;
        ret->sub = coarse.tv_usec;
    }
    memcpy(&ret->flags, *at + stamp, 4);
    memcpy(&ret->nparams, *at + stamp + 4, 4);
    *at += stamp + 8;
    return ret->nparams >= 0;
}

static bool
put_events(struct wr *w, const uint8_t *at, size_t len, bool highres)
{
    const uint8_t *end = at + len;
    struct record record;
    int n;

    struct pl_events_wr e = pl_events_begin(w, highres);
    if (len < 4)
        return false;
    memcpy(&n, at, 4);
    at += 4;
    for (; n > 0; n--) {
        if (!take_record(&at, end, highres, &record))
            return false;
        if (record.flags & PM_EVENT_FLAG_MISSED) {
            pl_events_missed(&e, record.sec, record.sub, (uint32_t)record.nparams);
            continue;
        }
        pl_events_record(&e, record.sec, record.sub, record.flags);
        if ((at = put_params(&e, at, end, record.nparams)) == NULL)
            return false;
    }
    return n == 0;
}

static bool
put_block(struct pl_result_wr *w, const pmValue *value, int valfmt)
{
    const pmValueBlock *block = value->value.pval;
    size_t len = block->vlen - PM_VAL_HDR_SIZE;
    uint64_t wide;
    uint8_t buf[8];
    uint8_t *to =
        pl_result_block(w, value->inst, valfmt == PM_VAL_SPTR ? PL_SPTR : PL_DPTR,
                        (int32_t)block->vtype, len);

    if (!to)
        return false;
    if (block->vtype == PM_TYPE_EVENT || block->vtype == PM_TYPE_HIGHRES_EVENT) {
        struct wr events = wr_over(to, len);
        bool ok = put_events(&events, (const uint8_t *)block->vbuf, len,
                             block->vtype == PM_TYPE_HIGHRES_EVENT);
        return ok && !events.bad && events.at == events.end;
    }
    if (is_wide(block->vtype) && len == sizeof(wide)) {
        memcpy(&wide, block->vbuf, sizeof(wide));
        wr_be64(to, wide);
    } else if (len) {
        memcpy(to, turned(block->vtype, block->vbuf, len, buf), len);
    }
    return true;
}

static void
put_insitus(struct pl_result_wr *w, const pmValueSet *set)
{
    enum { PAIR_BYTES = 8 };

    if (set->numval <= 0)
        return;
    uint8_t *p = pl_result_insitus(w, (size_t)set->numval);
    for (int k = 0; p && k < set->numval; k++, p += PAIR_BYTES) {
        wr_be32(p, (uint32_t)set->vlist[k].inst);
        wr_be32(p + 4, (uint32_t)set->vlist[k].value.lval);
    }
}

ssize_t
pl_result_put(struct pl_stream *s, const pmResult *result)
{
    struct extent need;
    struct pl_result_wr w;

    if (!measure(result, &need))
        return PM_ERR_GENERIC;
    size_t n = (size_t)result->numpmid;
    size_t sets_bytes = pl_result_sets_bytes(n, need.filled, need.values);
    size_t room = sets_bytes + need.block_bytes;
    uint8_t *bytes = pl_stream_room(s, room);
    if (!bytes)
        return -ENOMEM;

    /* what changed is told where a time would stand */
    pl_result_begin(&w, bytes, room, sets_bytes, 0, (uint32_t)result->timestamp.tv_sec,
                    (uint32_t)result->timestamp.tv_usec, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        const pmValueSet *set = result->vset[i];
        pl_result_set(&w, set->pmid, set->numval > 0 ? 0 : set->numval);
        if (set->valfmt == PM_VAL_INSITU) {
            put_insitus(&w, set);
            continue;
        }
        for (int k = 0; k < set->numval; k++)
            if (!put_block(&w, &set->vlist[k], set->valfmt))
                return PM_ERR_GENERIC;
    }
    size_t len = pl_result_end(&w);
    return len ? (ssize_t)len : PM_ERR_TOOBIG;
}

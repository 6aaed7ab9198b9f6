/* SPDX-License-Identifier: MIT */
/* FETCH and RESULT: which metrics are wanted, and the values that they have. */
#include "pdu.h"

enum {
    FETCH_FIXED_BYTES = 28,
    RESULT_FIXED_BYTES = 24,
    SET_BYTES = 8,        /* pmID, numval */
    SET_FORMAT_BYTES = 4, /* only with values */
    VALUE_BYTES = 8,      /* instance; the value, or where its block is */
    BLOCK_HEAD_BYTES = 4, /* u8 type · u24 bytes, these 4 included */
    BLOCK_MAX_BYTES = 0xffffff,
};

/*   12  i32  context
 *   16  8 bytes, zero
 *   24  i32  n
 *   28  n × u32 pmID
 */
int
pl_fetch_decode(const void *pdu, size_t len, struct pl_fetch *ret)
{
    struct pl_fetch f = {0};
    struct rd c = pl_pdu_body(pdu, len);

    f.context = rd_i32(&c);
    (void)rd_bytes(&c, 8);
    f.n = rd_u32(&c);
    if (c.bad || f.n == 0 || (uint64_t)f.n * 4 != rd_left(&c))
        return -PMDALOOP_EMALFORMED; /* of nothing it is none, to PCP's library */
    f.pmids = c.at;
    *ret = f;
    return 0;
}

uint32_t
pl_fetch_pmid(const struct pl_fetch *f, uint32_t i)
{
    return rd_be32(f->pmids + (size_t)i * 4);
}

void
pl_fetch_encode(struct wr *w, int32_t from, int32_t context, const uint32_t *pmids,
                uint32_t n)
{
    uint8_t *head = pl_pdu_begin(w, PL_FETCH, from);

    wr_u32(w, (uint32_t)context);
    wr_zeros(w, 8);
    wr_u32(w, n);
    for (uint32_t i = 0; i < n; i++)
        wr_u32(w, pmids[i]);
    pl_pdu_end(w, head);
}

/*    u32 pmID · i32 numval
 *    only when numval > 0: i32 valfmt · numval × {i32 instance · u32 value}
 */
static bool
take_set(struct pl_result *r, struct pl_set *ret)
{
    struct pl_set s = {.pdu = r->pdu};

    s.pmid = rd_u32(&r->sets);
    s.numval = rd_i32(&r->sets);
    if (s.numval > 0) {
        s.valfmt = rd_i32(&r->sets);
        if ((uint64_t)s.numval * VALUE_BYTES > rd_left(&r->sets))
            r->sets.bad = true;
        else
            s.values = rd_sub(&r->sets, (size_t)s.numval * VALUE_BYTES);
        if (s.valfmt < PL_INSITU || s.valfmt > PL_SPTR)
            r->sets.bad = true;
    }
    *ret = s;
    return !r->sets.bad;
}

/* A value's word tells where its block lies, counted in words from the PDU's start. */
static bool
take_value(struct pl_set *s, struct pl_value *ret)
{
    struct pl_value v = {.type = -1};

    v.inst = rd_i32(&s->values);
    v.insitu = rd_u32(&s->values);
    if (s->values.bad)
        return false;
    if (s->valfmt != PL_INSITU) {
        struct rd c = s->pdu;
        if ((uint64_t)v.insitu * 4 > rd_left(&c))
            return false;
        (void)rd_bytes(&c, (size_t)v.insitu * 4);
        uint32_t word = rd_u32(&c);
        uint32_t len = word & BLOCK_MAX_BYTES;
        if (c.bad || len < BLOCK_HEAD_BYTES)
            return false;
        v.type = (int32_t)(word >> 24);
        v.len = len - BLOCK_HEAD_BYTES;
        v.bytes = rd_bytes(&c, pl_pad4(v.len));
        if (c.bad)
            return false;
    }
    *ret = v;
    return true;
}

/* Blocks stand behind the last set, and hold what their type needs. */
static bool
is_block_good(const struct pl_value *v, const uint8_t *first_block)
{
    struct pl_events events;

    if ((const uint8_t *)v->bytes - BLOCK_HEAD_BYTES < first_block)
        return false;
    if (v->len < pl_scalar_bytes(v->type))
        return false;
    if (v->type == PMDALOOP_EVENT || v->type == PMDALOOP_HIGHRES_EVENT)
        return pl_events_decode(v->bytes, v->len, v->type == PMDALOOP_HIGHRES_EVENT,
                                &events) == 0;
    return true;
}

static bool
are_blocks_good(struct pl_result r, const uint8_t *first_block)
{
    struct pl_set set;
    struct pl_value value;
    /* Blocks may be shared, and a shared array of many records be walked as often as it
     * is named. Honest ones lie side by side: what they hold in all fits the PDU. */
    uint64_t total = 0, most = rd_left(&r.pdu);
    const uint8_t *last_end = first_block;

    while (pl_result_next(&r, &set)) {
        while (set.numval > 0) {
            if (!take_value(&set, &value))
                return false;
            set.numval--;
            if (set.valfmt == PL_INSITU)
                continue;
            total += value.len;
            if (total > most || !is_block_good(&value, first_block))
                return false;
            const uint8_t *end = (const uint8_t *)value.bytes + pl_pad4(value.len);
            if (end > last_end)
                last_end = end;
        }
    }
    return last_end == r.pdu.end; /* nothing stands behind the last */
}

/*   RESULT          12  i32 sec · i32 usec · i32 n · sets
 *   HIGHRES_RESULT  12  i32 n · i64 sec · i64 nsec · sets
 */
int
pl_result_decode(const void *pdu, size_t len, struct pl_result *ret)
{
    struct pl_result r = {.pdu = rd_over(pdu, len)};
    struct rd c = pl_pdu_body(pdu, len);
    struct pl_set set;

    if (!c.bad && rd_be32((const uint8_t *)pdu + 4) == PL_HIGHRES_RESULT) {
        r.n = rd_u32(&c);
        r.sec = rd_i64(&c);
        r.sub = rd_i64(&c);
    } else {
        r.sec = rd_i32(&c);
        r.sub = rd_i32(&c);
        r.n = rd_u32(&c);
    }
    if (c.bad || (uint64_t)r.n * SET_BYTES > rd_left(&c))
        return -PMDALOOP_EMALFORMED;
    r.sets = c;

    struct pl_result walk = r;
    bool any_block = false;
    for (; walk.n > 0; walk.n--) {
        if (!take_set(&walk, &set))
            return -PMDALOOP_EMALFORMED;
        any_block |= set.numval > 0 && set.valfmt != PL_INSITU;
    }
    if (any_block ? !are_blocks_good(r, walk.sets.at) : rd_left(&walk.sets) != 0)
        return -PMDALOOP_EMALFORMED;
    r.sets.end = walk.sets.at;
    *ret = r;
    return 0;
}

bool
pl_result_next(struct pl_result *r, struct pl_set *ret)
{
    if (r->n == 0 || !take_set(r, ret))
        return false;
    r->n--;
    return true;
}

bool
pl_set_next(struct pl_set *s, struct pl_value *ret)
{
    if (s->numval <= 0 || !take_value(s, ret))
        return false;
    s->numval--;
    return true;
}

size_t
pl_result_sets_bytes(size_t n, size_t n_filled, size_t n_values)
{
    return RESULT_FIXED_BYTES + n * SET_BYTES + n_filled * SET_FORMAT_BYTES +
           n_values * VALUE_BYTES;
}

void
pl_result_begin(struct pl_result_wr *r, void *bytes, size_t room, size_t sets_bytes,
                int32_t from, uint32_t sec, uint32_t usec, uint32_t n)
{
    *r = (struct pl_result_wr){
        .sets = wr_over(bytes, sets_bytes),
        .blocks = wr_over((uint8_t *)bytes + sets_bytes, room - sets_bytes),
    };
    (void)pl_pdu_begin(&r->sets, PL_RESULT, from);
    wr_u32(&r->sets, sec);
    wr_u32(&r->sets, usec);
    wr_u32(&r->sets, n);
}

void
pl_result_moved(struct pl_result_wr *r, void *bytes, size_t room)
{
    uint8_t *p = bytes;
    size_t set = r->set ? (size_t)(r->set - r->sets.start) : 0;
    size_t sets_bytes = (size_t)(r->sets.end - r->sets.start);

    r->set = r->set ? p + set : NULL;
    r->sets.at = p + wr_len(&r->sets);
    r->sets.end = p + sets_bytes;
    r->sets.start = p;
    r->blocks.at = p + sets_bytes + wr_len(&r->blocks);
    r->blocks.end = p + room;
    r->blocks.start = p + sets_bytes;
}

void
pl_result_close(struct pl_result_wr *r, int32_t status)
{
    if (r->set && !r->sets.bad && r->numval > 0)
        wr_be32(r->set + 4, (uint32_t)r->numval);
    else if (r->set && !r->sets.bad && status < 0)
        wr_be32(r->set + 4, (uint32_t)status);
    r->set = NULL;
}

void
pl_result_set(struct pl_result_wr *r, uint32_t pmid, int32_t status)
{
    pl_result_close(r, 0);
    r->set = r->sets.at;
    r->numval = 0;
    wr_u32(&r->sets, pmid);
    wr_u32(&r->sets, (uint32_t)(status > 0 ? 0 : status));
}

static void
add_value(struct pl_result_wr *r, int32_t inst, enum pl_valfmt valfmt, uint32_t word)
{
    if (r->numval == 0)
        wr_u32(&r->sets, valfmt);
    uint8_t *p = wr_room(&r->sets, VALUE_BYTES);
    if (!p)
        return;
    wr_be32(p, (uint32_t)inst);
    wr_be32(p + 4, word);
    r->numval++;
}

void
pl_result_insitu(struct pl_result_wr *r, int32_t inst, uint32_t value)
{
    add_value(r, inst, PL_INSITU, value);
}

uint8_t *
pl_result_insitus(struct pl_result_wr *r, size_t n)
{
    if (r->numval == 0)
        wr_u32(&r->sets, PL_INSITU);
    uint8_t *p = wr_room(&r->sets, n * VALUE_BYTES);
    if (p)
        r->numval += (int32_t)n;
    return p;
}

uint8_t *
pl_result_block(struct pl_result_wr *r, int32_t inst, enum pl_valfmt valfmt,
                int32_t type, size_t len)
{
    if (len > BLOCK_MAX_BYTES - BLOCK_HEAD_BYTES) {
        r->blocks.bad = true;
        return NULL;
    }
    uint8_t *p = wr_room(&r->blocks, BLOCK_HEAD_BYTES + pl_pad4(len));
    if (!p)
        return NULL;
    add_value(r, inst, valfmt, (uint32_t)((p - r->sets.start) / 4));
    wr_be32(p, (uint32_t)type << 24 | (uint32_t)(len + BLOCK_HEAD_BYTES));
    if (len % 4 != 0)
        memset(p + BLOCK_HEAD_BYTES + len, '~', pl_pad4(len) - len);
    r->any_block = true;
    return p + BLOCK_HEAD_BYTES;
}

/* The blocks move by some bytes, and with them every word that points to one. */
static void
move_blocks(struct pl_result_wr *r, uint8_t *to)
{
    struct rd c = rd_over(r->sets.start, wr_len(&r->sets));
    uint32_t n = r->sets.start ? rd_be32(r->sets.start + 20) : 0;
    uint32_t shift = (uint32_t)((to - r->blocks.start) / 4); /* modulo 2^32 */

    if (r->set && r->numval > 0)
        wr_be32(r->set + 4, (uint32_t)r->numval);
    (void)rd_bytes(&c, RESULT_FIXED_BYTES);
    for (; n > 0 && rd_left(&c) > 0; n--) {
        (void)rd_u32(&c);
        int32_t numval = rd_i32(&c);
        int32_t valfmt = numval > 0 ? rd_i32(&c) : PL_INSITU;
        for (; numval > 0; numval--) {
            (void)rd_u32(&c);
            size_t at = (size_t)(c.at - r->sets.start);
            uint32_t word = rd_u32(&c);
            if (valfmt != PL_INSITU && !c.bad)
                wr_be32(r->sets.start + at, word + shift);
        }
    }
    if (wr_len(&r->blocks) > 0)
        memmove(to, r->blocks.start, wr_len(&r->blocks));
}

void
pl_result_widen(struct pl_result_wr *r, size_t more)
{
    uint8_t *to = r->blocks.start + more;

    if (r->any_block)
        move_blocks(r, to);
    r->sets.end += more;
    r->blocks.start = to;
    r->blocks.at += more;
}

size_t
pl_result_end(struct pl_result_wr *r)
{
    pl_result_close(r, 0);
    size_t len = wr_len(&r->sets) + wr_len(&r->blocks);
    size_t gap = (size_t)(r->sets.end - r->sets.at);
    if (!r->sets.at || r->sets.bad || r->blocks.bad || len > INT32_MAX)
        return 0;
    if (gap > 0 && r->any_block)
        move_blocks(r, r->sets.at);
    wr_be32(r->sets.start, (uint32_t)len);
    return len;
}

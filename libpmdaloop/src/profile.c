/* SPDX-License-Identifier: MIT */
/* PROFILE: which instances a client wants to see.
 *
 *   12  i32  context
 *   16  i32  state of indoms that are not listed
 *   20  i32  n · 4 bytes
 *   28  n × {u32 indom · i32 state · i32 numinst · 4 bytes}
 *       then n lists of numinst × i32
 */
#include "pdu.h"

enum { ENTRY_BYTES = 16 };

static bool
take_entry(struct pl_profile *p, struct pl_profile_entry *ret)
{
    struct pl_profile_entry e = {0};

    e.indom = rd_u32(&p->entries);
    e.state = rd_i32(&p->entries);
    e.n = rd_u32(&p->entries);
    (void)rd_bytes(&p->entries, 4);
    if (p->entries.bad || (uint64_t)e.n * 4 > rd_left(&p->lists))
        return false;
    e.insts = rd_bytes(&p->lists, (size_t)e.n * 4);
    *ret = e;
    return true;
}

int
pl_profile_decode(const void *pdu, size_t len, struct pl_profile *ret)
{
    struct pl_profile p = {0};
    struct pl_profile_entry e;
    struct rd c = pl_pdu_body(pdu, len);

    p.context = rd_i32(&c);
    p.state = rd_i32(&c);
    p.n = rd_u32(&c);
    (void)rd_bytes(&c, 4);
    if (c.bad || (uint64_t)p.n * ENTRY_BYTES > rd_left(&c))
        return -PMDALOOP_EMALFORMED;
    p.entries = rd_sub(&c, (size_t)p.n * ENTRY_BYTES);
    p.lists = c;

    struct pl_profile walk = p;
    for (; walk.n > 0; walk.n--)
        if (!take_entry(&walk, &e))
            return -PMDALOOP_EMALFORMED;
    if (rd_left(&walk.lists) != 0)
        return -PMDALOOP_EMALFORMED;
    *ret = p;
    return 0;
}

bool
pl_profile_next(struct pl_profile *p, struct pl_profile_entry *ret)
{
    if (p->n == 0 || !take_entry(p, ret))
        return false;
    p->n--;
    return true;
}

void
pl_profile_encode(struct wr *w, int32_t from, int32_t context, int32_t state,
                  const struct pl_profile_entry *entries, uint32_t n)
{
    uint8_t *head = pl_pdu_begin(w, PL_PROFILE, from);

    wr_u32(w, (uint32_t)context);
    wr_u32(w, (uint32_t)state);
    wr_u32(w, n);
    wr_u32(w, 0);
    for (uint32_t i = 0; i < n; i++) {
        wr_u32(w, entries[i].indom);
        wr_u32(w, (uint32_t)entries[i].state);
        wr_u32(w, entries[i].n);
        wr_u32(w, 0);
    }
    for (uint32_t i = 0; i < n; i++)
        wr_bytes(w, entries[i].insts, (size_t)entries[i].n * 4);
    pl_pdu_end(w, head);
}

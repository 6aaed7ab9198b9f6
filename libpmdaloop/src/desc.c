/* SPDX-License-Identifier: MIT */
/* DESC_REQ and DESC: what a metric is; DESCS: the same of many, between pmcd and its
 * clients alone. */
#include "pdu.h"

enum { DESC_BYTES = 20 };

int
pl_desc_req_decode(const void *pdu, size_t len, uint32_t *ret_pmid)
{
    struct rd c = pl_pdu_body(pdu, len);
    uint32_t pmid = rd_u32(&c);

    if (c.bad || rd_left(&c) != 0)
        return -PMDALOOP_EMALFORMED;
    *ret_pmid = pmid;
    return 0;
}

void
pl_desc_req_encode(struct wr *w, int32_t from, uint32_t pmid)
{
    uint8_t *head = pl_pdu_begin(w, PL_DESC_REQ, from);

    wr_u32(w, pmid);
    pl_pdu_end(w, head);
}

static struct pmdaloop_desc
take_desc(struct rd *c)
{
    struct pmdaloop_desc d;

    d.pmid = rd_u32(c);
    d.type = rd_i32(c);
    d.indom = rd_u32(c);
    d.sem = rd_i32(c);
    d.units = rd_u32(c);
    return d;
}

static void
put_desc(struct wr *w, const struct pmdaloop_desc *d)
{
    wr_u32(w, d->pmid);
    wr_u32(w, (uint32_t)d->type);
    wr_u32(w, d->indom);
    wr_u32(w, (uint32_t)d->sem);
    wr_u32(w, d->units);
}

int
pl_desc_decode(const void *pdu, size_t len, struct pmdaloop_desc *ret)
{
    struct rd c = pl_pdu_body(pdu, len);
    struct pmdaloop_desc d = take_desc(&c);

    if (c.bad || rd_left(&c) != 0)
        return -PMDALOOP_EMALFORMED;
    *ret = d;
    return 0;
}

void
pl_desc_encode(struct wr *w, int32_t from, const struct pmdaloop_desc *desc)
{
    uint8_t *head = pl_pdu_begin(w, PL_DESC, from);

    put_desc(w, desc);
    pl_pdu_end(w, head);
}

int
pl_descs_decode(const void *pdu, size_t len, struct pl_descs *ret)
{
    struct pl_descs d = {0};
    struct rd c = pl_pdu_body(pdu, len);

    d.n = rd_u32(&c);
    if (c.bad || (uint64_t)d.n * DESC_BYTES != rd_left(&c))
        return -PMDALOOP_EMALFORMED;
    d.rest = c;
    *ret = d;
    return 0;
}

bool
pl_descs_next(struct pl_descs *d, struct pmdaloop_desc *ret)
{
    if (d->n == 0)
        return false;
    *ret = take_desc(&d->rest);
    d->n--;
    return true;
}

void
pl_descs_encode(struct wr *w, int32_t from, const struct pmdaloop_desc *descs,
                uint32_t n)
{
    uint8_t *head = pl_pdu_begin(w, PL_DESCS, from);

    wr_u32(w, n);
    for (uint32_t i = 0; i < n; i++)
        put_desc(w, &descs[i]);
    pl_pdu_end(w, head);
}

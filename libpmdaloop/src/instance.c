/* SPDX-License-Identifier: MIT */
/* INSTANCE_REQ and INSTANCE: the instances of a domain, by number, by name, or all. */
#include "pdu.h"

enum { INSTANCE_BYTES = 8 };

/*   12  u32  indom
 *   16  8 bytes, zero
 *   24  i32  instance
 *   28  i32  name length
 *   32  name, padded
 */
int
pl_instance_req_decode(const void *pdu, size_t len, struct pl_instance_req *ret)
{
    struct pl_instance_req q = {0};
    struct rd c = pl_pdu_body(pdu, len);

    q.indom = rd_u32(&c);
    (void)rd_bytes(&c, 8);
    q.inst = rd_i32(&c);
    int32_t name_len = rd_i32(&c);
    const char *name = pl_padded(&c, name_len);
    if (c.bad || rd_left(&c) != 0)
        return -PMDALOOP_EMALFORMED;
    if (name_len > 0) {
        q.name = name;
        q.len = (size_t)name_len;
        if (memchr(name, 0, q.len))
            return -PMDALOOP_EMALFORMED;
    }
    *ret = q;
    return 0;
}

void
pl_instance_req_encode(struct wr *w, int32_t from, uint32_t indom, int32_t inst,
                       const char *name, size_t len)
{
    uint8_t *head = pl_pdu_begin(w, PL_INSTANCE_REQ, from);

    wr_u32(w, indom);
    wr_zeros(w, 8);
    wr_u32(w, (uint32_t)inst);
    wr_u32(w, (uint32_t)len);
    pl_pad_bytes(w, name, len);
    pl_pdu_end(w, head);
}

static bool
take_instance(struct rd *c, struct pl_instance *ret)
{
    int32_t inst = rd_i32(c);
    int32_t len = rd_i32(c);
    const char *name = pl_padded(c, len);

    if (c->bad)
        return false;
    *ret = (struct pl_instance){
        .inst = inst, .name = len > 0 ? name : NULL, .len = (size_t)len};
    return true;
}

/*   12  u32  indom
 *   16  i32  n
 *   20  n × {i32 instance · i32 name length · name, padded}
 */
int
pl_instances_decode(const void *pdu, size_t len, struct pl_instances *ret)
{
    struct pl_instances l = {0};
    struct pl_instance each;
    struct rd c = pl_pdu_body(pdu, len);

    l.indom = rd_u32(&c);
    l.n = rd_u32(&c);
    if (c.bad || (uint64_t)l.n * INSTANCE_BYTES > rd_left(&c))
        return -PMDALOOP_EMALFORMED;
    l.rest = c;
    for (uint32_t i = 0; i < l.n; i++)
        if (!take_instance(&c, &each))
            return -PMDALOOP_EMALFORMED;
    if (rd_left(&c) != 0)
        return -PMDALOOP_EMALFORMED;
    *ret = l;
    return 0;
}

bool
pl_instances_next(struct pl_instances *i, struct pl_instance *ret)
{
    if (i->n == 0 || !take_instance(&i->rest, ret))
        return false;
    i->n--;
    return true;
}

struct pl_list_wr
pl_instances_begin(struct wr *w, int32_t from, uint32_t indom)
{
    struct pl_list_wr l = {.w = w, .head = pl_pdu_begin(w, PL_INSTANCE, from)};

    wr_u32(w, indom);
    wr_u32(w, 0);
    return l;
}

void
pl_instances_add(struct pl_list_wr *l, int32_t inst, const char *name, size_t len)
{
    if (len > INT32_MAX)
        l->w->bad = true;
    wr_u32(l->w, (uint32_t)inst);
    wr_u32(l->w, (uint32_t)len);
    pl_pad_bytes(l->w, name, len);
    l->n++;
}

void
pl_instances_end(struct pl_list_wr *l)
{
    if (!l->w->bad)
        wr_be32(l->head + 16, l->n);
    pl_pdu_end(l->w, l->head);
}

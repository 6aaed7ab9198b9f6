/* SPDX-License-Identifier: MIT */
/* PMNS_IDS, PMNS_NAMES, PMNS_CHILD, PMNS_TRAVERSE: names of metrics that the agent itself
 * knows. */
#include "pdu.h"

/*   12  i32  status
 *   16  i32  n
 *   20  n × u32 pmID
 */
int
pl_ids_decode(const void *pdu, size_t len, struct pl_ids *ret)
{
    struct pl_ids ids = {0};
    struct rd c = pl_pdu_body(pdu, len);

    ids.status = rd_i32(&c);
    ids.n = rd_u32(&c);
    if (c.bad || (uint64_t)ids.n * 4 != rd_left(&c))
        return -PMDALOOP_EMALFORMED;
    ids.pmids = c.at;
    *ret = ids;
    return 0;
}

void
pl_ids_encode(struct wr *w, enum pl_pdu type, int32_t from, int32_t status,
              const uint32_t *pmids, uint32_t n)
{
    uint8_t *head = pl_pdu_begin(w, type, from);

    wr_u32(w, (uint32_t)status);
    wr_u32(w, n);
    for (uint32_t i = 0; i < n; i++)
        wr_u32(w, pmids[i]);
    pl_pdu_end(w, head);
}

static bool
take_name(struct rd *c, bool with_status, struct pl_name *ret)
{
    int32_t status = with_status ? rd_i32(c) : 0;
    int32_t len = rd_i32(c);
    const char *name = pl_padded(c, len);

    if (c->bad || memchr(name, 0, (size_t)len))
        return false;
    *ret = (struct pl_name){.status = status, .name = name, .len = (size_t)len};
    return true;
}

/*   12  i32  bytes of all names, each with a NUL
 *   16  i32  statuses: n or 0
 *   20  i32  n
 *   24  n × {[i32 status ·] i32 length · name, padded}
 */
int
pl_names_decode(const void *pdu, size_t len, struct pl_names *ret)
{
    struct pl_names l = {0};
    struct pl_name each;
    struct rd c = pl_pdu_body(pdu, len);

    uint32_t str_bytes = rd_u32(&c);
    uint32_t n_status = rd_u32(&c);
    l.n = rd_u32(&c);
    l.with_status = n_status != 0;
    if (c.bad || (l.with_status && n_status != l.n))
        return -PMDALOOP_EMALFORMED;
    if ((uint64_t)l.n * (l.with_status ? 8 : 4) > rd_left(&c))
        return -PMDALOOP_EMALFORMED;
    l.rest = c;

    uint64_t counted = 0;
    for (uint32_t i = 0; i < l.n; i++) {
        if (!take_name(&c, l.with_status, &each))
            return -PMDALOOP_EMALFORMED;
        counted += each.len + 1;
    }
    if (rd_left(&c) != 0 || counted != str_bytes)
        return -PMDALOOP_EMALFORMED;
    *ret = l;
    return 0;
}

bool
pl_names_next(struct pl_names *l, struct pl_name *ret)
{
    if (l->n == 0 || !take_name(&l->rest, l->with_status, ret))
        return false;
    l->n--;
    return true;
}

struct pl_list_wr
pl_names_begin(struct wr *w, int32_t from, bool with_status)
{
    struct pl_list_wr l = {.w = w,
                           .head = pl_pdu_begin(w, PL_PMNS_NAMES, from),
                           .with_status = with_status};

    wr_zeros(w, 12);
    return l;
}

void
pl_names_add(struct pl_list_wr *l, const char *name, size_t len, int32_t status)
{
    if (len > INT32_MAX - 1 - l->str_bytes) {
        l->w->bad = true;
        return;
    }
    if (l->with_status)
        wr_u32(l->w, (uint32_t)status);
    wr_u32(l->w, (uint32_t)len);
    pl_pad_bytes(l->w, name, len);
    l->n++;
    l->str_bytes += (uint32_t)len + 1;
}

void
pl_names_end(struct pl_list_wr *l)
{
    if (!l->w->bad) {
        wr_be32(l->head + 12, l->str_bytes);
        wr_be32(l->head + 16, l->with_status ? l->n : 0);
        wr_be32(l->head + 20, l->n);
    }
    pl_pdu_end(l->w, l->head);
}

/*   12  i32  of CHILD: 1 asks for leaf states; of TRAVERSE: 0
 *   16  i32  length
 *   20  name, padded
 */
int
pl_name_req_decode(const void *pdu, size_t len, struct pl_name *ret)
{
    struct pl_name q;
    struct rd c = pl_pdu_body(pdu, len);

    if (!take_name(&c, true, &q) || rd_left(&c) != 0)
        return -PMDALOOP_EMALFORMED;
    *ret = q;
    return 0;
}

void
pl_name_req_encode(struct wr *w, enum pl_pdu type, int32_t from, int32_t subtype,
                   const char *name, size_t len)
{
    uint8_t *head = pl_pdu_begin(w, type, from);

    wr_u32(w, (uint32_t)subtype);
    wr_u32(w, (uint32_t)len);
    pl_pad_bytes(w, name, len);
    pl_pdu_end(w, head);
}

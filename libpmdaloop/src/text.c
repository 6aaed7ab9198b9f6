/* SPDX-License-Identifier: MIT */
/* TEXT_REQ and TEXT: help on a metric or an instance domain. */
#include "pdu.h"

int
pl_text_req_decode(const void *pdu, size_t len, struct pl_ident *ret)
{
    struct pl_ident q = {0};
    struct rd c = pl_pdu_body(pdu, len);

    q.ident = rd_u32(&c);
    q.kind = rd_i32(&c);
    if (c.bad || rd_left(&c) != 0)
        return -PMDALOOP_EMALFORMED;
    *ret = q;
    return 0;
}

void
pl_text_req_encode(struct wr *w, int32_t from, uint32_t ident, int32_t kind)
{
    uint8_t *head = pl_pdu_begin(w, PL_TEXT_REQ, from);

    wr_u32(w, ident);
    wr_u32(w, (uint32_t)kind);
    pl_pdu_end(w, head);
}

/*   12  u32  ident, which nobody reads: PCP's own library sends it in host order
 *   16  i32  length
 *   20  text, padded
 */
int
pl_text_decode(const void *pdu, size_t len, struct pl_text *ret)
{
    struct pl_text t = {0};
    struct rd c = pl_pdu_body(pdu, len);

    t.ident = rd_u32(&c);
    int32_t text_len = rd_i32(&c);
    t.text = pl_padded(&c, text_len);
    if (c.bad || rd_left(&c) != 0)
        return -PMDALOOP_EMALFORMED;
    t.len = (size_t)text_len;
    *ret = t;
    return 0;
}

void
pl_text_encode(struct wr *w, int32_t from, uint32_t ident, const char *text, size_t len)
{
    uint8_t *head = pl_pdu_begin(w, PL_TEXT, from);

    wr_u32(w, ident);
    wr_u32(w, (uint32_t)len);
    pl_pad_bytes(w, text, len);
    pl_pdu_end(w, head);
}

/* SPDX-License-Identifier: MIT */
/* ATTR: who a client is. Nobody answers it.
 *
 *   12  i32  key
 *   16  value up to the end, neither counted nor padded, as a rule with a NUL
 */
#include "pdu.h"

int
pl_attr_decode(const void *pdu, size_t len, struct pl_attr *ret)
{
    struct pl_attr a = {0};
    struct rd c = pl_pdu_body(pdu, len);

    a.key = rd_i32(&c);
    a.len = rd_left(&c);
    if (c.bad || a.len > PL_MAX_ATTR_BYTES)
        return -PMDALOOP_EMALFORMED;
    a.value = a.len ? (const char *)rd_bytes(&c, a.len) : NULL;
    *ret = a;
    return 0;
}

void
pl_attr_encode(struct wr *w, int32_t from, int32_t key, const char *value, size_t len)
{
    uint8_t *head = pl_pdu_begin(w, PL_ATTR, from);

    wr_u32(w, (uint32_t)key);
    wr_bytes(w, value, len);
    pl_pdu_end(w, head);
}

/* SPDX-License-Identifier: MIT */
/* The head of an LDMSD record, both ways. */
#include "record.h"

#include "ldmsctl.h"

/*    0  u32  marker           12  u32  message number
 *    4  u32  type             16  u32  request id, or status
 *    8  u32  flags            20  u32  length, this head included
 */
int
lc_record_take(const void *bytes, size_t len, struct lc_record *ret_record)
{
    struct lc_record r = {0};
    struct rd c = rd_over(bytes, len);

    r.marker = rd_u32(&c);
    r.type = rd_u32(&c);
    r.flags = rd_u32(&c);
    r.msg_no = rd_u32(&c);
    r.code = rd_u32(&c);
    r.rec_len = rd_u32(&c);
    if (c.bad)
        return -LDMSCTL_EPROTO;
    r.body = c.at;
    r.len = rd_left(&c);
    *ret_record = r;
    return 0;
}

bool
lc_record_is_sound(const struct lc_record *r)
{
    return r->marker == LC_RECORD_MARKER && r->rec_len == LC_RECORD_HEAD_BYTES + r->len;
}

void
lc_record_put_head(struct wr *c, const struct lc_record *r)
{
    wr_u32(c, LC_RECORD_MARKER);
    wr_u32(c, r->type);
    wr_u32(c, r->flags);
    wr_u32(c, r->msg_no);
    wr_u32(c, r->code);
    wr_u32(c, (uint32_t)(LC_RECORD_HEAD_BYTES + r->len));
}

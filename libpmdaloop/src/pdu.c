/* SPDX-License-Identifier: MIT */
/* One PDU out of a byte stream, and what all PDUs share: header, padding, ERROR. */
#include "pdu.h"

/*    0  u32  bytes of the whole PDU
 *    4  i32  type
 *    8  i32  from
 */
int
pl_pdu_peek(const void *bytes, size_t n, size_t max_bytes, struct pl_head *ret)
{
    struct pl_head h = {0};
    struct rd c = rd_over(bytes, n);

    /* A wrong length is known before the rest of the header is there. */
    if (n < 4)
        return 0;
    h.len = rd_u32(&c);
    if (h.len < PL_HEAD_BYTES || h.len > max_bytes)
        return -PMDALOOP_EPROTO;
    h.type = rd_i32(&c);
    h.from = rd_i32(&c);
    if (c.bad)
        return 0;
    if (h.type <= 0)
        return -PMDALOOP_EPROTO;
    *ret = h;
    return n >= h.len;
}

struct rd
pl_pdu_body(const void *pdu, size_t len)
{
    struct rd c = rd_over(pdu, len);
    uint32_t told = rd_u32(&c);

    (void)rd_bytes(&c, PL_HEAD_BYTES - 4);
    if (told != len)
        c.bad = true;
    return c;
}

static const char *const names[] = {
    "ERROR",         "RESULT",         "PROFILE",      "FETCH",
    "DESC_REQ",      "DESC",           "INSTANCE_REQ", "INSTANCE",
    "TEXT_REQ",      "TEXT",           "CONTROL_REQ",  NULL,
    "CREDS",         "PMNS_IDS",       "PMNS_NAMES",   "PMNS_CHILD",
    "PMNS_TRAVERSE", "ATTR",           "LABEL_REQ",    "LABEL",
    "HIGHRES_FETCH", "HIGHRES_RESULT", "DESC_IDS",     "DESCS",
};

const char *
pl_pdu_name(int32_t type)
{
    return type >= PL_ERROR && type <= PL_DESCS ? names[type - PL_ERROR] : NULL;
}

bool
pl_pdu_wants_reply(int32_t type)
{
    switch (type) {
    case PL_RESULT: /* a store */
    case PL_FETCH:
    case PL_DESC_REQ:
    case PL_INSTANCE_REQ:
    case PL_TEXT_REQ:
    case PL_PMNS_IDS:
    case PL_PMNS_NAMES:
    case PL_PMNS_CHILD:
    case PL_PMNS_TRAVERSE:
    case PL_LABEL_REQ:
        return true;
    default:
        return false;
    }
}

uint8_t *
pl_pdu_begin(struct wr *w, enum pl_pdu type, int32_t from)
{
    uint8_t *head = w->at;

    wr_u32(w, 0);
    wr_u32(w, type);
    wr_u32(w, (uint32_t)from);
    return head;
}

void
pl_pdu_end(struct wr *w, uint8_t *head)
{
    size_t len = (size_t)(w->at - head);

    if (len > INT32_MAX)
        w->bad = true;
    if (!w->bad)
        wr_be32(head, (uint32_t)len);
}

void
pl_pad_bytes(struct wr *w, const void *bytes, size_t n)
{
    wr_bytes(w, bytes, n);
    wr_bytes(w, "~~~", pl_pad4(n) - n);
}

const char *
pl_padded(struct rd *c, int32_t len)
{
    if (len < 0) {
        c->bad = true;
        return NULL;
    }
    return (const char *)rd_bytes(c, pl_pad4((size_t)len));
}

/*   12  i32  code
 *   16  u32  only in the longer form that clients see
 */
int
pl_error_decode(const void *pdu, size_t len, int32_t *ret_code)
{
    struct rd c = pl_pdu_body(pdu, len);
    int32_t code = rd_i32(&c);

    if (c.bad || (rd_left(&c) != 0 && rd_left(&c) != 4))
        return -PMDALOOP_EMALFORMED;
    *ret_code = code;
    return 0;
}

void
pl_error_encode(struct wr *w, int32_t from, int32_t code)
{
    uint8_t *head = pl_pdu_begin(w, PL_ERROR, from);

    wr_u32(w, (uint32_t)code);
    pl_pdu_end(w, head);
}

/* SPDX-License-Identifier: MIT */
/* LDMS messages in and out of the transport's SENDRECV. */
#include "envelope.h"

#include "frame.h"
#include "ldmsctl.h"

static bool
has_payload(uint32_t command)
{
    return command == LC_SEND_MSG || command == LC_AUTH_MSG;
}

/*    0  u64  xid, requester's order    12  u32  length, this head included
 *    8  u32  command                   16  u32  payload length: SEND_MSG and AUTH_MSG
 */
int
lc_envelope_take(const void *bytes, size_t len, struct lc_envelope *ret_envelope)
{
    struct lc_envelope e = {0};
    struct rd c = rd_over(bytes, len);
    const uint8_t *xid = rd_bytes(&c, sizeof(e.xid));

    e.command = rd_u32(&c);
    if (rd_u32(&c) != len)
        c.bad = true;
    if (has_payload(e.command)) {
        uint32_t payload_len = rd_u32(&c);
        if (payload_len != rd_left(&c))
            c.bad = true;
    }
    if (c.bad)
        return -LDMSCTL_EPROTO;
    memcpy(&e.xid, xid, sizeof(e.xid));
    e.body = c.at;
    e.len = rd_left(&c);
    *ret_envelope = e;
    return 0;
}

static size_t
head_bytes(uint32_t command)
{
    return has_payload(command) ? LC_ENVELOPE_MSG_HEAD : LC_ENVELOPE_HEAD_BYTES;
}

void
lc_envelope_put_head(struct wr *c, uint64_t xid, uint32_t command, size_t len)
{
    wr_bytes(c, &xid, sizeof(xid));
    wr_u32(c, command);
    wr_u32(c, (uint32_t)(head_bytes(command) + len));
    if (has_payload(command))
        wr_u32(c, (uint32_t)len);
}

size_t
lc_envelope_overhead(uint32_t command)
{
    return LC_FRAME_SENDRECV_HEAD + head_bytes(command);
}

void
lc_envelope_put(struct wr *c, uint32_t zap_xid, uint64_t xid, uint32_t command,
                const void *body, size_t len)
{
    lc_frame_put_head(c, zap_xid, head_bytes(command) + len);
    lc_envelope_put_head(c, xid, command, len);
    wr_bytes(c, body, len);
}

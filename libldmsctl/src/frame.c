/* SPDX-License-Identifier: MIT */
/* zap messages: what the bytes of the socket are cut into. */
#include "frame.h"

#include "ldmsctl.h"

static const uint8_t zap_version[4] = {1, 3, 1, 0};
static const char signature[8] = "SOCKET\0";

/* Every message starts with this head; its 64-bit field is packed to 4 bytes.
 *
 *    0  u16  type                    8  u32  xid, sender's order
 *    2  u16  0                      12  u64  ctxt, sender's order
 *    4  u32  whole length
 */
size_t
lc_frame_size(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    return len < 8 ? 0 : rd_be32(p + 4);
}

/* The data of those messages that say once more how long they are. */
static void
take_data(struct rd *body, struct lc_frame *frame)
{
    uint32_t data_len = rd_u32(body);

    if (data_len != rd_left(body))
        body->bad = true;
    frame->data = body->at;
    frame->len = data_len;
}

/* CONNECT has the version and the name of the transport before its data. The peer
 * compares the first two bytes of the version alone. */
static void
take_greeting(struct rd *body, struct lc_frame *frame)
{
    const uint8_t *version = rd_bytes(body, sizeof(zap_version));
    const uint8_t *name = rd_bytes(body, sizeof(signature));

    if (!body->bad)
        frame->foreign =
            memcmp(version, zap_version, 2) != 0 || memcmp(name, signature, 8) != 0;
}

int
lc_frame_take(struct rd *stream, struct lc_frame *ret_frame)
{
    struct lc_frame f = {0};
    size_t have = rd_left(stream), size = lc_frame_size(stream->at, have);

    if (have < 8)
        return 0;
    f.type = rd_be16(stream->at);
    if (f.type < LC_ZAP_CONNECT || f.type > LC_ZAP_ACK_ACCEPTED ||
        size < LC_FRAME_HEAD_BYTES + 4 || size > LC_FRAME_MAX_BYTES)
        return -LDMSCTL_EPROTO;
    if (have < size)
        return 0;

    struct rd body = rd_sub(stream, size);
    (void)rd_bytes(&body, 8);
    memcpy(&f.xid, rd_bytes(&body, sizeof(f.xid)), sizeof(f.xid));
    memcpy(&f.ctxt, rd_bytes(&body, sizeof(f.ctxt)), sizeof(f.ctxt));
    f.data = body.at;
    f.len = rd_left(&body);
    if (f.type == LC_ZAP_CONNECT)
        take_greeting(&body, &f);
    if (f.type < LC_ZAP_RENDEZVOUS || f.type > LC_ZAP_WRITE_RESP)
        take_data(&body, &f);
    if (body.bad)
        return -LDMSCTL_EPROTO;
    *ret_frame = f;
    return 1;
}

static void
put_head(struct wr *c, enum lc_zap type, uint32_t xid, size_t size)
{
    wr_u16(c, (uint16_t)type);
    wr_u16(c, 0);
    wr_u32(c, (uint32_t)size);
    wr_bytes(c, &xid, sizeof(xid));
    wr_u64(c, 0);
}

void
lc_frame_put(struct wr *c, enum lc_zap type, uint32_t xid, const void *data, size_t len)
{
    size_t greeting =
        type == LC_ZAP_CONNECT ? sizeof(zap_version) + sizeof(signature) : 0;

    put_head(c, type, xid, LC_FRAME_HEAD_BYTES + greeting + 4 + len);
    if (greeting) {
        wr_bytes(c, zap_version, sizeof(zap_version));
        wr_bytes(c, signature, sizeof(signature));
    }
    wr_u32(c, (uint32_t)len);
    wr_bytes(c, data, len);
}

void
lc_frame_put_head(struct wr *c, uint32_t xid, size_t len)
{
    put_head(c, LC_ZAP_SENDRECV, xid, LC_FRAME_SENDRECV_HEAD + len);
    wr_u32(c, (uint32_t)len);
}

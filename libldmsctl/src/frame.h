/* SPDX-License-Identifier: MIT */
#ifndef LC_FRAME_H
#define LC_FRAME_H

/* zap messages over a socket: every message of the transport, both ways. */
#include <bytekit/rd.h>
#include <bytekit/wr.h>

enum lc_zap {
    LC_ZAP_CONNECT = 1,
    LC_ZAP_SENDRECV = 2,
    LC_ZAP_RENDEZVOUS = 3,
    LC_ZAP_READ_REQ = 4,
    LC_ZAP_READ_RESP = 5,
    LC_ZAP_WRITE_REQ = 6,
    LC_ZAP_WRITE_RESP = 7,
    LC_ZAP_ACCEPTED = 8,
    LC_ZAP_REJECTED = 9,
    LC_ZAP_ACK_ACCEPTED = 10,
};

enum {
    LC_FRAME_HEAD_BYTES = 20,
    LC_FRAME_MAX_BYTES = 1 << 20,
    LC_FRAME_MAX_DATA = LC_FRAME_MAX_BYTES - 40, /* in a SENDRECV, as senders cut it */
};

struct lc_frame {
    uint16_t type;
    bool foreign;        /* a CONNECT of another zap version, or not of a socket */
    uint32_t xid;        /* in the sender's byte order: never to be interpreted */
    uint64_t ctxt;       /* likewise */
    const uint8_t *data; /* what the message carries; all after the head for 3 to 7 */
    size_t len;
};

/* Take one message off a stream: 1; 0 when it is not all there yet; or
 * -LDMSCTL_EPROTO. A message is refused by its head, before its body has come. */
int lc_frame_take(struct rd *stream, struct lc_frame *ret_frame);

/* How long the message is that begins with these bytes; 0 before that can be told. */
size_t lc_frame_size(const void *bytes, size_t len);

/* Write a CONNECT, SENDRECV, ACCEPTED, REJECTED or ACK_ACCEPTED. */
void lc_frame_put(struct wr *c, enum lc_zap type, uint32_t xid, const void *data,
                  size_t len);

/* Write all of a SENDRECV that comes before its data of len bytes. */
void lc_frame_put_head(struct wr *c, uint32_t xid, size_t len);
enum { LC_FRAME_SENDRECV_HEAD = LC_FRAME_HEAD_BYTES + 4 };

#endif

/* SPDX-License-Identifier: MIT */
#ifndef LC_ENVELOPE_H
#define LC_ENVELOPE_H

/* LDMS messages: what a SENDRECV carries. */
#include <bytekit/rd.h>
#include <bytekit/wr.h>

enum lc_command {
    LC_DIR = 0,
    LC_DIR_CANCEL = 1,
    LC_SEND_MSG = 5,
    LC_AUTH_MSG = 6,
    LC_SET_DELETE = 9,
    LC_SEND_QUOTA = 10,
    LC_DIR_REPLY = 0x101,
    LC_DIR_CANCEL_REPLY = 0x102,
    LC_DIR_UPDATE = 0x103,
    LC_SET_DELETE_REPLY = 0x10a,
};

enum { LC_ENVELOPE_HEAD_BYTES = 16, LC_ENVELOPE_MSG_HEAD = 20 };

struct lc_envelope {
    uint64_t xid; /* in the requester's byte order: echoed, never interpreted */
    uint32_t command;
    const uint8_t *body; /* of SEND_MSG and AUTH_MSG, their payload */
    size_t len;
};

/* The one message in a SENDRECV's data: 0 or -LDMSCTL_EPROTO. */
int lc_envelope_take(const void *bytes, size_t len, struct lc_envelope *ret_envelope);

/* Write head and, for SEND_MSG and AUTH_MSG, the length before the payload; then comes
 * the body of len bytes. */
void lc_envelope_put_head(struct wr *c, uint64_t xid, uint32_t command, size_t len);

/* Write a SENDRECV with such a message in it, whole. */
void lc_envelope_put(struct wr *c, uint32_t zap_xid, uint64_t xid, uint32_t command,
                     const void *body, size_t len);

/* The bytes that lc_envelope_put() adds to a body. */
size_t lc_envelope_overhead(uint32_t command);

#endif

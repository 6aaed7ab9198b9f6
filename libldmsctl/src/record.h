/* SPDX-License-Identifier: MIT */
#ifndef LC_RECORD_H
#define LC_RECORD_H

/* One LDMSD record: all of a small request or response, or a piece of a large one. */
#include <bytekit/rd.h>
#include <bytekit/wr.h>

enum { LC_RECORD_HEAD_BYTES = 24, LC_RECORD_MAX_BYTES = 1048516 };
enum { LC_RECORD_REQUEST = 1, LC_RECORD_RESPONSE = 2 };
enum { LC_RECORD_SOM = 1, LC_RECORD_EOM = 2 }; /* first, last of its message */

#define LC_RECORD_MARKER UINT32_C(0xffffffff)

struct lc_record {
    uint32_t marker;
    uint32_t type;
    uint32_t flags;
    uint32_t msg_no;     /* the requester's, echoed in every record of the response */
    uint32_t code;       /* request id, or status */
    uint32_t rec_len;    /* what the record says of itself */
    const uint8_t *body; /* a piece of the attribute list, cut anywhere */
    size_t len;
};

/* The one record in a SEND_MSG: 0, or -LDMSCTL_EPROTO for less than a head. */
int lc_record_take(const void *bytes, size_t len, struct lc_record *ret_record);

/* Whether its marker and its length are right; a daemon answers those where they are
 * not, so taking does not ask. */
bool lc_record_is_sound(const struct lc_record *r);

/* Write the head of a record; its body of r->len bytes is the caller's to write. */
void lc_record_put_head(struct wr *c, const struct lc_record *r);

#endif

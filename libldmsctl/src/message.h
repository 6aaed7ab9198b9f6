/* SPDX-License-Identifier: MIT */
#ifndef LC_MESSAGE_H
#define LC_MESSAGE_H

/* Requests and responses as a whole: attribute lists cut into records, and records put
 * together again. */
#include "record.h"

#include <bytekit/queue.h>

/* A message on its way in. Zeroed, it is an empty one. */
struct lc_message {
    uint8_t *bytes; /* the attribute list so far */
    uint8_t *owned; /* what it lies in; free() */
    size_t owned_room;
    size_t len, room;
    uint32_t type, code; /* code is the last record's */
    uint32_t records;
    bool started;
};

/* How much one message may be: a peer that sends more is refused. */
struct lc_message_limit {
    size_t bytes;
    uint32_t records;
};

/* Add a record: 1 when it was the last, 0 when more must follow, -LDMSCTL_EPROTO for one
 * out of turn, -LDMSCTL_ETOOBIG past the limit, -ENOMEM. Its bytes are copied once. */
int lc_message_add(struct lc_message *m, const struct lc_record *r,
                   const struct lc_message_limit *limit);
/* Take over the allocation that a message of one record lies in, instead of copying. */
void lc_message_adopt(struct lc_message *m, const struct lc_record *r, uint8_t *owned,
                      size_t owned_room);
void lc_message_free(struct lc_message *m);

/* Write a message of the given attributes, which have no end yet, into out: each record
 * in a SEND_MSG in a SENDRECV, none longer than max_record. *zap_xid counts the
 * messages. 0, -ENOBUFS, -ENOMEM; nothing is written unless all is. */
int lc_message_put(struct queue *out, uint32_t *zap_xid, const struct lc_record *head,
                   const void *attrs, size_t attrs_len, size_t max_record);

/* The bytes that lc_message_put() will write. */
size_t lc_message_size(size_t attrs_len, size_t max_record);

#endif

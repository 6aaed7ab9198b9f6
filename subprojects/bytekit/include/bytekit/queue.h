/* SPDX-License-Identifier: MIT */
#ifndef BYTEKIT_QUEUE_H
#define BYTEKIT_QUEUE_H

/**
 * @file
 * Bytes on their way: added at the back, taken from the front, never more than a
 * limit that is set when the queue is made. Memory follows what is in it.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct queue {
    uint8_t *bytes; /* the queued ones start at bytes + head */
    size_t head, len, room, limit;
};

static inline struct queue
queue_make(size_t limit)
{
    return (struct queue){
        .bytes = NULL, .head = 0, .len = 0, .room = 0, .limit = limit};
}

static inline void
queue_free(struct queue *q)
{
    free(q->bytes);
    *q = queue_make(q->limit);
}

static inline const uint8_t *
queue_at(const struct queue *q)
{
    return q->bytes ? q->bytes + q->head : NULL;
}

/* Room for n more bytes at the back, contiguous; NULL and errno ENOBUFS past the limit,
 * ENOMEM without memory. queue_added() says how many of them were filled. */
static inline uint8_t *
queue_room(struct queue *q, size_t n)
{
    if (n > q->limit || q->len > q->limit - n) {
        errno = ENOBUFS;
        return NULL;
    }
    if (q->bytes && q->head + q->len + n <= q->room)
        return q->bytes + q->head + q->len;
    if (q->bytes && q->len + n <= q->room && q->head >= q->len) {
        memcpy(q->bytes, q->bytes + q->head, q->len);
        q->head = 0;
        return q->bytes + q->len;
    }
    size_t room = q->room > q->limit / 2 ? q->limit : q->room * 2;
    if (room < q->len + n)
        room = q->len + n;
    if (room < 256)
        room = q->limit < 256 ? q->limit : 256;
    if (room == 0)
        room = 1;
    uint8_t *bytes = (uint8_t *)malloc(room);
    if (!bytes) {
        errno = ENOMEM;
        return NULL;
    }
    if (q->bytes && q->len)
        memcpy(bytes, q->bytes + q->head, q->len);
    free(q->bytes);
    q->bytes = bytes;
    q->head = 0;
    q->room = room;
    return bytes + q->len;
}

static inline void
queue_added(struct queue *q, size_t n)
{
    q->len += n;
}

/* 0, -ENOBUFS or -ENOMEM. */
static inline int
queue_push(struct queue *q, const void *bytes, size_t n)
{
    uint8_t *p = queue_room(q, n);
    if (!p)
        return -errno;
    if (n)
        memcpy(p, bytes, n);
    q->len += n;
    return 0;
}

/* Take n bytes off the front; n is at most q->len. */
static inline void
queue_drop(struct queue *q, size_t n)
{
    q->head += n;
    q->len -= n;
    if (q->len == 0)
        q->head = 0;
}

#endif

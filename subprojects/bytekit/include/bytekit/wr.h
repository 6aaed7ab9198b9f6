/* SPDX-License-Identifier: MIT */
#ifndef BYTEKIT_WR_H
#define BYTEKIT_WR_H

/**
 * @file
 * Write bytes in order, and never past the room there is.
 *
 * A write that does not fit turns the cursor bad, for good, and writes nothing. So an
 * encoder writes straight down its layout and asks once, at the end.
 * Integers go out in network order.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct wr {
    uint8_t *start, *at, *end;
    bool bad;
};

static inline struct wr
wr_over(void *bytes, size_t len)
{
    uint8_t *p = (uint8_t *)bytes;
    return (struct wr){.start = p, .at = p, .end = len ? p + len : p, .bad = false};
}

/* How many bytes have been written. */
static inline size_t
wr_len(const struct wr *c)
{
    return (size_t)(c->at - c->start);
}

/* Room for the next n bytes, or NULL. */
static inline uint8_t *
wr_room(struct wr *c, size_t n)
{
    if (c->bad || n > (size_t)(c->end - c->at)) {
        c->bad = true;
        return NULL;
    }
    c->at += n;
    return c->at - n;
}

static inline void
wr_bytes(struct wr *c, const void *bytes, size_t n)
{
    uint8_t *p = wr_room(c, n);
    if (p && n)
        memcpy(p, bytes, n);
}

static inline void
wr_zeros(struct wr *c, size_t n)
{
    uint8_t *p = wr_room(c, n);
    if (p && n)
        memset(p, 0, n);
}

/* Byte by byte would say the same, but in a loop gcc makes of that as many stores. */
static inline void
wr_be16(uint8_t *p, uint16_t v)
{
    v = htons(v);
    memcpy(p, &v, sizeof(v));
}

static inline void
wr_be32(uint8_t *p, uint32_t v)
{
    v = htonl(v);
    memcpy(p, &v, sizeof(v));
}

static inline void
wr_be64(uint8_t *p, uint64_t v)
{
    wr_be32(p, (uint32_t)(v >> 32));
    wr_be32(p + 4, (uint32_t)v);
}

static inline void
wr_u8(struct wr *c, uint8_t v)
{
    uint8_t *p = wr_room(c, 1);
    if (p)
        *p = v;
}

static inline void
wr_u16(struct wr *c, uint16_t v)
{
    uint8_t *p = wr_room(c, 2);
    if (p)
        wr_be16(p, v);
}

static inline void
wr_u32(struct wr *c, uint32_t v)
{
    uint8_t *p = wr_room(c, 4);
    if (p)
        wr_be32(p, v);
}

static inline void
wr_u64(struct wr *c, uint64_t v)
{
    uint8_t *p = wr_room(c, 8);
    if (p)
        wr_be64(p, v);
}

/* An IEEE-754 double. */
static inline void
wr_f64(struct wr *c, double d)
{
    uint64_t bits;
    memcpy(&bits, &d, sizeof(bits));
    wr_u64(c, bits);
}

#endif

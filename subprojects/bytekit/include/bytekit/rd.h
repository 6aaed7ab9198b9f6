/* SPDX-License-Identifier: MIT */
#ifndef BYTEKIT_RD_H
#define BYTEKIT_RD_H

/**
 * @file
 * Read bytes in order, and never past their end.
 *
 * A read that would leave the bytes turns the cursor bad, for good, and yields 0.
 * So a decoder reads straight down its layout and asks once, at the end.
 * Integers are in network order unless the name says otherwise.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct rd {
    const uint8_t *at, *end;
    bool bad;
};

static inline struct rd
rd_over(const void *bytes, size_t len)
{
    const uint8_t *p = (const uint8_t *)bytes;
    return (struct rd){.at = p, .end = len ? p + len : p, .bad = false};
}

static inline size_t
rd_left(const struct rd *c)
{
    return c->bad ? 0 : (size_t)(c->end - c->at);
}

/* The next n bytes, or NULL. */
static inline const uint8_t *
rd_bytes(struct rd *c, size_t n)
{
    if (c->bad || n > (size_t)(c->end - c->at)) {
        c->bad = true;
        return NULL;
    }
    c->at += n;
    return c->at - n;
}

/* A cursor over the next n bytes alone, so that a record which lies about its size
 * cannot reach into its neighbour. */
static inline struct rd
rd_sub(struct rd *c, size_t n)
{
    const uint8_t *p = rd_bytes(c, n);
    return (struct rd){.at = p, .end = p ? p + n : p, .bad = !p};
}

static inline uint16_t
rd_be16(const uint8_t *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
rd_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t
rd_be64(const uint8_t *p)
{
    return (uint64_t)rd_be32(p) << 32 | rd_be32(p + 4);
}

static inline uint8_t
rd_u8(struct rd *c)
{
    const uint8_t *p = rd_bytes(c, 1);
    return p ? p[0] : 0;
}

static inline uint16_t
rd_u16(struct rd *c)
{
    const uint8_t *p = rd_bytes(c, 2);
    return p ? rd_be16(p) : 0;
}

static inline uint32_t
rd_u32(struct rd *c)
{
    const uint8_t *p = rd_bytes(c, 4);
    return p ? rd_be32(p) : 0;
}

static inline uint64_t
rd_u64(struct rd *c)
{
    const uint8_t *p = rd_bytes(c, 8);
    return p ? rd_be64(p) : 0;
}

static inline int16_t
rd_i16(struct rd *c)
{
    return (int16_t)rd_u16(c);
}

static inline int32_t
rd_i32(struct rd *c)
{
    return (int32_t)rd_u32(c);
}

static inline int64_t
rd_i64(struct rd *c)
{
    return (int64_t)rd_u64(c);
}

/* An IEEE-754 double. */
static inline double
rd_f64(struct rd *c)
{
    uint64_t bits = rd_u64(c);
    double d;
    memcpy(&d, &bits, sizeof(d));
    return d;
}

#endif

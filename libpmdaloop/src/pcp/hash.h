/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_HASH_H
#define PL_PCP_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a, with its upper bits in the lower ones, too: tables take these. */
static inline uint32_t
pl_hash(const void *bytes, size_t n, uint32_t seed)
{
    const uint8_t *p = bytes;
    uint32_t h = 2166136261u ^ seed;

    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * 16777619u;
    return h ^ h >> 15;
}

#endif

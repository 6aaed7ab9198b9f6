/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_FRAGMENT_H
#define XRDMON_TOOL_FRAGMENT_H

/* IP datagrams put together again from their fragments, within fixed memory. */
#include "input.h"

struct fragments;

/* What the fragments of one datagram have in common. */
struct fragment_key {
    uint8_t source[16], destination[16];
    uint32_t id;
    uint8_t protocol;
};

/* One fragment's place in its datagram. */
struct fragment {
    const uint8_t *bytes;
    size_t len, at;
    bool is_last;
};

/* NULL without memory. */
struct fragments *fragments_new(void);
void fragments_free(struct fragments *all);

/* Add one. True when its datagram is whole: then *ret_bytes are valid until the next
 * call. A datagram that never becomes whole gives its place to a newer one. */
bool fragments_add(struct fragments *all, const struct fragment_key *key,
                   const struct fragment *part, uint64_t offset,
                   const uint8_t **ret_bytes, size_t *ret_len);

/* The datagrams given up so far; with `at_end` also those that are not whole yet. */
struct trouble_count fragments_lost(const struct fragments *all, bool at_end);

#endif

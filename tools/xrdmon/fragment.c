/* SPDX-License-Identifier: MIT */
/* IP datagrams put together again from their fragments, within fixed memory. */
#include "fragment.h"

#include <stdlib.h>
#include <string.h>

/* Fragments of a datagram follow each other closely: with more datagrams than this
 * under way at once, the one begun first is given up. */
enum { SLOTS = 32, BLOCK_BYTES = 8, LONGEST = 65536 };

struct slot {
    bool used;
    struct fragment_key key;
    uint64_t begun, offset; /* when, counted in datagrams, and where in the input */
    size_t len;             /* of the whole; 0 until the last one came */
    uint8_t *bytes;
    uint8_t blocks[LONGEST / BLOCK_BYTES]; /* which blocks are here */
};

struct fragments {
    struct slot slots[SLOTS];
    uint64_t begun;
    struct trouble_count lost;
};

struct fragments *
fragments_new(void)
{
    return calloc(1, sizeof(struct fragments));
}

void
fragments_free(struct fragments *all)
{
    for (size_t i = 0; all && i < SLOTS; i++)
        free(all->slots[i].bytes);
    free(all);
}

static bool
same_key(const struct fragment_key *a, const struct fragment_key *b)
{
    return a->id == b->id && a->protocol == b->protocol &&
           memcmp(a->source, b->source, sizeof(a->source)) == 0 &&
           memcmp(a->destination, b->destination, sizeof(a->destination)) == 0;
}

static void
count_lost(struct trouble_count *lost, const struct slot *s)
{
    if (lost->count == 0 || s->offset < lost->first_at)
        lost->first_at = s->offset;
    lost->count++;
}

/* The datagram's slot, or a fresh one. NULL without memory. */
static struct slot *
slot_of(struct fragments *all, const struct fragment_key *key, uint64_t offset)
{
    struct slot *fresh = &all->slots[0];

    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *s = &all->slots[i];
        if (s->used && same_key(&s->key, key))
            return s;
        if (fresh->used && (!s->used || s->begun < fresh->begun))
            fresh = s;
    }
    if (fresh->used)
        count_lost(&all->lost, fresh);
    if (!fresh->bytes && !(fresh->bytes = calloc(1, LONGEST)))
        return NULL;
    fresh->used = true;
    fresh->key = *key;
    fresh->begun = all->begun++;
    fresh->offset = offset;
    fresh->len = 0;
    memset(fresh->blocks, 0, sizeof(fresh->blocks));
    return fresh;
}

static size_t
blocks_of(size_t len)
{
    return (len + BLOCK_BYTES - 1) / BLOCK_BYTES;
}

bool
fragments_add(struct fragments *all, const struct fragment_key *key,
              const struct fragment *part, uint64_t offset, const uint8_t **ret_bytes,
              size_t *ret_len)
{
    bool fits = part->at + part->len <= LONGEST - 1 && part->at % BLOCK_BYTES == 0 &&
                (part->is_last || part->len % BLOCK_BYTES == 0);
    struct slot *s = fits ? slot_of(all, key, offset) : NULL;

    if (!s)
        return false;
    memcpy(s->bytes + part->at, part->bytes, part->len);
    memset(s->blocks + part->at / BLOCK_BYTES, 1, blocks_of(part->len));
    if (part->is_last)
        s->len = part->at + part->len;
    if (s->len == 0 || memchr(s->blocks, 0, blocks_of(s->len)))
        return false;
    s->used = false;
    *ret_bytes = s->bytes;
    *ret_len = s->len;
    return true;
}

struct trouble_count
fragments_lost(const struct fragments *all, bool at_end)
{
    struct trouble_count lost = all->lost;
    for (size_t i = 0; at_end && i < SLOTS; i++)
        if (all->slots[i].used)
            count_lost(&lost, &all->slots[i]);
    return lost;
}

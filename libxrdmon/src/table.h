/* SPDX-License-Identifier: MIT */
#ifndef XM_TABLE_H
#define XM_TABLE_H

/* What a dictid stands for. Servers count their ids, so that the usual table is dense; a
 * forged one is not, and costs no more: open addressing over a hash of the id. Where the
 * slots lie in memory goes into the hash, so that nobody can choose ids that collide. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xm_slot {
    uint32_t id;
    void *value; /* NULL in a free slot */
};

struct xm_table {
    struct xm_slot *slots;
    size_t room, used; /* room is 0 or a power of two */
    uint32_t seed;
};

static inline size_t
xm_table_place(const struct xm_table *t, uint32_t id)
{
    uint32_t h = (id ^ t->seed) * UINT32_C(0x85ebca6b);
    h = (h ^ h >> 15) * UINT32_C(0xc2b2ae35);
    return (h ^ h >> 16) & (t->room - 1);
}

/* NULL where there is none. */
static inline void *
xm_table_find(const struct xm_table *t, uint32_t id)
{
    if (t->used == 0)
        return NULL;
    for (size_t i = xm_table_place(t, id); t->slots[i].value;
         i = (i + 1) & (t->room - 1))
        if (t->slots[i].id == id)
            return t->slots[i].value;
    return NULL;
}

/* The id must not be there yet. False without memory. */
bool xm_table_insert(struct xm_table *t, uint32_t id, void *value);
void xm_table_remove(struct xm_table *t, uint32_t id);
/* Forget everything. */
void xm_table_clear(struct xm_table *t);

#endif

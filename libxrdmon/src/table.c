/* SPDX-License-Identifier: MIT */
/* From dictids to what they stand for. */
#include "table.h"

#include <stdlib.h>

enum { FIRST_ROOM = 16 };

static void
put(struct xm_table *t, uint32_t id, void *value)
{
    size_t i = xm_table_place(t, id);
    while (t->slots[i].value)
        i = (i + 1) & (t->room - 1);
    t->slots[i] = (struct xm_slot){.id = id, .value = value};
    t->used++;
}

static bool
resize(struct xm_table *t, size_t room)
{
    struct xm_table bigger = {.slots = calloc(room, sizeof(*bigger.slots)),
                              .room = room};
    if (!bigger.slots)
        return false;
    bigger.seed = (uint32_t)((uintptr_t)bigger.slots >> 4) * UINT32_C(0x9e3779b1);
    for (size_t i = 0; i < t->room; i++)
        if (t->slots[i].value)
            put(&bigger, t->slots[i].id, t->slots[i].value);
    free(t->slots);
    *t = bigger;
    return true;
}

bool
xm_table_insert(struct xm_table *t, uint32_t id, void *value)
{
    if (t->used + t->used / 3 >= t->room &&
        !resize(t, t->room ? t->room * 2 : FIRST_ROOM) && t->used + 1 >= t->room)
        return false;
    put(t, id, value);
    return true;
}

void
xm_table_remove(struct xm_table *t, uint32_t id)
{
    if (t->used == 0)
        return;

    size_t mask = t->room - 1, hole = xm_table_place(t, id);
    while (t->slots[hole].value && t->slots[hole].id != id)
        hole = (hole + 1) & mask;
    if (!t->slots[hole].value)
        return;
    /* what was pushed along by the one that goes moves back into its place */
    for (size_t i = (hole + 1) & mask; t->slots[i].value; i = (i + 1) & mask) {
        size_t home = xm_table_place(t, t->slots[i].id);
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            t->slots[hole] = t->slots[i];
            hole = i;
        }
    }
    t->slots[hole].value = NULL;
    t->used--;
    if (t->room > FIRST_ROOM && t->used < t->room / 8)
        (void)resize(t, t->room / 4); /* or it stays large */
}

void
xm_table_clear(struct xm_table *t)
{
    free(t->slots);
    *t = (struct xm_table){.slots = NULL};
}

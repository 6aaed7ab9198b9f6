/* SPDX-License-Identifier: MIT */
/* The profile in force, sorted when it arrives, so that asking it is cheap. */
#include "wanted.h"

#include <stdlib.h>

static int
by_indom(const void *a, const void *b)
{
    const struct pl_wanted_indom *x = a, *y = b;

    if (x->indom != y->indom)
        return x->indom < y->indom ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static int
by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* At least n elements; the array may move. */
static int
reserve(void **array, size_t *room, size_t n, size_t element)
{
    if (n <= *room)
        return 0;
    void *more = realloc(*array, n * element);
    if (!more)
        return -ENOMEM;
    *array = more;
    *room = n;
    return 0;
}

int
pl_wanted_set(struct pl_wanted *w, struct pl_profile profile)
{
    struct pl_profile_entry e;
    size_t n_insts = rd_left(&profile.lists) / 4;
    void *indoms = w->indoms, *insts = w->insts;

    if (reserve(&indoms, &w->indoms_room, profile.n, sizeof(*w->indoms)) < 0)
        return -ENOMEM;
    w->indoms = indoms;
    if (reserve(&insts, &w->insts_room, n_insts, sizeof(*w->insts)) < 0)
        return -ENOMEM;
    w->insts = insts;

    uint32_t at = 0;
    w->n_indoms = 0;
    w->none_else = profile.state != 0;
    w->generation++;
    while (pl_profile_next(&profile, &e)) {
        struct pl_wanted_indom *to = &w->indoms[w->n_indoms];
        *to = (struct pl_wanted_indom){.indom = e.indom,
                                       .only_these = e.state != 0,
                                       .n = e.n,
                                       .first = at,
                                       .order = w->n_indoms};
        for (uint32_t i = 0; i < e.n; i++)
            w->insts[at++] = (int32_t)rd_be32(e.insts + (size_t)i * 4);
        if (e.n > 1)
            qsort(w->insts + to->first, e.n, sizeof(*w->insts), by_number);
        w->n_indoms++;
    }
    if (w->n_indoms > 1)
        qsort(w->indoms, w->n_indoms, sizeof(*w->indoms), by_indom);
    return 0;
}

void
pl_wanted_free(struct pl_wanted *w)
{
    free(w->indoms);
    free(w->insts);
    *w = (struct pl_wanted){0};
}

const struct pl_wanted_indom *
pl_wanted_find(const struct pl_wanted *w, uint32_t indom)
{
    uint32_t low = 0, high = w->n_indoms;

    while (low < high) { /* the first one that is not less */
        uint32_t mid = low + (high - low) / 2;
        if (w->indoms[mid].indom < indom)
            low = mid + 1;
        else
            high = mid;
    }
    return low < w->n_indoms && w->indoms[low].indom == indom ? &w->indoms[low] : NULL;
}

bool
pl_wanted_has(const struct pl_wanted *w, uint32_t indom, int32_t inst)
{
    const struct pl_wanted_indom *e = pl_wanted_find(w, indom);

    if (!e)
        return !w->none_else;
    const int32_t *insts = pl_wanted_insts(w, e);
    bool listed = insts && bsearch(&inst, insts, e->n, sizeof(*insts), by_number);
    return listed == e->only_these;
}

/* SPDX-License-Identifier: MIT */
#ifndef PL_WANTED_H
#define PL_WANTED_H

/* The profile in force: which instances the client of the next request wants. */
#include "pdu.h"

struct pl_wanted_indom {
    uint32_t indom;
    bool only_these; /* else: all but these */
    uint32_t n;      /* of insts, */
    uint32_t first;  /* from here on in all the insts */
    uint32_t order;  /* place in the profile: the first entry of an indom counts */
};

struct pl_wanted {
    uint32_t generation; /* changes with each profile */
    bool none_else;      /* indoms that are not listed: no instance, instead of all */
    struct pl_wanted_indom *indoms; /* sorted */
    uint32_t n_indoms;
    int32_t *insts; /* those of each indom sorted */
    size_t indoms_room, insts_room;
};

/* Take over what a PROFILE says. On -ENOMEM the one before stays. */
int pl_wanted_set(struct pl_wanted *w, struct pl_profile profile);
void pl_wanted_free(struct pl_wanted *w);
/* The entry of an indom, or NULL where none_else decides. */
const struct pl_wanted_indom *pl_wanted_find(const struct pl_wanted *w, uint32_t indom);
/* Those it lists, sorted; NULL for none. */
static inline const int32_t *
pl_wanted_insts(const struct pl_wanted *w, const struct pl_wanted_indom *e)
{
    return e->n ? w->insts + e->first : NULL;
}
bool pl_wanted_has(const struct pl_wanted *w, uint32_t indom, int32_t inst);

#endif

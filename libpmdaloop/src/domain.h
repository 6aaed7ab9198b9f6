/* SPDX-License-Identifier: MIT */
#ifndef PL_DOMAIN_H
#define PL_DOMAIN_H

/* The instances of one domain: in the order they were added, found by number and by name
 * at once, and which of them a profile selects. */
#include "wanted.h"

struct pl_inst {
    int32_t inst;
    bool is_gone;  /* its place in the list is kept until that is made anew */
    bool is_owned; /* the name is a copy */
    const char *name;
    size_t name_len;
    uint32_t next; /* index + 1 of the next in its ring of by_word */
};

struct pl_domain {
    const struct pmdaloop_indom *decl;
    uint32_t indom;
    struct pl_inst *insts;
    size_t n, n_gone, room;
    int32_t highest;
    uint32_t *by_number, *by_name; /* index + 1 into insts, 0 for free */
    uint32_t *by_word; /* by first word, names of more than one: the last of a ring */
    size_t n_buckets;  /* of each, a power of two */

    uint32_t *selected; /* indexes into insts, ascending */
    int32_t *numbers;   /* of the selected: what a fetch walks */
    size_t n_selected, selected_room, numbers_room;
    bool is_selected;    /* is that for this profile? */
    uint32_t generation; /* the profile's */
};

void pl_domain_free(struct pl_domain *d);
/* Add one; the name is copied when is_owned. Its number, -EEXIST, -EINVAL, -ENOMEM. */
int pl_domain_add(struct pl_domain *d, int32_t inst, const char *name, bool is_owned);
int pl_domain_remove(struct pl_domain *d, int32_t inst);
const struct pl_inst *pl_domain_find(const struct pl_domain *d, int32_t inst);
/* Exactly; or, for a name without a space, the first instance whose first word it is. */
const struct pl_inst *pl_domain_find_name(const struct pl_domain *d, const char *name,
                                          size_t len);
/* Fill selected with what the profile lets through. 0 or -ENOMEM. */
int pl_domain_select(struct pl_domain *d, const struct pl_wanted *wanted);

#endif

/* SPDX-License-Identifier: MIT */
/* Instances of a domain that the client wants, one after the other: those of a table in
 * its order, those of a cache in ascending order, the active ones alone. */
#include "pcp/agent.h"
#include "pcp/cache.h"
#include "pcp/inprofile.h"

static pmdaIndom *
find_table(const pmdaExt *ext, pmInDom indom)
{
    /* metrics of one indom come in a row: the last one found is tried first, unless the
     * agent's table has moved since */
    if (ext->e_idp >= ext->e_indoms && ext->e_idp < ext->e_indoms + ext->e_nindoms &&
        ext->e_idp->it_indom == indom)
        return ext->e_idp;
    for (int i = 0; i < ext->e_nindoms; i++)
        if (ext->e_indoms[i].it_indom == indom)
            return &ext->e_indoms[i];
    return NULL;
}

/* Are the listed instances in ascending order, as they are when they came off the wire? */
static bool
is_sorted(const pmInDomProfile *entry)
{
    for (int i = 1; i < entry->instances_len; i++)
        if (entry->instances[i - 1] > entry->instances[i])
            return false;
    return true;
}

/* Does each listed instance stand in the table at its own number? Then those few need
 * looking at, not the whole table. */
static bool
lists_places(const pmInDomProfile *entry, const pmdaIndom *table)
{
    for (int i = 0; i < entry->instances_len; i++) {
        int inst = entry->instances[i];
        if (inst < 0 || inst >= table->it_numinst || table->it_set[inst].i_inst != inst)
            return false;
        if (i > 0 && entry->instances[i - 1] == inst)
            return false;
    }
    return true;
}

size_t
pl_walk_begin(struct pl_walk *walk, pmInDom indom, pmdaExt *ext)
{
    const pmProfile *profile = ext->e_prof;

    *walk = (struct pl_walk){.indom = indom, .last = -1};
    if (indom == PM_INDOM_NULL) {
        walk->single = true;
        return 1;
    }
    walk->entry = pl_profile_entry_of(profile, indom);
    walk->all_in = !profile || (!walk->entry && profile->state == PM_PROFILE_INCLUDE);
    walk->sorted = walk->entry && is_sorted(walk->entry);
    walk->cache = pl_cache_find(indom, false);
    ext->e_idp = walk->cache ? NULL : find_table(ext, indom);
    walk->table = ext->e_idp;

    bool few = walk->entry && walk->sorted && walk->entry->state != PM_PROFILE_INCLUDE;
    if (!walk->all_in && !walk->entry)
        return 0;
    if (walk->cache) {
        walk->by_list = few;
        return few ? (size_t)walk->entry->instances_len : walk->cache->n_active;
    }
    if (!walk->table || walk->table->it_numinst <= 0)
        return 0;
    walk->by_list = few && lists_places(walk->entry, walk->table);
    return (size_t)(walk->by_list ? walk->entry->instances_len
                                  : walk->table->it_numinst);
}

/* The next of the client's list that exists. */
static bool
next_listed(struct pl_walk *walk, int *ret_inst)
{
    while (walk->at < walk->entry->instances_len) {
        int inst = walk->entry->instances[walk->at++];
        bool again = walk->at > 1 && walk->entry->instances[walk->at - 2] == inst;
        if (walk->cache) {
            const struct pl_entry *e = pl_cache_by_inst(walk->cache, inst);
            if (again || !e || e->state != PMDA_CACHE_ACTIVE)
                continue;
        }
        *ret_inst = inst;
        return true;
    }
    return false;
}

static bool
is_wanted(const struct pl_walk *walk, int inst)
{
    if (walk->all_in || !walk->entry)
        return walk->all_in;
    bool listed = pl_profile_lists(walk->entry, inst, walk->sorted);
    return listed == (walk->entry->state != PM_PROFILE_INCLUDE);
}

bool
pl_walk_next(struct pl_walk *walk, int *ret_inst)
{
    if (walk->single) {
        *ret_inst = (int)PM_IN_NULL;
        return walk->at++ == 0;
    }
    if (walk->by_list)
        return next_listed(walk, ret_inst);
    if (walk->cache) {
        struct pl_entry *e;
        while ((e = pl_cache_after(walk->cache, walk->last, &walk->hint)) != NULL) {
            walk->last = e->inst;
            if (e->state == PMDA_CACHE_ACTIVE && is_wanted(walk, e->inst)) {
                *ret_inst = e->inst;
                return true;
            }
        }
        return false;
    }
    while (walk->table && walk->at < walk->table->it_numinst) {
        int inst = walk->table->it_set[walk->at++].i_inst;
        if (is_wanted(walk, inst)) {
            *ret_inst = inst;
            return true;
        }
    }
    return false;
}

int
__pmdaCntInst(pmInDom indom, pmdaExt *ext)
{
    struct pl_walk walk;
    int inst, n = 0;

    if (indom == PM_INDOM_NULL)
        return 1;
    pl_walk_begin(&walk, indom, ext);
    if (walk.all_in && walk.table)
        return walk.table->it_numinst;
    if (walk.all_in && walk.cache)
        return (int)walk.cache->n_active;
    while (pl_walk_next(&walk, &inst))
        n++;
    return n;
}

void
__pmdaStartInst(pmInDom indom, pmdaExt *ext)
{
    pl_walk_begin(&pl_agent_of(ext)->walk, indom, ext);
}

int
__pmdaNextInst(int *ret_inst, pmdaExt *ext)
{
    struct pl_walk *walk = &pl_agent_of(ext)->walk;
    bool any = pl_walk_next(walk, ret_inst);

    if (any && walk->single)
        *ret_inst = 0; /* the one value, as PCP numbers it here */
    return any;
}

/* SPDX-License-Identifier: MIT */
/* Profiles: taken off the wire with sorted lists, and asked about instances. */
#include "pcp/inprofile.h"

/* The profile that this thread received last, whose lists are known to be sorted. */
static _Thread_local const pmProfile *sorted_one;

static int
compare(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static bool
take_entry(pmInDomProfile *to, const struct pl_profile_entry *from)
{
    bool sorted = true;

    to->indom = from->indom;
    to->state = from->state;
    to->instances_len = (int)from->n;
    to->instances = NULL;
    if (from->n == 0)
        return true;
    if ((to->instances = malloc(from->n * sizeof(int))) == NULL)
        return false;
    for (uint32_t i = 0; i < from->n; i++) {
        to->instances[i] = (int)rd_be32(from->insts + i * 4);
        sorted = sorted && (i == 0 || to->instances[i - 1] <= to->instances[i]);
    }
    if (!sorted)
        qsort(to->instances, from->n, sizeof(int), compare);
    return true;
}

pmProfile *
pl_profile_take(const void *pdu, size_t len)
{
    struct pl_profile p;
    struct pl_profile_entry e;

    if (pl_profile_decode(pdu, len, &p) < 0)
        return NULL;
    pmProfile *profile = calloc(1, sizeof(*profile));
    if (!profile)
        return NULL;
    profile->state = p.state;
    if (p.n > 0 && (profile->profile = calloc(p.n, sizeof(pmInDomProfile))) == NULL) {
        free(profile);
        return NULL;
    }
    while (profile->profile && pl_profile_next(&p, &e)) {
        if (!take_entry(&profile->profile[profile->profile_len++], &e)) {
            __pmFreeProfile(profile);
            return NULL;
        }
    }
    sorted_one = profile;
    return profile;
}

void
__pmFreeProfile(pmProfile *profile)
{
    if (!profile)
        return;
    if (sorted_one == profile)
        sorted_one = NULL;
    if (profile->profile)
        for (int i = 0; i < profile->profile_len; i++)
            free(profile->profile[i].instances);
    free(profile->profile);
    free(profile);
}

bool
pl_profile_is_sorted(const pmProfile *profile)
{
    return profile && profile == sorted_one;
}

const pmInDomProfile *
pl_profile_entry_of(const pmProfile *profile, pmInDom indom)
{
    for (int i = 0; profile && i < profile->profile_len; i++)
        if (profile->profile[i].indom == indom)
            return &profile->profile[i];
    return NULL;
}

bool
pl_profile_lists(const pmInDomProfile *entry, int inst, bool sorted)
{
    if (sorted)
        return entry->instances_len > 0 &&
               bsearch(&inst, entry->instances, (size_t)entry->instances_len,
                       sizeof(int), compare) != NULL;
    for (int i = 0; i < entry->instances_len; i++)
        if (entry->instances[i] == inst)
            return true;
    return false;
}

int
__pmInProfile(pmInDom indom, const pmProfile *profile, int inst)
{
    const pmInDomProfile *entry = pl_profile_entry_of(profile, indom);

    if (!profile)
        return 1;
    if (!entry)
        return profile->state == PM_PROFILE_INCLUDE;
    bool listed = pl_profile_lists(entry, inst, pl_profile_is_sorted(profile));
    return listed == (entry->state != PM_PROFILE_INCLUDE);
}

/* SPDX-License-Identifier: MIT */
/* The instances of one domain. All single operations take constant time; a removed
 * instance leaves its place in the list behind until half of the places are such. */
#include "domain.h"

#include "engine.h"

#include <stdlib.h>

static size_t
hash_number(int32_t inst)
{
    uint32_t h = (uint32_t)inst * UINT32_C(0x9e3779b1);
    return h ^ h >> 15;
}

static size_t
hash_name(const char *name, size_t len)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < len; i++)
        h = (h ^ (uint8_t)name[i]) * UINT64_C(0x100000001b3);
    return (size_t)(h ^ h >> 32);
}

void
pl_domain_free(struct pl_domain *d)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->insts[i].is_owned)
            free((void *)(uintptr_t)d->insts[i].name);
    free(d->insts);
    free(d->by_number);
    free(d->by_name);
    free(d->by_word);
    free(d->selected);
    free(d->numbers);
}

static void
put(uint32_t *buckets, size_t n_buckets, size_t hash, size_t index)
{
    size_t at = hash & (n_buckets - 1);

    while (buckets[at])
        at = (at + 1) & (n_buckets - 1);
    buckets[at] = (uint32_t)index + 1;
}

/* Where an entry of by_number or by_name would stand if its place were free. */
static size_t
home_of(const struct pl_domain *d, const uint32_t *buckets, uint32_t entry)
{
    const struct pl_inst *i = &d->insts[entry - 1];
    size_t hash = buckets == d->by_number ? hash_number(i->inst)
                                          : hash_name(i->name, i->name_len);
    return hash & (d->n_buckets - 1);
}

/* Out of by_number or by_name. Those behind it that may move up do, so that whoever comes
 * and goes often leaves nothing to walk past. */
static void
take_out(const struct pl_domain *d, uint32_t *buckets, size_t index)
{
    size_t mask = d->n_buckets - 1;
    size_t hole = home_of(d, buckets, (uint32_t)index + 1);

    while (buckets[hole] != index + 1)
        hole = (hole + 1) & mask;
    for (size_t at = (hole + 1) & mask; buckets[at]; at = (at + 1) & mask)
        if (((at - home_of(d, buckets, buckets[at])) & mask) >= ((at - hole) & mask)) {
            buckets[hole] = buckets[at];
            hole = at;
        }
    buckets[hole] = 0;
}

/* Many names may begin alike, so these are rings, which the latest joins at the end. */
static void
put_word(struct pl_domain *d, size_t index)
{
    struct pl_inst *i = &d->insts[index];
    const char *space = memchr(i->name, ' ', i->name_len);

    if (!space)
        return;
    size_t bucket = hash_name(i->name, (size_t)(space - i->name)) & (d->n_buckets - 1);
    uint32_t last = d->by_word[bucket];
    uint32_t self = (uint32_t)index + 1;
    i->next = last ? d->insts[last - 1].next : self;
    if (last)
        d->insts[last - 1].next = self;
    d->by_word[bucket] = self;
}

static void
put_all(struct pl_domain *d, size_t index)
{
    const struct pl_inst *i = &d->insts[index];

    put(d->by_number, d->n_buckets, hash_number(i->inst), index);
    put(d->by_name, d->n_buckets, hash_name(i->name, i->name_len), index);
    put_word(d, index);
}

/* Drop the places of those gone, and make tables for twice as many as are left. */
static int
rebuild(struct pl_domain *d)
{
    size_t n_buckets = 64;

    while (n_buckets < 4 * (d->n - d->n_gone + 1))
        n_buckets *= 2;
    if (n_buckets > UINT32_MAX)
        return -E2BIG;
    uint32_t *by_number = calloc(n_buckets, sizeof(*by_number));
    uint32_t *by_name = calloc(n_buckets, sizeof(*by_name));
    uint32_t *by_word = calloc(n_buckets, sizeof(*by_word));
    if (!by_number || !by_name || !by_word) {
        free(by_number);
        free(by_name);
        free(by_word);
        return -ENOMEM;
    }
    free(d->by_number);
    free(d->by_name);
    free(d->by_word);
    d->by_number = by_number;
    d->by_name = by_name;
    d->by_word = by_word;
    d->n_buckets = n_buckets;

    size_t kept = 0;
    for (size_t i = 0; i < d->n; i++)
        if (!d->insts[i].is_gone)
            d->insts[kept++] = d->insts[i];
    d->n = kept;
    d->n_gone = 0;
    d->is_selected = false;
    for (size_t i = 0; i < kept; i++)
        put_all(d, i);
    return 0;
}

const struct pl_inst *
pl_domain_find(const struct pl_domain *d, int32_t inst)
{
    size_t mask = d->n_buckets - 1;

    for (size_t at = hash_number(inst); d->n_buckets && d->by_number[at & mask]; at++) {
        const struct pl_inst *i = &d->insts[d->by_number[at & mask] - 1];
        if (i->inst == inst)
            return i;
    }
    return NULL;
}

static const struct pl_inst *
find_exactly(const struct pl_domain *d, const char *name, size_t len)
{
    size_t mask = d->n_buckets - 1;

    for (size_t at = hash_name(name, len); d->n_buckets && d->by_name[at & mask];
         at++) {
        const struct pl_inst *i = &d->insts[d->by_name[at & mask] - 1];
        if (i->name_len == len && memcmp(i->name, name, len) == 0)
            return i;
    }
    return NULL;
}

static const struct pl_inst *
find_word(const struct pl_domain *d, const char *word, size_t len)
{
    size_t mask = d->n_buckets - 1;
    uint32_t last = d->n_buckets ? d->by_word[hash_name(word, len) & mask] : 0;

    for (uint32_t at = last; at;) {
        const struct pl_inst *i = &d->insts[(at = d->insts[at - 1].next) - 1];
        if (i->name_len > len && i->name[len] == ' ' && memcmp(i->name, word, len) == 0)
            return i;
        if (at == last)
            break;
    }
    return NULL;
}

const struct pl_inst *
pl_domain_find_name(const struct pl_domain *d, const char *name, size_t len)
{
    const struct pl_inst *found = find_exactly(d, name, len);

    return found || len == 0 || memchr(name, ' ', len) ? found
                                                       : find_word(d, name, len);
}

/* A number that is free: the next, and where those have run out the lowest. */
static int32_t
pick_number(const struct pl_domain *d)
{
    if (d->n == 0 || d->highest < INT32_MAX)
        return d->n == 0 ? 0 : d->highest + 1;
    int32_t inst = 0;
    while (pl_domain_find(d, inst))
        inst++;
    return inst;
}

int
pl_domain_add(struct pl_domain *d, int32_t inst, const char *name, bool is_owned)
{
    if (inst == PMDALOOP_NO_INST)
        inst = pick_number(d);
    if (inst < 0 || !name || !*name)
        return -EINVAL;
    size_t len = strlen(name);
    if (pl_domain_find(d, inst) || find_exactly(d, name, len))
        return -EEXIST;
    if (pl_grow(&d->insts, &d->room, d->n, 1, sizeof(*d->insts), UINT32_MAX / 8) < 0)
        return -ENOMEM;
    if (2 * (d->n + 1) > d->n_buckets && rebuild(d) < 0)
        return -ENOMEM;
    char *copy = is_owned ? malloc(len + 1) : NULL;
    if (is_owned && !copy)
        return -ENOMEM;
    if (copy)
        memcpy(copy, name, len + 1);
    d->insts[d->n] = (struct pl_inst){.inst = inst,
                                      .is_owned = is_owned,
                                      .name = copy ? copy : name,
                                      .name_len = len};
    put_all(d, d->n++);
    if (d->n == 1 || inst > d->highest)
        d->highest = inst;
    d->is_selected = false;
    return inst;
}

int
pl_domain_remove(struct pl_domain *d, int32_t inst)
{
    const struct pl_inst *found = pl_domain_find(d, inst);

    if (!found)
        return -ENOENT;
    size_t index = (size_t)(found - d->insts);
    struct pl_inst *i = &d->insts[index];
    take_out(d, d->by_number, index);
    take_out(d, d->by_name, index);
    if (i->is_owned)
        free((void *)(uintptr_t)i->name);
    i->is_gone = true;
    i->is_owned = false;
    i->name = ""; /* by which no word finds it */
    i->name_len = 0;
    d->n_gone++;
    d->is_selected = false;
    if (d->n_gone > 64 && d->n_gone > d->n / 2)
        (void)rebuild(d); /* without memory it stays as it is, which works too */
    return 0;
}

static int
ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Those that are listed: their number counts, not the domain's. */
static void
select_listed(struct pl_domain *d, const int32_t *listed, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (k > 0 && listed[k] == listed[k - 1])
            continue;
        const struct pl_inst *i = pl_domain_find(d, listed[k]);
        if (i)
            d->selected[d->n_selected++] = (uint32_t)(i - d->insts);
    }
    if (d->n_selected > 1)
        qsort(d->selected, d->n_selected, sizeof(*d->selected), ascending);
}

int
pl_domain_select(struct pl_domain *d, const struct pl_wanted *wanted)
{
    const struct pl_wanted_indom *e = pl_wanted_find(wanted, d->indom);

    if (d->is_selected && d->generation == wanted->generation)
        return 0;
    if (pl_grow(&d->selected, &d->selected_room, 0, d->n, sizeof(*d->selected),
                UINT32_MAX) < 0 ||
        pl_grow(&d->numbers, &d->numbers_room, 0, d->n, sizeof(*d->numbers),
                UINT32_MAX) < 0)
        return -ENOMEM;
    d->n_selected = 0;
    if (e && e->only_these && e->n <= d->n) {
        select_listed(d, pl_wanted_insts(wanted, e), e->n);
    } else if (e || !wanted->none_else) {
        for (size_t i = 0; i < d->n; i++)
            if (!d->insts[i].is_gone &&
                (!e || pl_wanted_has(wanted, d->indom, d->insts[i].inst)))
                d->selected[d->n_selected++] = (uint32_t)i;
    }
    for (size_t k = 0; k < d->n_selected; k++)
        d->numbers[k] = d->insts[d->selected[k]].inst;
    d->is_selected = true;
    d->generation = wanted->generation;
    return 0;
}

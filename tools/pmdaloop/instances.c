/* SPDX-License-Identifier: MIT */
/* The instances of one domain of a ready agent: names and their numbers. */
#include "instances.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static size_t
hash_of(const char *name)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (; *name; name++)
        h = (h ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
    return (size_t)(h ^ h >> 32);
}

static void
put(struct instances *all, size_t number)
{
    size_t mask = all->n_buckets - 1, at = hash_of(all->list[number].name);

    while (all->buckets[at & mask])
        at++;
    all->buckets[at & mask] = (uint32_t)number + 1;
}

/* Buckets for twice as many names as there are. */
static bool
rebuild(struct instances *all)
{
    size_t n_buckets = 16;

    while (n_buckets < 4 * (all->n_named + 1))
        n_buckets *= 2;
    uint32_t *buckets = calloc(n_buckets, sizeof(*buckets));
    if (!buckets)
        return false;
    free(all->buckets);
    all->buckets = buckets;
    all->n_buckets = n_buckets;
    for (size_t i = 0; i < all->n; i++)
        if (all->list[i].name)
            put(all, i);
    return true;
}

int
instances_find(const struct instances *all, const char *name)
{
    size_t mask = all->n_buckets - 1;

    if (all->n_buckets == 0)
        return -ENOENT;
    for (size_t at = hash_of(name); all->buckets[at & mask]; at++) {
        uint32_t number = all->buckets[at & mask] - 1;
        if (strcmp(all->list[number].name, name) == 0)
            return (int)number;
    }
    return -ENOENT;
}

static void
forget(struct instance *i)
{
    free(i->name);
    free(i->labels);
    *i = (struct instance){.name = NULL};
}

/* All numbers have been given: those of the gone are free again. */
static bool
forget_gone(struct instances *all)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->list[i].name && !all->list[i].is_here) {
            forget(&all->list[i]);
            all->n_named--;
        }
    all->first_free = 0;
    return rebuild(all);
}

/* Room for this number in the list. */
static bool
reach(struct instances *all, size_t number)
{
    if (number >= all->room) {
        size_t room = number < 8 ? 16 : number * 2;
        struct instance *list = realloc(all->list, room * sizeof(*list));
        if (!list)
            return false;
        all->list = list;
        all->room = room;
    }
    if (number >= all->n) {
        memset(all->list + all->n, 0, (number + 1 - all->n) * sizeof(*all->list));
        all->n = number + 1;
    }
    return true;
}

/* The number for a new name: the next that was never given, or the lowest that is free. */
static int
pick(struct instances *all)
{
    if (all->n < MAX_INSTANCES)
        return (int)all->n;
    if (all->n_here >= MAX_INSTANCES)
        return -E2BIG;
    while (all->first_free < all->n && all->list[all->first_free].name)
        all->first_free++;
    if (all->first_free == all->n) {
        if (!forget_gone(all))
            return -ENOMEM;
        while (all->list[all->first_free].name)
            all->first_free++;
    }
    return (int)all->first_free;
}

static bool
give(struct instances *all, const char *name, size_t number)
{
    char *copy = strdup(name);

    if (!copy || !reach(all, number) ||
        (2 * (all->n_named + 1) > all->n_buckets && !rebuild(all))) {
        free(copy);
        return false;
    }
    all->list[number].name = copy;
    all->n_named++;
    all->is_changed = true;
    put(all, number);
    return true;
}

int
instances_come(struct instances *all, const char *name)
{
    int number = instances_find(all, name);

    if (number < 0) {
        number = pick(all);
        if (number < 0)
            return number;
        if (!give(all, name, (size_t)number))
            return -ENOMEM;
    }
    struct instance *i = &all->list[number];
    all->n_here += !i->is_here;
    i->is_here = true;
    return number;
}

void
instances_go(struct instances *all, size_t number)
{
    struct instance *i = &all->list[number];

    all->n_here -= i->is_here;
    free(i->labels);
    *i = (struct instance){.name = i->name};
}

bool
instances_recall(struct instances *all, const char *name, size_t number)
{
    if (number >= MAX_INSTANCES || instances_find(all, name) >= 0 ||
        (number < all->n && all->list[number].name))
        return false;
    return give(all, name, number);
}

void
instances_free(struct instances *all)
{
    for (size_t i = 0; i < all->n; i++)
        forget(&all->list[i]);
    free(all->list);
    free(all->buckets);
    *all = (struct instances){.list = NULL};
}

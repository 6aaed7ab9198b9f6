/* SPDX-License-Identifier: MIT */
#ifndef INSTANCES_H
#define INSTANCES_H

/* The instances of one domain of a ready agent. One that has gone keeps its number, and
 * has it again when it comes back, until all numbers are taken. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_INSTANCES = 100000 };

struct instance {
    char *name;   /* NULL: the number is free */
    char *labels; /* a JSON object, or NULL */
    bool is_here;
    bool is_held;      /* it stays without values */
    uint32_t n_values; /* in all metrics */
    uint64_t seen_ms;  /* when a line has last named it */
};

struct instances {
    struct instance *list; /* by number */
    size_t n, room;
    size_t n_here, n_named;
    size_t first_free; /* none below is */
    uint32_t *buckets; /* number + 1 by name, 0 for free */
    size_t n_buckets;
    bool is_changed; /* a name has got a number */
};

/* The number of an instance, here or gone; or -ENOENT. */
int instances_find(const struct instances *all, const char *name);
/* The number of one that is here from now on; -E2BIG, -ENOMEM. */
int instances_come(struct instances *all, const char *name);
/* It has gone, and its labels with it. */
void instances_go(struct instances *all, size_t number);
/* A number from an earlier life. False where it, or the name, is taken already. */
bool instances_recall(struct instances *all, const char *name, size_t number);
void instances_free(struct instances *all);

#endif

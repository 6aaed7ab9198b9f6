/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_CACHE_H
#define PL_PCP_CACHE_H

/*
 * Instance caches: for each instance domain a set of names with numbers, found by either
 * in constant time and walked in ascending order of the numbers.
 */
#include <pcp/pmda.h>

#include <stdbool.h>

enum { PL_CACHE_MAX_INST = 0x7fffffff };

struct pl_entry {
    int inst;
    int state;    /* PMDA_CACHE_ACTIVE, _INACTIVE, or _EMPTY: culled */
    time_t stamp; /* when it was last added; 0: since the last save */
    void *data;
    uint32_t hash;   /* of the name up to its first space */
    size_t hash_len; /* bytes of it */
    size_t name_len;
    void *key;
    int keylen;
    struct pl_entry *next_by_name, *next_by_inst;
    struct pl_entry *next_culled;
    char name[];
};

struct pl_cache {
    struct pl_cache *next;
    pmInDom indom;
    bool strings;   /* names are taken whole, spaces and all */
    bool reuse;     /* new numbers are the lowest free ones */
    bool changed;   /* since the last save: instances */
    bool restamped; /* since the last save: only when they were added */
    int max_inst, highest, lowest_free;

    struct pl_entry **by_name, **by_inst;
    size_t n_buckets; /* a power of two */

    struct pl_entry **order; /* all, in ascending order when it is sorted */
    size_t n_order, room;
    bool sorted;
    size_t n_active, n_inactive;
    size_t walk_at;
    int walk_last;

    struct pl_entry *culled; /* still in order; their names may be in use yet */
    size_t n_culled;
};

/* The cache of an indom, made when it is wanted; else NULL where there is none. */
struct pl_cache *pl_cache_find(pmInDom indom, bool make);
/* The same for each there is, in no order, until NULL. */
struct pl_cache *pl_cache_next(struct pl_cache *cache);
struct pl_entry *pl_cache_by_inst(struct pl_cache *cache, int inst);
/* By name, or NULL; *ret_err is 0, or -EINVAL when it is the same up to the first space
 * only. */
struct pl_entry *pl_cache_by_name(struct pl_cache *cache, const char *name,
                                  int *ret_err);
/* A new inactive entry, or NULL with a code in *ret_err. inst -1: any number will do. */
struct pl_entry *pl_cache_add(struct pl_cache *cache, const char *name, int inst,
                              int *ret_err);
void pl_cache_set_state(struct pl_cache *cache, struct pl_entry *entry, int state);
/* Put order in order, and let go of what was culled. */
void pl_cache_tidy(struct pl_cache *cache);
/* The first in order with a number above inst, active or not; NULL at the end. */
struct pl_entry *pl_cache_after(struct pl_cache *cache, int inst, size_t *hint);
int pl_cache_load(struct pl_cache *cache);
int pl_cache_save(struct pl_cache *cache);

/* The number for a key, as long as it is free; attempt is 0, 1 ... */
int pl_cache_key_inst(const struct pl_cache *cache, const void *key, size_t len,
                      uint32_t attempt);
bool pl_cache_set_key(struct pl_entry *entry, const void *key, int len);

#endif

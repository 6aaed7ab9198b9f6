/* SPDX-License-Identifier: MIT */
/* pmdaCache*(): what agents do with instance caches. */
#include "pcp/cache.h"

#include <time.h>

enum { KEY_TRIES = 10 };

/* Does the entry have this key? One without a key has its name for one. */
static bool
has_key(const struct pl_entry *e, const void *key, size_t len)
{
    if (e->keylen > 0)
        return (size_t)e->keylen == len && memcmp(e->key, key, len) == 0;
    return e->name_len == len && memcmp(e->name, key, len) == 0;
}

/* Hide or cull what is there. */
static int
retire(struct pl_cache *cache, int flags, const char *name)
{
    int err;
    struct pl_entry *e = pl_cache_by_name(cache, name, &err);

    if (flags != PMDA_CACHE_HIDE && flags != PMDA_CACHE_CULL)
        return -EINVAL;
    if (!e)
        return PM_ERR_INST;
    if (err < 0)
        return err;
    pl_cache_set_state(
        cache, e, flags == PMDA_CACHE_HIDE ? PMDA_CACHE_INACTIVE : PMDA_CACHE_EMPTY);
    return e->inst;
}

static int
activate(struct pl_cache *cache, struct pl_entry *e, void *data)
{
    pl_cache_set_state(cache, e, PMDA_CACHE_ACTIVE);
    e->data = data;
    e->stamp = 0;
    cache->restamped = true;
    return e->inst;
}

/* May it be stored? 0, or a code. */
static int
check_name(const struct pl_cache *cache, const char *name)
{
    if (name && (cache->strings || name[0] != '\0'))
        return 0;
    pmNotifyErr(LOG_ERR, "pmdaCacheStore: indom %s: zero length instance name",
                pmInDomStr(cache->indom));
    return PM_ERR_GENERIC;
}

int
pmdaCacheStore(pmInDom indom, int flags, const char *name, void *data)
{
    struct pl_cache *cache;
    int err;

    if (indom == PM_INDOM_NULL)
        return PM_ERR_INDOM;
    if ((cache = pl_cache_find(indom, true)) == NULL)
        return -ENOMEM;
    if (flags != PMDA_CACHE_ADD && name)
        return retire(cache, flags, name);
    if ((err = check_name(cache, name)) < 0)
        return err;
    struct pl_entry *e = pl_cache_by_name(cache, name, &err);
    if (!e)
        e = pl_cache_add(cache, name, -1, &err);
    return err < 0 ? err : activate(cache, e, data);
}

/* A free number for a key. PM_ERR_INST when key or name is taken by another. */
static int
guess_inst(struct pl_cache *cache, const char *name, const void *key, size_t len)
{
    for (uint32_t attempt = 0; attempt < KEY_TRIES; attempt++) {
        int inst = pl_cache_key_inst(cache, key, len, attempt);
        struct pl_entry *e = pl_cache_by_inst(cache, inst);
        if (!e)
            return inst;
        if (strcmp(e->name, name) == 0 || has_key(e, key, len))
            return PM_ERR_INST;
    }
    pmNotifyErr(LOG_ERR,
                "pmdaCacheStoreKey: indom %s: no free number for instance \"%s\"",
                pmInDomStr(cache->indom), name);
    return PM_ERR_GENERIC;
}

int
pmdaCacheStoreKey(pmInDom indom, int flags, const char *name, int keylen,
                  const void *key, void *data)
{
    struct pl_cache *cache;
    int err;

    if (indom == PM_INDOM_NULL)
        return PM_ERR_INDOM;
    if ((cache = pl_cache_find(indom, true)) == NULL)
        return -ENOMEM;
    if (flags != PMDA_CACHE_ADD && name)
        return retire(cache, flags, name);
    if ((err = check_name(cache, name)) < 0)
        return err;

    bool own_key = keylen > 0 && key;
    const void *used = own_key ? key : name;
    size_t len = own_key ? (size_t)keylen : strlen(name);
    struct pl_entry *e = pl_cache_by_name(cache, name, &err);
    if (err < 0)
        return err;
    if (e && !has_key(e, used, len))
        return PM_ERR_INST;
    if (!e) {
        int inst = guess_inst(cache, name, used, len);
        if (inst < 0)
            return inst;
        if ((e = pl_cache_add(cache, name, inst, &err)) == NULL)
            return err;
        cache->reuse = true; /* the highest number tells nothing any more */
    }
    if (own_key && !pl_cache_set_key(e, key, keylen))
        return -ENOMEM;
    return activate(cache, e, data);
}

static int
answer(const struct pl_entry *e, char **ret_name, int *ret_inst, void **ret_data)
{
    if (ret_name)
        *ret_name = (char *)(uintptr_t)e->name;
    if (ret_inst)
        *ret_inst = e->inst;
    if (ret_data)
        *ret_data = e->data;
    return e->state;
}

int
pmdaCacheLookup(pmInDom indom, int inst, char **ret_name, void **ret_data)
{
    if (indom == PM_INDOM_NULL)
        return PM_ERR_INDOM;
    struct pl_cache *cache = pl_cache_find(indom, false);
    struct pl_entry *e = cache && inst >= 0 ? pl_cache_by_inst(cache, inst) : NULL;
    return e ? answer(e, ret_name, NULL, ret_data) : PM_ERR_INST;
}

int
pmdaCacheLookupName(pmInDom indom, const char *name, int *ret_inst, void **ret_data)
{
    int err;

    if (indom == PM_INDOM_NULL)
        return PM_ERR_INDOM;
    /* the first word is enough: a process is found by its number under a new name */
    struct pl_cache *cache = pl_cache_find(indom, false);
    struct pl_entry *e = cache ? pl_cache_by_name(cache, name, &err) : NULL;
    return e ? answer(e, NULL, ret_inst, ret_data) : PM_ERR_INST;
}

int
pmdaCacheLookupKey(pmInDom indom, const char *name, int keylen, const void *key,
                   char **ret_name, int *ret_inst, void **ret_data)
{
    if (indom == PM_INDOM_NULL)
        return PM_ERR_INDOM;
    struct pl_cache *cache = pl_cache_find(indom, false);
    bool own_key = keylen > 0 && key;
    if (!cache || (!own_key && !name))
        return PM_ERR_INST;
    const void *used = own_key ? key : name;
    size_t len = own_key ? (size_t)keylen : strlen(name);

    for (uint32_t attempt = 0; attempt < KEY_TRIES; attempt++) {
        int inst = pl_cache_key_inst(cache, used, len, attempt);
        struct pl_entry *e = pl_cache_by_inst(cache, inst);
        if (e && has_key(e, used, len))
            return answer(e, ret_name, ret_inst, ret_data);
    }
    /* loaded from a file that another library wrote, or numbered in order */
    for (size_t i = 0; i < cache->n_order; i++) {
        struct pl_entry *e = cache->order[i];
        if (e->state != PMDA_CACHE_EMPTY && has_key(e, used, len))
            return answer(e, ret_name, ret_inst, ret_data);
    }
    return PM_ERR_INST;
}

/* Every entry into one state; how many were not in it. */
static int
set_all(struct pl_cache *cache, int state)
{
    int n = 0;

    for (size_t i = 0; i < cache->n_order; i++) {
        struct pl_entry *e = cache->order[i];
        if (e->state != PMDA_CACHE_EMPTY && e->state != state) {
            pl_cache_set_state(cache, e, state);
            n++;
        }
    }
    return n;
}

static int
walk_next(struct pl_cache *cache)
{
    struct pl_entry *e;

    while ((e = pl_cache_after(cache, cache->walk_last, &cache->walk_at)) != NULL) {
        cache->walk_last = e->inst;
        if (e->state == PMDA_CACHE_ACTIVE)
            return e->inst;
    }
    return -1;
}

int
pmdaCacheOp(pmInDom indom, int op)
{
    struct pl_cache *cache;

    if (indom == PM_INDOM_NULL)
        return PM_ERR_INDOM;
    if (op == PMDA_CACHE_CHECK)
        return pl_cache_find(indom, false) != NULL;
    if ((cache = pl_cache_find(indom, true)) == NULL)
        return -ENOMEM;

    switch (op) {
    case PMDA_CACHE_LOAD:
        return pl_cache_load(cache);
    case PMDA_CACHE_SAVE:
        return cache->changed ? pl_cache_save(cache) : 0;
    case PMDA_CACHE_SYNC:
        return cache->changed || cache->restamped ? pl_cache_save(cache) : 0;
    case PMDA_CACHE_WRITE:
        return pl_cache_save(cache);
    case PMDA_CACHE_STRINGS:
        if (cache->n_order > 0)
            return -E2BIG;
        cache->strings = true;
        return 0;
    case PMDA_CACHE_ACTIVE:
    case PMDA_CACHE_INACTIVE:
        return set_all(cache, op);
    case PMDA_CACHE_CULL:
        return set_all(cache, PMDA_CACHE_EMPTY);
    case PMDA_CACHE_SIZE:
        return (int)(cache->n_active + cache->n_inactive + cache->n_culled);
    case PMDA_CACHE_SIZE_ACTIVE:
        return (int)cache->n_active;
    case PMDA_CACHE_SIZE_INACTIVE:
        return (int)cache->n_inactive;
    case PMDA_CACHE_REUSE:
        cache->reuse = true;
        return 0;
    case PMDA_CACHE_REORG:
        pl_cache_tidy(cache);
        return 0;
    case PMDA_CACHE_WALK_REWIND:
        pl_cache_tidy(cache);
        cache->walk_at = 0;
        cache->walk_last = -1;
        return 0;
    case PMDA_CACHE_WALK_NEXT:
        return walk_next(cache);
    case PMDA_CACHE_DUMP:
    case PMDA_CACHE_DUMP_ALL:
        __pmdaCacheDump(stderr, indom, op == PMDA_CACHE_DUMP_ALL);
        return 0;
    default:
        return -EINVAL;
    }
}

int
pmdaCacheResize(pmInDom indom, int highest)
{
    struct pl_cache *cache;

    if (indom == PM_INDOM_NULL)
        return PM_ERR_INDOM;
    if (highest < 0)
        return PM_ERR_SIGN;
    if ((cache = pl_cache_find(indom, true)) == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < cache->n_order; i++)
        if (cache->order[i]->state != PMDA_CACHE_EMPTY &&
            cache->order[i]->inst > highest)
            return PM_ERR_TOOBIG;
    cache->max_inst = highest;
    return 0;
}

int
pmdaCachePurgeCallback(pmInDom indom, time_t seconds, void (*done)(void *))
{
    struct pl_cache *cache;
    time_t now = time(NULL);
    int n = 0;

    if (indom == PM_INDOM_NULL)
        return PM_ERR_INDOM;
    if ((cache = pl_cache_find(indom, true)) == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < cache->n_order; i++) {
        struct pl_entry *e = cache->order[i];
        if (e->state != PMDA_CACHE_INACTIVE || e->stamp == 0 ||
            e->stamp >= now - seconds)
            continue;
        if (done && e->data)
            done(e->data);
        e->data = NULL;
        pl_cache_set_state(cache, e, PMDA_CACHE_EMPTY);
        n++;
    }
    return n;
}

int
pmdaCachePurge(pmInDom indom, time_t seconds)
{
    return pmdaCachePurgeCallback(indom, seconds, NULL);
}

static const char *
state_name(int state)
{
    return state == PMDA_CACHE_ACTIVE     ? "active"
           : state == PMDA_CACHE_INACTIVE ? "inactive"
                                          : "empty";
}

void
__pmdaCacheDump(FILE *f, pmInDom indom, int all)
{
    struct pl_cache *cache = pl_cache_find(indom, false);

    if (!cache)
        return;
    fprintf(f, "pmdaCacheDump: indom %s: nentry=%zu ins_mode=%d hstate=%d hsize=%zu\n",
            pmInDomStr(indom), cache->n_active + cache->n_inactive, cache->reuse,
            cache->changed + 2 * cache->restamped, cache->n_buckets);
    for (size_t i = 0; i < cache->n_order; i++) {
        const struct pl_entry *e = cache->order[i];
        if (e->state == PMDA_CACHE_EMPTY && !all)
            continue;
        fprintf(f, " %10d  %8s %p %s", e->inst, state_name(e->state), e->data, e->name);
        if (e->hash_len < e->name_len)
            fprintf(f, " [match len=%zu]", e->hash_len);
        fputc('\n', f);
    }
}

void
__pmdaCacheDumpAll(FILE *f, int all)
{
    for (struct pl_cache *c = pl_cache_next(NULL); c; c = pl_cache_next(c))
        __pmdaCacheDump(f, c->indom, all);
}

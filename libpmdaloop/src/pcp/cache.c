/* SPDX-License-Identifier: MIT */
/* The entries of instance caches: kept, found, added, culled. */
#include "pcp/cache.h"
#include "pcp/hash.h"

#include <pthread.h>

static struct pl_cache *caches;
static pthread_mutex_t caches_lock = PTHREAD_MUTEX_INITIALIZER;

struct pl_cache *
pl_cache_find(pmInDom indom, bool make)
{
    struct pl_cache *cache;

    pthread_mutex_lock(&caches_lock);
    for (cache = caches; cache && cache->indom != indom; cache = cache->next)
        ;
    if (!cache && make && (cache = calloc(1, sizeof(*cache))) != NULL) {
        cache->indom = indom;
        cache->max_inst = PL_CACHE_MAX_INST;
        cache->highest = -1;
        cache->sorted = true;
        cache->walk_last = -1;
        cache->next = caches;
        caches = cache;
    }
    pthread_mutex_unlock(&caches_lock);
    return cache;
}

struct pl_cache *
pl_cache_next(struct pl_cache *cache)
{
    return cache ? cache->next : caches;
}

struct pl_entry *
pl_cache_by_inst(struct pl_cache *cache, int inst)
{
    if (cache->n_buckets == 0)
        return NULL;
    struct pl_entry *e = cache->by_inst[(uint32_t)inst & (cache->n_buckets - 1)];
    while (e && e->inst != inst)
        e = e->next_by_inst;
    return e;
}

/* How much of a name identifies it. */
static size_t
key_length(const struct pl_cache *cache, const char *name)
{
    return cache->strings ? strlen(name) : strcspn(name, " ");
}

struct pl_entry *
pl_cache_by_name(struct pl_cache *cache, const char *name, int *ret_err)
{
    size_t hash_len = key_length(cache, name), name_len = strlen(name);

    *ret_err = 0;
    if (cache->n_buckets == 0)
        return NULL;
    uint32_t hash = pl_hash(name, hash_len, 0);
    struct pl_entry *e = cache->by_name[hash & (cache->n_buckets - 1)];
    for (; e; e = e->next_by_name) {
        if (e->hash != hash || e->hash_len != hash_len ||
            memcmp(e->name, name, hash_len) != 0)
            continue;
        /* without a space the wanted name may be the first word of a longer one */
        if (name_len > hash_len && strcmp(e->name, name) != 0)
            *ret_err = -EINVAL;
        return e;
    }
    return NULL;
}

static void
link_entry(struct pl_cache *cache, struct pl_entry *e)
{
    size_t mask = cache->n_buckets - 1;

    e->next_by_name = cache->by_name[e->hash & mask];
    cache->by_name[e->hash & mask] = e;
    e->next_by_inst = cache->by_inst[(uint32_t)e->inst & mask];
    cache->by_inst[(uint32_t)e->inst & mask] = e;
}

/* Room for one more in the tables. */
static bool
grow(struct pl_cache *cache)
{
    /* instances that come and go must not cost more and more */
    if (cache->n_order == cache->room && cache->n_culled > cache->n_order / 2)
        pl_cache_tidy(cache);
    if (cache->n_order == cache->room) {
        size_t room = cache->room ? cache->room * 2 : 16;
        struct pl_entry **order =
            realloc(cache->order, room * sizeof(struct pl_entry *));
        if (!order)
            return false;
        cache->order = order;
        cache->room = room;
    }
    if (cache->n_order < cache->n_buckets)
        return true;
    size_t n = cache->n_buckets ? cache->n_buckets * 2 : 16;
    struct pl_entry **by_name = calloc(n, sizeof(struct pl_entry *));
    struct pl_entry **by_inst = calloc(n, sizeof(struct pl_entry *));
    if (!by_name || !by_inst) {
        free(by_name);
        free(by_inst);
        return false;
    }
    free(cache->by_name);
    free(cache->by_inst);
    cache->by_name = by_name;
    cache->by_inst = by_inst;
    cache->n_buckets = n;
    for (size_t i = 0; i < cache->n_order; i++)
        if (cache->order[i]->state != PMDA_CACHE_EMPTY)
            link_entry(cache, cache->order[i]);
    return true;
}

/* A number for a new instance, or PM_ERR_GENERIC, and it was logged. */
static int
next_inst(struct pl_cache *cache)
{
    if (!cache->reuse && cache->highest < cache->max_inst)
        return cache->highest + 1;
    cache->reuse = true;
    for (int inst = cache->lowest_free; inst >= 0; inst++) {
        if (inst > cache->max_inst)
            break;
        if (!pl_cache_by_inst(cache, inst)) {
            cache->lowest_free = inst;
            return inst;
        }
        if (inst == PL_CACHE_MAX_INST)
            break;
    }
    pmNotifyErr(LOG_ERR, "pmdaCacheStore: indom %s: too many instances",
                pmInDomStr(cache->indom));
    return PM_ERR_GENERIC;
}

struct pl_entry *
pl_cache_add(struct pl_cache *cache, const char *name, int inst, int *ret_err)
{
    size_t len = strlen(name);
    struct pl_entry *e = NULL;

    if (inst < 0 && (inst = next_inst(cache)) < 0) {
        *ret_err = inst;
        return NULL;
    }
    if (!grow(cache) || (e = calloc(1, sizeof(*e) + len + 1)) == NULL) {
        *ret_err = -ENOMEM;
        return NULL;
    }
    memcpy(e->name, name, len + 1);
    e->name_len = len;
    e->hash_len = key_length(cache, name);
    e->hash = pl_hash(name, e->hash_len, 0);
    e->inst = inst;
    e->state = PMDA_CACHE_INACTIVE;
    cache->n_inactive++;
    link_entry(cache, e);
    if (cache->n_order > 0 && cache->order[cache->n_order - 1]->inst > inst)
        cache->sorted = false;
    cache->order[cache->n_order++] = e;
    if (inst > cache->highest)
        cache->highest = inst;
    cache->changed = true;
    return e;
}

static void
unlink_entry(struct pl_cache *cache, struct pl_entry *e)
{
    size_t mask = cache->n_buckets - 1;
    struct pl_entry **at = &cache->by_name[e->hash & mask];

    while (*at != e)
        at = &(*at)->next_by_name;
    *at = e->next_by_name;
    at = &cache->by_inst[(uint32_t)e->inst & mask];
    while (*at != e)
        at = &(*at)->next_by_inst;
    *at = e->next_by_inst;
    if (e->inst < cache->lowest_free)
        cache->lowest_free = e->inst;
}

void
pl_cache_set_state(struct pl_cache *cache, struct pl_entry *e, int state)
{
    if (e->state == state)
        return;
    if (e->state == PMDA_CACHE_ACTIVE)
        cache->n_active--;
    else
        cache->n_inactive--;
    e->state = state;
    if (state == PMDA_CACHE_ACTIVE) {
        cache->n_active++;
    } else if (state == PMDA_CACHE_INACTIVE) {
        cache->n_inactive++;
    } else {
        unlink_entry(cache, e);
        e->next_culled = cache->culled;
        cache->culled = e;
        cache->n_culled++;
        cache->changed = true;
    }
}

static int
compare_inst(const void *a, const void *b)
{
    const struct pl_entry *x = *(struct pl_entry *const *)a;
    const struct pl_entry *y = *(struct pl_entry *const *)b;

    return (x->inst > y->inst) - (x->inst < y->inst);
}

static void
sort_order(struct pl_cache *cache)
{
    if (!cache->sorted)
        qsort(cache->order, cache->n_order, sizeof(struct pl_entry *), compare_inst);
    cache->sorted = true;
}

void
pl_cache_tidy(struct pl_cache *cache)
{
    if (cache->culled) {
        size_t n = 0;
        for (size_t i = 0; i < cache->n_order; i++)
            if (cache->order[i]->state != PMDA_CACHE_EMPTY)
                cache->order[n++] = cache->order[i];
        cache->n_order = n;
    }
    while (cache->culled) {
        struct pl_entry *e = cache->culled;
        cache->culled = e->next_culled;
        free(e->key);
        free(e);
    }
    cache->n_culled = 0;
    sort_order(cache);
}

struct pl_entry *
pl_cache_after(struct pl_cache *cache, int inst, size_t *hint)
{
    sort_order(cache);
    size_t at = *hint;
    bool fits = at <= cache->n_order &&
                (at == 0 || cache->order[at - 1]->inst <= inst) &&
                (at == cache->n_order || cache->order[at]->inst > inst);
    if (!fits) {
        size_t low = 0, high = cache->n_order;
        while (low < high) {
            size_t mid = low + (high - low) / 2;
            if (cache->order[mid]->inst <= inst)
                low = mid + 1;
            else
                high = mid;
        }
        at = low;
    }
    while (at < cache->n_order && cache->order[at]->state == PMDA_CACHE_EMPTY)
        at++; /* its number may be in use again, further on */
    *hint = at + 1;
    return at < cache->n_order ? cache->order[at] : NULL;
}

int
pl_cache_key_inst(const struct pl_cache *cache, const void *key, size_t len,
                  uint32_t attempt)
{
    uint64_t h = pl_hash(key, len, attempt * 0x9e3779b9u);
    return (int)(h % ((uint64_t)cache->max_inst + 1));
}

bool
pl_cache_set_key(struct pl_entry *entry, const void *key, int len)
{
    void *copy = NULL;

    if (len > 0) {
        if ((copy = malloc((size_t)len)) == NULL)
            return false;
        memcpy(copy, key, (size_t)len);
    }
    free(entry->key);
    entry->key = copy;
    entry->keylen = copy ? len : 0;
    return true;
}

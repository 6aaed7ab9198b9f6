/* SPDX-License-Identifier: MIT */
/* Cache files: whatever is read leaves a cache that can be walked, searched and culled. */
#include "pcp/cachefile.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static bool quiet;
    pmInDom indom = pmInDom_build(1, 1);
    struct pl_cache *cache = pl_cache_find(indom, true);
    int inst, last = -1;

    if (!quiet)
        quiet = freopen("/dev/null", "w", stderr) != NULL;
    FILE *f = len ? fmemopen((void *)(uintptr_t)bytes, len, "r") : NULL;
    if (!f || !cache)
        return 0;
    (void)pl_cachefile_read(cache, f, "input");
    fclose(f);
    (void)pmdaCacheOp(indom, PMDA_CACHE_ACTIVE);
    (void)pmdaCacheOp(indom, PMDA_CACHE_WALK_REWIND);
    while ((inst = pmdaCacheOp(indom, PMDA_CACHE_WALK_NEXT)) >= 0) {
        char *name;
        int found;
        if (inst <= last ||
            pmdaCacheLookup(indom, inst, &name, NULL) != PMDA_CACHE_ACTIVE)
            abort();
        if (pmdaCacheLookupName(indom, name, &found, NULL) != PMDA_CACHE_ACTIVE)
            abort();
        last = inst;
    }
    (void)pmdaCacheOp(indom, PMDA_CACHE_CULL);
    pl_cache_tidy(cache);
    cache->highest = -1;
    cache->lowest_free = 0;
    cache->max_inst = PL_CACHE_MAX_INST;
    return 0;
}

/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_CACHEFILE_H
#define PL_PCP_CACHEFILE_H

/* The lines of a cache file. */
#include "pcp/cache.h"

struct pl_cachefile_record {
    int inst;
    time_t stamp;
    int keylen;
    const char *key;
    const char *name;
};

bool pl_cachefile_head(const char *line, int *ret_reuse, int *ret_max_inst);
/* The line is written over where it has a key; what it says points into it. */
bool pl_cachefile_record(char *line, bool empty_names, struct pl_cachefile_record *ret);
/* All records of an open file. How many were taken, or a code. */
int pl_cachefile_read(struct pl_cache *cache, FILE *f, const char *path);

#endif

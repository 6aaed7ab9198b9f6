/* SPDX-License-Identifier: MIT */
/* The usage file. */
#include "usage.h"
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Rewritten whole beside the old one, so that no reader finds a part of it. */
void
usage_write(struct usage *u, const struct pool *pool)
{
    char beside[4096];

    if (!u->path || u->written == pool->changes)
        return;
    u->written = pool->changes;
    int n = snprintf(beside, sizeof(beside), "%s.%ld", u->path, (long)getpid());
    FILE *f = n > 0 && (size_t)n < sizeof(beside) ? fopen(beside, "w") : NULL;
    bool good = f && pool_write_usage(pool, f) == 0;
    good = f && fclose(f) == 0 && good;
    if (!good || rename(beside, u->path) != 0) {
        cli_say("cannot write the usage file %s: %s", u->path, strerror(errno));
        if (f)
            unlink(beside);
    }
}

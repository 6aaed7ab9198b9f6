/* SPDX-License-Identifier: MIT */
/*
 * Instance caches: stored, hidden, culled, looked up, walked, saved and loaded. Not asked is
 * what numbers come from keys, which need not be the same; to purge by time; and what PCP's
 * library gets wrong: to cull all, which leaves it with what it has freed, and how many
 * entries there are when some were culled, which it counts.
 */
#include "alike.h"

#include <pcp/pmapi.h>
#include <pcp/pmda.h>

#include <sys/stat.h>

enum {
    DOMAIN = 300,
    INDOMS = 6,
    REUSED = 4,  /* the lowest free numbers are taken, and nothing is culled */
    STRINGS = 5, /* names may hold space */
};

static char dir[64];
static int owned[64]; /* what private pointers point to */

static const char *
draw_name(char buf[32])
{
    static const char *const odd[] = {"a b", "a c",   "a", "with space",
                                      "",    "x y z", "w", "é"};

    if (draw(6) == 0)
        return DRAW(odd);
    snprintf(buf, 32, "n%u", draw(40));
    return buf;
}

static pmInDom
draw_indom(void)
{
    return draw(300) ? pmInDom_build(DOMAIN, draw(INDOMS)) : PM_INDOM_NULL;
}

static void
print_private(const void *p)
{
    printf(" private %d", p ? (int)((const int *)p - owned) : -1);
}

static void
store(pmInDom indom)
{
    static const int flags[] = {PMDA_CACHE_ADD, PMDA_CACHE_ADD, PMDA_CACHE_ADD,
                                PMDA_CACHE_HIDE, PMDA_CACHE_CULL};
    char buf[32];
    int flag = DRAW(flags);
    int *own = draw(3) ? &owned[draw(64)] : NULL;
    const char *name = draw_name(buf);

    if (flag == PMDA_CACHE_CULL && pmInDom_serial(indom) == REUSED)
        flag = PMDA_CACHE_HIDE;
    printf("store %d <%s>: %d\n", flag, name, pmdaCacheStore(indom, flag, name, own));
}

static void
look_up(pmInDom indom)
{
    char buf[32], *name = NULL;
    const char *wanted = draw_name(buf);
    void *own = NULL;
    int inst = -5, got = (int)draw(50) - 2;
    int state = pmdaCacheLookup(indom, got, &name, &own);

    printf("look up %d: %d", got, state);
    if (state >= 0) {
        printf(" <%s>", name);
        print_private(own);
    }
    own = NULL;
    state = pmdaCacheLookupName(indom, wanted, &inst, &own);
    printf("; <%s>: %d", wanted, state);
    if (state >= 0) {
        printf(" %d", inst);
        print_private(own);
    }
    printf("\n");
}

static void
walk(pmInDom indom)
{
    int n = 0, inst;

    printf("walk %d:", pmdaCacheOp(indom, PMDA_CACHE_WALK_REWIND));
    while ((inst = pmdaCacheOp(indom, PMDA_CACHE_WALK_NEXT)) >= 0 && n++ < 200)
        printf(" %d", inst);
    printf(" end %d\n", inst);
}

static void
operate(pmInDom indom)
{
    static const int ops[] = {PMDA_CACHE_ACTIVE, PMDA_CACHE_INACTIVE,
                              PMDA_CACHE_SIZE_ACTIVE, PMDA_CACHE_CHECK,
                              PMDA_CACHE_SIZE_INACTIVE};
    int op = DRAW(ops);

    if (pmInDom_serial(indom) == REUSED && draw(20) == 0)
        op = PMDA_CACHE_REUSE;

    printf("op %d: %d\n", op, pmdaCacheOp(indom, op));
    if (draw(100) == 0) {
        bool small = pmInDom_serial(indom) == REUSED && draw(2);
        int max = small ? (int)draw(60) - 2 : 100000 + (int)draw(1000);
        printf("resize %d: %d\n", max, pmdaCacheResize(indom, max));
    }
}

/* The file, without the times. */
static void
print_file(pmInDom indom)
{
    char path[128], line[256], name[256];
    int inst;
    long stamp;

    snprintf(path, sizeof(path), "%s/config/pmda/%s", dir, pmInDomStr(indom));
    FILE *f = fopen(path, "r");
    if (!f)
        return;
    if (fgets(line, sizeof(line), f))
        printf("file %s", line);
    while (fgets(line, sizeof(line), f))
        if (sscanf(line, "%d %ld %255[^\n]", &inst, &stamp, name) == 3)
            printf("%d <%s>\n", inst, name);
    fclose(f);
}

static void
save_and_load(pmInDom indom)
{
    static const int ops[] = {PMDA_CACHE_SAVE, PMDA_CACHE_SYNC};
    int op = DRAW(ops);

    printf("save %d: %d\n", op, pmdaCacheOp(indom, op));
    print_file(indom);
    printf("load: %d\n", pmdaCacheOp(indom, PMDA_CACHE_LOAD));
    walk(indom);
}

int
main(void)
{
    char path[128];

    snprintf(dir, sizeof(dir), "/tmp/labwire-cache-XXXXXX");
    if (!mkdtemp(dir))
        return 1;
    snprintf(path, sizeof(path), "%s/config", dir);
    mkdir(path, 0700);
    snprintf(path, sizeof(path), "%s/config/pmda", dir);
    mkdir(path, 0700);
    setenv("PCP_VAR_DIR", dir, 1);
    pmdaCacheOp(pmInDom_build(DOMAIN, STRINGS), PMDA_CACHE_STRINGS);
    for (int i = 0; i < 100000; i++) {
        pmInDom indom = draw_indom();
        unsigned what = draw(100);
        printf("%d %s ", i, pmInDomStr(indom));
        if (what < 55)
            store(indom);
        else if (what < 85)
            look_up(indom);
        else if (what < 97)
            operate(indom);
        else if (what < 99)
            walk(indom);
        else if (pmInDom_serial(indom) != STRINGS)
            save_and_load(indom);
        else
            printf("\n");
    }
    snprintf(path, sizeof(path), "rm -rf %s", dir);
    return system(path);
}

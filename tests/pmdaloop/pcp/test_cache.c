/* SPDX-License-Identifier: MIT */
/* nftw */
#define _XOPEN_SOURCE 700
/* Instance caches: stored, found, walked, culled; saved and loaded in PCP's format. */
#include "support/cmocka.h"

#include "pcp/cachefile.h"

#include <pcp/libpcp.h>

#include <ftw.h>

static char var[64];
static int serial;

static pmInDom
fresh(void)
{
    return pmInDom_build(300, (unsigned)++serial);
}

static void
stores_and_finds(void **state)
{
    pmInDom indom = fresh();
    char *name;
    void *data;
    int inst;

    (void)state;
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_CHECK), 0);
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_ADD, "zero", &serial), 0);
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_ADD, "one disk", NULL), 1);
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_ADD, "zero", &inst), 0);
    assert_int_equal(pmdaCacheLookup(indom, 0, &name, &data), PMDA_CACHE_ACTIVE);
    assert_string_equal(name, "zero");
    assert_ptr_equal(data, &inst);
    assert_int_equal(pmdaCacheLookupName(indom, "one", &inst, NULL), PMDA_CACHE_ACTIVE);
    assert_int_equal(inst, 1);
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_ADD, "one tape", NULL), -EINVAL);
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_HIDE, "zero", NULL), 0);
    assert_int_equal(pmdaCacheLookup(indom, 0, NULL, NULL), PMDA_CACHE_INACTIVE);
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_CULL, "none", NULL), PM_ERR_INST);
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_SIZE_ACTIVE), 1);
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_SIZE_INACTIVE), 1);
    assert_int_equal(pmdaCacheOp(PM_INDOM_NULL, PMDA_CACHE_SIZE), PM_ERR_INDOM);
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_CULL), 2);
    assert_int_equal(pmdaCacheLookup(indom, 0, NULL, NULL), PM_ERR_INST);
}

static void
walks_in_order_whatever_happens(void **state)
{
    pmInDom indom = fresh();
    int inst, last = -1, n = 0;
    char text[32];

    (void)state;
    for (int i = 0; i < 2000; i++) {
        snprintf(text, sizeof(text), "n%d", i);
        inst = pmdaCacheStoreKey(indom, PMDA_CACHE_ADD, text, sizeof(i), &i, NULL);
        assert_true(inst >= 0);
    }
    pmdaCacheOp(indom, PMDA_CACHE_WALK_REWIND);
    while ((inst = pmdaCacheOp(indom, PMDA_CACHE_WALK_NEXT)) >= 0) {
        char *name;
        assert_true(inst > last);
        last = inst;
        assert_int_equal(pmdaCacheLookup(indom, inst, &name, NULL), PMDA_CACHE_ACTIVE);
        if (n++ % 3 == 0)
            assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_CULL, name, NULL), inst);
    }
    assert_int_equal(n, 2000);
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_SIZE), 2000); /* with the culled */
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_REORG), 0);
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_SIZE), 2000 - 667);
}

/* An agent that stores and culls for years, and never walks. */
static void
culled_ones_are_let_go(void **state)
{
    pmInDom indom = fresh();
    char text[32];

    (void)state;
    for (int i = 0; i < 10000; i++) {
        snprintf(text, sizeof(text), "n%d", i);
        assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_ADD, text, NULL), i);
        assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_CULL, text, NULL), i);
    }
    assert_true(pmdaCacheOp(indom, PMDA_CACHE_SIZE) < 100);
}

static void
names_are_checked(void **state)
{
    pmInDom indom = fresh();
    int inst;

    (void)state;
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_ADD, "", NULL), PM_ERR_GENERIC);
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_ADD, "disk one", NULL), 0);
    assert_int_equal(pmdaCacheLookupName(indom, "disk", &inst, NULL),
                     PMDA_CACHE_ACTIVE);
    assert_int_equal(pmdaCacheLookupName(indom, "disk two", &inst, NULL),
                     PMDA_CACHE_ACTIVE); /* by its first word, as PCP's own */
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_ADD, "disk two", NULL), -EINVAL);
}

static void
reuses_the_lowest(void **state)
{
    pmInDom indom = fresh();

    (void)state;
    assert_int_equal(pmdaCacheResize(indom, 3), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(
            pmdaCacheStore(indom, PMDA_CACHE_ADD, (char[]){(char)('a' + i), 0}, NULL),
            i);
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_ADD, "e", NULL), PM_ERR_GENERIC);
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_CULL, "b", NULL), 1);
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_ADD, "e", NULL), 1);
    pmdaCacheOp(indom, PMDA_CACHE_WALK_REWIND);
    for (int i = 0; i < 4; i++)
        assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_WALK_NEXT), i);
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_WALK_NEXT), -1);
    assert_int_equal(pmdaCacheResize(indom, 2), PM_ERR_TOOBIG);
    assert_int_equal(pmdaCacheResize(indom, -1), PM_ERR_SIGN);
}

static void
keys_are_stable(void **state)
{
    pmInDom a = fresh(), b = fresh();
    char *name;
    int one, inst;

    (void)state;
    one = pmdaCacheStoreKey(a, PMDA_CACHE_ADD, "eth0", 4, "\0\1\2\3", NULL);
    assert_int_equal(pmdaCacheStoreKey(b, PMDA_CACHE_ADD, "eth0", 4, "\0\1\2\3", NULL),
                     one);
    assert_int_equal(pmdaCacheStoreKey(a, PMDA_CACHE_ADD, "eth0", 4, "\0\1\2\4", NULL),
                     PM_ERR_INST);
    assert_int_equal(pmdaCacheStoreKey(a, PMDA_CACHE_ADD, "eth1", 4, "\0\1\2\3", NULL),
                     PM_ERR_INST);
    assert_int_equal(pmdaCacheLookupKey(a, NULL, 4, "\0\1\2\3", &name, &inst, NULL),
                     PMDA_CACHE_ACTIVE);
    assert_int_equal(inst, one);
    assert_string_equal(name, "eth0");
}

static void
write_file(pmInDom indom, const char *text)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/config/pmda", var);
    assert_int_equal(__pmMakePath(path, 0755), 0);
    snprintf(path, sizeof(path), "%s/config/pmda/%s", var, pmInDomStr(indom));
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void
read_file(pmInDom indom, char *buf, size_t size)
{
    char path[256];

    snprintf(path, sizeof(path), "%s/config/pmda/%s", var, pmInDomStr(indom));
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    buf[fread(buf, 1, size - 1, f)] = '\0';
    fclose(f);
}

static void
loads_what_pcp_saved(void **state)
{
    pmInDom indom = fresh();
    char *name, buf[512];

    (void)state;
    write_file(indom, "2 0 2147483647\n0 1600000000 sda\n"
                      "7 1600000001 [6b657900] a name with spaces\n"
                      "no record\n9 1600000002 last");
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_LOAD), 3);
    assert_int_equal(pmdaCacheLookup(indom, 7, &name, NULL), PMDA_CACHE_INACTIVE);
    assert_string_equal(name, "a name with spaces");
    assert_int_equal(pmdaCacheLookupKey(indom, NULL, 4, "key", NULL, NULL, NULL),
                     PMDA_CACHE_INACTIVE);
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_SAVE), 0); /* nothing changed */
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_WRITE), 3);
    read_file(indom, buf, sizeof(buf));
    assert_string_equal(buf, "2 0 2147483647\n0 1600000000 sda\n"
                             "7 1600000001 [6b657900] a name with spaces\n"
                             "9 1600000002 last\n");
    assert_int_equal(pmdaCacheStore(indom, PMDA_CACHE_ADD, "new", NULL), 10);
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_SAVE), 4);
    assert_int_equal(pmdaCachePurge(indom, 100), 3); /* all but the active one */
}

static void
refuses_what_is_no_cache(void **state)
{
    pmInDom indom = fresh();

    (void)state;
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_LOAD), -ENOENT);
    write_file(indom, "3 0 9\n");
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_LOAD), PM_ERR_GENERIC);
    write_file(indom, "");
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_LOAD), 0);
    write_file(indom, "1 0\n99999999999 1 far\n1 99999999999999999999 late\n4 x\n");
    assert_int_equal(pmdaCacheOp(indom, PMDA_CACHE_LOAD), 0);
}

/* Names that look like keys, or like the end of something. */
static void
odd_names_survive(void **state)
{
    static const char *const names[] = {"[kthreadd]", "[6b]", "[6b] x", "[] x", "[",
                                        "plain",      "7 up", " ",      "  in", ""};
    enum { NAMES = sizeof(names) / sizeof(names[0]) };
    pmInDom saved = fresh(), loaded = fresh(), old = fresh();
    char buf[512], *name;

    (void)state;
    assert_int_equal(pmdaCacheOp(saved, PMDA_CACHE_STRINGS), 0);
    for (int i = 0; i < NAMES; i++)
        assert_int_equal(pmdaCacheStore(saved, PMDA_CACHE_ADD, names[i], NULL), i);
    assert_int_equal(pmdaCacheOp(saved, PMDA_CACHE_SAVE), NAMES);
    read_file(saved, buf, sizeof(buf));
    write_file(loaded, buf);
    assert_int_equal(pmdaCacheOp(loaded, PMDA_CACHE_STRINGS), 0);
    assert_int_equal(pmdaCacheOp(loaded, PMDA_CACHE_LOAD), NAMES);
    for (int i = 0; i < NAMES; i++) {
        assert_int_equal(pmdaCacheLookup(loaded, i, &name, NULL), PMDA_CACHE_INACTIVE);
        assert_string_equal(name, names[i]);
    }
    /* what wrote no key for them */
    write_file(old, "2 0 2147483647\n0 1 [kthreadd]\n1 1 [6] x\n2 1 [6b]\n");
    assert_int_equal(pmdaCacheOp(old, PMDA_CACHE_LOAD), 3);
    assert_int_equal(pmdaCacheLookup(old, 0, &name, NULL), PMDA_CACHE_INACTIVE);
    assert_string_equal(name, "[kthreadd]");
}

static int
drop(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stores_and_finds),
        cmocka_unit_test(walks_in_order_whatever_happens),
        cmocka_unit_test(culled_ones_are_let_go),
        cmocka_unit_test(names_are_checked),
        cmocka_unit_test(reuses_the_lowest),
        cmocka_unit_test(keys_are_stable),
        cmocka_unit_test(loads_what_pcp_saved),
        cmocka_unit_test(refuses_what_is_no_cache),
        cmocka_unit_test(odd_names_survive),
    };

    snprintf(var, sizeof(var), "/tmp/pmdaloop-cache-XXXXXX");
    if (!mkdtemp(var) || setenv("PCP_VAR_DIR", var, 1) != 0)
        return 1;
    int failed = cmocka_run_group_tests_name("pmdaloop/pcp/cache", tests, NULL, NULL);
    nftw(var, drop, 8, FTW_DEPTH | FTW_PHYS);
    return failed;
}

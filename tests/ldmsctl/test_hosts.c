/* SPDX-License-Identifier: MIT */
/* Lists of daemons, with their ranges. */
#include "hosts.h"
#include "support/cmocka.h"

#include <errno.h>
#include <string.h>

static const struct row {
    const char *name, *list;
    int err;
    const char *want; /* host:port, blank between */
} rows[] = {
    {"a host", "node01", 0, "node01:411"},
    {"a port of its own", "node01:10411", 0, "node01:10411"},
    {"a range keeps its zeros", "node[008-011]", 0,
     "node008:411 node009:411 node010:411 node011:411"},
    {"a range without zeros grows", "n[9-11]", 0, "n9:411 n10:411 n11:411"},
    {"ranges and numbers", "n[1,3-4]:5", 0, "n1:5 n3:5 n4:5"},
    {"two ranges are every pair", "r[1-2]n[1-2]", 0,
     "r1n1:411 r1n2:411 r2n1:411 r2n2:411"},
    {"a range of ports", "localhost:[20000-20002]", 0,
     "localhost:20000 localhost:20001 localhost:20002"},
    {"commas part hosts, but not in brackets", "a[1,2],b:7, c", 0,
     "a1:411 a2:411 b:7 c:411"},
    {"an address", "127.0.0.1:1", 0, "127.0.0.1:1"},
    {"an IPv6 address", "[::1]:412", 0, "::1:412"},
    {"an IPv6 address without port", "[fe80::1]", 0, "fe80::1:411"},
    {"a bare IPv6 address", "fe80::1:2", 0, "fe80::1:2:411"},
    {"what follows a range", "n[1-2]-ib.site", 0, "n1-ib.site:411 n2-ib.site:411"},
    {"nothing", "", 0, ""},
    {"commas alone", ",,", 0, ""},
    {"a range that falls", "n[5-3]", -EINVAL, NULL},
    {"no number", "n[a-b]", -EINVAL, NULL},
    {"half a range", "n[3-]", -EINVAL, NULL},
    {"an empty range", "n[]", -EINVAL, NULL},
    {"an empty part", "n[1,]", -EINVAL, NULL},
    {"a bracket too few", "n[1-2", -EINVAL, NULL},
    {"a bracket too many", "n1-2]", -EINVAL, NULL},
    {"port 0", "n:0", -EINVAL, NULL},
    {"port 65536", "n:65536", -EINVAL, NULL},
    {"no port after the colon", "n:", -EINVAL, NULL},
    {"a port in words", "n:http", -EINVAL, NULL},
    {"no host", ":411", -EINVAL, NULL},
    {"an address and more", "[::1]x", -EINVAL, NULL},
    {"an address and a range", "[::1]:[1-2]", -EINVAL, NULL},
    {"ten digits", "n[0000000001]", -EINVAL, NULL},
    {"more than allowed", "n[1-1001]", -E2BIG, NULL},
    {"ranges that multiply", "n[1-999999999][1-999999999]", -E2BIG, NULL},
};

static void
expands(void **state)
{
    const struct row *row = *state;
    struct hosts h = {.limit = 1000};
    char why[200] = "", got[4096] = "";

    assert_int_equal(hosts_add(&h, row->list, 411, why, sizeof(why)), row->err);
    for (size_t i = 0; row->want && i < h.count; i++)
        snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s:%u", i ? " " : "",
                 h.at[i].name, h.at[i].port);
    if (row->want)
        assert_string_equal(got, row->want);
    else
        assert_true(why[0] != '\0');
    hosts_free(&h);
}

static void
asks_each_once(void **state)
{
    enum { MANY = 20000 };
    struct hosts h = {.limit = 3 * MANY};
    char why[200];

    (void)state;
    assert_int_equal(hosts_add(&h, "b,a:1,b,b:411,a:2,a:1", 411, why, sizeof(why)), 0);
    hosts_unique(&h);
    assert_int_equal(h.count, 3);
    assert_string_equal(h.at[0].name, "b");
    assert_int_equal(h.at[1].port, 1);
    assert_int_equal(h.at[2].port, 2);
    assert_int_equal(hosts_add(&h, "n[1-20000],n[1-20000]", 411, why, sizeof(why)), 0);
    hosts_unique(&h);
    assert_int_equal(h.count, 3 + MANY);
    assert_string_equal(h.at[2 + MANY].name, "n20000");
    hosts_free(&h);
}

static void
reads_files(void **state)
{
    char text[] = "# the fleet\nn[1-2]:5 # two\n\n  n3, n4\n", why[200];
    struct hosts h = {.limit = 1000};
    FILE *file = fmemopen(text, sizeof(text) - 1, "r");

    (void)state;
    assert_non_null(file);
    assert_int_equal(hosts_read(&h, file, 411, why, sizeof(why)), 0);
    assert_int_equal(h.count, 4);
    assert_string_equal(h.at[3].name, "n4");
    assert_int_equal(h.at[1].port, 5);
    fclose(file);
    char binary[] = "n5\n\0n6\n";
    file = fmemopen(binary, sizeof(binary) - 1, "r");
    assert_int_equal(hosts_read(&h, file, 411, why, sizeof(why)), -EINVAL);
    assert_non_null(strstr(why, "NUL"));
    fclose(file);
    hosts_free(&h);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS + 2];

    for (size_t i = 0; i < ROWS; i++) {
        union {
            const void *in;
            void *out;
        } row = {.in = &rows[i]};
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(expands, row.out);
        tests[i].name = rows[i].name;
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(reads_files);
    tests[ROWS + 1] = (struct CMUnitTest)cmocka_unit_test(asks_each_once);
    return cmocka_run_group_tests_name("ldmsc/hosts", tests, NULL, NULL);
}

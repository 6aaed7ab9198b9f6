/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/hex.h"

#include "attr.h"

static struct row {
    const char *name, *hex;
    int n; /* attributes, or the error that ends them */
} rows[] = {
    {"nothing", "00000000", 0},
    {"one", "00000001 00000001 00000004 626f6200 00000000", 1},
    {"one of nothing", "00000001 00000010 00000000 00000000", 1},
    {"two", "00000001 00000001 00000002 6200 00000001 0000001a 00000002 7b7d 00000000",
     2},
    {"bytes after the end", "00000000 abcdef", 0},
    {"no end", "00000001 00000001 00000002 6200", -LDMSCTL_EPROTO},
    {"no bytes at all", "", -LDMSCTL_EPROTO},
    {"value past the list", "00000001 00000001 00000009 6200 00000000",
     -LDMSCTL_EPROTO},
    {"value of 4 GiB", "00000001 00000001 ffffffff 6200 00000000", -LDMSCTL_EPROTO},
    {"neither end nor attribute", "00000002 00000001 00000002 6200 00000000",
     -LDMSCTL_EPROTO},
};

static int
count(const uint8_t *bytes, size_t len)
{
    struct rd list = rd_over(bytes, len);
    struct ldmsctl_attr attr;
    int n = 0, more;

    while ((more = lc_attr_take(&list, &attr)) > 0)
        n++;
    return more < 0 ? more : n;
}

static void
takes(void **state)
{
    const struct row *row = *state;
    struct hex h = unhex(row->hex);

    assert_int_equal(count(h.bytes, h.len), row->n);
    for (size_t len = 0; len < h.len && rd_be32(h.bytes) == 1; len++) {
        struct hex cut = hex_cut(h.bytes, len);
        assert_int_equal(count(cut.bytes, len), -LDMSCTL_EPROTO);
        free(cut.bytes);
    }
    free(h.bytes);
}

static void
writes_what_it_takes(void **state)
{
    uint8_t bytes[64];
    struct wr c = wr_over(bytes, sizeof(bytes));
    struct ldmsctl_attr attr;

    (void)state;
    lc_attr_put_text(&c, LC_ATTR_NAME, "bob");
    lc_attr_put(&c, LC_ATTR_JSON, "{}", 2);
    lc_attr_put_end(&c);
    struct rd list = rd_over(bytes, wr_len(&c));
    assert_int_equal(lc_attr_take(&list, &attr), 1);
    assert_int_equal(attr.id, LC_ATTR_NAME);
    assert_int_equal(attr.len, 4);
    assert_string_equal(attr.value, "bob");
    assert_int_equal(lc_attr_take(&list, &attr), 1);
    assert_int_equal(attr.len, 2);
    assert_memory_equal(attr.value, "{}", 3); /* a 0 follows every value */
    assert_int_equal(lc_attr_take(&list, &attr), 0);
}

static void
words_find_their_ids(void **state)
{
    (void)state;
    for (uint32_t id = 1; id < LC_ATTR_COUNT; id++)
        assert_int_equal(lc_attr_find(lc_attr_name(id), strlen(lc_attr_name(id))), id);
    assert_int_equal(lc_attr_find("reconnect=", 9), LC_ATTR_INTERVAL);
    assert_int_equal(lc_attr_find("cache_ip", 8), LC_ATTR_IP);
    assert_int_equal(lc_attr_find("cache_ip", 7), LC_ATTR_NONE);
    assert_int_equal(lc_attr_find("", 0), LC_ATTR_NONE);
    assert_int_equal(LC_ATTR_HIST_RECAL, 51);
    assert_string_equal(lc_attr_name(LC_ATTR_COUNT), "");
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS + 2];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(takes, &rows[i]);
        tests[i].name = rows[i].name;
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(writes_what_it_takes);
    tests[ROWS + 1] = (struct CMUnitTest)cmocka_unit_test(words_find_their_ids);
    return cmocka_run_group_tests_name("ldmsctl/attr", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/hex.h"

#include "ldmsctl.h"
#include "record.h"

static struct row {
    const char *name, *hex;
    bool sound;
} rows[] = {
    {"request", "ffffffff 00000001 00000003 00000007 00000002 0000001c 00000000", true},
    {"a piece", "ffffffff 00000001 00000000 00000007 00000002 0000001a abcd", true},
    {"another marker", "fffffffe 00000001 00000003 00000007 00000002 0000001c 00000000",
     false},
    {"length past its bytes",
     "ffffffff 00000001 00000003 00000007 00000002 0000001d 00000000", false},
    {"length 0", "ffffffff 00000001 00000003 00000007 00000002 00000000 00000000",
     false},
    {"length of 4 GiB",
     "ffffffff 00000001 00000003 00000007 00000002 ffffffff 00000000", false},
};

static void
takes(void **state)
{
    const struct row *row = *state;
    struct hex h = unhex(row->hex);
    struct lc_record got;

    assert_int_equal(lc_record_take(h.bytes, h.len, &got), 0);
    assert_int_equal(lc_record_is_sound(&got), row->sound);
    assert_int_equal(got.msg_no, 7);
    assert_int_equal(got.code, 2);
    assert_int_equal(got.len, h.len - LC_RECORD_HEAD_BYTES);
    if (row->sound) {
        uint8_t again[64];
        struct wr c = wr_over(again, sizeof(again));
        lc_record_put_head(&c, &got);
        assert_memory_equal(again, h.bytes, LC_RECORD_HEAD_BYTES);
    }
    for (size_t len = 0; len < h.len; len++) {
        struct hex cut = hex_cut(h.bytes, len);
        int err = lc_record_take(cut.bytes, len, &got);
        assert_int_equal(err, len < LC_RECORD_HEAD_BYTES ? -LDMSCTL_EPROTO : 0);
        assert_false(err == 0 && lc_record_is_sound(&got));
        free(cut.bytes);
    }
    free(h.bytes);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(takes, &rows[i]);
        tests[i].name = rows[i].name;
    }
    return cmocka_run_group_tests_name("ldmsctl/record", tests, NULL, NULL);
}

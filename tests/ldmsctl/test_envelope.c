/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/hex.h"

#include "envelope.h"
#include "frame.h"
#include "ldmsctl.h"

static struct row {
    const char *name, *hex;
    int err;
    uint32_t command;
    size_t len;
} rows[] = {
    {"dir", "8877665544332211 00000000 00000014 00000001", 0, LC_DIR, 4},
    {"send_msg", "0000000000000000 00000005 00000016 00000002 abcd", 0, LC_SEND_MSG, 2},
    {"auth_msg of nothing", "0000000000000000 00000006 00000014 00000000", 0,
     LC_AUTH_MSG, 0},
    {"a bare one", "0000000000000000 00000001 00000010", 0, LC_DIR_CANCEL, 0},
    {"a command nobody knows", "0000000000000000 7fffffff 00000010", 0, 0x7fffffff, 0},
    {"length past the message", "0000000000000000 00000001 00000011", -LDMSCTL_EPROTO,
     0, 0},
    {"length within its own head", "0000000000000000 00000001 0000000f",
     -LDMSCTL_EPROTO, 0, 0},
    {"payload past the message", "0000000000000000 00000005 00000016 00000003 abcd",
     -LDMSCTL_EPROTO, 0, 0},
    {"payload of 4 GiB", "0000000000000000 00000005 00000016 ffffffff abcd",
     -LDMSCTL_EPROTO, 0, 0},
    {"payload that leaves a byte", "0000000000000000 00000005 00000016 00000001 abcd",
     -LDMSCTL_EPROTO, 0, 0},
};

/* What is right whole is wrong when cut anywhere. */
static void
takes(void **state)
{
    const struct row *row = *state;
    struct hex h = unhex(row->hex);
    struct lc_envelope got = {0};

    assert_int_equal(lc_envelope_take(h.bytes, h.len, &got), row->err);
    assert_int_equal(got.command, row->command);
    assert_int_equal(got.len, row->len);
    for (size_t len = 0; len < h.len; len++) {
        struct hex cut = hex_cut(h.bytes, len);
        assert_int_equal(lc_envelope_take(cut.bytes, len, &got), -LDMSCTL_EPROTO);
        free(cut.bytes);
    }
    free(h.bytes);
}

static void
writes_what_it_takes(void **state)
{
    static const uint32_t commands[] = {LC_DIR, LC_SEND_MSG, LC_AUTH_MSG, LC_DIR_REPLY};
    uint8_t bytes[64];

    (void)state;
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        struct wr c = wr_over(bytes, sizeof(bytes));
        struct lc_frame frame;
        struct lc_envelope got;
        lc_envelope_put(&c, 3, UINT64_C(0x1122334455667788), commands[i], "body", 4);
        assert_int_equal(wr_len(&c), lc_envelope_overhead(commands[i]) + 4);
        struct rd stream = rd_over(bytes, wr_len(&c));
        assert_int_equal(lc_frame_take(&stream, &frame), 1);
        assert_int_equal(lc_envelope_take(frame.data, frame.len, &got), 0);
        assert_true(got.xid == UINT64_C(0x1122334455667788));
        assert_int_equal(got.command, commands[i]);
        assert_int_equal(got.len, 4);
        assert_memory_equal(got.body, "body", 4);
    }
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS + 1];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(takes, &rows[i]);
        tests[i].name = rows[i].name;
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(writes_what_it_takes);
    return cmocka_run_group_tests_name("ldmsctl/envelope", tests, NULL, NULL);
}

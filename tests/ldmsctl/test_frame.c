/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/hex.h"

#include "frame.h"
#include "ldmsctl.h"

#define HEAD(type, len) type " 0000 " len " 01000000 0000000000000000 "

static struct row {
    const char *name, *hex;
    int took; /* what taking says */
    uint16_t type;
    size_t len;
    bool foreign;
} rows[] = {
    {"sendrecv", HEAD("0002", "0000001a") "00000002 abcd", 1, LC_ZAP_SENDRECV, 2,
     false},
    {"two in one segment: the first",
     HEAD("0002", "00000018") "00000000" HEAD("000a", "00000018") "00000000", 1,
     LC_ZAP_SENDRECV, 0, false},
    {"connect", HEAD("0001", "00000025") "01030100 534f434b45540000 00000001 07", 1,
     LC_ZAP_CONNECT, 1, false},
    {"connect of a later patch",
     HEAD("0001", "00000024") "01030209 534f434b45540000 00000000", 1, LC_ZAP_CONNECT,
     0, false},
    {"connect of zap 1.2",
     HEAD("0001", "00000024") "01020100 534f434b45540000 00000000", 1, LC_ZAP_CONNECT,
     0, true},
    {"connect of another transport",
     HEAD("0001", "00000024") "01030100 5344505200000000 00000000", 1, LC_ZAP_CONNECT,
     0, true},
    {"rejected, with its text", HEAD("0009", "0000001b") "00000003 6e6f00", 1,
     LC_ZAP_REJECTED, 3, false},
    {"rendezvous: its body is nobody's", HEAD("0003", "0000001c") "0000000011111111", 1,
     LC_ZAP_RENDEZVOUS, 8, false},
    {"length 0", HEAD("0002", "00000000"), -LDMSCTL_EPROTO, 0, 0, false},
    {"length 23", HEAD("0002", "00000017") "000000", -LDMSCTL_EPROTO, 0, 0, false},
    {"a byte past 1 MiB", HEAD("0002", "00100001"), -LDMSCTL_EPROTO, 0, 0, false},
    {"2 GiB", HEAD("0005", "80000000"), -LDMSCTL_EPROTO, 0, 0, false},
    {"type 0", HEAD("0000", "00000018") "00000000", -LDMSCTL_EPROTO, 0, 0, false},
    {"type 11", HEAD("000b", "00000018") "00000000", -LDMSCTL_EPROTO, 0, 0, false},
    {"data shorter than it says", HEAD("0002", "0000001a") "00000003 abcd",
     -LDMSCTL_EPROTO, 0, 0, false},
    {"data longer than it says", HEAD("0002", "0000001a") "00000001 abcd",
     -LDMSCTL_EPROTO, 0, 0, false},
    {"connect too short for its greeting", HEAD("0001", "00000018") "01030100",
     -LDMSCTL_EPROTO, 0, 0, false},
    {"1 MiB is not refused by its head", HEAD("0002", "00100000"), 0, 0, 0, false},
};

/* What is cut short waits for more, wherever it is cut. */
static void
takes(void **state)
{
    const struct row *row = *state;
    struct hex h = unhex(row->hex);
    struct rd stream = rd_over(h.bytes, h.len);
    struct lc_frame got = {0};

    assert_int_equal(lc_frame_take(&stream, &got), row->took);
    if (row->took == 1) {
        assert_int_equal(got.type, row->type);
        assert_int_equal(got.len, row->len);
        assert_int_equal(got.foreign, row->foreign);
        assert_memory_equal(&got.xid, "\1\0\0\0", 4);
        size_t size = lc_frame_size(h.bytes, h.len);
        for (size_t len = 0; len < size; len++) {
            struct hex cut = hex_cut(h.bytes, len);
            stream = rd_over(cut.bytes, len);
            assert_int_equal(lc_frame_take(&stream, &got), 0);
            assert_int_equal(rd_left(&stream), len);
            free(cut.bytes);
        }
    }
    free(h.bytes);
}

static void
writes_what_it_takes(void **state)
{
    static const enum lc_zap types[] = {LC_ZAP_CONNECT, LC_ZAP_SENDRECV,
                                        LC_ZAP_ACCEPTED, LC_ZAP_REJECTED,
                                        LC_ZAP_ACK_ACCEPTED};
    uint8_t bytes[64];

    (void)state;
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        struct wr c = wr_over(bytes, sizeof(bytes));
        struct lc_frame got;
        lc_frame_put(&c, types[i], 7, "data", 4);
        assert_false(c.bad);
        struct rd stream = rd_over(bytes, wr_len(&c));
        assert_int_equal(lc_frame_take(&stream, &got), 1);
        assert_int_equal(got.type, types[i]);
        assert_int_equal(got.xid, 7);
        assert_false(got.foreign);
        assert_int_equal(got.len, 4);
        assert_memory_equal(got.data, "data", 4);
        assert_int_equal(rd_left(&stream), 0);
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
    return cmocka_run_group_tests_name("ldmsctl/frame", tests, NULL, NULL);
}

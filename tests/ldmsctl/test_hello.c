/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"
#include "support/hex.h"

#include "hello.h"
#include "ldmsctl.h"

/* As 4.5.3 sends it. */
static const char rail[] = "04020000 6f766973000000000000000000000000 00000001 "
                           "ffffffffffffffff ffffffffffffffff 00000001 00000000 "
                           "00002cc3 0000000000000006 00000001";
static const char legacy[] = "04020000 6f766973000000000000000000000000";

static void
reads_and_writes_a_rail(void **state)
{
    struct hex h = unhex(rail);
    struct lc_hello got;
    uint8_t again[LC_HELLO_RAIL_BYTES];
    struct wr c = wr_over(again, sizeof(again));

    (void)state;
    assert_int_equal(lc_hello_take(h.bytes, h.len, &got), 0);
    assert_true(lc_hello_is_ours(&got));
    assert_string_equal(got.auth, "ovis");
    assert_true(got.rail);
    assert_int_equal(got.rate_limit, -1);
    assert_int_equal(got.endpoints, 1);
    assert_int_equal(got.process_id, 0x2cc3);
    assert_int_equal(got.rail_no, 6);
    assert_int_equal(got.messages, 1);
    lc_hello_put(&c, &got);
    assert_int_equal(wr_len(&c), h.len);
    assert_memory_equal(again, h.bytes, h.len);
    free(h.bytes);
}

static void
reads_and_writes_the_legacy_form(void **state)
{
    struct hex h = unhex(legacy);
    struct lc_hello got;
    uint8_t again[LC_HELLO_LEGACY_BYTES];
    struct wr c = wr_over(again, sizeof(again));

    (void)state;
    assert_int_equal(lc_hello_take(h.bytes, h.len, &got), 0);
    assert_string_equal(got.auth, "ovis");
    assert_false(got.rail);
    lc_hello_put(&c, &got);
    assert_memory_equal(again, h.bytes, h.len);
    free(h.bytes);
}

static void
every_length_is_read_within_its_bytes(void **state)
{
    struct hex h = unhex(rail);

    (void)state;
    for (size_t len = 0; len <= h.len; len++) {
        struct hex cut = hex_cut(h.bytes, len);
        struct lc_hello got = {0};
        assert_int_equal(lc_hello_take(cut.bytes, len, &got),
                         len < 4 ? -LDMSCTL_EPROTO : 0);
        assert_int_equal(got.rail, len == LC_HELLO_RAIL_BYTES);
        free(cut.bytes);
    }
    free(h.bytes);
}

static void
another_version_is_not_ours(void **state)
{
    struct lc_hello got;

    (void)state;
    assert_int_equal(lc_hello_take("\4\2\0\1none", 9, &got), 0);
    assert_false(lc_hello_is_ours(&got));
    assert_string_equal(got.auth, "none");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_a_rail),
        cmocka_unit_test(reads_and_writes_the_legacy_form),
        cmocka_unit_test(every_length_is_read_within_its_bytes),
        cmocka_unit_test(another_version_is_not_ours),
    };
    return cmocka_run_group_tests_name("ldmsctl/hello", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include <bytekit/rd.h>

static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 0xff, 0xfe};

static void
reads_in_network_order(void **state)
{
    (void)state;
    struct rd c = rd_over(bytes, sizeof(bytes));
    assert_int_equal(rd_u8(&c), 1);
    assert_int_equal(rd_u16(&c), 0x0203);
    assert_int_equal(rd_u32(&c), 0x04050607);
    assert_int_equal(rd_i16(&c), -2);
    assert_false(c.bad);
    assert_int_equal(rd_left(&c), 0);
    c = rd_over(bytes, 8);
    assert_true(rd_u64(&c) == UINT64_C(0x01020304050607ff));
}

static void
a_read_past_the_end_is_0_and_bad_for_good(void **state)
{
    (void)state;
    struct rd c = rd_over(bytes, 3);
    assert_int_equal(rd_u32(&c), 0);
    assert_true(c.bad);
    assert_int_equal(rd_u8(&c), 0);
    assert_int_equal(rd_left(&c), 0);
    assert_null(rd_bytes(&c, 0));
}

static void
a_size_near_the_top_does_not_wrap(void **state)
{
    (void)state;
    struct rd c = rd_over(bytes, sizeof(bytes));
    assert_null(rd_bytes(&c, SIZE_MAX));
    assert_true(c.bad);
}

static void
a_sub_cursor_keeps_to_its_bytes(void **state)
{
    (void)state;
    struct rd c = rd_over(bytes, sizeof(bytes));
    struct rd sub = rd_sub(&c, 2);
    assert_int_equal(rd_u16(&sub), 0x0102);
    assert_int_equal(rd_u8(&sub), 0);
    assert_true(sub.bad);
    assert_false(c.bad);
    assert_int_equal(rd_u8(&c), 3);
    assert_true(rd_sub(&c, 100).bad);
    assert_true(c.bad);
}

static void
nothing_is_read_from_nothing(void **state)
{
    (void)state;
    struct rd c = rd_over(NULL, 0);
    assert_int_equal(rd_left(&c), 0);
    assert_int_equal(rd_u8(&c), 0);
    assert_true(c.bad);
}

static void
a_double_keeps_its_bits(void **state)
{
    (void)state;
    const uint8_t minus_two[] = {0xc0, 0, 0, 0, 0, 0, 0, 0};
    struct rd c = rd_over(minus_two, sizeof(minus_two));
    assert_true(rd_f64(&c) == -2.0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_in_network_order),
        cmocka_unit_test(a_read_past_the_end_is_0_and_bad_for_good),
        cmocka_unit_test(a_size_near_the_top_does_not_wrap),
        cmocka_unit_test(a_sub_cursor_keeps_to_its_bytes),
        cmocka_unit_test(nothing_is_read_from_nothing),
        cmocka_unit_test(a_double_keeps_its_bits),
    };
    return cmocka_run_group_tests_name("bytekit/rd", tests, NULL, NULL);
}

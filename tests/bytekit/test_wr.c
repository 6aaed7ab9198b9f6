/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include <bytekit/rd.h>
#include <bytekit/wr.h>

static void
what_is_written_is_read_again(void **state)
{
    (void)state;
    uint8_t room[64];
    struct wr w = wr_over(room, sizeof(room));
    wr_u8(&w, 1);
    wr_u16(&w, 0x0203);
    wr_u32(&w, 0x04050607);
    wr_u64(&w, UINT64_C(0x08090a0b0c0d0e0f));
    wr_f64(&w, -2.5);
    wr_bytes(&w, "text", 4);
    wr_zeros(&w, 3);
    assert_false(w.bad);
    assert_int_equal(wr_len(&w), 1 + 2 + 4 + 8 + 8 + 4 + 3);

    struct rd c = rd_over(room, wr_len(&w));
    assert_int_equal(rd_u8(&c), 1);
    assert_int_equal(rd_u16(&c), 0x0203);
    assert_int_equal(rd_u32(&c), 0x04050607);
    assert_true(rd_u64(&c) == UINT64_C(0x08090a0b0c0d0e0f));
    assert_true(rd_f64(&c) == -2.5);
    assert_memory_equal(rd_bytes(&c, 4), "text", 4);
    assert_memory_equal(rd_bytes(&c, 3), "\0\0\0", 3);
    assert_false(c.bad);
}

static void
a_write_past_the_room_writes_nothing(void **state)
{
    (void)state;
    uint8_t room[4] = {9, 9, 9, 9};
    struct wr w = wr_over(room, 3);
    wr_u16(&w, 0);
    wr_u16(&w, 0);
    assert_true(w.bad);
    assert_int_equal(wr_len(&w), 2);
    wr_u8(&w, 0);
    assert_int_equal(room[2], 9);
    assert_int_equal(room[3], 9);
    assert_null(wr_room(&w, SIZE_MAX));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_write_past_the_room_writes_nothing),
    };
    return cmocka_run_group_tests_name("bytekit/wr", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include <bytekit/queue.h>

static void
bytes_come_out_in_order(void **state)
{
    (void)state;
    struct queue q = queue_make(1 << 20);
    uint32_t in = 0, out = 0;

    /* In by 7s, out by 5s: the front moves while the back grows. */
    for (int round = 0; round < 5000; round++) {
        for (int i = 0; i < 7; i++, in++)
            assert_int_equal(queue_push(&q, &(uint8_t){(uint8_t)(in * 31)}, 1), 0);
        for (int i = 0; i < 5; i++, out++) {
            assert_int_equal(*queue_at(&q), (uint8_t)(out * 31));
            queue_drop(&q, 1);
        }
        assert_int_equal(q.len, in - out);
    }
    assert_true(q.room <= 4 * q.len);
    queue_free(&q);
}

static void
the_limit_holds(void **state)
{
    (void)state;
    struct queue q = queue_make(10);
    assert_int_equal(queue_push(&q, "0123456", 7), 0);
    assert_int_equal(queue_push(&q, "0123", 4), -ENOBUFS);
    assert_int_equal(queue_push(&q, "012", 3), 0);
    assert_null(queue_room(&q, SIZE_MAX));
    assert_int_equal(q.len, 10);
    assert_memory_equal(queue_at(&q), "0123456012", 10);
    queue_drop(&q, 10);
    assert_int_equal(q.len, 0);
    assert_non_null(queue_room(&q, 10));
    queue_free(&q);
    assert_null(queue_at(&q));
}

static void
an_empty_push_is_fine(void **state)
{
    (void)state;
    struct queue q = queue_make(0);
    assert_int_equal(queue_push(&q, NULL, 0), 0);
    assert_int_equal(q.len, 0);
    queue_free(&q);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_come_out_in_order),
        cmocka_unit_test(the_limit_holds),
        cmocka_unit_test(an_empty_push_is_fine),
    };
    return cmocka_run_group_tests_name("bytekit/queue", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "attr.h"
#include "envelope.h"
#include "frame.h"
#include "message.h"

static const struct lc_message_limit limit = {1 << 22, 64};

/* Puts a message of n attribute bytes in records of at most max, and joins it again. */
static uint32_t
there_and_back(size_t n, size_t max)
{
    struct queue out = queue_make((size_t)1 << 23);
    struct lc_record head = {.type = LC_RECORD_REQUEST, .msg_no = 9, .code = 2};
    uint8_t *attrs = malloc(n + 1);
    uint32_t xid = 0, records = 0;
    struct lc_message m = {0};
    int whole = 0;

    assert_non_null(attrs);
    for (size_t i = 0; i < n; i++)
        attrs[i] = (uint8_t)(i * 7);
    assert_int_equal(lc_message_put(&out, &xid, &head, attrs, n, max), 0);
    assert_int_equal(out.len, lc_message_size(n, max));
    struct rd stream = rd_over(queue_at(&out), out.len);
    while (rd_left(&stream)) {
        struct lc_frame frame;
        struct lc_envelope envelope;
        struct lc_record record;
        assert_int_equal(whole, 0);
        assert_int_equal(lc_frame_take(&stream, &frame), 1);
        assert_int_equal(lc_envelope_take(frame.data, frame.len, &envelope), 0);
        assert_int_equal(lc_record_take(envelope.body, envelope.len, &record), 0);
        assert_true(lc_record_is_sound(&record));
        assert_true(record.rec_len <= max);
        assert_int_equal(record.msg_no, 9);
        whole = lc_message_add(&m, &record, &limit);
        assert_true(whole >= 0);
        records++;
    }
    assert_int_equal(whole, 1);
    assert_int_equal(m.len, n + LC_ATTR_END_BYTES);
    if (n)
        assert_memory_equal(m.bytes, attrs, n);
    assert_int_equal(xid, records);
    lc_message_free(&m);
    queue_free(&out);
    free(attrs);
    return records;
}

static void
splits_and_joins(void **state)
{
    (void)state;
    assert_int_equal(there_and_back(0, 64), 1);
    for (size_t n = 1; n < 200; n++)
        assert_int_equal(there_and_back(n, 64), (n + 35) / 36);
    assert_int_equal(there_and_back(1000, LC_RECORD_MAX_BYTES), 1);
    assert_int_equal(there_and_back(2500000, LC_RECORD_MAX_BYTES), 3);
}

static struct lc_record
piece(uint32_t flags, uint32_t type, const char *body)
{
    return (struct lc_record){.type = type,
                              .flags = flags,
                              .code = (uint32_t)strlen(body),
                              .body = (const uint8_t *)body,
                              .len = strlen(body)};
}

static struct row {
    const char *name;
    uint32_t flags[3];
    uint32_t types[3];
    const char *bodies[3];
    int ends[3]; /* what adding each says */
} rows[] = {
    {"one", {3}, {2}, {"abc"}, {1}},
    {"three; the status is the last one's",
     {1, 0, 2},
     {2, 2, 2},
     {"a", "", "bc"},
     {0, 0, 1}},
    {"no start", {2}, {2}, {"a"}, {-LDMSCTL_EPROTO}},
    {"neither start nor end", {0}, {2}, {"a"}, {-LDMSCTL_EPROTO}},
    {"a start in the middle", {1, 1}, {2, 2}, {"a", "b"}, {0, -LDMSCTL_EPROTO}},
    {"another type in the middle", {1, 2}, {2, 1}, {"a", "b"}, {0, -LDMSCTL_EPROTO}},
    {"more bytes than allowed",
     {1, 0, 2},
     {2, 2, 2},
     {"1234", "5678", "9"},
     {0, 0, -LDMSCTL_ETOOBIG}},
};

static void
joins(void **state)
{
    const struct row *row = *state;
    const struct lc_message_limit small = {8, 64};
    struct lc_message m = {0};

    for (size_t i = 0; i < 3 && row->bodies[i]; i++) {
        struct lc_record r = piece(row->flags[i], row->types[i], row->bodies[i]);
        assert_int_equal(lc_message_add(&m, &r, &small), row->ends[i]);
        if (row->ends[i] == 1)
            assert_int_equal(m.code, r.code);
    }
    lc_message_free(&m);
}

static void
endless_empty_records_end(void **state)
{
    struct lc_message m = {0};
    struct lc_record r = piece(LC_RECORD_SOM, 2, "");
    int err = 0;
    uint32_t n = 0;

    (void)state;
    for (; err == 0 && n < 1000; n++, r.flags = 0)
        err = lc_message_add(&m, &r, &limit);
    assert_int_equal(err, -LDMSCTL_ETOOBIG);
    assert_int_equal(n, limit.records + 1);
    lc_message_free(&m);
}

static void
a_full_queue_takes_all_or_nothing(void **state)
{
    struct queue out = queue_make(100);
    struct lc_record head = {.type = LC_RECORD_REQUEST};
    uint32_t xid = 0;
    uint8_t attrs[50] = {0};

    (void)state;
    assert_int_equal(lc_message_put(&out, &xid, &head, attrs, 50, 64), -ENOBUFS);
    assert_int_equal(out.len, 0);
    queue_free(&out);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS + 3];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(joins, &rows[i]);
        tests[i].name = rows[i].name;
    }
    tests[ROWS] = (struct CMUnitTest)cmocka_unit_test(splits_and_joins);
    tests[ROWS + 1] = (struct CMUnitTest)cmocka_unit_test(endless_empty_records_end);
    tests[ROWS + 2] =
        (struct CMUnitTest)cmocka_unit_test(a_full_queue_takes_all_or_nothing);
    return cmocka_run_group_tests_name("ldmsctl/message", tests, NULL, NULL);
}

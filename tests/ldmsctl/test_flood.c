/* SPDX-License-Identifier: MIT */
/* More than was asked for: answers without an end, and floods of what nobody wants, end or
 * are dropped, within bounded memory. */
#include "fed.h"

static void
an_endless_answer_ends(void **state)
{
    static uint8_t full[65536];
    struct lc_engine e;
    uint32_t number;
    size_t sent = 0;

    (void)state;
    make_ready(&e);
    number = ask(&e, "version");
    for (uint32_t flags = LC_RECORD_SOM; e.phase == LC_PHASE_READY; flags = 0) {
        feed_record(&e, LC_RECORD_RESPONSE, flags, number, full, sizeof(full));
        sent += sizeof(full);
        assert_true(sent <= none.max_response_bytes + sizeof(full));
        assert_true(e.held_bytes <= none.max_response_bytes);
    }
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_ETOOBIG);
    lc_engine_free(&e);
}

/* One attribute, STRING, that fills a body of len bytes. */
static uint8_t *
make_body(size_t len)
{
    uint8_t *body = calloc(1, len);
    struct wr c = wr_over(body, len);

    assert_non_null(body);
    wr_u32(&c, 1);
    wr_u32(&c, LC_ATTR_STRING);
    wr_u32(&c, (uint32_t)(len - LC_ATTR_HEAD_BYTES - LC_ATTR_END_BYTES));
    return body;
}

/* The limit is also that of one record, and of the bytes that it may keep: here of a
 * message before it, which was large and meant nobody. */
static void
one_large_record_has_the_limit(void **state)
{
    enum { LIMIT = 128 << 10, FITS = 40000, LARGE = 1000000 };
    struct lc_engine_options less = none;
    uint8_t *fits = make_body(FITS), *large = make_body(LARGE);
    struct lc_engine e;

    (void)state;
    less.max_response_bytes = LIMIT;
    open_engine(&e, &less);
    accept_as(&e, "none", 64);
    assert_int_equal(lc_engine_next(&e)->err, 0);
    for (int i = 0; i < 3; i++) {
        feed_record(&e, LC_RECORD_RESPONSE, 3, 99, large, LARGE);
        feed_record(&e, LC_RECORD_RESPONSE, 3, ask(&e, "version"), fits, FITS);
        assert_true(e.held_bytes <= LIMIT && e.in.room + e.held_bytes < 3 * LARGE);
    }
    assert_int_equal(e.phase, LC_PHASE_READY);
    for (int i = 0; i < 3; i++)
        assert_int_equal(lc_engine_next(&e)->err, 0);
    feed_record(&e, LC_RECORD_RESPONSE, 3, ask(&e, "version"), large, LARGE);
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_ETOOBIG);
    lc_engine_free(&e);
    free(fits);
    free(large);
}

static void
endless_empty_records_end(void **state)
{
    struct lc_engine e;
    uint32_t number, sent = 0;

    (void)state;
    make_ready(&e);
    number = ask(&e, "version");
    for (uint32_t flags = LC_RECORD_SOM; e.phase == LC_PHASE_READY; flags = 0) {
        feed_record(&e, LC_RECORD_RESPONSE, flags, number, "", 0);
        assert_true(++sent <= LC_ENGINE_RECORDS_MAX + 1);
    }
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_ETOOBIG);
    lc_engine_free(&e);
}

static void
a_million_attributes_are_refused(void **state)
{
    size_t n = 65537, len = n * LC_ATTR_HEAD_BYTES + 4;
    uint8_t *body = malloc(len);
    struct wr c = wr_over(body, len);
    struct lc_engine e;

    (void)state;
    assert_non_null(body);
    for (size_t i = 0; i < n; i++)
        lc_attr_put(&c, LC_ATTR_STRING, NULL, 0);
    lc_attr_put_end(&c);
    make_ready(&e);
    feed_record(&e, LC_RECORD_RESPONSE, 3, ask(&e, "version"), body, len);
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_EPROTO);
    lc_engine_free(&e);
    free(body);
}

static void
an_endless_directory_ends(void **state)
{
    static const char json[] =
        "{\"directory\":[{\"name\":\"aaaaaaaaaaaaaaaaaaaaaaaaaa\"}]}";
    struct lc_engine e;
    uint32_t number;
    size_t sent = 0;

    (void)state;
    make_ready(&e);
    number = ask(&e, "dir_list");
    for (; e.phase == LC_PHASE_READY; sent += sizeof(json) - 1) {
        feed_dir(&e, number, true, json);
        assert_true(sent <= none.max_response_bytes * 2);
    }
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_ETOOBIG);
    lc_engine_free(&e);
}

/* An empty set takes three bytes, and a hundred and more in memory. */
static void
a_directory_of_empty_sets_is_refused(void **state)
{
    static const char head[] = "{\"directory\":[{}", tail[] = "]}";
    enum { SETS = 300000 };
    size_t len = sizeof(head) - 1 + (size_t)SETS * 3 + sizeof(tail) - 1;
    char *json = malloc(len + 1);
    uint8_t *body = malloc(len + 16);
    struct wr c = wr_over(body, len + 16);
    struct lc_engine e;

    (void)state;
    assert_non_null(json);
    assert_non_null(body);
    char *at = json + sprintf(json, "%s", head);
    for (size_t i = 0; i < SETS; i++, at += 3)
        memcpy(at, ",{}", 3);
    memcpy(at, tail, sizeof(tail));
    lc_dir_reply_put(&c,
                     &(struct lc_dir_reply){.json = (const uint8_t *)json, .len = len});
    make_ready(&e);
    feed_message(&e, LC_DIR_REPLY, ask(&e, "dir_list"), body, wr_len(&c));
    assert_int_equal(lc_engine_next(&e)->err, -LDMSCTL_ETOOBIG);
    assert_non_null(strstr(e.why, "more sets than are allowed"));
    lc_engine_free(&e);
    free(body);
    free(json);
}

/* An answer makes room in the window for what waits, whichever kind of answer it is. */
static void
directories_make_room_for_what_waits(void **state)
{
    enum { N = LC_ENGINE_WINDOW * 2 + 1 };
    struct lc_engine_options many = none;
    struct lc_engine e;
    uint32_t numbers[N];

    (void)state;
    many.max_in_flight = N;
    open_engine(&e, &many);
    accept_as(&e, "none", 64);
    assert_int_equal(lc_engine_next(&e)->err, 0);
    for (size_t i = 0; i < N; i++)
        numbers[i] = ask(&e, "dir_list");
    assert_int_equal(e.n_sent, LC_ENGINE_WINDOW);
    for (size_t i = 0; i < N; i++) {
        feed_dir(&e, numbers[i], false, "{\"directory\":[]}");
        assert_int_equal(lc_engine_next(&e)->request, numbers[i]);
    }
    assert_null(lc_engine_next(&e));
    lc_engine_free(&e);
}

/* Notices are answered as long as the peer takes the answers, and no longer. */
static void
a_flood_of_notices_costs_nothing(void **state)
{
    static const uint8_t notice[] = {0, 0, 0, 2, 'a', 0};
    struct lc_engine e;

    (void)state;
    make_ready(&e);
    (void)ask(&e, "version");
    for (int i = 0; i < 100000; i++)
        feed_message(&e, LC_SET_DELETE, 7, notice, sizeof(notice));
    assert_int_equal(e.phase, LC_PHASE_READY);
    assert_true(e.out.room < 1 << 18);
    assert_int_equal(e.held_bytes, 0);
    lc_engine_free(&e);
}

static void
a_slow_drip_runs_out_of_time(void **state)
{
    struct lc_engine e;
    uint32_t number;
    uint64_t now_ms = 1;

    (void)state;
    make_ready(&e);
    number = ask(&e, "version");
    for (uint32_t flags = LC_RECORD_SOM; e.phase == LC_PHASE_READY; flags = 0) {
        feed_record(&e, LC_RECORD_RESPONSE, flags, number, "", 0);
        assert_int_equal(lc_engine_deadline(&e), 1 + none.reply_timeout_ms);
        now_ms += 100;
        lc_engine_tick(&e, now_ms);
    }
    assert_int_equal(now_ms, 1001);
    assert_int_equal(lc_engine_next(&e)->err, -ETIMEDOUT);
    lc_engine_free(&e);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_endless_answer_ends),
        cmocka_unit_test(one_large_record_has_the_limit),
        cmocka_unit_test(endless_empty_records_end),
        cmocka_unit_test(a_million_attributes_are_refused),
        cmocka_unit_test(an_endless_directory_ends),
        cmocka_unit_test(a_directory_of_empty_sets_is_refused),
        cmocka_unit_test(directories_make_room_for_what_waits),
        cmocka_unit_test(a_flood_of_notices_costs_nothing),
        cmocka_unit_test(a_slow_drip_runs_out_of_time),
    };
    return cmocka_run_group_tests_name("ldmsctl/flood", tests, NULL, NULL);
}

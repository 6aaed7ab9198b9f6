/* SPDX-License-Identifier: MIT */
/* Finding by a handle: asked for, started, and on a list that is there already. The names
 * are those of the protocol's list of requirements; how criteria match is in
 * test_criteria.c. */
#include "client.h"

#define ROWS                                                                           \
    "OK 4\r\n43010 svc_1 fox\r\n43009 svc fox\r\n43008 svcx fox\r\n43007 svc ron\r\n"

static struct row {
    const char *name;
    struct portmgr_criteria criteria;
    size_t count;
    uint16_t first;
} rows[] = {
    {"c21 none given: all", {.size = sizeof(struct portmgr_criteria)}, 4, 43010},
    {"c21 service",
     {.size = sizeof(struct portmgr_criteria), .service = "svc"},
     2,
     43009},
    {"c21 they add up",
     {.size = sizeof(struct portmgr_criteria), .service = "svc", .user = "ron"},
     1,
     43007},
    {"c21 beginning",
     {.size = sizeof(struct portmgr_criteria), .begins_with = "svc", .user = "fox"},
     3,
     43010},
    {"c21 no match is no failure",
     {.size = sizeof(struct portmgr_criteria), .service = "SVC"},
     0,
     0},
    {"c22 all instances",
     {.size = sizeof(struct portmgr_criteria), .instances_of = "svc", .user = "fox"},
     2,
     43010},
};

static void
is_found(const struct row *row, const struct portmgr_list *list)
{
    assert_non_null(list);
    assert_int_equal(list->count, row->count);
    if (row->count)
        assert_int_equal(list->rows[0].port, row->first);
}

/* In each of the three ways. */
static void
finds(void **state)
{
    const struct row *row = *state;
    struct stage s;
    struct portmgr_list *list;
    const struct portmgr_event *event;

    raise_stage(&s,
                STEPS(EXPECT("LIST\n"), SEND(ROWS), EXPECT("LIST\n"), SEND(ROWS),
                      EXPECT("LIST\n"), SEND(ROWS), HOLD),
                0);
    assert_int_equal(portmgr_find(s.pm, &row->criteria, &list), 0);
    is_found(row, list);
    portmgr_list_free(list);

    assert_int_equal(portmgr_find_start(s.pm, &row->criteria), 0);
    while (!(event = portmgr_next(s.pm)))
        portmgr_wait(s.pm, -1);
    assert_int_equal(event->kind, PORTMGR_EVENT_LISTED);
    assert_int_equal(event->err, 0);
    is_found(row, event->list);

    assert_int_equal(portmgr_list(s.pm, &list), 0);
    assert_int_equal(list->count, 4);
    assert_int_equal(portmgr_list_filter(list, &row->criteria), 0);
    is_found(row, list);
    portmgr_list_free(list);
    strike_stage(&s);
}

static void
c21_no_criteria_are_all(void **state)
{
    struct stage s;
    struct portmgr_list *list;

    (void)state;
    raise_stage(&s, STEPS(EXPECT("LIST\n"), SEND(ROWS), HOLD), 0);
    assert_int_equal(portmgr_find(s.pm, NULL, &list), 0);
    assert_int_equal(list->count, 4);
    assert_int_equal(portmgr_list_filter(list, NULL), 0);
    assert_int_equal(list->count, 4);
    portmgr_list_free(list);
    strike_stage(&s);
}

/* Criteria that are not known fail, and cost nothing. */
static void
c21_unknown_criteria(void **state)
{
    struct later {
        struct portmgr_criteria known;
        const char *host;
    } later = {.known = {.size = sizeof(later), .service = "svc"}, .host = "daq20"};
    const struct portmgr_criteria none = {.size = 0};
    struct stage s;
    struct portmgr_list *list;

    (void)state;
    raise_stage(&s, STEPS(EXPECT("LIST\n"), SEND(ROWS), HOLD), 0);
    assert_int_equal(portmgr_find(s.pm, &later.known, &list), -E2BIG);
    assert_int_equal(portmgr_find(s.pm, &none, &list), -EINVAL);
    assert_int_equal(portmgr_find_start(s.pm, &none), -EINVAL);
    later.host = NULL;
    assert_int_equal(portmgr_find(s.pm, &later.known, &list), 0);
    assert_int_equal(list->count, 2);
    assert_int_equal(portmgr_list_filter(list, &none), -EINVAL);
    assert_int_equal(list->count, 2);
    portmgr_list_free(list);
    strike_stage(&s);
}

/* The criteria may go once the request has begun, and a list may outlive its handle. */
static void
c21_criteria_are_copied_and_lists_taken(void **state)
{
    char service[] = "svcx";
    struct portmgr_criteria criteria = {.size = sizeof(criteria), .service = service};
    struct stage s;

    (void)state;
    raise_stage(&s, STEPS(EXPECT("LIST\n"), SEND(ROWS), HOLD), 0);
    assert_int_equal(portmgr_find_start(s.pm, &criteria), 0);
    memset(service, '?', sizeof(service) - 1);
    while (!portmgr_next(s.pm))
        portmgr_wait(s.pm, -1);
    struct portmgr_list *list = portmgr_take_list(s.pm);
    assert_null(portmgr_take_list(s.pm));
    strike_stage(&s);
    assert_non_null(list);
    assert_int_equal(list->count, 1);
    row_is(list, 0, 43008, "svcx", "fox");
    portmgr_list_free(list);
}

int
main(void)
{
    enum { COUNT = sizeof(rows) / sizeof(rows[0]) };
    const struct CMUnitTest others[] = {
        cmocka_unit_test(c21_no_criteria_are_all),
        cmocka_unit_test(c21_unknown_criteria),
        cmocka_unit_test(c21_criteria_are_copied_and_lists_taken),
    };
    enum { OTHERS = sizeof(others) / sizeof(others[0]) };
    struct CMUnitTest tests[COUNT + OTHERS];

    for (size_t i = 0; i < COUNT; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(finds, &rows[i]);
        tests[i].name = rows[i].name;
    }
    memcpy(tests + COUNT, others, sizeof(others));
    return cmocka_run_group_tests_name("portmgr/find", tests, NULL, NULL);
}

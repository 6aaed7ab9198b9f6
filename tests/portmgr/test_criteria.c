/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "criteria.h"

static const struct portmgr_row *
row_of(const char *service, const char *user)
{
    static struct portmgr_row row;
    row = (struct portmgr_row){.port = 1,
                               .service = service,
                               .service_len = strlen(service),
                               .user = user,
                               .user_len = strlen(user)};
    return &row;
}

static void
c21_criteria_are_cumulative(void **state)
{
    struct pt_criteria all = {0}, empty = {.service = ""}, any = {.begins_with = ""};
    struct pt_criteria three = {.service = "svc", .begins_with = "s", .user = "fox"};

    (void)state;
    assert_true(pt_criteria_match(&all, row_of("svc", "fox")));
    assert_true(pt_criteria_match(&three, row_of("svc", "fox")));
    assert_false(pt_criteria_match(&three, row_of("svc", "cat")));
    assert_false(pt_criteria_match(&three, row_of("svc_1", "fox")));
    assert_false(pt_criteria_match(&three, row_of("SVC", "fox")));
    three.begins_with = "x";
    assert_false(pt_criteria_match(&three, row_of("svc", "fox")));
    assert_true(pt_criteria_match(&empty, row_of("", "fox")));
    assert_false(pt_criteria_match(&empty, row_of("svc", "fox")));
    assert_true(pt_criteria_match(&any, row_of("", "")));
}

static void
c21_unknown_criteria_are_refused(void **state)
{
    struct {
        struct portmgr_criteria known;
        const char *unknown;
    } newer = {.known = {.size = sizeof(newer)}};
    struct portmgr_criteria shorter = {.size = 8};
    struct pt_criteria c;

    (void)state;
    assert_int_equal(pt_criteria_read(&newer.known, &c), 0);
    newer.unknown = "x";
    assert_int_equal(pt_criteria_read(&newer.known, &c), -E2BIG);
    assert_int_equal(pt_criteria_read(&shorter, &c), -EINVAL);
    assert_int_equal(pt_criteria_read(NULL, &c), 0);
}

static void
c22_instances_of_a_service(void **state)
{
    struct pt_criteria prefix = {.begins_with = "svc"}, all = {.instances_of = "svc"};

    (void)state;
    assert_true(pt_criteria_match(&prefix, row_of("svcx", "u")));
    assert_false(pt_criteria_match(&all, row_of("svcx", "u")));
    assert_true(pt_criteria_match(&all, row_of("svc", "u")));
    assert_true(pt_criteria_match(&all, row_of("svc_12", "u")));
    assert_false(pt_criteria_match(&all, row_of("svc_", "u")));
    assert_false(pt_criteria_match(&all, row_of("svc_1x", "u")));
    assert_false(pt_criteria_match(&all, row_of("sv", "u")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c21_criteria_are_cumulative),
        cmocka_unit_test(c21_unknown_criteria_are_refused),
        cmocka_unit_test(c22_instances_of_a_service),
    };
    return cmocka_run_group_tests_name("portmgr/criteria", tests, NULL, NULL);
}

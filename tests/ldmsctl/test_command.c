/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "command.h"

static void
there_are_121_methods(void **state)
{
    (void)state;
    assert_int_equal(lc_n_methods, 121);
    assert_null(ldmsctl_method_at(lc_n_methods));
    for (size_t i = 0; i < lc_n_methods; i++) {
        const struct ldmsctl_method *m = ldmsctl_method_at(i);
        if (i > 0)
            assert_true(strcmp(ldmsctl_method_at(i - 1)->name, m->name) < 0);
        assert_ptr_equal(ldmsctl_method_find(m->name), m);
        assert_true(strncmp(m->function, "ldmsctl_", 8) == 0);
        assert_true(strlen(m->help) > 5);
        assert_true(strlen(m->group) > 3);
        assert_true(m->since <= m->until);
    }
    assert_null(ldmsctl_method_find("prdcr_ad"));
    assert_null(ldmsctl_method_find("prdcr_addd"));
    assert_null(ldmsctl_method_find(NULL));
}

static void
every_argument_has_help_and_a_carrier(void **state)
{
    (void)state;
    for (size_t i = 0; i < lc_n_methods; i++) {
        const struct ldmsctl_method *m = ldmsctl_method_at(i);
        const struct ldmsctl_param *p;
        for (size_t k = 0; (p = ldmsctl_param_at(m, k)) != NULL; k++) {
            if (!*ldmsctl_param_help(p))
                fail_msg("%s: nothing is said of %s", m->name, p->name);
            assert_true(p->attribute_id < LC_ATTR_COUNT);
            assert_true((p->attribute_id == LC_ATTR_NONE) ==
                        (lc_methods[i].params[k].when == LC_LOCAL));
            assert_false(p->required && p->fallback);
        }
    }
}

/* Nothing but fixed attributes comes after a fixed one, or they would be hidden. */
static void
fixed_attributes_stand_last(void **state)
{
    (void)state;
    for (size_t i = 0; i < lc_n_methods; i++)
        for (size_t k = 1; k < lc_methods[i].n_params; k++)
            assert_false(lc_methods[i].params[k - 1].when == LC_FIXED &&
                         lc_methods[i].params[k].when != LC_FIXED);
}

static void
requests_find_their_method(void **state)
{
    (void)state;
    assert_string_equal(lc_method_by_request(0x603)->pub.name, "daemon_status");
    assert_string_equal(lc_method_by_request(0xd00)->pub.name, "smplrp_add");
    assert_null(lc_method_by_request(0xfff));
    assert_null(lc_method_by_request(0));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_121_methods),
        cmocka_unit_test(every_argument_has_help_and_a_carrier),
        cmocka_unit_test(fixed_attributes_stand_last),
        cmocka_unit_test(requests_find_their_method),
    };
    return cmocka_run_group_tests_name("ldmsctl/command", tests, NULL, NULL);
}

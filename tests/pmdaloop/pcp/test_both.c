/* SPDX-License-Identifier: MIT */
/* PCP's library and ours in one process, whose names are mostly the same: each half of the
 * program runs on its own. */
#include "support/cmocka.h"

const char *ours_first_name(int *ret_size);
const char *peers_first_name(int *ret_size);
int ours_set_up(void);
int peers_set_up(void);

static void
each_has_its_own_caches(void **state)
{
    int n = 0, m = 0;

    (void)state;
    assert_string_equal(ours_first_name(&n), "ours-0");
    assert_string_equal(peers_first_name(&m), "peers-0");
    assert_int_equal(n, 3);
    assert_int_equal(m, 5);
}

static void
each_has_its_own_agents_and_flags(void **state)
{
    (void)state;
    assert_true(ours_set_up());
    assert_true(peers_set_up());
    assert_true(ours_set_up());
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_its_own_caches),
        cmocka_unit_test(each_has_its_own_agents_and_flags),
    };
    return cmocka_run_group_tests_name("pmdaloop/pcp/both", tests, NULL, NULL);
}

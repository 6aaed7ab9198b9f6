/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "ldmsctl.h"

#include <limits.h>

static void
version_is_a_version(void **state)
{
    (void)state;
    assert_non_null(strchr(ldmsctl_library_version(), '.'));
}

static void
every_code_has_words(void **state)
{
    (void)state;
    assert_string_equal(ldmsctl_strerror(0), "success");
    assert_string_equal(ldmsctl_strerror(-EPIPE), strerror(EPIPE));
    for (int code = LDMSCTL_EREFUSED; code <= LDMSCTL_EUNKNOWN; code++)
        assert_null(strstr(ldmsctl_strerror(-code), "nknown error"));
    assert_non_null(ldmsctl_strerror(INT_MIN));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_is_a_version),
        cmocka_unit_test(every_code_has_words),
    };
    return cmocka_run_group_tests_name("ldmsctl/error", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "xrdmon.h"

#include <limits.h>

static void
version_is_a_version(void **state)
{
    (void)state;
    assert_non_null(strchr(xrdmon_version(), '.'));
}

static void
every_code_has_words(void **state)
{
    (void)state;
    assert_string_equal(xrdmon_strerror(0), "success");
    assert_string_equal(xrdmon_strerror(-EPIPE), strerror(EPIPE));
    for (int code = XRDMON_ETRUNCATED; code <= XRDMON_EUNKNOWN; code++)
        assert_null(strstr(xrdmon_strerror(-code), "nknown error"));
    assert_non_null(xrdmon_strerror(INT_MIN));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_is_a_version),
        cmocka_unit_test(every_code_has_words),
    };
    return cmocka_run_group_tests_name("xrdmon/error", tests, NULL, NULL);
}

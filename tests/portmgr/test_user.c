/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "portmgr.h"
#include "user.h"

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

static void
c20_the_user_is_the_real_user(void **state)
{
    char name[256];
    const struct passwd *entry = getpwuid(getuid());

    (void)state;
    setenv("LOGNAME", "somebody-else", 1);
    pt_user_name(name, sizeof(name));
    assert_string_equal(name, entry ? entry->pw_name : "somebody-else");

    struct portmgr *pm;
    assert_int_equal(portmgr_new(&pm, NULL), 0);
    assert_string_equal(portmgr_get_user(pm), name);
    portmgr_free(pm);
}

/* Who asks may be set, and then nobody else is. */
static void
c20_the_user_can_be_given(void **state)
{
    struct portmgr_options o = {.size = sizeof(o), .user = "a b"};
    struct portmgr *pm;
    char got[64];
    int pair[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(portmgr_new(&pm, &o), 0);
    assert_string_equal(portmgr_get_user(pm), "a b");
    assert_int_equal(portmgr_connect_fd(pm, pair[0]), 0);
    assert_int_equal(portmgr_allocate_start(pm, "svc"), 0);
    assert_int_equal(recv(pair[1], got, sizeof(got), 0), 19);
    assert_memory_equal(got, "GIMME svc a\\u0020b\n", 19);
    portmgr_free(pm);
    close(pair[1]);
    o.user = "";
    assert_int_equal(portmgr_new(&pm, &o), -EINVAL);
    o.user = "a\nb";
    assert_int_equal(portmgr_new(&pm, &o), -EINVAL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(c20_the_user_is_the_real_user),
        cmocka_unit_test(c20_the_user_can_be_given),
    };
    return cmocka_run_group_tests_name("portmgr/user", tests, NULL, NULL);
}

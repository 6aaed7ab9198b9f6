/* SPDX-License-Identifier: MIT */
/* Functions called at intervals, from a signal's handler: each wait is for the signal. */
#include "support/cmocka.h"

#include <pcp/libpcp.h>

static volatile sig_atomic_t n_calls, last_id;
static sigset_t before;

static void
count(int id, void *data)
{
    volatile sig_atomic_t *calls = data;

    last_id = id;
    ++*calls;
}

/* The signal comes in wait_for() alone. */
static int
hold(void **state)
{
    sigset_t alarms;

    (void)state;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    n_calls = 0;
    return sigprocmask(SIG_BLOCK, &alarms, &before);
}

static int
let_go(void **state)
{
    (void)state;
    return sigprocmask(SIG_SETMASK, &before, NULL);
}

static void
wait_for(volatile const sig_atomic_t *calls, int n)
{
    while (*calls < n)
        sigsuspend(&before);
}

static void
again_and_again(void **state)
{
    const struct timeval soon = {0, 2000};
    int id = __pmAFregister(&soon, (void *)(uintptr_t)&n_calls, count);

    (void)state;
    assert_true(id > 0);
    assert_int_equal(__pmAFisempty(), 0);
    wait_for(&n_calls, 3);
    assert_int_equal(last_id, id);
    assert_int_equal(__pmAFunregister(id), 0);
    assert_int_equal(__pmAFunregister(id), -1);
    assert_int_equal(__pmAFisempty(), 1);
}

/* Without an interval: once. Another one shows that time has passed. */
static void
once(void **state)
{
    static volatile sig_atomic_t others;
    const struct timeval soon = {0, 1000}, later = {0, 3000}, never = {0, 0};

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(__pmAFsetup(&soon, &never, (void *)(uintptr_t)&n_calls, count) > 0);
    int id = __pmAFregister(&later, (void *)(uintptr_t)&others, count);
    wait_for(&n_calls, 3);
    wait_for(&others, 2);
    assert_int_equal(n_calls, 3);
    assert_int_equal(__pmAFunregister(id), 0);
    assert_int_equal(__pmAFisempty(), 1);
}

static void
no_interval(void **state)
{
    static const struct timeval bad[] = {{-1, 0}, {0, -1}, {0, 1000000}};
    const struct timeval good = {1, 0};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(__pmAFregister(&bad[i], NULL, count), -EINVAL);
        assert_int_equal(__pmAFsetup(&bad[i], &good, NULL, count), -EINVAL);
    }
    assert_int_equal(__pmAFisempty(), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(again_and_again, hold, let_go),
        cmocka_unit_test_setup_teardown(once, hold, let_go),
        cmocka_unit_test(no_interval),
    };
    return cmocka_run_group_tests_name("pmdaloop/pcp/timer", tests, NULL, NULL);
}

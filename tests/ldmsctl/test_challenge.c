/* SPDX-License-Identifier: MIT */
#include "support/cmocka.h"

#include "challenge.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

static void
lists_what_waits(void **state)
{
    (void)state;
    assert_false(lc_challenge_is_ours(1));
    assert_int_equal(lc_challenge_add(1), 0);
    assert_int_equal(lc_challenge_add(2), 0);
    assert_int_equal(lc_challenge_add(1), 0); /* of two connections */
    lc_challenge_drop(1);
    assert_true(lc_challenge_is_ours(1));
    assert_true(lc_challenge_is_ours(2));
    lc_challenge_drop(1);
    assert_false(lc_challenge_is_ours(1));
    lc_challenge_drop(2);
    lc_challenge_drop(3);
    assert_false(lc_challenge_is_ours(2));
}

static atomic_bool is_over;

static void *
add_and_drop(void *arg)
{
    while (!is_over) {
        assert_int_equal(lc_challenge_add(1), 0);
        lc_challenge_drop(1);
    }
    return arg;
}

/* Whatever other threads are doing at that moment. */
static void
works_in_a_child(void **state)
{
    enum { THREADS = 4, CHILDREN = 50 };
    pthread_t threads[THREADS];
    int fds[2];
    char answer;

    (void)state;
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK),
                     0); /* the child is gone by then */
    assert_int_equal(lc_challenge_add(2), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_and_drop, NULL), 0);
    for (int i = 0; i < CHILDREN; i++) {
        pid_t child = fork();
        if (child == 0) {
            alarm(20); /* for one that would wait for ever */
            answer = lc_challenge_is_ours(2) ? 'y' : 'n';
            kill(getpid(), write(fds[1], &answer, 1) == 1 ? SIGKILL : SIGALRM);
        }
        assert_true(child > 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        assert_int_equal(read(fds[0], &answer, 1), 1);
        assert_int_equal(answer, 'y');
    }
    is_over = true;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    lc_challenge_drop(2);
    close(fds[0]);
    close(fds[1]);
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_what_waits),
        cmocka_unit_test(works_in_a_child),
    };
    return cmocka_run_group_tests_name("ldmsctl/challenge", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Agents on threads of one process: what they share stands firm. */
#include "support/cmocka.h"

#include <pcp/pmda.h>

#include <pthread.h>

enum { THREADS = 4, ROUNDS = 100 };

static int
decode(int array, void *event, size_t bytes, struct timeval *stamp, void *data)
{
    pmAtomValue atom = {.ul = (uint32_t)bytes};

    (void)event, (void)data;
    if (pmdaEventAddRecord(array, stamp, PM_EVENT_FLAG_POINT) < 0 ||
        pmdaEventAddParam(array, 1, PM_TYPE_U32, &atom) < 0)
        return -EINVAL;
    return 1;
}

/* A queue of its own, filled and read; how often that went wrong. */
static int
use_queue(const char *name, int context)
{
    struct timeval now = {1, 2};
    pmAtomValue atom;
    int bad = 0;
    int queue = pmdaEventNewQueue(name, 1000);

    bad += queue < 0;
    bad += pmdaEventQueueHandle(name) != queue;
    bad += pmdaEventNewClient(context) < 0;
    bad += pmdaEventSetAccess(context, queue, 1) < 0;
    bad += pmdaEventQueueRecords(queue, &atom, context, decode, NULL) !=
           PMDA_FETCH_NOVALUES; /* which asks for them from now on */
    for (int i = 0; i < 5; i++)
        bad += pmdaEventQueueAppend(queue, &i, sizeof(i), &now) < 0;
    bad +=
        pmdaEventQueueRecords(queue, &atom, context, decode, NULL) != PMDA_FETCH_STATIC;
    bad += pmdaEventEndClient(context) < 0;
    bad += pmdaEventQueueShutdown(queue) < 0;
    return bad;
}

static int
use_cache(pmInDom indom, int round)
{
    char name[32];
    int inst;

    snprintf(name, sizeof(name), "round %d", round);
    int stored = pmdaCacheStore(indom, PMDA_CACHE_ADD, name, NULL);
    return stored < 0 ||
           pmdaCacheLookupName(indom, name, &inst, NULL) != PMDA_CACHE_ACTIVE ||
           inst != stored;
}

static void *
work(void *number)
{
    int self = *(int *)number;
    char name[32];
    intptr_t bad = 0;

    for (int round = 0; round < ROUNDS; round++) {
        snprintf(name, sizeof(name), "queue-%d-%d", self, round);
        bad += use_queue(name, self);
        bad += use_cache(pmInDom_build(100, (unsigned)(self * ROUNDS + round)), round);
    }
    return (void *)bad;
}

static void
each_has_its_own(void **state)
{
    pthread_t threads[THREADS];
    int numbers[THREADS];
    void *bad;

    (void)state;
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, work, &numbers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &bad), 0);
        assert_null(bad);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_has_its_own)};
    return cmocka_run_group_tests_name("pmdaloop/pcp/threads", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* In the steady state of a table nothing is allocated, so memory stays flat however long
 * an agent runs. The linker hands us each allocation of the library's. */
#include "pair.h"
#include "simple_table.h"

static size_t allocations;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

void *
__wrap_malloc(size_t n)
{
    allocations++;
    return __real_malloc(n);
}

void *
__wrap_calloc(size_t n, size_t size)
{
    allocations++;
    return __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t n)
{
    allocations++;
    return __real_realloc(p, n);
}

enum { MANY = 1000 };

static struct pmdaloop_indom many_indom = {.serial = 0};
static const struct pmdaloop_metric many_metrics[] = {
    {.item = 0, .type = PMDALOOP_U32, .sem = PMDALOOP_INSTANT, .indom = &many_indom},
    {.item = 1, .type = PMDALOOP_STRING, .sem = PMDALOOP_INSTANT, .indom = &many_indom},
    {.item = 2, .type = PMDALOOP_DOUBLE, .sem = PMDALOOP_INSTANT},
};
/* The same, a value at a time or a column. */
static int
fetch_column(struct pmdaloop *pl, const struct pmdaloop_metric *m, const int32_t *insts,
             size_t n, void *ret_column)
{
    (void)pl, (void)m;
    memcpy(ret_column, insts, n * sizeof(*insts));
    return PMDALOOP_VALUE;
}

static struct pmdaloop_table many = {
    .size = sizeof(many),
    .metrics = many_metrics,
    .n_metrics = 3,
    .indoms = &many_indom,
    .n_indoms = 1,
    .fetch = simple_table_fetch,
};
static struct pmdaloop_table many_by_column = {
    .size = sizeof(many_by_column),
    .metrics = many_metrics,
    .n_metrics = 3,
    .indoms = &many_indom,
    .n_indoms = 1,
    .fetch = simple_table_fetch,
    .fetch_column = fetch_column,
};

/* One of everything that pmcd asks day by day. */
static void
round_of_questions(struct pair *p, int32_t k)
{
    const uint32_t pmids[] = {PMDALOOP_PMID(253, 0, 0), PMDALOOP_PMID(253, 0, 1),
                              PMDALOOP_PMID(253, 0, 2)};
    const int32_t insts[] = {k % MANY, 2, 700};
    const struct pmdaloop_probe_filter filter = {
        .indom = PMDALOOP_INDOM(253, 0), .only_these = 1, .insts = insts, .n_insts = 3};
    struct pmdaloop_probe *probe = p->probe;

    assert_int_equal(pmdaloop_probe_profile(probe, 0, &filter, k % 2 ? 1U : 0U), 0);
    assert_true(pair_reply(p, pmdaloop_probe_fetch_start(probe, pmids, 3))->n_items >=
                7);
    assert_int_equal(pair_reply(p, pmdaloop_probe_desc_start(probe, pmids[1]))->err, 0);
    assert_true(pair_reply(p, pmdaloop_probe_instance_start(
                                  probe, PMDALOOP_INDOM(253, 0), -1, NULL))
                    ->n_items == MANY);
    assert_int_equal(
        pair_reply(p, pmdaloop_probe_labels_start(probe, PMDALOOP_INDOM(253, 0), 32))
            ->err,
        0);
    assert_int_equal(pmdaloop_probe_client_gone(probe), 0);
}

static void
allocates_nothing(void **state)
{
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253};
    struct pair p = pair_make(&o, *state);
    char name[32];
    int rounds = getenv("LABWIRE_SLOW") ? 20 : 1000;

    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof(name), "instance number %d", i);
        assert_int_equal(pmdaloop_add_instance(p.pl, 0, i, name), i);
    }
    for (int k = 0; k < 10; k++)
        round_of_questions(&p, k);
    size_t before = allocations;
    assert_true(before > 0); /* we do see them */
    for (int k = 0; k < rounds; k++)
        round_of_questions(&p, k);
    assert_int_equal(allocations - before, 0);
    pair_free(&p);
}

static void
stays_flat_over_a_million_fetches(void **state)
{
    (void)state;
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253};
    struct pair p = pair_make(&o, &simple_table);
    const uint32_t pmids[] = {PMDALOOP_PMID(253, 0, 0), PMDALOOP_PMID(253, 0, 1)};
    long fetches = getenv("LABWIRE_SLOW") ? 10000 : 1000000;
    size_t before = 0;

    for (long k = 0; k < fetches; k++) {
        if (k == 100)
            before = allocations;
        int number = pmdaloop_probe_fetch_start(p.probe, pmids, 2);
        assert_true(pair_reply(&p, number)->n_items == 4);
    }
    assert_int_equal(allocations, before);
    pair_free(&p);
}

/* Instances that come and go leave nothing behind either. */
static void
stays_flat_while_instances_change(void **state)
{
    (void)state;
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253};
    struct pair p = pair_make(&o, &many);
    char name[32];
    size_t at_half = 0, in_half = 0;

    for (int32_t i = 0; i < 40000; i++) {
        size_t before = allocations;
        snprintf(name, sizeof(name), "process %d", i);
        assert_int_equal(pmdaloop_add_instance(p.pl, 0, i, name), i);
        if (i >= 100)
            assert_int_equal(pmdaloop_remove_instance(p.pl, 0, i - 100), 0);
        if (i < 20000)
            at_half += allocations - before;
        else
            in_half += allocations - before;
    }
    /* A name each, and now and then tables of the same size in place of the old ones. */
    assert_true(in_half <= at_half);
    assert_true(in_half < 20000 + 20000 / 10);
    assert_int_equal(pair_reply(&p, pmdaloop_probe_instance_start(
                                        p.probe, PMDALOOP_INDOM(253, 0), -1, NULL))
                         ->n_items,
                     100);
    pair_free(&p);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(allocates_nothing, &many),
        cmocka_unit_test_prestate(allocates_nothing, &many_by_column),
        cmocka_unit_test(stays_flat_over_a_million_fetches),
        cmocka_unit_test(stays_flat_while_instances_change),
    };
    return cmocka_run_group_tests_name("pmdaloop/steady", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Requests and replies: one each, in order, in time. */
#include "handle.h"
#include "pair.h"
#include "simple_table.h"

#include <sys/socket.h>

static struct pmdaloop_event seen[8];
static size_t n_seen;

static void
keep(struct pair *p, const struct pmdaloop_event *event)
{
    (void)p;
    assert_true(n_seen < 8);
    seen[n_seen++] = *event;
}

static struct pair
agent(const struct pmdaloop_table *table)
{
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253};
    n_seen = 0;
    return pair_make(&o, table);
}

static const uint32_t two[] = {PMDALOOP_PMID(253, 0, 0), PMDALOOP_PMID(253, 0, 7)};

static void
replies_leave_in_the_order_of_requests(void **state)
{
    (void)state;
    struct pair p = agent(NULL);
    const void *out;
    int first = pmdaloop_probe_desc_start(p.probe, 1);
    int second = pmdaloop_probe_text_start(p.probe, 2, 5);

    pair_talk(&p, keep);
    assert_int_equal(n_seen, 2);
    assert_int_equal(pmdaloop_reply_text(p.pl, seen[1].number, "second"), 0);
    assert_int_equal(pmdaloop_get_out(p.pl, &out), 0); /* it waits for its turn */
    assert_int_equal(pmdaloop_reply_error(p.pl, seen[0].number, PMDALOOP_PM_PMID), 0);
    assert_int_equal(pair_reply(&p, first)->code, PMDALOOP_PM_PMID);
    assert_string_equal(pair_reply(&p, second)->items[0].name, "second");
    pair_free(&p);
}

static void
a_request_has_one_reply(void **state)
{
    (void)state;
    struct pair p = agent(NULL);
    struct pmdaloop_desc desc = {.pmid = 1};
    int number = pmdaloop_probe_desc_start(p.probe, 1);

    pair_talk(&p, keep);
    uint32_t n = seen[0].number;
    assert_int_equal(pmdaloop_reply_text(p.pl, n, "no text is due"), -EINVAL);
    assert_int_equal(pmdaloop_reply_error(p.pl, n, 0),
                     -EINVAL); /* success is no reply */
    assert_int_equal(pmdaloop_reply_desc(p.pl, n + 1, &desc), -PMDALOOP_ENOREQUEST);
    assert_int_equal(pmdaloop_reply_desc(p.pl, 0, &desc), -PMDALOOP_ENOREQUEST);
    assert_int_equal(pmdaloop_reply_desc(p.pl, n, &desc), 0);
    assert_int_equal(pmdaloop_reply_desc(p.pl, n, &desc), -PMDALOOP_ENOREQUEST);
    assert_int_equal(pair_reply(&p, number)->err, 0);
    assert_null(pmdaloop_probe_next(p.probe));
    pair_free(&p);
}

static void
what_has_not_come_in_time_is_not_available(void **state)
{
    (void)state;
    struct pair p = agent(NULL);
    struct pmdaloop_counts counts;
    const struct pmdaloop_value v = {.type = PMDALOOP_U32, .as.u32 = 5};

    pmdaloop_tick(p.pl, 1000);
    int fetch = pmdaloop_probe_fetch_start(p.probe, two, 2);
    int desc = pmdaloop_probe_desc_start(p.probe, two[0]);
    pair_talk(&p, keep);
    assert_int_equal(pmdaloop_get_timeout_ms(p.pl), 4000);
    /* One of two metrics is there. */
    assert_int_equal(pmdaloop_reply_metric(p.pl, seen[0].number, 0), 0);
    assert_int_equal(pmdaloop_reply_value(p.pl, seen[0].number, -1, &v), 0);
    pmdaloop_tick(p.pl, 4999);
    assert_int_equal(pmdaloop_get_timeout_ms(p.pl), 1);
    pmdaloop_tick(p.pl, 5000);
    const struct pmdaloop_probe_event *reply = pair_reply(&p, fetch);
    assert_int_equal(reply->n_items, 2);
    assert_int_equal(reply->items[0].value.as.u32, 5);
    assert_int_equal(reply->items[1].code, PMDALOOP_PM_AGAIN);
    assert_int_equal(pair_reply(&p, desc)->code, PMDALOOP_PM_AGAIN);
    assert_int_equal(pmdaloop_reply_metric(p.pl, seen[0].number, 0),
                     -PMDALOOP_ENOREQUEST);
    assert_int_equal(pmdaloop_get_counts(p.pl, &counts), 0);
    assert_int_equal(counts.late, 2);
    assert_int_equal(pmdaloop_get_timeout_ms(p.pl), -1);
    pair_free(&p);
}

static int later_calls;
static bool has_come;

static int
fetch_later(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
            struct pmdaloop_value *ret)
{
    (void)pl;
    (void)inst;
    later_calls++;
    if (m->item == 0 && !has_come)
        return PMDALOOP_LATER;
    ret->as.u32 = 7;
    return PMDALOOP_VALUE;
}

static const struct pmdaloop_metric later_metrics[] = {
    {.item = 0, .type = PMDALOOP_U32, .sem = PMDALOOP_INSTANT},
    {.item = 7, .type = PMDALOOP_U32, .sem = PMDALOOP_INSTANT},
};
static const struct pmdaloop_table later = {
    .size = sizeof(later),
    .metrics = later_metrics,
    .n_metrics = 2,
    .fetch = fetch_later,
};

static void
a_slow_source_does_not_stop_the_agent(void **state)
{
    (void)state;
    struct pair p = agent(&later);
    const void *out;

    later_calls = 0;
    has_come = false;
    int number = pmdaloop_probe_fetch_start(p.probe, two, 2);
    pair_talk(&p, keep);
    assert_int_equal(n_seen, 0);
    assert_int_equal(pmdaloop_get_out(p.pl, &out), 0);
    /* The next one is answered at once, but leaves behind it. */
    int desc = pmdaloop_probe_desc_start(p.probe, two[1]);
    pair_talk(&p, keep);
    assert_int_equal(pmdaloop_get_out(p.pl, &out), 0);
    has_come = true;
    pair_talk(&p, keep);
    assert_int_equal(pmdaloop_get_out(p.pl, &out), 0); /* nobody has said so */
    assert_int_equal(pmdaloop_retry(p.pl), 0);
    const struct pmdaloop_probe_event *reply = pair_reply(&p, number);
    assert_int_equal(reply->n_items, 2);
    assert_int_equal(reply->items[0].value.as.u32, 7);
    assert_int_equal(pair_reply(&p, desc)->err, 0);

    /* And what never comes costs its own value, no more. */
    has_come = false;
    pmdaloop_tick(p.pl, 10);
    number = pmdaloop_probe_fetch_start(p.probe, two, 2);
    pair_talk(&p, keep);
    assert_int_equal(pmdaloop_retry(p.pl), 0);
    pair_talk(&p, keep);
    assert_int_equal(pmdaloop_get_out(p.pl, &out), 0);
    pmdaloop_tick(p.pl, 4010);
    reply = pair_reply(&p, number);
    assert_int_equal(reply->items[0].code, PMDALOOP_PM_AGAIN);
    assert_int_equal(reply->items[1].value.as.u32, 7);
    pair_free(&p);
}

/* Wants to be asked three times, and says so itself, as a source does that was quick. */
static int
fetch_after_three(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
                  struct pmdaloop_value *ret)
{
    (void)m;
    (void)inst;
    ret->as.u32 = (uint32_t)++later_calls;
    if (later_calls >= 3)
        return PMDALOOP_VALUE;
    assert_int_equal(pmdaloop_retry(pl), 0);
    return PMDALOOP_LATER;
}

static void
a_table_may_ask_itself_again(void **state)
{
    (void)state;
    struct pmdaloop_table table = later;
    table.fetch = fetch_after_three;
    struct pair p = agent(&table);

    later_calls = 0;
    int number = pmdaloop_probe_fetch_start(p.probe, two, 1);
    pair_talk(&p, keep); /* takes the request, and looks for events once more */
    assert_int_equal(later_calls, 2);
    assert_int_equal(pmdaloop_get_timeout_ms(p.pl), 0);
    assert_int_equal(pair_reply(&p, number)->items[0].value.as.u32, 3);
    pair_free(&p);
}

static void
ready_is_told_where_the_opposite_was(void **state)
{
    (void)state;
    struct pair p = agent(&simple_table);
    const void *out;

    /* Nobody noticed: nothing to tell. */
    assert_int_equal(pmdaloop_set_ready(p.pl, 0), 0);
    assert_int_equal(pmdaloop_set_ready(p.pl, 1), 0);
    assert_int_equal(pmdaloop_get_out(p.pl, &out), 0);

    assert_int_equal(pmdaloop_set_ready(p.pl, 0), 0);
    int number = pmdaloop_probe_desc_start(p.probe, two[0]);
    assert_int_equal(pair_reply(&p, number)->code, PMDALOOP_PM_NOTREADY);
    assert_int_equal(pmdaloop_set_ready(p.pl, 1), 0);
    assert_int_equal(pmdaloop_set_ready(p.pl, 1), 0);
    pair_talk(&p, NULL);
    const struct pmdaloop_probe_event *note = pmdaloop_probe_next(p.probe);
    assert_int_equal(note->kind, PMDALOOP_PROBE_UNASKED);
    assert_int_equal(note->code, PMDALOOP_PM_READY);
    assert_null(pmdaloop_probe_next(p.probe));
    number = pmdaloop_probe_desc_start(p.probe, two[0]);
    assert_int_equal(pair_reply(&p, number)->code, 0);
    pair_free(&p);
}

static void
many_at_once_are_taken_as_there_is_room(void **state)
{
    (void)state;
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253, .max_requests = 3};
    struct pair p = pair_make(&o, &simple_table);
    int first = 0, last = 0;

    for (int i = 0; i < 100; i++) {
        last = pmdaloop_probe_desc_start(p.probe, two[0]);
        first = first ? first : last;
    }
    pair_talk(&p, NULL);
    for (int i = first; i <= last; i++) {
        const struct pmdaloop_probe_event *reply = pmdaloop_probe_next(p.probe);
        assert_non_null(reply);
        assert_int_equal(reply->number, i);
        assert_int_equal(reply->err, 0);
    }
    pair_free(&p);
}

/* Low-level replies of each kind; the sets' room is guessed too low on purpose. */
static void
take_all(struct pair *p, const struct pmdaloop_event *e)
{
    struct pmdaloop_value v = {.type = PMDALOOP_STRING, .as.bytes = "text of a value"};
    char name[16];

    if (e->kind == PMDALOOP_FETCH) {
        for (size_t i = 0; i < e->n_pmids; i++) {
            assert_int_equal(pmdaloop_reply_metric(p->pl, e->number, 0), 0);
            for (int32_t inst = 0; inst < 50; inst++)
                assert_int_equal(pmdaloop_reply_value(p->pl, e->number, inst, &v), 0);
        }
        assert_int_equal(pmdaloop_reply_metric(p->pl, e->number, 0), -EINVAL);
    } else if (e->kind == PMDALOOP_INSTANCE) {
        for (int32_t inst = 0; inst < 50; inst++) {
            snprintf(name, sizeof(name), "i%d", inst);
            assert_int_equal(pmdaloop_reply_instance(p->pl, e->number, inst, name), 0);
        }
    } else if (e->kind == PMDALOOP_CHILDREN) {
        assert_int_equal(pmdaloop_reply_name(p->pl, e->number, "leaf", 1), 0);
        assert_int_equal(pmdaloop_reply_name(p->pl, e->number, "node", 0), 0);
    } else if (e->kind == PMDALOOP_LABELS) {
        assert_int_equal(
            pmdaloop_reply_labels(p->pl, e->number, -1, "{\"b\" : 1, \"a\" :\t[ 2 ] }"),
            0);
        assert_int_equal(pmdaloop_reply_labels(p->pl, e->number, -1, "{}"), -EINVAL);
    }
    if (e->number)
        assert_int_equal(pmdaloop_reply_end(p->pl, e->number), 0);
}

static void
lists_grow_as_they_are_told(void **state)
{
    (void)state;
    struct pair p = agent(NULL);
    const struct pmdaloop_probe_event *reply;

    (void)pmdaloop_probe_fetch_start(p.probe, two, 2);
    (void)pmdaloop_probe_instance_start(p.probe, 3, -1, NULL);
    (void)pmdaloop_probe_children_start(p.probe, "some.name");
    (void)pmdaloop_probe_labels_start(p.probe, 5, PMDALOOP_LABEL_ITEM);
    pair_talk(&p, take_all);
    reply = pmdaloop_probe_next(p.probe);
    assert_int_equal(reply->err, 0);
    assert_int_equal(reply->n_items, 100);
    for (size_t i = 0; i < 100; i++) {
        assert_int_equal(reply->items[i].pmid, two[i / 50]);
        assert_int_equal(reply->items[i].inst, i % 50);
        assert_int_equal(reply->items[i].value.len, 15);
        assert_memory_equal(reply->items[i].value.as.bytes, "text of a value", 15);
    }
    reply = pmdaloop_probe_next(p.probe);
    assert_int_equal(reply->n_items, 50);
    assert_string_equal(reply->items[49].name, "i49");
    reply = pmdaloop_probe_next(p.probe);
    assert_int_equal(reply->n_items, 2);
    assert_int_equal(reply->items[1].code, 1);
    reply = pmdaloop_probe_next(p.probe);
    assert_string_equal(reply->items[0].name, "{\"b\":1,\"a\":[2]}");
    assert_int_equal(reply->items[0].code, 2);
    pair_free(&p);
}

static void
a_reply_past_its_limit_is_an_error(void **state)
{
    (void)state;
    struct pmdaloop_options o = {
        .size = sizeof(o), .domain = 253, .max_reply_bytes = 1024};
    struct pair p = pair_make(&o, NULL);
    struct pmdaloop_value v = {.type = PMDALOOP_U32};
    int err = 0;

    n_seen = 0;
    int number = pmdaloop_probe_fetch_start(p.probe, two, 1);
    pair_talk(&p, keep);
    assert_int_equal(pmdaloop_reply_metric(p.pl, seen[0].number, 0), 0);
    for (int32_t i = 0; err == 0 && i < 1000; i++)
        err = pmdaloop_reply_value(p.pl, seen[0].number, i, &v);
    assert_int_equal(err, -ENOBUFS);
    assert_int_equal(pmdaloop_reply_end(p.pl, seen[0].number), -ENOBUFS);
    assert_int_equal(pair_reply(&p, number)->code, PMDALOOP_PM_TOOBIG);
    pair_free(&p);
}

/* Values of one kind after another, up to the limit: each kind's room is guessed anew. */
static void
a_reply_may_be_as_long_as_its_limit(void **state)
{
    (void)state;
    enum { LIMIT = 4096, WORDS = 250, TEXTS = 90 };
    struct pmdaloop_options o = {
        .size = sizeof(o), .domain = 253, .max_reply_bytes = LIMIT};
    struct pair p = pair_make(&o, NULL);
    struct pmdaloop_value word = {.type = PMDALOOP_U32};
    struct pmdaloop_value text = {.type = PMDALOOP_STRING, .as.bytes = "seven c"};

    n_seen = 0;
    int number = pmdaloop_probe_fetch_start(p.probe, two, 2);
    pair_talk(&p, keep);
    assert_int_equal(pmdaloop_reply_metric(p.pl, seen[0].number, 0), 0);
    for (int32_t i = 0; i < TEXTS; i++)
        assert_int_equal(pmdaloop_reply_value(p.pl, seen[0].number, i, &text), 0);
    assert_int_equal(pmdaloop_reply_metric(p.pl, seen[0].number, 0), 0);
    for (word.as.u32 = 0; word.as.u32 < WORDS; word.as.u32++)
        assert_int_equal(
            pmdaloop_reply_value(p.pl, seen[0].number, (int32_t)word.as.u32, &word), 0);
    assert_int_equal(pmdaloop_reply_end(p.pl, seen[0].number), 0);
    const struct pmdaloop_probe_event *reply = pair_reply(&p, number);
    assert_int_equal(reply->err, 0);
    assert_in_range(reply->pdu_bytes, LIMIT * 9 / 10, LIMIT);
    assert_int_equal(reply->n_items, TEXTS + WORDS);
    for (uint32_t i = 0; i < TEXTS; i++)
        assert_string_equal(reply->items[i].value.as.bytes, "seven c");
    for (uint32_t i = 0; i < WORDS; i++)
        assert_int_equal(reply->items[TEXTS + i].value.as.u32, i);
    pair_free(&p);
}

/* A burst of large replies leaves the memory of one behind. */
static void
memory_is_let_go(void **state)
{
    (void)state;
    enum { BURST = 5, LARGE = 3 << 20 };
    struct pair p = agent(NULL);
    char *text = malloc(LARGE + 1);
    size_t kept = 0;

    memset(text, 'x', LARGE);
    text[LARGE] = '\0';
    for (int i = 0; i < BURST; i++)
        assert_true(pmdaloop_probe_text_start(p.probe, (uint32_t)i, 5) > 0);
    pair_talk(&p, keep);
    assert_int_equal(n_seen, BURST);
    for (int i = 0; i < BURST; i++)
        assert_int_equal(pmdaloop_reply_text(p.pl, seen[i].number, text), 0);
    pair_talk(&p, NULL);
    for (const struct pl_slot *s = p.pl->engine.idle; s; s = s->next)
        kept += s->reply_room;
    assert_true(kept >= LARGE && kept < 2 * LARGE);
    free(text);
    pair_free(&p);
}

static void
options_of_another_version_are_checked(void **state)
{
    (void)state;
    struct {
        struct pmdaloop_options o;
        uint64_t more;
    } longer = {.o = {.size = sizeof(longer)}, .more = 0};
    struct pmdaloop_options shorter = {.size = 8};
    struct pmdaloop *pl;

    assert_int_equal(pmdaloop_new(&pl, &shorter), -EINVAL);
    assert_int_equal(pmdaloop_new(&pl, &longer.o), 0);
    pmdaloop_free(pl);
    longer.more = 1;
    assert_int_equal(pmdaloop_new(&pl, &longer.o), -E2BIG);
    pmdaloop_free(NULL);
}

/* The whole of it over descriptors, two agents in one process. */
static void
two_agents_share_nothing(void **state)
{
    (void)state;
    struct pmdaloop_options o = {.size = sizeof(o), .domain = 253};
    struct pmdaloop *agents[2];
    struct pmdaloop_probe *probes[2];
    const struct pmdaloop_probe_event *reply;

    for (int i = 0; i < 2; i++) {
        int fds[2];
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
        o.domain = 253 + (uint32_t)i;
        assert_int_equal(pmdaloop_new(&agents[i], &o), 0);
        assert_int_equal(pmdaloop_set_table(agents[i], &simple_table), 0);
        assert_int_equal(pmdaloop_connect_fd(agents[i], fds[0], fds[0]), 0);
        assert_int_equal(pmdaloop_connect_fd(agents[i], fds[0], fds[0]), -EISCONN);
        assert_int_equal(pmdaloop_probe_new(&probes[i], NULL), 0);
        assert_int_equal(pmdaloop_probe_connect_fd(probes[i], fds[1], fds[1]), 0);
    }
    for (int turn = 0; turn < 4; turn++) {
        for (int i = 0; i < 2; i++) {
            (void)pmdaloop_wait(agents[i], 0);
            while (pmdaloop_next(agents[i]) != NULL)
                continue;
            (void)pmdaloop_wait(agents[i], 0);
            (void)pmdaloop_probe_wait(probes[i], 0);
            reply = pmdaloop_probe_next(probes[i]);
            if (turn == 0) {
                uint32_t pmid = PMDALOOP_PMID(253 + i, 0, 1);
                assert_int_equal(reply->kind, PMDALOOP_PROBE_OPENED);
                assert_true(pmdaloop_probe_desc_start(probes[i], pmid) > 0);
            } else if (reply) {
                assert_int_equal(reply->kind, PMDALOOP_PROBE_REPLY);
                assert_int_equal(reply->desc.indom, PMDALOOP_INDOM(253 + i, 0));
                turn = 4;
            }
            (void)pmdaloop_probe_wait(probes[i], 0);
        }
    }
    for (int i = 0; i < 2; i++) {
        pmdaloop_probe_free(probes[i]);
        assert_int_equal(pmdaloop_run(agents[i]), 0);
        assert_string_equal(pmdaloop_errmsg(agents[i]), "pmcd has ended the session");
        pmdaloop_free(agents[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replies_leave_in_the_order_of_requests),
        cmocka_unit_test(a_request_has_one_reply),
        cmocka_unit_test(what_has_not_come_in_time_is_not_available),
        cmocka_unit_test(a_slow_source_does_not_stop_the_agent),
        cmocka_unit_test(a_table_may_ask_itself_again),
        cmocka_unit_test(ready_is_told_where_the_opposite_was),
        cmocka_unit_test(many_at_once_are_taken_as_there_is_room),
        cmocka_unit_test(lists_grow_as_they_are_told),
        cmocka_unit_test(a_reply_past_its_limit_is_an_error),
        cmocka_unit_test(a_reply_may_be_as_long_as_its_limit),
        cmocka_unit_test(memory_is_let_go),
        cmocka_unit_test(options_of_another_version_are_checked),
        cmocka_unit_test(two_agents_share_nothing),
    };
    return cmocka_run_group_tests_name("pmdaloop/engine", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "client.h"

#include "portmgr-uv.h"

/* What the callbacks saw. */
struct seen {
    struct portmgr_uv u;
    int events, closed, want;
    struct portmgr_event last;
    size_t rows;
    char errmsg[256];
};

static void
on_closed(struct portmgr_uv *u)
{
    ((struct seen *)u->data)->closed++;
}

static void
on_event(struct portmgr_uv *u, const struct portmgr_event *event)
{
    struct seen *seen = u->data;

    seen->last = *event;
    seen->rows = event->list ? event->list->count : 0;
    snprintf(seen->errmsg, sizeof(seen->errmsg), "%s", portmgr_errmsg(u->pm));
    if (++seen->events == seen->want) {
        portmgr_uv_close(u, on_closed);
    } else if (event->err == 0) {
        assert_int_equal(portmgr_list_start(u->pm), 0);
        portmgr_uv_update(u);
    }
}

/* Runs until `want` events have come; asks for a port, then for a list, then waits. */
static void
run_loop(struct seen *seen, struct portmgr *pm, int want)
{
    uv_loop_t loop;

    *seen = (struct seen){.want = want};
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(portmgr_uv_init(&seen->u, &loop, pm, on_event, seen), 0);
    assert_int_equal(portmgr_allocate_start(pm, "svc"), 0);
    portmgr_uv_update(&seen->u);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(seen->events, want);
    assert_int_equal(seen->closed, 1);
}

static void
port_then_list_then_loss(void **state)
{
    struct stage s;
    struct seen seen;

    (void)state;
    raise_stage(&s,
                STEPS(EXPECT("GIMME svc fox\n"), PAUSE(20), SEND("OK 43010\r\n"),
                      EXPECT("LIST\n"), SEND("OK 1\r\n43010 s"), PAUSE(20),
                      SEND("vc fox\r\n"), EXPECT("LIST\n"), CLOSE),
                0);
    run_loop(&seen, s.pm, 3);
    assert_int_equal(seen.last.kind, PORTMGR_EVENT_LISTED);
    assert_int_equal(seen.last.err, -PORTMGR_ECLOSED);
    strike_stage(&s);
}

static void
close_in_the_first_callback(void **state)
{
    struct stage s;
    struct seen seen;

    (void)state;
    raise_stage(
        &s, STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 43010\r\nmore\r\n"), HOLD), 0);
    run_loop(&seen, s.pm, 1);
    assert_int_equal(seen.last.port, 43010);
    strike_stage(&s);
}

static void
deadline(void **state)
{
    struct stage s;
    struct seen seen;

    (void)state;
    raise_stage(&s, STEPS(EXPECT("GIMME svc fox\n"), HOLD), 200);
    run_loop(&seen, s.pm, 1);
    assert_int_equal(seen.last.err, -ETIMEDOUT);
    strike_stage(&s);
}

/* The descriptor changes from one address's to the next: "localhost" has two, and the
 * first does not answer. */
static void
descriptors_change(void **state)
{
    struct portmgr_options o = {.size = sizeof(o), .user = "fox", .timeout_ms = 4000};
    struct silent_port silent;
    struct peer peer;
    struct portmgr *pm;
    struct seen seen;

    (void)state;
    fall_silent(&silent);
    const struct peer_step *steps =
        STEPS(EXPECT("GIMME svc fox\n"), SEND("OK 43010\r\n"), HOLD);
    if (!start_v6_peer(&peer, silent.port, steps))
        skip();
    assert_int_equal(portmgr_new(&pm, &o), 0);
    assert_int_equal(portmgr_connect(pm, "localhost", silent.port), 0);
    run_loop(&seen, pm, 1);
    assert_int_equal(seen.last.err, 0);
    assert_int_equal(seen.last.port, 43010);
    portmgr_free(pm);
    assert_true(peer_stop(&peer));
    end_silence(&silent);
}

/* The descriptor is that of the look-up first. */
static void
unknown_host(void **state)
{
    struct portmgr *pm;
    struct seen seen;

    (void)state;
    assert_int_equal(portmgr_new(&pm, NULL), 0);
    assert_int_equal(portmgr_connect(pm, "no-such-host.invalid", 1), 0);
    run_loop(&seen, pm, 1);
    assert_int_equal(seen.last.err, -PORTMGR_ERESOLVE);
    portmgr_free(pm);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(port_then_list_then_loss),
        cmocka_unit_test(close_in_the_first_callback),
        cmocka_unit_test(deadline),
        cmocka_unit_test(descriptors_change),
        cmocka_unit_test(unknown_host),
    };
    return cmocka_run_group_tests_name("portmgr/uv", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* The adapter for libuv, with callbacks that start, reconnect, close and free. */
#include "peer.h"

#include "ldmsctl-uv.h"

enum { CHAIN = 3000 };

/* What the callbacks saw, and what the row's own one does. */
struct seen {
    struct ldmsctl *lc;
    struct ldmsctl_uv u;
    int connected, replies, lost, closed;
    int err; /* of the last event */
};

static void
on_closed(struct ldmsctl_uv *u)
{
    ((struct seen *)u->data)->closed++;
}

static struct seen *
count(struct ldmsctl_uv *u, const struct ldmsctl_event *event)
{
    struct seen *seen = u->data;

    seen->connected += event->type == LDMSCTL_EVENT_CONNECTED;
    seen->replies += event->type == LDMSCTL_EVENT_REPLY;
    seen->lost += event->type == LDMSCTL_EVENT_CLOSED;
    seen->err = event->err;
    return seen;
}

static void
ask(struct ldmsctl_uv *u)
{
    assert_int_equal(ldmsctl_command_start(u->lc, "version", NULL), 0);
    ldmsctl_uv_update(u);
}

/* An answer, a question, and so on: as deep for the last as for the first. */
static void
asks_again(struct ldmsctl_uv *u, const struct ldmsctl_event *event)
{
    struct seen *seen = count(u, event);

    if (seen->replies == CHAIN)
        ldmsctl_uv_close(u, on_closed);
    else if (event->type == LDMSCTL_EVENT_REPLY)
        ask(u);
}

/* Frees the handle, and has a call to the adapter behind it, as loops of events do. */
static void
frees(struct ldmsctl_uv *u, const struct ldmsctl_event *event)
{
    struct seen *seen = count(u, event);

    if (event->type != LDMSCTL_EVENT_REPLY)
        return;
    ldmsctl_uv_close(u, on_closed);
    ldmsctl_free(u->lc);
    seen->lc = NULL;
    ldmsctl_uv_update(u);
}

/* The new socket mostly has the number of the old one. */
static void
reconnects(struct ldmsctl_uv *u, const struct ldmsctl_event *event)
{
    struct seen *seen = count(u, event);

    if (event->type == LDMSCTL_EVENT_REPLY && seen->replies < 3) {
        assert_int_equal(ldmsctl_reconnect_start(u->lc), 0);
        ask(u);
    } else if (event->type == LDMSCTL_EVENT_REPLY) {
        ldmsctl_uv_close(u, on_closed);
    }
}

static void
ends(struct ldmsctl_uv *u, const struct ldmsctl_event *event)
{
    count(u, event);
    if (event->type == LDMSCTL_EVENT_CLOSED)
        ldmsctl_uv_close(u, on_closed);
}

static struct row {
    const char *name;
    enum peer_mode mode;
    ldmsctl_uv_event_cb *on_event;
    int connections;
    int connected, replies, lost, err;
} rows[] = {
    {"a question from each answer", PEER_ANSWERS, asks_again, 1, 1, CHAIN, 0, 0},
    {"freed by an answer", PEER_ANSWERS, frees, 1, 1, 1, 0, 0},
    {"reconnects by an answer", PEER_ANSWERS, reconnects, 3, 3, 3, 0, 0},
    {"the daemon goes", PEER_CLOSES, ends, 1, 1, 1, 1, -ECONNRESET},
    {"the daemon goes within an answer", PEER_CLOSES_WITHIN, ends, 1, 1, 1, 1,
     -ECONNRESET},
    {"the daemon is silent", PEER_SILENT_LATER, ends, 1, 1, 1, 1, -ETIMEDOUT},
};

static void
drives(void **state)
{
    const struct row *row = *state;
    struct ldmsctl_options options = {.size = sizeof(options),
                                      .connect_timeout_ms = 20000,
                                      .reply_timeout_ms =
                                          row->err == -ETIMEDOUT ? 100 : 20000};
    struct seen seen = {.lc = NULL};
    struct peer p;
    uv_loop_t loop;

    peer_start(&p, row->mode, NULL, row->connections);
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_int_equal(ldmsctl_new(&seen.lc, &options), 0);
    assert_int_equal(ldmsctl_uv_init(&seen.u, &loop, seen.lc, row->on_event, &seen), 0);
    assert_int_equal(ldmsctl_connect_start(seen.lc, "127.0.0.1", p.port), 0);
    ask(&seen.u);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    ldmsctl_free(seen.lc);
    peer_stop(&p);
    assert_int_equal(seen.connected, row->connected);
    assert_int_equal(seen.replies, row->replies);
    assert_int_equal(seen.lost, row->lost);
    assert_int_equal(seen.closed, 1);
    assert_int_equal(seen.err, row->err);
}

int
main(void)
{
    enum { ROWS = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[ROWS];

    for (size_t i = 0; i < ROWS; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(drives, &rows[i]);
        tests[i].name = rows[i].name;
    }
    return cmocka_run_group_tests_name("ldmsctl/uv", tests, NULL, NULL);
}

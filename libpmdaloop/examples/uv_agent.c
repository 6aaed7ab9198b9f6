/* SPDX-License-Identifier: MIT */
/* An agent in a libuv loop, with a source that takes its time: the value comes from a
 * timer, and the agent answers other questions meanwhile.
 *     uv-agent [pipe | unix:PATH | inet:PORT] */
#include <pmdaloop-uv.h>

#include <stdio.h>

struct source {
    struct pmdaloop_uv uv;
    uv_timer_t timer;
    int is_asked, is_there;
    uint32_t value;
};

static const struct pmdaloop_metric metrics[] = {
    {.item = 0,
     .name = "slow.value",
     .type = PMDALOOP_U32,
     .sem = PMDALOOP_INSTANT,
     .help = "comes 100 ms after it was asked for"},
    {.item = 1, .name = "slow.fast", .type = PMDALOOP_U32, .sem = PMDALOOP_INSTANT},
};

static void
value_comes(uv_timer_t *timer)
{
    struct source *s = timer->data;

    s->is_there = 1;
    s->value++;
    (void)pmdaloop_retry(s->uv.pl);
    pmdaloop_uv_turn(&s->uv);
}

static int
fetch(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
      struct pmdaloop_value *ret)
{
    struct source *s = pmdaloop_get_user(pl);

    (void)inst;
    if (m->item == 0 && !s->is_there) {
        if (!s->is_asked)
            (void)uv_timer_start(&s->timer, value_comes, 100, 0);
        s->is_asked = 1;
        return PMDALOOP_LATER;
    }
    if (m->item == 0)
        s->is_asked = s->is_there = 0;
    ret->as.u32 = s->value;
    return PMDALOOP_VALUE;
}

static void
take(struct pmdaloop_uv *u, const struct pmdaloop_event *event)
{
    struct source *s = u->data;

    if (event->kind != PMDALOOP_CLOSED)
        return;
    pmdaloop_uv_stop(u, NULL);
    uv_close((uv_handle_t *)&s->timer, NULL);
}

int
main(int argc, char **argv)
{
    const struct pmdaloop_options options = {
        .size = sizeof(options), .name = "slow", .domain = 251};
    const struct pmdaloop_table table = {
        .size = sizeof(table), .metrics = metrics, .n_metrics = 2, .fetch = fetch};
    struct source s = {.uv = {.data = &s}};
    struct pmdaloop *pl;

    if (pmdaloop_new(&pl, &options) < 0 || pmdaloop_set_table(pl, &table) < 0)
        return 1;
    pmdaloop_set_user(pl, &s);
    s.timer.data = &s;
    if (pmdaloop_connect(pl, argc > 1 ? argv[1] : "pipe") == 0 &&
        uv_timer_init(uv_default_loop(), &s.timer) == 0 &&
        pmdaloop_uv_start(&s.uv, uv_default_loop(), pl, take) == 0)
        (void)uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    fprintf(stderr, "slow: %s\n", pmdaloop_errmsg(pl));
    pmdaloop_free(pl);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* A whole agent: some clocks, and how often it was asked. In pmcd.conf:
 *     example 250 pipe binary /path/to/example-agent
 * and in the name space of pmcd, since the agent knows its names: example 250:*:* */
#include <pmdaloop.h>
#include <stdio.h>
#include <time.h>

static const struct pmdaloop_instance clocks[] = {{CLOCK_REALTIME, "wall clock"},
                                                  {CLOCK_MONOTONIC, "since boot"}};
static const struct pmdaloop_indom indoms[] = {{0, clocks, 2, "clocks", NULL, NULL}};
static const struct pmdaloop_metric metrics[] = {
    {0, 0, "example.fetched", PMDALOOP_U64, PMDALOOP_COUNTER,
     PMDALOOP_UNITS(0, 0, 1, 0, 0, 0), NULL, "fetches of this", NULL, NULL, NULL},
    {0, 1, "example.time", PMDALOOP_64, PMDALOOP_INSTANT,
     PMDALOOP_UNITS(0, 1, 0, 0, PMDALOOP_SEC, 0), &indoms[0], "what the clock says",
     NULL, NULL, NULL}};

static int
fetch(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
      struct pmdaloop_value *ret)
{
    struct timespec now;
    if (m->item == 0)
        ret->as.u64 = ++*(uint64_t *)pmdaloop_get_user(pl);
    else if (clock_gettime(inst, &now) == 0)
        ret->as.i64 = now.tv_sec;
    else
        return PMDALOOP_NO_VALUE;
    return PMDALOOP_VALUE;
}

int
main(int argc, char **argv)
{
    const struct pmdaloop_table table = {
        sizeof(table), metrics, 2, indoms, 1, NULL, fetch, NULL, NULL, NULL, NULL};
    const struct pmdaloop_options options = {
        .size = sizeof(options), .name = "example", .domain = 250};
    uint64_t fetched = 0;
    struct pmdaloop *pl;
    if (pmdaloop_new(&pl, &options) < 0)
        return 1;
    pmdaloop_set_user(pl, &fetched);
    int err = pmdaloop_set_table(pl, &table);
    if (err == 0)
        err = pmdaloop_connect(pl, argc > 1 ? argv[1] : "pipe");
    if (err == 0)
        err = pmdaloop_run(pl);
    fprintf(stderr, "example: %s\n", pmdaloop_errmsg(pl));
    pmdaloop_free(pl);
    return err < 0;
}

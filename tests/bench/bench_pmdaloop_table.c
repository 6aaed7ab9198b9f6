/* SPDX-License-Identifier: MIT */
/* An agent made of a table, asked over pipes, against the floor: a process that reads each
 * request and writes a canned reply of the same bytes. Both are measured in turns, in seconds of the processor.
 *
 * Many instances are for fetch_column. The other way, a call for each, is shown as well: ten
 * thousand calls alone take as long as the floor does in all (1 ns each), so half of it is
 * out of reach there.
 *   bench_pmdaloop_table [SECONDS]      for each half of each turn, default 0.1 */
#include "pmdaloop_peers.h"

#include "pmdaloop.h"

enum { DOMAIN_NUMBER = 253, N_METRICS = 1000, N_INSTANCES = 10000, TURNS = 7 };

static struct pmdaloop_indom indoms[] = {{.serial = 0}};
static struct pmdaloop_metric metrics[N_METRICS + 1];

static int
fetch(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
      struct pmdaloop_value *ret)
{
    (void)pl;
    ret->as.u32 = m->item + (uint32_t)inst;
    return PMDALOOP_VALUE;
}

static int
fetch_column(struct pmdaloop *pl, const struct pmdaloop_metric *m, const int32_t *insts,
             size_t n, void *ret_column)
{
    uint32_t *column = ret_column;

    (void)pl;
    for (size_t k = 0; k < n; k++)
        column[k] = m->item + (uint32_t)insts[k];
    return PMDALOOP_VALUE;
}

/* The agent's process; by_column: of many instances it tells the values in one call. */
static void
be_agent(bool by_column)
{
    static const struct pmdaloop_options o = {.size = sizeof(o),
                                              .domain = DOMAIN_NUMBER};
    const struct pmdaloop_table table = {.size = sizeof(table),
                                         .metrics = metrics,
                                         .n_metrics = N_METRICS + 1,
                                         .indoms = indoms,
                                         .n_indoms = 1,
                                         .fetch = fetch,
                                         .fetch_column =
                                             by_column ? fetch_column : NULL};
    struct pmdaloop *pl;
    char name[32];

    for (uint32_t i = 0; i <= N_METRICS; i++)
        metrics[i] = (struct pmdaloop_metric){.cluster = i / 1000,
                                              .item = i % 1000,
                                              .type = PMDALOOP_U32,
                                              .sem = PMDALOOP_INSTANT,
                                              .indom = i < N_METRICS ? NULL : indoms};
    must(pmdaloop_new(&pl, &o) == 0 && pmdaloop_set_table(pl, &table) == 0,
         "make an agent");
    for (int32_t i = 0; i < N_INSTANCES; i++) {
        snprintf(name, sizeof(name), "instance-%d", i);
        must(pmdaloop_add_instance(pl, 0, i, name) == i, "add an instance");
    }
    must(pmdaloop_connect(pl, "pipe") == 0, "connect");
    exit(pmdaloop_run(pl) < 0);
}

static void
run_agent(const void *arg)
{
    be_agent(arg != NULL);
}

static void
measure(const char *name, bool by_column, const struct wr *profile, struct load l,
        double goal, double seconds)
{
    struct peer agent = peer_start(run_agent, by_column ? name : NULL);
    double values[TURNS], floors[TURNS];

    peer_greet(&agent);
    write_all(agent.to, profile->start, wr_len(profile));
    l.n_ahead = 1;
    load_prepare(&l, &agent);
    struct peer floor = peer_start(be_floor, &l);
    for (int turn = 0; turn < TURNS; turn++) {
        values[turn] = load_measure(&l, &agent, seconds).per_s;
        floors[turn] = load_measure(&l, &floor, seconds).per_s;
    }
    bench_print(name, "requests/s", bench_median(values, TURNS),
                "canned replies of the same size", bench_median(floors, TURNS), goal,
                0);
    peer_stop(&agent);
    peer_stop(&floor);
    free(l.reply);
}

int
main(int argc, char **argv)
{
    double seconds = argc > 1 ? atof(argv[1]) : 0.1;
    static uint8_t request[N_METRICS * 32], everything[64], a_hundred[1024];
    static uint32_t pmids[N_METRICS];
    static uint8_t insts[100 * 4];
    const struct pl_profile_entry wanted = {
        .indom = pl_indom(DOMAIN_NUMBER, 0), .state = 1, .n = 100, .insts = insts};
    const struct {
        const char *name;
        uint32_t n;
    } cases[] = {{"pmdaloop/table-1-metric", 1},
                 {"pmdaloop/table-100-metrics", 100},
                 {"pmdaloop/table-1000-metrics", 1000}};
    struct wr all = wr_over(everything, sizeof(everything)),
              some = wr_over(a_hundred, sizeof(a_hundred)), w;

    bench_pin_to_one_cpu();
    signal(SIGPIPE, SIG_IGN);
    for (uint32_t i = 0; i < N_METRICS; i++)
        pmids[i] = pl_pmid(DOMAIN_NUMBER, 0, i);
    for (uint32_t i = 0; i < 100; i++)
        wr_be32(insts + (size_t)i * 4, i * 97);
    pl_profile_encode(&all, 0, 0, 0, NULL, 0);
    pl_profile_encode(&some, 0, 0, 0, &wanted, 1);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        w = wr_over(request, sizeof(request));
        pl_fetch_encode(&w, 0, 0, pmids, cases[i].n);
        measure(cases[i].name, false, &all, (struct load){request, wr_len(&w), .n = 1},
                0.5, seconds);
    }
    const uint32_t many = pl_pmid(DOMAIN_NUMBER, 1, 0);
    w = wr_over(request, sizeof(request));
    pl_fetch_encode(&w, 0, 0, &many, 1);
    struct load l = {request, wr_len(&w), .n = 1};
    measure("pmdaloop/table-10000-instances", true, &all, l, 0.5, seconds);
    measure("pmdaloop/table-10000-one-by-one", false, &all, l, 0.5, seconds);
    measure("pmdaloop/table-100-of-10000", false, &some, l, 0.5, seconds);
    w = wr_over(request, sizeof(request));
    for (uint32_t i = 0; i < N_METRICS; i++)
        pl_desc_req_encode(&w, 0, pmids[i]);
    l = (struct load){request, 16, .n = N_METRICS};
    measure("pmdaloop/table-1000-descs", false, &some, l, 0.5, seconds);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* Round trips of an agent on PCP's interface, built with our library and with PCP's, asked
 * by turns through the same kind of pipes, and what each costs the agent alone. Seconds are
 * the processor's, so that what else the machine does counts for nothing.
 *
 * A description is no more than a look-up. Asked for one by one, most of its time is the
 * pipe's, so there the floor is shown as well; what the look-up costs shows when many are
 * asked for in one go.
 *   bench_pmdaloop_pcp OURS PEERS [SECONDS]    for each turn of each, default 0.1 */
#include "pmdaloop_peers.h"

enum { DOMAIN_NUMBER = 251, TURNS = 7, MOST = 1000 };

struct task {
    const char *name, *metrics, *instances, *hashed;
    int n_fetched; /* metrics of a fetch; 0: descriptions, of one after the other */
    int n_wanted;  /* instances in the profile; 0: no profile */
    size_t n_ahead;
    double goal;
    double floor_goal; /* 0: not held against the floor */
    bool is_wide;      /* values of 64 bits, where there are instances */
};

struct program {
    const char *path;
    const struct task *task;
};

static void
run_program(const void *arg)
{
    const struct program *p = arg;
    const struct task *t = p->task;

    execl(p->path, p->path, t->metrics, t->instances, t->hashed, (char *)NULL);
    _exit(127);
}

static uint32_t
pmid_at(const struct task *t, int i)
{
    if (strcmp(t->instances, "1") != 0)
        return pl_pmid(DOMAIN_NUMBER, 9, t->is_wide ? 2 : 1);
    return pl_pmid(DOMAIN_NUMBER, 1, (uint32_t)i + 1);
}

static struct load
make_load(const struct task *t)
{
    static uint8_t requests[MOST * 16 + 64];
    static uint32_t pmids[MOST];
    struct wr w = wr_over(requests, sizeof(requests));
    struct load l = {.requests = requests, .n = 1, .n_ahead = t->n_ahead};

    for (int i = 0; i < MOST; i++)
        pmids[i] = pmid_at(t, i);
    if (t->n_fetched) {
        pl_fetch_encode(&w, 0, 0, pmids, (uint32_t)t->n_fetched);
        l.request_bytes = wr_len(&w);
        return l;
    }
    for (int i = 0; i < MOST; i++)
        pl_desc_req_encode(&w, 0, pmids[i]);
    l.n = MOST;
    l.request_bytes = 16;
    return l;
}

static void
send_profile(const struct peer *p, int n)
{
    static uint8_t insts[4000], buf[8192];
    struct pl_profile_entry e = {pl_indom(DOMAIN_NUMBER, 0), 1, (uint32_t)n, insts};
    struct wr w = wr_over(buf, sizeof(buf));

    for (int i = 0; i < n; i++)
        wr_be32(insts + (size_t)i * 4, (uint32_t)i * 97);
    pl_profile_encode(&w, 0, 0, 0, &e, 1);
    write_all(p->to, buf, wr_len(&w));
}

enum { OURS, PEERS, FLOOR, CONTESTANTS };

static void
print(const struct task *t, double rates[CONTESTANTS][TURNS],
      double cpu[CONTESTANTS][TURNS])
{
    char name[96];
    double ours = bench_median(rates[OURS], TURNS);

    snprintf(name, sizeof(name), "pmdaloop/pcp %s", t->name);
    bench_print(name, "round trips/s", ours, "libpcp_pmda",
                bench_median(rates[PEERS], TURNS), t->goal, 0);
    if (t->floor_goal > 0)
        bench_print(name, "round trips/s", ours, "canned replies of the same size",
                    bench_median(rates[FLOOR], TURNS), t->floor_goal, 0);
    snprintf(name, sizeof(name), "pmdaloop/pcp %s, processor", t->name);
    bench_print(name, "us", bench_median(cpu[OURS], TURNS), "libpcp_pmda",
                bench_median(cpu[PEERS], TURNS), 1 / t->goal, 1);
}

static void
run(const struct task *t, const char *const paths[2], double seconds)
{
    struct load l = make_load(t);
    struct peer peers[CONTESTANTS];
    double rates[CONTESTANTS][TURNS], cpu[CONTESTANTS][TURNS];

    for (int i = OURS; i <= PEERS; i++) {
        peers[i] = peer_start(run_program, &(struct program){paths[i], t});
        peer_greet(&peers[i]);
        if (t->n_wanted)
            send_profile(&peers[i], t->n_wanted);
    }
    load_prepare(&l, &peers[OURS]);
    peers[FLOOR] = peer_start(be_floor, &l);
    for (int turn = 0; turn < TURNS; turn++)
        for (int i = 0; i < CONTESTANTS; i++) {
            struct measured m = load_measure(&l, &peers[i], seconds);
            rates[i][turn] = m.per_s;
            cpu[i][turn] = m.agent_us;
        }
    print(t, rates, cpu);
    for (int i = 0; i < CONTESTANTS; i++)
        peer_stop(&peers[i]);
    free(l.reply);
}

int
main(int argc, char **argv)
{
#define SINGLE(n) .metrics = #n, .instances = "1", .n_fetched = (n), .n_ahead = 1
#define MANY      .metrics = "1", .instances = "10000", .n_fetched = 1, .n_ahead = 1
#define DESCS     .metrics = "1000", .instances = "1"
    static const struct task tasks[] = {
        {"1 metric", SINGLE(1), .goal = 1},
        {"100 metrics", SINGLE(100), .goal = 1.5},
        {"1000 metrics", SINGLE(1000), .goal = 4},
        {"10000 instances", MANY, .goal = 3},
        {"10000 instances of 64 bits", MANY, .goal = 3, .is_wide = true},
        {"100 of 10000 instances", MANY, .goal = 50, .n_wanted = 100},
        {"1000 descriptions, hashed", DESCS, .hashed = "hashed", .n_ahead = 1,
         .goal = 1, .floor_goal = 0.75},
        {"1000 descriptions, not hashed", DESCS, .n_ahead = 1, .goal = 3,
         .floor_goal = 0.75},
        {"1000 descriptions in one go, hashed", DESCS, .hashed = "hashed",
         .n_ahead = MOST, .goal = 1},
        {"1000 descriptions in one go, not hashed", DESCS, .n_ahead = MOST, .goal = 3},
    };

    if (argc < 3)
        return 2;
    bench_pin_to_one_cpu();
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++)
        run(&tasks[i], (const char *const[2]){argv[1], argv[2]},
            argc > 3 ? atof(argv[3]) : 0.1);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* An agent made of a table, asked over pipes, against the floor: a process that reads each
 * request and writes a canned reply of the same bytes. Both are measured in turns.
 *
 *   bench_pmdaloop_table [SECONDS]      for each half of each turn, default 0.3 */
#include "bench.h"
#include "pin.h"

#include "pdu.h"
#include "pmdaloop-probe.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

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

static void
must(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "cannot %s\n", what);
    exit(1);
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
read_all(int fd, uint8_t *bytes, size_t n)
{
    while (n > 0) {
        ssize_t got = read(fd, bytes, n);
        if (got <= 0)
            exit(0);
        bytes += got;
        n -= (size_t)got;
    }
}

static void
write_all(int fd, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        ssize_t put = write(fd, bytes, n);
        if (put <= 0)
            exit(0);
        bytes += put;
        n -= (size_t)put;
    }
}

/* The floor's process: no more than the pipes ask for. */
static void
be_floor(size_t request_bytes, const uint8_t *reply, size_t reply_bytes)
{
    uint8_t *request = malloc(request_bytes);

    must(request != NULL, "allocate");
    for (;;) {
        read_all(0, request, request_bytes);
        write_all(1, reply, reply_bytes);
    }
}

struct peer {
    pid_t pid;
    int to, from;
};

static struct peer
start(void (*run)(const void *), const void *arg)
{
    int in[2], out[2];
    struct peer p;

    must(pipe(in) == 0 && pipe(out) == 0, "make pipes");
    p.pid = fork();
    must(p.pid >= 0, "fork");
    if (p.pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[0]), close(in[1]), close(out[0]), close(out[1]);
        run(arg);
        _exit(0);
    }
    close(in[0]);
    close(out[1]);
    p.to = in[1];
    p.from = out[0];
    return p;
}

static void
stop(struct peer *p)
{
    close(p->to);
    close(p->from);
    kill(p->pid, SIGTERM);
    (void)waitpid(p->pid, NULL, 0);
}

struct canned {
    const uint8_t *reply;
    size_t request_bytes, reply_bytes;
};

static void
run_agent(const void *arg)
{
    be_agent(arg != NULL);
}

static void
run_floor(const void *arg)
{
    const struct canned *c = arg;
    be_floor(c->request_bytes, c->reply, c->reply_bytes);
}

static uint8_t reply[1 << 18];

/* One round trip; the reply's length is in its head. */
static size_t
ask(const struct peer *p, const uint8_t *request, size_t len)
{
    write_all(p->to, request, len);
    read_all(p->from, reply, PL_HEAD_BYTES);
    size_t n = rd_be32(reply);
    must(n <= sizeof(reply), "hold the reply");
    read_all(p->from, reply + PL_HEAD_BYTES, n - PL_HEAD_BYTES);
    return n;
}

/* Round trips a second, over requests of one length. */
static double
rate(const struct peer *p, const uint8_t *requests, size_t len, size_t n,
     double seconds)
{
    double start_s = bench_now_s(), end_s = start_s + seconds;
    size_t asked = 0;

    while (bench_now_s() < end_s)
        for (size_t i = 0; i < 16; i++, asked++)
            (void)ask(p, requests + asked % n * len, len);
    return (double)asked / (bench_now_s() - start_s);
}

/* The best turn: what else the machine does only ever slows one down. */
static double
best(double *values)
{
    (void)bench_median(values, TURNS); /* which sorts them */
    return values[TURNS - 1];
}

/* n requests of len bytes each; all get replies of one length. */
static void
measure(const char *name, bool by_column, const uint8_t *profile, size_t profile_len,
        const uint8_t *requests, size_t len, size_t n, double seconds)
{
    struct peer agent = start(run_agent, by_column ? name : NULL);
    uint8_t hello[20];
    struct wr w = wr_over(hello, sizeof(hello));
    double values[TURNS], floors[TURNS];

    read_all(agent.from, reply, 20);
    pl_creds_encode(&w, 1, 2, 0);
    write_all(agent.to, hello, sizeof(hello));
    write_all(agent.to, profile, profile_len);

    size_t reply_bytes = ask(&agent, requests, len);
    uint8_t *copy = malloc(reply_bytes);
    must(copy != NULL, "allocate");
    memcpy(copy, reply, reply_bytes);
    must(rd_be32(reply + 4) != PL_ERROR, "get a reply");
    struct canned canned = {copy, len, reply_bytes};
    struct peer floor = start(run_floor, &canned);
    for (int turn = 0; turn < TURNS; turn++) {
        values[turn] = rate(&agent, requests, len, n, seconds);
        floors[turn] = rate(&floor, requests, len, n, seconds);
    }
    bench_print(name, "requests/s", best(values), "canned replies of the same size",
                best(floors), 0.5, 0);
    stop(&agent);
    stop(&floor);
    free(copy);
}

int
main(int argc, char **argv)
{
    double seconds = argc > 1 ? atof(argv[1]) : 0.3;
    static uint8_t request[N_METRICS * 32], profile[1 << 14];
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
    struct wr all = wr_over(profile, sizeof(profile)), w;

    bench_pin_to_one_cpu();
    signal(SIGPIPE, SIG_IGN);
    for (uint32_t i = 0; i < N_METRICS; i++)
        pmids[i] = pl_pmid(DOMAIN_NUMBER, 0, i);
    for (uint32_t i = 0; i < 100; i++)
        wr_be32(insts + (size_t)i * 4, i * 97);
    pl_profile_encode(&all, 0, 0, 0, NULL, 0);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        w = wr_over(request, sizeof(request));
        pl_fetch_encode(&w, 0, 0, pmids, cases[i].n);
        measure(cases[i].name, false, profile, wr_len(&all), request, wr_len(&w), 1,
                seconds);
    }
    const uint32_t many = pl_pmid(DOMAIN_NUMBER, 1, 0);
    w = wr_over(request, sizeof(request));
    pl_fetch_encode(&w, 0, 0, &many, 1);
    measure("pmdaloop/table-10000-instances", true, profile, wr_len(&all), request,
            wr_len(&w), 1, seconds);
    measure("pmdaloop/table-10000-one-by-one", false, profile, wr_len(&all), request,
            wr_len(&w), 1, seconds);
    struct wr some = wr_over(profile, sizeof(profile));
    pl_profile_encode(&some, 0, 0, 0, &wanted, 1);
    measure("pmdaloop/table-100-of-10000", false, profile, wr_len(&some), request,
            wr_len(&w), 1, seconds);
    w = wr_over(request, sizeof(request));
    for (uint32_t i = 0; i < N_METRICS; i++)
        pl_desc_req_encode(&w, 0, pmids[i]);
    measure("pmdaloop/table-1000-descs", false, profile, wr_len(&some), request, 16,
            N_METRICS, seconds);
    return 0;
}

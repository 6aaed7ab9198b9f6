/* SPDX-License-Identifier: MIT */
/* Round trips of an agent on PCP's interface, built with our library and with PCP's, driven
 * by turns through the same kind of pipe; and the processor time each takes for one.
 *   bench_pmdaloop_pcp OURS PEERS */
#include "bench.h"
#include "pin.h"

#include "pdu.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct agent {
    pid_t pid;
    int in, out;
    double cpu_s; /* when it ended */
};

enum { DOMAIN = 251, ROOM = 1 << 20, TURNS = 5 };
static uint8_t reply[ROOM];

static void
die(const char *what)
{
    perror(what);
    exit(1);
}

static void
read_all(int fd, void *to, size_t n)
{
    uint8_t *p = to;
    while (n > 0) {
        ssize_t got = read(fd, p, n);
        if (got <= 0)
            die("read from the agent");
        p += got;
        n -= (size_t)got;
    }
}

static size_t
read_pdu(const struct agent *a)
{
    read_all(a->in, reply, 4);
    size_t len = rd_be32(reply);
    if (len > ROOM)
        die("reply");
    read_all(a->in, reply + 4, len - 4);
    return len;
}

static void
write_pdu(const struct agent *a, const void *pdu, size_t len)
{
    if (write(a->out, pdu, len) != (ssize_t)len)
        die("write to the agent");
}

static struct agent
start(const char *path, const char *metrics, const char *instances, const char *hashed)
{
    int to[2], from[2];
    struct agent a = {0};

    if (pipe(to) != 0 || pipe(from) != 0)
        die("pipe");
    a.pid = fork();
    if (a.pid == 0) {
        dup2(to[0], 0);
        dup2(from[1], 1);
        for (int fd = 3; fd < 64; fd++)
            close(fd);
        execl(path, path, metrics, instances, hashed, (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    a.in = from[0];
    a.out = to[1];
    uint8_t creds[20];
    struct wr w = wr_over(creds, sizeof(creds));
    pl_creds_encode(&w, (int32_t)getpid(), 2, 0);
    (void)read_pdu(&a);
    write_pdu(&a, creds, sizeof(creds));
    return a;
}

static void
stop(struct agent *a)
{
    struct rusage before, after;

    getrusage(RUSAGE_CHILDREN, &before);
    close(a->in);
    close(a->out);
    kill(a->pid, SIGTERM);
    waitpid(a->pid, NULL, 0);
    getrusage(RUSAGE_CHILDREN, &after);
    a->cpu_s = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
               (double)(after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
               (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) * 1e-6 +
               (double)(after.ru_stime.tv_usec - before.ru_stime.tv_usec) * 1e-6;
}

struct task {
    const char *name, *metrics, *instances, *hashed;
    int n_fetched; /* metrics of a fetch; 0: one description after the other */
    int n_wanted;  /* instances in the profile; 0: no profile */
    double goal;
};

static uint32_t
pmid_at(const struct task *t, int i)
{
    if (t->instances[0] != '1' || t->instances[1] != '\0')
        return pl_pmid(DOMAIN, 9, 1);
    return pl_pmid(DOMAIN, 1, (uint32_t)(i % 1000) + 1);
}

static size_t
request(const struct task *t, int turn, uint8_t *buf, size_t room)
{
    static uint32_t pmids[1000];
    struct wr w = wr_over(buf, room);

    for (int i = 0; i < t->n_fetched; i++)
        pmids[i] = pmid_at(t, i);
    if (t->n_fetched)
        pl_fetch_encode(&w, 0, 0, pmids, (uint32_t)t->n_fetched);
    else
        pl_desc_req_encode(&w, 0, pmid_at(t, turn));
    return wr_len(&w);
}

static void
send_profile(const struct agent *a, int n)
{
    static uint8_t insts[4000], buf[8192];
    struct pl_profile_entry e = {pl_indom(DOMAIN, 0), 1, (uint32_t)n, insts};
    struct wr w = wr_over(buf, sizeof(buf));

    for (int i = 0; i < n; i++)
        wr_be32(insts + i * 4, (uint32_t)i * 97);
    pl_profile_encode(&w, 0, 0, 0, &e, 1);
    write_pdu(a, buf, wr_len(&w));
}

/* Round trips a second, over a fifth of one. */
static double
rate(const struct agent *a, const struct task *t, uint64_t *total)
{
    static uint8_t buf[8192];
    double begin = bench_now_s(), end = begin;
    size_t n = 0, len = request(t, 0, buf, sizeof(buf));

    while (end - begin < 0.2) {
        for (int i = 0; i < 20; i++, n++) {
            if (!t->n_fetched)
                len = request(t, (int)(n % 1000), buf, sizeof(buf));
            write_pdu(a, buf, len);
            (void)read_pdu(a);
        }
        end = bench_now_s();
    }
    *total += n;
    return (double)n / (end - begin);
}

static void
run(const struct task *t, const char *ours, const char *peers)
{
    struct agent a[2] = {start(ours, t->metrics, t->instances, t->hashed),
                         start(peers, t->metrics, t->instances, t->hashed)};
    double rates[2][TURNS];
    uint64_t total[2] = {0, 0};
    char name[96];

    for (int i = 0; i < 2 && t->n_wanted; i++)
        send_profile(&a[i], t->n_wanted);
    for (int turn = 0; turn < TURNS; turn++)
        for (int i = 0; i < 2; i++)
            rates[i][turn] = rate(&a[i], t, &total[i]);
    stop(&a[0]);
    stop(&a[1]);
    snprintf(name, sizeof(name), "pmdaloop/pcp %s", t->name);
    bench_print(name, "round trips/s", bench_median(rates[0], TURNS), "libpcp_pmda",
                bench_median(rates[1], TURNS), t->goal, 0);
    snprintf(name, sizeof(name), "pmdaloop/pcp %s, processor", t->name);
    bench_print(name, "us", a[0].cpu_s / (double)total[0] * 1e6, "libpcp_pmda",
                a[1].cpu_s / (double)total[1] * 1e6, 1 / t->goal, 1);
}

int
main(int argc, char **argv)
{
    static const struct task tasks[] = {
        {"1 metric", "1", "1", NULL, 1, 0, 1},
        {"100 metrics", "100", "1", NULL, 100, 0, 1.5},
        {"1000 metrics", "1000", "1", NULL, 1000, 0, 4},
        {"10000 instances", "1", "10000", NULL, 1, 0, 3},
        {"100 of 10000 instances", "1", "10000", NULL, 1, 100, 50},
        {"1000 descriptions, hashed", "1000", "1", "hashed", 0, 0, 1},
        {"1000 descriptions, not hashed", "1000", "1", NULL, 0, 0, 3},
    };

    if (argc != 3)
        return 2;
    bench_pin_to_one_cpu();
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++)
        run(&tasks[i], argv[1], argv[2]);
    return 0;
}

/* SPDX-License-Identifier: MIT */
#ifndef BENCH_PMDALOOP_PEERS_H
#define BENCH_PMDALOOP_PEERS_H

/* Agents, and what is their floor, each a process at the other end of two pipes, which is
 * asked as pmcd asks: a request, or some, and then the replies. */
#include "bench.h"
#include "pin.h"

#include "pdu.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct peer {
    pid_t pid;
    int to, from;
};

static inline void
must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "cannot %s\n", what);
    exit(1);
}

static inline void
read_all(int fd, uint8_t *bytes, size_t n)
{
    while (n > 0) {
        ssize_t got = read(fd, bytes, n);
        must(got > 0, "read from the other end");
        bytes += got;
        n -= (size_t)got;
    }
}

static inline void
write_all(int fd, const uint8_t *bytes, size_t n)
{
    while (n > 0) {
        ssize_t put = write(fd, bytes, n);
        must(put > 0, "write to the other end");
        bytes += put;
        n -= (size_t)put;
    }
}

static inline struct peer
peer_start(void (*run)(const void *), const void *arg)
{
    int in[2], out[2];
    struct peer p;

    must(pipe(in) == 0 && pipe(out) == 0, "make pipes");
    p.pid = fork();
    must(p.pid >= 0, "fork");
    if (p.pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        for (int fd = 3; fd < 64; fd++)
            close(fd);
        run(arg);
        _exit(0);
    }
    close(in[0]);
    close(out[1]);
    p.to = in[1];
    p.from = out[0];
    return p;
}

static inline void
peer_stop(struct peer *p)
{
    kill(p->pid, SIGTERM);
    (void)waitpid(p->pid, NULL, 0);
    close(p->to);
    close(p->from);
}

/* As pmcd greets an agent that has greeted it. */
static inline void
peer_greet(const struct peer *p)
{
    uint8_t creds[20];
    struct wr w = wr_over(creds, sizeof(creds));

    read_all(p->from, creds, sizeof(creds));
    pl_creds_encode(&w, (int32_t)getpid(), 2, 0);
    write_all(p->to, creds, sizeof(creds));
}

/* What is asked, over and over: n requests of one length, all with replies of one length;
 * n_ahead of them before the first reply is read. */
struct load {
    const uint8_t *requests;
    size_t request_bytes, reply_bytes, n, n_ahead;
    uint8_t *reply; /* the first one; room for n_ahead */
};

/* Ask the first, which tells how long the replies are. */
static inline void
load_prepare(struct load *l, const struct peer *p)
{
    uint8_t head[PL_HEAD_BYTES];

    write_all(p->to, l->requests, l->request_bytes);
    read_all(p->from, head, sizeof(head));
    must(rd_be32(head + 4) != PL_ERROR, "get a reply");
    l->reply_bytes = rd_be32(head);
    l->reply = malloc(l->reply_bytes * l->n_ahead);
    must(l->reply != NULL, "allocate");
    memcpy(l->reply, head, sizeof(head));
    read_all(p->from, l->reply + sizeof(head), l->reply_bytes - sizeof(head));
}

/* The floor: no more than the pipes ask for. */
static inline void
be_floor(const void *arg)
{
    const struct load *l = arg;
    uint8_t *request = malloc(l->request_bytes);

    for (;;) {
        read_all(0, request, l->request_bytes);
        write_all(1, l->reply, l->reply_bytes);
    }
}

struct measured {
    double per_s;    /* requests a second of the processor, both ends' */
    double agent_us; /* what one costs the agent alone */
};

static inline struct measured
load_measure(const struct load *l, const struct peer *p, double seconds)
{
    double end_s = bench_now_s() + seconds;
    double agent_s = bench_cpu_s(p->pid), own_s = bench_cpu_s(0);
    uint8_t *replies = malloc(l->reply_bytes * l->n_ahead);
    size_t asked = 0;

    must(replies != NULL, "allocate");
    while (bench_now_s() < end_s)
        for (size_t i = 0; i < 16; i++, asked += l->n_ahead) {
            const uint8_t *first = l->requests + asked % l->n * l->request_bytes;
            write_all(p->to, first, l->request_bytes * l->n_ahead);
            read_all(p->from, replies, l->reply_bytes * l->n_ahead);
        }
    must(rd_be32(replies) == l->reply_bytes, "get replies of one length");
    free(replies);
    agent_s = bench_cpu_s(p->pid) - agent_s;
    own_s = bench_cpu_s(0) - own_s;
    return (struct measured){(double)asked / (agent_s + own_s),
                             agent_s / (double)asked * 1e6};
}

#endif

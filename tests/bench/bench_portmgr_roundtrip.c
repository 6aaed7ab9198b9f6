/* SPDX-License-Identifier: MIT */
/* Allocations a second against the bare exchange of the same lines. With the same server,
 * `portmgr serve` or one that does nothing but answer, the ratio shows what the library
 * costs; with one on this side and the other on that, what library and server cost. */
#include "bench/bench.h"
#include "bench/pin.h"
#include "bench/portmgr_servers.h"

#include "portmgr.h"

enum { ROUNDS = 9, CALLS = 2000 };

static double
allocations_a_second(const struct server *s)
{
    struct portmgr *pm;
    uint16_t port;

    if (portmgr_new(&pm, NULL) < 0 || portmgr_connect(pm, "127.0.0.1", s->port) < 0 ||
        portmgr_allocate(pm, "svc", &port) < 0)
        abort();
    double begin_s = bench_now_s();
    for (int i = 0; i < CALLS; i++) {
        if (portmgr_allocate(pm, "svc", &port) < 0) {
            fprintf(stderr, "%s\n", portmgr_errmsg(pm));
            exit(1);
        }
    }
    double rate = CALLS / (bench_now_s() - begin_s);
    portmgr_free(pm);
    return rate;
}

static double
exchanges_a_second(const struct server *s)
{
    int fd = server_call(s), on = 1;
    char line[64];

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    double begin_s = bench_now_s();
    for (int i = 0; i < CALLS; i++)
        if (send(fd, "GIMME svc fox\n", 14, 0) != 14 ||
            recv(fd, line, sizeof(line), 0) <= 0)
            abort();
    double rate = CALLS / (bench_now_s() - begin_s);
    close(fd);
    return rate;
}

int
main(int argc, char **argv)
{
    static const char answer[] = "OK 43010\r\n";
    double ours[ROUNDS], ours_plain[ROUNDS], bare[ROUNDS], barest[ROUNDS];

    if (argc != 2)
        return 2;
    bench_pin_to_one_cpu();
    struct server serve = server_spawn(argv[1]);
    struct server plain = server_answering(answer, sizeof(answer) - 1, false);
    for (int round = 0; round < ROUNDS; round++) {
        ours[round] = allocations_a_second(&serve);
        ours_plain[round] = allocations_a_second(&plain);
        bare[round] = exchanges_a_second(&serve);
        barest[round] = exchanges_a_second(&plain);
    }
    server_end(&serve);
    server_end(&plain);
    double rate = bench_median(ours, ROUNDS), floor = bench_median(barest, ROUNDS);
    bench_print("portmgr allocate", "1/s", rate, "bare line exchange, portmgr serve",
                bench_median(bare, ROUNDS), 0.8, 0);
    bench_print("portmgr allocate, bare server", "1/s",
                bench_median(ours_plain, ROUNDS), "bare line exchange, bare server",
                floor, 0.8, 0);
    bench_print("portmgr allocate and serve", "1/s", rate,
                "bare line exchange, bare server", floor, 0.8, 0);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* Lists of 900 rows a second on one connection: ours from `portmgr serve`, and ours from
 * a server that writes the end of the list by itself as the Tcl server does, each against
 * a client that does not acknowledge at once, from such a server. */
#include "bench/bench.h"
#include "bench/pin.h"
#include "bench/portmgr_servers.h"

#include "portmgr.h"

enum { ROWS = 900, LISTS = 200, NAIVE_LISTS = 25, ROUNDS = 3 };

static char answer[1 << 16];

static size_t
write_answer(void)
{
    size_t n = (size_t)sprintf(answer, "OK %d\r\n", ROWS);

    for (int i = 0; i < ROWS; i++)
        n += (size_t)sprintf(answer + n, "%d svc%d fox\r\n", 30001 + i, i);
    return n;
}

static double
lists_a_second(uint16_t port)
{
    struct portmgr *pm;
    struct portmgr_list *list;
    double begin_s = 0;

    if (portmgr_new(&pm, NULL) < 0 || portmgr_connect(pm, "127.0.0.1", port) < 0)
        abort();
    for (int i = -5; i < LISTS; i++) { /* a few before, so that it has been used */
        if (i == 0)
            begin_s = bench_now_s();
        if (portmgr_list(pm, &list) < 0 || list->count < ROWS) {
            fprintf(stderr, "%s\n", portmgr_errmsg(pm));
            exit(1);
        }
        portmgr_list_free(list);
    }
    double rate = LISTS / (bench_now_s() - begin_s);
    portmgr_free(pm);
    return rate;
}

static double
naive_lists_a_second(const struct server *s, size_t len)
{
    static char bytes[1 << 16];
    int fd = server_call(s);
    double begin_s = 0;

    for (int i = -5; i < NAIVE_LISTS; i++) {
        if (i == 0)
            begin_s = bench_now_s();
        if (send(fd, "LIST\n", 5, 0) != 5)
            abort();
        for (size_t got = 0; got < len;) {
            ssize_t n = recv(fd, bytes, sizeof(bytes), 0);
            if (n <= 0)
                abort();
            got += (size_t)n;
        }
    }
    double rate = NAIVE_LISTS / (bench_now_s() - begin_s);
    close(fd);
    return rate;
}

int
main(int argc, char **argv)
{
    double ours[ROUNDS], in_two[ROUNDS], naive[ROUNDS];
    size_t len = write_answer();
    struct portmgr *holder;
    char name[16];
    uint16_t port;

    if (argc != 2)
        return 2;
    bench_pin_to_one_cpu();
    struct server serve = server_spawn(argv[1]);
    struct server tcl = server_answering(answer, len, true);
    if (portmgr_new(&holder, NULL) < 0 ||
        portmgr_connect(holder, "127.0.0.1", serve.port) < 0)
        abort();
    for (int i = 0; i < ROWS; i++) {
        snprintf(name, sizeof(name), "svc%d", i);
        if (portmgr_allocate(holder, name, &port) < 0)
            abort();
    }
    for (int round = 0; round < ROUNDS; round++) {
        ours[round] = lists_a_second(serve.port);
        in_two[round] = lists_a_second(tcl.port);
        naive[round] = naive_lists_a_second(&tcl, len);
    }
    portmgr_free(holder);
    server_end(&serve);
    server_end(&tcl);
    double floor = bench_median(naive, ROUNDS);
    bench_print("portmgr list of 900 rows", "1/s", bench_median(ours, ROUNDS),
                "no QUICKACK, Tcl-like server", floor, 50, 0);
    bench_print("portmgr list of 900 rows, Tcl-like server", "1/s",
                bench_median(in_two, ROUNDS), "no QUICKACK, Tcl-like server", floor, 50,
                0);
    return 0;
}

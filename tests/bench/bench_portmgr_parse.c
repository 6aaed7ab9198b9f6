/* SPDX-License-Identifier: MIT */
/* A list of 900 rows, and one of names that need quoting, through the engine. */
#include "bench/bench.h"
#include "engine.h"

static size_t
write_list(char *buf, size_t room, const char *names)
{
    size_t n = (size_t)snprintf(buf, room, "OK 900\r\n");

    for (int i = 0; i < 900; i++) {
        n += (size_t)snprintf(buf + n, room - n, "%d %s\r\n", 30001 + i, names);
    }
    return n;
}

static void
read_list(struct pt_engine *e, const char *text, size_t len)
{
    struct pt_answer answer;
    const void *out;

    if (pt_engine_list(e, 1) != 0)
        abort();
    pt_engine_sent(e, pt_engine_out(e, &out));
    for (size_t at = 0; at < len; at += 32768)
        pt_engine_feed(e, text + at, len - at < 32768 ? len - at : 32768);
    if (!pt_engine_next(e, &answer) || answer.err || answer.list->count != 900)
        abort();
    portmgr_list_free(answer.list);
}

static void
measure(const char *name, const char *names)
{
    enum { ROUNDS = 201, LISTS = 10 }; /* short, so that most are undisturbed */
    static const struct pt_limits limits = {
        .timeout_ms = 1000, .max_line_bytes = 65536, .max_list_bytes = 16777216};
    static char text[1 << 18];
    double rates[ROUNDS];
    size_t len = write_list(text, sizeof(text), names);
    struct pt_engine e;

    pt_engine_init(&e, &limits);
    for (int round = 0; round < ROUNDS; round++) {
        double begin_s = bench_now_s();
        for (int i = 0; i < LISTS; i++)
            read_list(&e, text, len);
        rates[round] = (double)len * LISTS / 1e6 / (bench_now_s() - begin_s);
    }
    pt_engine_free(&e);
    bench_print(name, "MB/s", bench_median(rates, ROUNDS), "300 MB/s", 300, 1, 0);
}

int
main(void)
{
    measure("portmgr parse, plain names", "RingMaster:spdaq20 fox");
    measure("portmgr parse, quoted names", "{Ring Master [20]} a\\\"b");
    return 0;
}

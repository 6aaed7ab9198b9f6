/* SPDX-License-Identifier: MIT */
/* Resolves every event, against a bare walk over types and sizes, and tells how much
 * memory that took. Its argument is a file of packets. */
#define _DEFAULT_SOURCE
#include "bench.h"
#include "xrdmon_walk.h"

#include "xrdmon.h"

enum { RUNS = 15 };

/* Bytes resident now, or at most so far; of pages that are no file's. */
static size_t
anonymous_bytes(void)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[256];
    size_t kib = 0;

    while (f && fgets(line, sizeof(line), f))
        if (sscanf(line, "RssAnon: %zu kB", &kib) == 1)
            break;
    if (f)
        fclose(f);
    return kib * 1024;
}

static uint64_t
resolve(struct capture c, struct xrdmon *xm, uint64_t *ret_events)
{
    const struct xrdmon_event *ev;
    uint64_t sum = 0, events = 0;

    for (const uint8_t *p = c.bytes; p < c.end; p += walk_be16(p + 2)) {
        if (xrdmon_feed(xm, NULL, p, walk_be16(p + 2), 0) < 0)
            exit(2);
        while ((ev = xrdmon_next(xm)) != NULL) {
            sum += ev->id + ev->path.len + (ev->client ? ev->client->dictid : 0);
            events++;
        }
    }
    *ret_events = events;
    return sum;
}

int
main(int argc, char **argv)
{
    static double walks[RUNS], rates[RUNS];
    struct capture capture = capture_open(argc == 2 ? argv[1] : NULL);
    size_t before = anonymous_bytes(), most = 0;
    volatile uint64_t sink = 0;

    for (int i = 0; i < RUNS; i++) {
        size_t records;
        uint64_t events;
        struct xrdmon *xm;
        sink += walk(capture, &records); /* so that the first run finds it in memory */
        double start = bench_now_s();
        sink += walk(capture, &records);
        double middle = bench_now_s();
        if (xrdmon_new(&xm, NULL) < 0)
            return 2;
        sink += resolve(capture, xm, &events);
        double end = bench_now_s();
        size_t now = anonymous_bytes() - before;
        most = now > most ? now : most;
        xrdmon_free(xm);
        walks[i] = (double)records / (middle - start);
        rates[i] = (double)events / (end - middle);
    }
    bench_print("xrdmon streams, every event resolved", "events/s",
                bench_best(rates, RUNS), "bare walk over types and sizes",
                bench_best(walks, RUNS), 0.03, 0);
    bench_print("xrdmon streams, memory resident", "MiB", (double)most / (1 << 20),
                "20 MiB", 20, 1, 1);
    (void)sink;
    return 0;
}

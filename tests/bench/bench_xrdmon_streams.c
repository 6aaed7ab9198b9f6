/* SPDX-License-Identifier: MIT */
/* Resolves every event, against a bare walk over types and sizes, and tells how much
 * memory that took. Its argument is a file of packets. */
#define _DEFAULT_SOURCE
#include "bench.h"

#include "xrdmon.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RUNS = 15 };

/* The best run: what else the machine does can only make one slower. */
static double
best(const double *rates)
{
    double most = 0;

    for (int i = 0; i < RUNS; i++)
        most = rates[i] > most ? rates[i] : most;
    return most;
}

static size_t
be16(const uint8_t *p)
{
    return (size_t)(p[0] << 8 | p[1]);
}

/* The floor: the type and the size of each record, and how many there are of each type. */
static uint64_t
walk(const uint8_t *p, size_t len, size_t *records)
{
    static uint64_t by_type[256];
    const uint8_t *end = p + len;

    for (; p < end; p += be16(p + 2)) {
        const uint8_t *packet_end = p + be16(p + 2), *r = p + 8;
        switch (*p) {
        case 't':
            for (; r < packet_end; r += 16, ++*records)
                by_type[*r]++;
            break;
        case 'f':
            for (; r < packet_end; r += be16(r + 2), ++*records)
                by_type[*r]++;
            break;
        default:
            by_type[*p]++;
            ++*records;
            break;
        }
    }
    return by_type[0] + by_type['t'];
}

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
resolve(const uint8_t *p, size_t len, struct xrdmon *xm, uint64_t *events)
{
    const uint8_t *end = p + len;
    const struct xrdmon_event *ev;
    uint64_t sum = 0;

    for (; p < end; p += be16(p + 2)) {
        if (xrdmon_feed(xm, NULL, p, be16(p + 2), 0) < 0)
            exit(2);
        while ((ev = xrdmon_next(xm)) != NULL) {
            sum += ev->id + ev->path.len + (ev->client ? ev->client->dictid : 0);
            ++*events;
        }
    }
    return sum;
}

int
main(int argc, char **argv)
{
    static double walks[RUNS], rates[RUNS];
    volatile uint64_t sink = 0;
    struct stat st;

    int fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
    if (fd < 0 || fstat(fd, &st) < 0)
        return 2;
    size_t len = (size_t)st.st_size, before = anonymous_bytes(), most = 0;
    const uint8_t *bytes = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        return 2;
    for (int i = 0; i < RUNS; i++) {
        size_t records = 0;
        uint64_t events = 0;
        struct xrdmon *xm;
        sink +=
            walk(bytes, len, &records); /* so that the first run finds it in memory */
        records = 0;
        double start = bench_now_s();
        sink += walk(bytes, len, &records);
        double middle = bench_now_s();
        if (xrdmon_new(&xm, NULL) < 0)
            return 2;
        sink += resolve(bytes, len, xm, &events);
        double end = bench_now_s();
        size_t now = anonymous_bytes() - before;
        most = now > most ? now : most;
        xrdmon_free(xm);
        walks[i] = (double)records / (middle - start);
        rates[i] = (double)events / (end - middle);
    }
    bench_print("xrdmon streams, every event resolved", "events/s", best(rates),
                "bare walk over types and sizes", best(walks), 0.03, 0);
    bench_print("xrdmon streams, memory resident", "MiB", (double)most / (1 << 20),
                "20 MiB", 20, 1, 1);
    munmap((void *)(uintptr_t)bytes, len);
    close(fd);
    (void)sink;
    return 0;
}

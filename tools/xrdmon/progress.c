/* SPDX-License-Identifier: MIT */
/* One line on a terminal's stderr that tells how far a long input is. */
#include "progress.h"
#include "../cli.h"
#include "human.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

/* A short input is done before the first line; a long one is not drawn all the time. */
enum { FIRST_MS = 500, EVERY_MS = 200, CALLS_PER_LOOK = 256 };

static uint64_t
now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void
progress_start(struct progress *p, bool is_quiet)
{
    uint64_t now = now_ms();
    *p = (struct progress){
        .wanted = !is_quiet && cli_is_terminal(stderr),
        .started_ms = now,
        .drawn_ms = now + FIRST_MS - EVERY_MS,
    };
}

void
progress_at(struct progress *p, const struct input *in, const char *path)
{
    if (!p->wanted || p->calls++ % CALLS_PER_LOOK != 0)
        return;
    uint64_t now = now_ms(), size = input_get_size(in), at = input_get_offset(in);
    if (now < p->drawn_ms + EVERY_MS)
        return;
    p->drawn_ms = now;
    p->shown = true;
    char done[HUMAN_TEXT], rate[HUMAN_TEXT];
    human_bytes(done, at);
    human_bytes(rate, at * 1000 / (now - p->started_ms + 1));
    fputs("\r\033[K", stderr);
    cli_put_safe(stderr, path, strnlen(path, 40));
    fprintf(stderr, ": %s", done);
    if (size)
        fprintf(stderr, " (%" PRIu64 " %%)", at >= size ? 100 : at * 100 / size);
    fprintf(stderr, ", %" PRIu64 " datagrams, %s/s", input_get_counts(in)->datagrams,
            rate);
    fflush(stderr);
}

void
progress_clear(struct progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}

/* SPDX-License-Identifier: MIT */
#ifndef MOMENT_H
#define MOMENT_H

/* The monotonic clock, and sleeping. */
#include <stdint.h>
#include <time.h>

static inline uint64_t
moment_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Shorter where a signal comes. */
static inline void
moment_sleep(uint64_t ms)
{
    struct timespec t = {.tv_sec = (time_t)(ms / 1000),
                         .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

#endif

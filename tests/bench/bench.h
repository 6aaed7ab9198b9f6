/* SPDX-License-Identifier: MIT */
#ifndef BENCH_H
#define BENCH_H

/* What benchmarks share: a clock, and the one line of JSON that `./dev bench` puts in a
 * table. A benchmark measures a figure and the floor or the peer it is held against in
 * the same run, in turns, and prints their ratio. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double
bench_now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static inline int
bench_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline double
bench_median(double *values, size_t n)
{
    qsort(values, n, sizeof(*values), bench_compare);
    return values[n / 2];
}

/* The best of runs: what else the machine does can only make one slower. */
static inline double
bench_best(const double *rates, size_t n)
{
    double most = 0;

    for (size_t i = 0; i < n; i++)
        most = rates[i] > most ? rates[i] : most;
    return most;
}

/* unit: "records/s", "us", "MiB"...; against: what the floor is, in words.
 * goal: the ratio the project wants, at least (or at most, where at_most is not 0). */
static inline void
bench_print(const char *name, const char *unit, double value, const char *against,
            double floor, double goal, int at_most)
{
    double ratio = floor != 0 ? value / floor : 0;
    int reached = at_most ? ratio <= goal : ratio >= goal;
    printf("{\"bench\":\"%s\",\"unit\":\"%s\",\"value\":%.6g,\"against\":\"%s\","
           "\"floor\":%.6g,\"ratio\":%.4g,\"goal\":\"%s %g\",\"reached\":%s}\n",
           name, unit, value, against, floor, ratio, at_most ? "<=" : ">=", goal,
           reached ? "true" : "false");
    fflush(stdout);
}

#endif

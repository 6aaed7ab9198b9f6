/* SPDX-License-Identifier: MIT */
#ifndef BENCH_PIN_H
#define BENCH_PIN_H

/* For benchmarks that play ping-pong with another process. */
#include <sys/types.h>

/* Keeps this process, and those it starts from now on, on the processor it runs on. A
 * ping-pong between two that sleep measures how long they take to wake, not the code. */
void bench_pin_to_one_cpu(void);
/* Seconds of the processor that a process has had, 0 being this one. Of two on one
 * processor, one of which always runs, they add up to the time that has gone by, less what
 * others took away. */
double bench_cpu_s(pid_t pid);

#endif

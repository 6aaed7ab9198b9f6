/* SPDX-License-Identifier: MIT */
#ifndef BENCH_PIN_H
#define BENCH_PIN_H

/* Keeps this process, and those it starts from now on, on the processor it runs on. A
 * ping-pong between two that sleep measures how long they take to wake, not the code. */
void bench_pin_to_one_cpu(void);

#endif

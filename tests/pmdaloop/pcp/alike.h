/* SPDX-License-Identifier: MIT */
#ifndef PCP_ALIKE_H
#define PCP_ALIKE_H

/* Programs that are built with PCP's library and with ours, draw the same questions by
 * chance, and print what they are told: two outputs that have to be the same. */
#include <stdint.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static uint64_t alike_seed = 20261122;

/* 0 to n - 1. */
static inline unsigned
draw(unsigned n)
{
    alike_seed =
        alike_seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((alike_seed >> 33) % n);
}

#define DRAW(rows) ((rows)[draw(sizeof(rows) / sizeof((rows)[0]))])

/* A text in the making, which ends where its room does. */
struct text {
    char s[8192];
    size_t n;
};

static inline void
put(struct text *t, const char *s)
{
    size_t n = strlen(s);

    if (t->n + n < sizeof(t->s)) {
        memcpy(t->s + t->n, s, n + 1);
        t->n += n;
    }
}

#endif

/* SPDX-License-Identifier: MIT */
#ifndef USAGE_H
#define USAGE_H

/* The file that tells who has which port, without asking. */
#include "pool.h"

struct usage {
    const char *path; /* or NULL: there is none */
    uint64_t written; /* pool.changes in the file */
};

/* Brings the file up to date, if it is not; a failure is told on stderr. */
void usage_write(struct usage *u, const struct pool *pool);

#endif

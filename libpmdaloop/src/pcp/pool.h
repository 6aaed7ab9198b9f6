/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_POOL_H
#define PL_PCP_POOL_H

/*
 * Small blocks of memory, kept for the next time. Every fetch makes a value set and often a
 * value block for each metric, and frees them again: for a thousand metrics that is most
 * of the work. What is handed out comes from malloc(), so that an agent may free() it, and
 * what an agent has malloc'd may be given back here.
 */
#include <stddef.h>

/* At least n bytes, not cleared. */
void *pl_pool_alloc(size_t n);
/* NULL is fine. */
void pl_pool_free(void *p);

#endif

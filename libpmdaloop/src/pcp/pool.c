/* SPDX-License-Identifier: MIT */
/* A list of small free blocks for each thread. */
#include "pcp/pool.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

enum {
    SMALL_BYTES = 48, /* a value set of one value with its block */
    MOST = 4096,      /* blocks kept */
};

struct node {
    struct node *next;
};

static _Thread_local struct node *kept;
static _Thread_local size_t n_kept;
static pthread_key_t at_exit;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
free_all(void *unused)
{
    (void)unused;
    while (kept) {
        struct node *next = kept->next;
        free(kept);
        kept = next;
    }
    n_kept = 0;
}

static void
make_key(void)
{
    (void)pthread_key_create(&at_exit, free_all);
}

void *
pl_pool_alloc(size_t n)
{
    struct node *node = kept;

    if (n > SMALL_BYTES)
        return malloc(n);
    if (!node)
        return malloc(SMALL_BYTES);
    kept = node->next;
    n_kept--;
    return node;
}

void
pl_pool_free(void *p)
{
    struct node *node = p;
    size_t usable = p ? malloc_usable_size(p) : 0;

    /* not the large ones, or a small list would hold much memory */
    if (usable < SMALL_BYTES || usable > 2 * SMALL_BYTES || n_kept == MOST) {
        free(p);
        return;
    }
    if (n_kept == 0) {
        pthread_once(&once, make_key);
        (void)pthread_setspecific(at_exit, &kept); /* or it would not be called */
    }
    node->next = kept;
    kept = node;
    n_kept++;
}

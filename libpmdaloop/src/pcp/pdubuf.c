/* SPDX-License-Identifier: MIT */
/* PDUs in memory that is counted: whoever holds an address within it may pin it, and the
 * last who unpins it frees it. Few are alive at a time, so they stand on a list. */
#include "pcp/pdubuf.h"

#include <stdint.h>

struct buf {
    struct buf *next;
    size_t n;
    unsigned owners;
    _Alignas(8) uint8_t bytes[];
};

static struct buf *alive;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The link that leads to the buffer around an address, or to the list's end. */
static struct buf **
link_to(const void *at)
{
    uintptr_t p = (uintptr_t)at;
    struct buf **link = &alive;

    while (*link && (p < (uintptr_t)(*link)->bytes ||
                     p - (uintptr_t)(*link)->bytes >= (*link)->n))
        link = &(*link)->next;
    return link;
}

void *
pl_pdubuf_new(size_t n)
{
    struct buf *b = malloc(sizeof(*b) + n);

    if (!b)
        return NULL;
    b->n = n;
    b->owners = 1;
    pthread_mutex_lock(&lock);
    b->next = alive;
    alive = b;
    pthread_mutex_unlock(&lock);
    return b->bytes;
}

void *
pl_pdubuf_resize(void *at, size_t n)
{
    void *bytes = NULL;

    pthread_mutex_lock(&lock);
    struct buf **link = link_to(at);
    struct buf *b = *link ? realloc(*link, sizeof(*b) + n) : NULL;
    if (b) {
        b->n = n;
        *link = b;
        bytes = b->bytes;
    }
    pthread_mutex_unlock(&lock);
    return bytes;
}

void
__pmPinPDUBuf(void *at)
{
    pthread_mutex_lock(&lock);
    struct buf *b = *link_to(at);
    if (b)
        b->owners++;
    pthread_mutex_unlock(&lock);
}

int
__pmUnpinPDUBuf(void *at)
{
    struct buf *gone = NULL;

    pthread_mutex_lock(&lock);
    struct buf **link = link_to(at), *b = *link;
    if (b && --b->owners == 0) {
        *link = b->next;
        gone = b;
    }
    pthread_mutex_unlock(&lock);
    free(gone);
    return b != NULL;
}

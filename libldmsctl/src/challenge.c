/* SPDX-License-Identifier: MIT */
/* The one thing that handles share. */
#include "challenge.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct waiting {
    struct waiting *next;
    uint64_t challenge;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t is_ready = PTHREAD_ONCE_INIT;
static struct waiting *first; /* as many as connections that are authenticating */

static void
take_lock(void)
{
    pthread_mutex_lock(&lock);
}

static void
give_lock(void)
{
    pthread_mutex_unlock(&lock);
}

/* A child of fork() has none of the other threads: a lock that one of them held would
 * never be given back there. So who forks holds it meanwhile. */
static void
get_ready(void)
{
    (void)pthread_atfork(take_lock, give_lock, give_lock);
}

static void
enter(void)
{
    pthread_once(&is_ready, get_ready);
    take_lock();
}

int
lc_challenge_add(uint64_t challenge)
{
    struct waiting *w = malloc(sizeof(*w));

    if (!w)
        return -ENOMEM;
    enter();
    *w = (struct waiting){.next = first, .challenge = challenge};
    first = w;
    give_lock();
    return 0;
}

void
lc_challenge_drop(uint64_t challenge)
{
    struct waiting *found = NULL;

    enter();
    for (struct waiting **at = &first; *at; at = &(*at)->next)
        if ((*at)->challenge == challenge) {
            found = *at;
            *at = found->next;
            break;
        }
    give_lock();
    free(found);
}

bool
lc_challenge_is_ours(uint64_t challenge)
{
    bool ours = false;

    enter();
    for (const struct waiting *w = first; w && !ours; w = w->next)
        ours = w->challenge == challenge;
    give_lock();
    return ours;
}

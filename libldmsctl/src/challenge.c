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
static struct waiting *first; /* as many as connections that are authenticating */

int
lc_challenge_add(uint64_t challenge)
{
    struct waiting *w = malloc(sizeof(*w));

    if (!w)
        return -ENOMEM;
    pthread_mutex_lock(&lock);
    *w = (struct waiting){.next = first, .challenge = challenge};
    first = w;
    pthread_mutex_unlock(&lock);
    return 0;
}

void
lc_challenge_drop(uint64_t challenge)
{
    struct waiting *found = NULL;

    pthread_mutex_lock(&lock);
    for (struct waiting **at = &first; *at; at = &(*at)->next)
        if ((*at)->challenge == challenge) {
            found = *at;
            *at = found->next;
            break;
        }
    pthread_mutex_unlock(&lock);
    free(found);
}

bool
lc_challenge_is_ours(uint64_t challenge)
{
    bool ours = false;

    pthread_mutex_lock(&lock);
    for (const struct waiting *w = first; w && !ours; w = w->next)
        ours = w->challenge == challenge;
    pthread_mutex_unlock(&lock);
    return ours;
}

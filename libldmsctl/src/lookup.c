/* SPDX-License-Identifier: MIT */
/* Looking up names. getaddrinfo() waits for as long as the system's resolver likes, and
 * nothing ends it early: so it waits in a thread of its own, which can be forgotten. */
#include "lookup.h"

#include "ldmsctl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT_BYTES = 8 };

/* The handle and the thread own it together: the last one to let go frees it. */
struct lc_lookup {
    atomic_int owners;
    int answered[2]; /* a pipe, which the thread writes a byte to at its end */
    char *host;
    char port[PORT_BYTES];
    int err, system_err; /* of getaddrinfo(): what it returned, and errno */
    struct addrinfo *addresses;
};

int
lc_lookup_now(const char *host, uint16_t port, struct addrinfo **ret_addresses)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    bool is_here = strcasecmp(host, "localhost") == 0;
    struct addrinfo *addresses;
    char service[PORT_BYTES];

    /* NULL stands for the loopback's addresses: no file and no server is asked. */
    snprintf(service, sizeof(service), "%u", port);
    int err = getaddrinfo(is_here ? NULL : host, service, &hints, &addresses);
    if (err == EAI_MEMORY)
        return -ENOMEM;
    if (err != 0)
        return 0;
    *ret_addresses = addresses;
    return 1;
}

static void
let_go(struct lc_lookup *lookup)
{
    if (atomic_fetch_sub(&lookup->owners, 1) > 1)
        return;
    if (lookup->addresses)
        freeaddrinfo(lookup->addresses);
    for (int i = 0; i < 2; i++)
        if (lookup->answered[i] >= 0)
            close(lookup->answered[i]);
    free(lookup->host);
    free(lookup);
}

static void *
run(void *arg)
{
    struct lc_lookup *lookup = arg;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *addresses;
    ssize_t written;

    lookup->err = getaddrinfo(lookup->host, lookup->port, &hints, &addresses);
    lookup->system_err = errno;
    if (lookup->err == 0)
        lookup->addresses = addresses;
    do
        written = write(lookup->answered[1], "", 1);
    while (written < 0 && errno == EINTR);
    let_go(lookup);
    return NULL;
}

/* The program's signals are not for this thread to take. */
static int
start_thread(struct lc_lookup *lookup)
{
    pthread_t thread;
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_fetch_add(&lookup->owners, 1);
    int err = pthread_create(&thread, NULL, run, lookup);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (err != 0)
        atomic_fetch_sub(&lookup->owners, 1);
    else
        pthread_detach(thread);
    return -err;
}

int
lc_lookup_start(struct lc_lookup **ret_lookup, const char *host, uint16_t port)
{
    struct lc_lookup *lookup = calloc(1, sizeof(*lookup));
    int err = -ENOMEM;

    if (!lookup)
        return err;
    atomic_init(&lookup->owners, 1);
    lookup->answered[0] = lookup->answered[1] = -1;
    snprintf(lookup->port, sizeof(lookup->port), "%u", port);
    lookup->host = strdup(host);
    if (lookup->host)
        err = pipe(lookup->answered) < 0 ? -errno : 0;
    for (int i = 0; i < 2 && err == 0; i++)
        fcntl(lookup->answered[i], F_SETFD, FD_CLOEXEC);
    if (err == 0)
        err = start_thread(lookup);
    if (err < 0)
        let_go(lookup);
    else
        *ret_lookup = lookup;
    return err;
}

const char *
lc_lookup_host(const struct lc_lookup *lookup)
{
    return lookup->host;
}

int
lc_lookup_fd(const struct lc_lookup *lookup)
{
    return lookup->answered[0];
}

int
lc_lookup_take(struct lc_lookup *lookup, struct addrinfo **ret_addresses,
               const char **ret_why)
{
    struct pollfd p = {.fd = lookup->answered[0], .events = POLLIN};
    char byte;

    /* Reading the byte is what orders the thread's writes before our reads. */
    if (poll(&p, 1, 0) <= 0 || read(lookup->answered[0], &byte, 1) != 1)
        return 0;
    if (lookup->err == 0) {
        *ret_addresses = lookup->addresses;
        lookup->addresses = NULL;
        return 1;
    }
    *ret_why = lookup->err == EAI_SYSTEM ? ldmsctl_strerror(-lookup->system_err)
                                         : gai_strerror(lookup->err);
    return lookup->err == EAI_MEMORY ? -ENOMEM : -LDMSCTL_ERESOLVE;
}

void
lc_lookup_free(struct lc_lookup *lookup)
{
    if (lookup)
        let_go(lookup);
}

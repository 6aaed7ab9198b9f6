/* SPDX-License-Identifier: MIT */
/* Looking up a host. The system's resolver may take minutes and cannot be told to stop,
 * so a name is looked up by a thread, which whoever asked may leave behind. */
#include "lookup.h"

#include "portmgr.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Shared by the handle and the thread; who leaves last frees it. */
struct pt_lookup {
    atomic_int owners;
    int done[2]; /* a pipe: a byte in it means that the result is there */
    char *host;
    char port[8];
    int result; /* of getaddrinfo */
    int result_errno;
    struct addrinfo *found;
};

bool
pt_lookup_is_localhost(const char *host)
{
    return strcasecmp(host, "localhost") == 0;
}

static int
copy_addresses(const struct addrinfo *found, struct pt_addresses *ret)
{
    size_t count = 0;

    for (const struct addrinfo *a = found; a; a = a->ai_next)
        count++;
    ret->at = calloc(count ? count : 1, sizeof(*ret->at));
    if (!ret->at)
        return -ENOMEM;
    ret->count = 0;
    for (const struct addrinfo *a = found; a; a = a->ai_next) {
        struct pt_address *to = &ret->at[ret->count];
        if (a->ai_addrlen > sizeof(to->addr))
            continue;
        memcpy(&to->addr, a->ai_addr, a->ai_addrlen);
        to->len = a->ai_addrlen;
        ret->count++;
    }
    return 1;
}

/* Both loopbacks; IPv4 first, since the Rust server has no other. */
static int
localhost(uint16_t port, struct pt_addresses *ret)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

    ret->at = calloc(2, sizeof(*ret->at));
    if (!ret->at)
        return -ENOMEM;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v6.sin6_addr = in6addr_loopback;
    memcpy(&ret->at[0].addr, &v4, sizeof(v4));
    ret->at[0].len = sizeof(v4);
    memcpy(&ret->at[1].addr, &v6, sizeof(v6));
    ret->at[1].len = sizeof(v6);
    ret->count = 2;
    return 1;
}

int
pt_lookup_now(const char *host, uint16_t port, struct pt_addresses *ret)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    char service[8];

    if (pt_lookup_is_localhost(host))
        return localhost(port, ret);
    snprintf(service, sizeof(service), "%u", port);
    int err = getaddrinfo(host, service, &hints, &found);
    if (err == EAI_MEMORY)
        return -ENOMEM;
    if (err != 0)
        return 0;
    err = copy_addresses(found, ret);
    freeaddrinfo(found);
    return err;
}

static void
leave(struct pt_lookup *lookup)
{
    if (atomic_fetch_sub(&lookup->owners, 1) != 1)
        return;
    if (lookup->found)
        freeaddrinfo(lookup->found);
    close(lookup->done[0]);
    close(lookup->done[1]);
    free(lookup->host);
    free(lookup);
}

static void *
look_up(void *arg)
{
    struct pt_lookup *lookup = arg;
    struct addrinfo hints = {.ai_flags = AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    ssize_t written;

    lookup->result = getaddrinfo(lookup->host, lookup->port, &hints, &lookup->found);
    lookup->result_errno = errno;
    if (lookup->result != 0)
        lookup->found = NULL;
    do
        written = write(lookup->done[1], "", 1);
    while (written < 0 && errno == EINTR);
    leave(lookup);
    return NULL;
}

/* A thread without signals: they are the program's. */
static int
start_thread(struct pt_lookup *lookup)
{
    sigset_t all, before;
    pthread_t thread;

    sigfillset(&all);
    int err = pthread_sigmask(SIG_SETMASK, &all, &before);
    if (err != 0)
        return -err;
    err = pthread_create(&thread, NULL, look_up, lookup);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (err == 0)
        pthread_detach(thread);
    return -err;
}

int
pt_lookup_start(struct pt_lookup **ret, const char *host, uint16_t port)
{
    struct pt_lookup *lookup = calloc(1, sizeof(*lookup));
    int err = -ENOMEM;

    if (!lookup)
        return err;
    lookup->host = strdup(host);
    if (!lookup->host || pipe(lookup->done) < 0) {
        err = lookup->host ? -errno : -ENOMEM;
        free(lookup->host);
        free(lookup);
        return err;
    }
    fcntl(lookup->done[0], F_SETFD, FD_CLOEXEC);
    fcntl(lookup->done[1], F_SETFD, FD_CLOEXEC);
    snprintf(lookup->port, sizeof(lookup->port), "%u", port);
    atomic_init(&lookup->owners, 2);
    err = start_thread(lookup);
    if (err < 0) {
        atomic_store(&lookup->owners, 1);
        leave(lookup);
        return err;
    }
    *ret = lookup;
    return 0;
}

int
pt_lookup_fd(const struct pt_lookup *lookup)
{
    return lookup->done[0];
}

int
pt_lookup_poll(struct pt_lookup *lookup, struct pt_addresses *ret, const char **ret_why)
{
    struct pollfd p = {.fd = lookup->done[0], .events = POLLIN};

    if (poll(&p, 1, 0) <= 0)
        return 0;
    /* What the thread wrote before its byte is seen behind it. */
    atomic_thread_fence(memory_order_acquire);
    if (lookup->result == 0)
        return copy_addresses(lookup->found, ret);
    *ret_why = lookup->result == EAI_SYSTEM ? strerror(lookup->result_errno)
                                            : gai_strerror(lookup->result);
    return lookup->result == EAI_MEMORY ? -ENOMEM : -PORTMGR_ERESOLVE;
}

void
pt_lookup_free(struct pt_lookup *lookup)
{
    if (lookup)
        leave(lookup);
}

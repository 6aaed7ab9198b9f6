/* SPDX-License-Identifier: MIT */
/* A host by its name: its addresses one by one, and a connection to one of them that does
 * not wait. */
#include "pcp/sockaddr.h"

#include <fcntl.h>

struct __pmHostEnt {
    struct addrinfo *addresses;
};

static int
error_of(int eai)
{
    switch (eai) {
    case 0:
        return 0;
    case EAI_AGAIN:
        return PM_ERR_AGAIN;
    case EAI_MEMORY:
        return -ENOMEM;
    default:
        return -EHOSTUNREACH;
    }
}

#undef __pmGetAddrInfo /* a macro that takes one argument, too */
__pmHostEnt *
__pmGetAddrInfo(const char *name, int *ret_status)
{
    /* of one kind of socket, lest each address come once for each kind */
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    __pmHostEnt *host = calloc(1, sizeof(*host));
    int err =
        host ? error_of(getaddrinfo(name, NULL, &hints, &host->addresses)) : -ENOMEM;

    if (err < 0) {
        free(host);
        host = NULL;
    }
    if (ret_status)
        *ret_status = err;
    return host;
}

void
__pmHostEntFree(__pmHostEnt *host)
{
    if (!host)
        return;
    if (host->addresses)
        freeaddrinfo(host->addresses);
    free(host);
}

__pmSockAddr *
__pmHostEntGetSockAddr(const __pmHostEnt *host, void **at)
{
    const struct addrinfo *last = *at;
    struct addrinfo *next = last ? last->ai_next : host->addresses;
    __pmSockAddr *addr = NULL;

    if (next && next->ai_addrlen <= sizeof(addr->u) && (addr = __pmSockAddrAlloc()))
        memcpy(&addr->u, next->ai_addr, next->ai_addrlen);
    *at = addr ? next : NULL;
    return addr;
}

char *
__pmHostEntGetName(__pmHostEnt *host)
{
    void *at = NULL;
    __pmSockAddr *addr = __pmHostEntGetSockAddr(host, &at);
    char *name = addr ? __pmGetNameInfo(addr) : NULL;

    __pmSockAddrFree(addr);
    return name;
}

int
__pmConnectTo(int fd, const __pmSockAddr *addr, int port)
{
    __pmSockAddr to = *addr;
    int flags = fcntl(fd, F_GETFL);

    if (port >= 0)
        __pmSockAddrSetPort(&to, port);
    if (flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
        (__pmConnect(fd, &to, sizeof(to)) == 0 || errno == EINPROGRESS))
        return flags;
    int err = -errno;
    __pmCloseSocket(fd);
    return err;
}

int
__pmConnectCheckError(int fd)
{
    int err = 0;
    socklen_t len = sizeof(err);

    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) == 0 ? err : errno;
}

int
__pmConnectRestoreFlags(int fd, int flags)
{
    int own = fcntl(fd, F_GETFD);

    if (fcntl(fd, F_SETFL, flags) == 0 && own >= 0 &&
        fcntl(fd, F_SETFD, own | FD_CLOEXEC) == 0)
        return fd;
    __pmCloseSocket(fd);
    return -1;
}

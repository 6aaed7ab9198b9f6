/* SPDX-License-Identifier: MIT */
/* Sockets and their addresses, under PCP's names. */
#include "pcp/sockaddr.h"

int
__pmCreateSocket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0);
}

int
__pmCreateIPv6Socket(void)
{
    int fd = socket(AF_INET6, SOCK_STREAM, 0), on = 1;

    if (fd >= 0)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
    return fd;
}

int
__pmCreateUnixSocket(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0);
}

/* The length that the family has, whatever the caller believes. */
static socklen_t
addr_len(const __pmSockAddr *addr, socklen_t given)
{
    switch (addr->u.any.sa_family) {
    case AF_INET:
        return sizeof(addr->u.inet);
    case AF_INET6:
        return sizeof(addr->u.inet6);
    case AF_UNIX:
        return sizeof(addr->u.local);
    default:
        return given;
    }
}

int
__pmBind(int fd, void *addr, __pmSockLen len)
{
    const __pmSockAddr *a = addr;
    return bind(fd, &a->u.any, addr_len(a, len));
}

int
__pmConnect(int fd, void *addr, __pmSockLen len)
{
    const __pmSockAddr *a = addr;
    return connect(fd, &a->u.any, addr_len(a, len));
}

int
__pmListen(int fd, int backlog)
{
    return listen(fd, backlog);
}

int
__pmAccept(int fd, void *addr, __pmSockLen *len)
{
    __pmSockAddr *a = addr;
    return accept(fd, a ? &a->u.any : NULL, len);
}

void
__pmCloseSocket(int fd)
{
    if (fd >= 0)
        close(fd);
}

int
__pmSetSockOpt(int fd, int level, int name, const void *value, __pmSockLen len)
{
    return setsockopt(fd, level, name, value, len);
}

ssize_t
__pmSend(int fd, const void *bytes, size_t n, int flags)
{
    return send(fd, bytes, n, flags);
}

ssize_t
__pmRecv(int fd, void *bytes, size_t n, int flags)
{
    return recv(fd, bytes, n, flags);
}

ssize_t
__pmWrite(int fd, const void *bytes, size_t n)
{
    return write(fd, bytes, n);
}

ssize_t
__pmRead(int fd, void *bytes, size_t n)
{
    return read(fd, bytes, n);
}

/* A set holds no more than so many, and writes behind itself for others. */
static bool
holds(int fd)
{
    return fd >= 0 && fd < FD_SETSIZE;
}

void
__pmFD_CLR(int fd, __pmFdSet *set)
{
    if (holds(fd))
        FD_CLR(fd, set);
}

int
__pmFD_ISSET(int fd, __pmFdSet *set)
{
    return holds(fd) && FD_ISSET(fd, set);
}

void
__pmFD_SET(int fd, __pmFdSet *set)
{
    if (holds(fd))
        FD_SET(fd, set);
    else
        pmNotifyErr(LOG_ERR, "descriptor %d cannot be waited for by select(2)", fd);
}

void
__pmFD_ZERO(__pmFdSet *set)
{
    FD_ZERO(set);
}

void
__pmFD_COPY(__pmFdSet *to, const __pmFdSet *from)
{
    *to = *from;
}

int
__pmSelectRead(int n, __pmFdSet *set, struct timeval *timeout)
{
    return select(n, set, NULL, NULL, timeout);
}

int
__pmSelectWrite(int n, __pmFdSet *set, struct timeval *timeout)
{
    return select(n, NULL, set, NULL, timeout);
}

__pmSockAddr *
__pmSockAddrAlloc(void)
{
    return calloc(1, sizeof(__pmSockAddr));
}

void
__pmSockAddrFree(__pmSockAddr *addr)
{
    free(addr);
}

size_t
__pmSockAddrSize(void)
{
    return sizeof(__pmSockAddr);
}

void
__pmSockAddrInit(__pmSockAddr *addr, int family, int address, int port)
{
    memset(addr, 0, sizeof(*addr));
    __pmSockAddrSetFamily(addr, family);
    if (family == AF_INET)
        addr->u.inet.sin_addr.s_addr = htonl((uint32_t)address);
    else if (family == AF_INET6)
        addr->u.inet6.sin6_addr =
            address == (int)INADDR_LOOPBACK ? in6addr_loopback : in6addr_any;
    __pmSockAddrSetPort(addr, port);
}

void
__pmSockAddrSetFamily(__pmSockAddr *addr, int family)
{
    addr->u.any.sa_family = (sa_family_t)family;
}

int
__pmSockAddrGetFamily(const __pmSockAddr *addr)
{
    return addr->u.any.sa_family;
}

void
__pmSockAddrSetPort(__pmSockAddr *addr, int port)
{
    if (__pmSockAddrIsInet(addr))
        addr->u.inet.sin_port = htons((uint16_t)port);
    else if (__pmSockAddrIsIPv6(addr))
        addr->u.inet6.sin6_port = htons((uint16_t)port);
}

int
__pmSockAddrGetPort(const __pmSockAddr *addr)
{
    if (__pmSockAddrIsInet(addr))
        return ntohs(addr->u.inet.sin_port);
    return __pmSockAddrIsIPv6(addr) ? ntohs(addr->u.inet6.sin6_port) : 0;
}

void
__pmSockAddrSetPath(__pmSockAddr *addr, const char *path)
{
    pmstrncpy(addr->u.local.sun_path, sizeof(addr->u.local.sun_path), path);
}

int
__pmSockAddrIsInet(const __pmSockAddr *addr)
{
    return addr->u.any.sa_family == AF_INET;
}

int
__pmSockAddrIsIPv6(const __pmSockAddr *addr)
{
    return addr->u.any.sa_family == AF_INET6;
}

int
__pmSockAddrIsUnix(const __pmSockAddr *addr)
{
    return addr->u.any.sa_family == AF_UNIX;
}

int
__pmSockAddrIsLoopBack(const __pmSockAddr *addr)
{
    if (__pmSockAddrIsInet(addr))
        return ntohl(addr->u.inet.sin_addr.s_addr) >> 24 == 127;
    if (__pmSockAddrIsIPv6(addr))
        return memcmp(&addr->u.inet6.sin6_addr, &in6addr_loopback,
                      sizeof(in6addr_loopback)) == 0;
    return __pmSockAddrIsUnix(addr);
}

char *
__pmSockAddrToString(const __pmSockAddr *addr)
{
    char text[INET6_ADDRSTRLEN];

    if (__pmSockAddrIsUnix(addr))
        return strndup(addr->u.local.sun_path, sizeof(addr->u.local.sun_path));
    const void *digits = __pmSockAddrIsInet(addr)
                             ? (const void *)&addr->u.inet.sin_addr
                             : (const void *)&addr->u.inet6.sin6_addr;
    if (!inet_ntop(addr->u.any.sa_family, digits, text, sizeof(text)))
        return NULL;
    return strdup(text);
}

char *
__pmGetNameInfo(__pmSockAddr *addr)
{
    enum { HOST_BYTES = 1025 }; /* as NI_MAXHOST, which POSIX does not have */
    char host[HOST_BYTES];

    if (!__pmSockAddrIsUnix(addr) &&
        getnameinfo(&addr->u.any, addr_len(addr, sizeof(*addr)), host, sizeof(host),
                    NULL, 0, NI_NAMEREQD) == 0)
        return strdup(host);
    return __pmSockAddrToString(addr);
}

int
__pmSocketIPC(int fd)
{
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

int
__pmSetVersionIPC(int fd, int version)
{
    (void)fd;
    (void)version;
    return 0;
}

void
__pmSetInternalState(int state)
{
    (void)state;
}

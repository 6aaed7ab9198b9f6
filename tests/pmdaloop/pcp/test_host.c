/* SPDX-License-Identifier: MIT */
/* Hosts by name, and connections that do not wait. */
#include "pmdaloop/pcp/session.h"

#include <fcntl.h>
#include <pcp/libpcp.h>

static void
addresses(void **state)
{
    static const struct {
        const char *name, *digits;
        int is_inet, is_inet6;
    } rows[] = {{"127.0.0.1", "127.0.0.1", 1, 0}, {"::1", "::1", 0, 1}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        void *at = NULL;
        int status = 1;
        __pmHostEnt *host = __pmGetAddrInfo(rows[i].name, &status);
        assert_non_null(host);
        assert_int_equal(status, 0);
        __pmSockAddr *addr = __pmHostEntGetSockAddr(host, &at);
        assert_int_equal(__pmSockAddrIsInet(addr), rows[i].is_inet);
        assert_int_equal(__pmSockAddrIsIPv6(addr), rows[i].is_inet6);
        assert_true(__pmSockAddrIsLoopBack(addr));
        char *digits = __pmSockAddrToString(addr), *name = __pmHostEntGetName(host);
        assert_string_equal(digits, rows[i].digits);
        assert_true(name && *name);
        free(digits);
        free(name);
        __pmSockAddrFree(addr);
        assert_null(__pmHostEntGetSockAddr(host, &at)); /* an address comes once */
        assert_null(at);
        __pmHostEntFree(host);
    }
}

static void
no_such_host(void **state)
{
    int status = 0;

    (void)state;
    assert_null(__pmGetAddrInfo("fe80::1%no-such-interface", &status));
    assert_int_equal(status, -EHOSTUNREACH);
    assert_null(__pmGetAddrInfo("fe80::1%no-such-interface", NULL));
    assert_null(__pmGetAddrInfo("fe80::1%no-such-interface")); /* as PCP 6 has it */
    __pmHostEntFree(NULL);
}

/* A socket bound to a port of the loopback. */
static int
bound(int *ret_port)
{
    struct sockaddr_in in = {.sin_family = AF_INET,
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof(in);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &len), 0);
    *ret_port = ntohs(in.sin_port);
    return fd;
}

/* The end of a connection to that port: 0 or an errno. ret_fd: where it is 0. */
static int
connect_to(int port, bool port_in_address, int *ret_fd)
{
    struct timeval limit = {10, 0};
    __pmSockAddr *addr = __pmSockAddrAlloc();
    int fd = __pmCreateSocket();
    __pmFdSet set;

    __pmSockAddrInit(addr, AF_INET, INADDR_LOOPBACK, port_in_address ? port : 1);
    int flags = __pmConnectTo(fd, addr, port_in_address ? -1 : port);
    __pmSockAddrFree(addr);
    if (flags < 0)
        return -flags;
    assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
    __pmFD_ZERO(&set);
    __pmFD_SET(fd, &set);
    assert_int_equal(__pmSelectWrite(fd + 1, &set, &limit), 1);
    int err = __pmConnectCheckError(fd);
    if (err != 0) {
        __pmCloseSocket(fd);
        return err;
    }
    assert_int_equal(__pmConnectRestoreFlags(fd, flags), fd);
    assert_int_equal(fcntl(fd, F_GETFL), flags);
    assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
    *ret_fd = fd;
    return 0;
}

static void
connections(void **state)
{
    int port, fd = -1, listener = bound(&port);

    (void)state;
    assert_int_equal(connect_to(port, false, &fd), ECONNREFUSED);
    assert_int_equal(fd, -1);
    assert_int_equal(listen(listener, 2), 0);
    for (int in_address = 0; in_address < 2; in_address++) {
        assert_int_equal(connect_to(port, in_address, &fd), 0);
        int peer = accept(listener, NULL, NULL);
        assert_int_equal(__pmSend(fd, "x", 1, 0), 1);
        char byte = 0;
        assert_int_equal(__pmRecv(peer, &byte, 1, 0), 1);
        assert_int_equal(byte, 'x');
        close(peer);
        __pmCloseSocket(fd);
    }
    close(listener);
}

static void
no_such_socket(void **state)
{
    __pmSockAddr *addr = __pmSockAddrAlloc();

    (void)state;
    __pmSockAddrInit(addr, AF_INET, INADDR_LOOPBACK, 1);
    assert_int_equal(__pmConnectTo(-1, addr, 1), -EBADF);
    assert_int_equal(__pmConnectCheckError(-1), EBADF);
    assert_int_equal(__pmConnectRestoreFlags(-1, 0), -1);
    __pmSockAddrFree(addr);
}

/* More descriptors than a set has bits for. */
static void
sets(void **state)
{
    struct {
        __pmFdSet set;
        unsigned char behind[64];
    } s;

    (void)state;
    memset(&s, 0, sizeof(s));
    __pmFD_ZERO(&s.set);
    __pmFD_SET(5, &s.set);
    __pmFD_SET(FD_SETSIZE + 7, &s.set);
    __pmFD_SET(-1, &s.set);
    assert_int_equal(__pmFD_ISSET(5, &s.set) != 0, 1);
    assert_int_equal(__pmFD_ISSET(FD_SETSIZE + 7, &s.set), 0);
    for (size_t i = 0; i < sizeof(s.behind); i++)
        assert_int_equal(s.behind[i], 0);
    __pmFD_CLR(FD_SETSIZE, &s.set);
    __pmFD_CLR(5, &s.set);
    assert_int_equal(__pmFD_ISSET(5, &s.set), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),   cmocka_unit_test(no_such_host),
        cmocka_unit_test(connections), cmocka_unit_test(no_such_socket),
        cmocka_unit_test(sets),
    };
    return cmocka_run_group_tests_name("pmdaloop/pcp/host", tests, NULL, NULL);
}

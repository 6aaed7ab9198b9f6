/* SPDX-License-Identifier: MIT */
/* Who may do what. The lists are the process's: what one test adds, the next one has. */
#include "pmdaloop/pcp/session.h"

#include <pcp/libpcp.h>

enum { READ = 1, STORE = 2, ALL = READ | STORE, UNKNOWN_OP = 4 };

static void
operations(void **state)
{
    (void)state;
    assert_int_equal(__pmAccAddOp(READ), 0);
    assert_int_equal(__pmAccAddOp(STORE), 0);
    assert_int_equal(__pmAccAddOp(STORE), -EINVAL);
    assert_int_equal(__pmAccAddOp(0), -EINVAL);
    assert_int_equal(__pmAccAddOp(8 | 16), -EINVAL);
}

/* What an account gets: the code, and what it is denied. */
static void
assert_account(const char *uid, const char *gid, int err, unsigned int denied)
{
    unsigned int got = 99;

    assert_int_equal(__pmAccAddAccount(uid, gid, &got), err);
    assert_int_equal(got, denied);
}

static void
accounts(void **state)
{
    (void)state;
    /* nothing said: all is allowed, to somebody or to nobody in particular */
    assert_account("0", "0", 1, 0);
    assert_account(NULL, NULL, 0, 0);
    /* statements that make no sense */
    assert_int_equal(__pmAccAddUser("root", UNKNOWN_OP, 0, 0), -EINVAL);
    assert_int_equal(__pmAccAddUser("root", READ, READ, -1), -EINVAL);
    assert_int_equal(__pmAccAddUser("", READ, READ, 0), -EINVAL);
    assert_int_equal(__pmAccAddUser("no such user", READ, READ, 0), -EINVAL);
    assert_int_equal(__pmAccAddGroup("no such group", READ, READ, 0), -EINVAL);
    assert_account("0", "0", 1, 0);
    /* with the first entry, whoever has none has nothing */
    assert_int_equal(__pmAccAddUser("root", ALL, STORE, 0), 0);
    assert_account("0", "0", 1, STORE);
    assert_account("1", "1", PM_ERR_PERMISSION, ALL);
    assert_account(NULL, "0", PM_ERR_PERMISSION, ALL);
    assert_account("0", NULL, PM_ERR_PERMISSION, ALL);
    assert_account("root", "0", PM_ERR_PERMISSION, ALL);
    assert_account("-1", "0", PM_ERR_PERMISSION, ALL);
    /* again, and otherwise */
    assert_int_equal(__pmAccAddUser("root", STORE, STORE, 0), 0);
    assert_int_equal(__pmAccAddUser("root", STORE, 0, 0), -EINVAL);
    /* the others */
    assert_int_equal(__pmAccAddUser("*", ALL, READ, 0), 0);
    assert_account("1", "1", 1, READ);
    assert_account("0", "0", 1, STORE);
    /* both lists are asked; group 0 has root for a member, too */
    assert_int_equal(__pmAccAddGroup("root", ALL, READ, 0), 0);
    assert_account("0", "1", PM_ERR_PERMISSION, ALL);
    assert_account("1", "1", PM_ERR_PERMISSION, ALL);
    assert_int_equal(__pmAccAddGroup("*", ALL, 0, 0), 0);
    assert_account("1", "1", 1, READ);
    assert_account("1", "0", 1, READ);
}

static __pmSockAddr *
client_at(const char *where)
{
    void *at = NULL;
    __pmSockAddr *addr;

    if (*where == '/') {
        addr = __pmSockAddrAlloc();
        assert_non_null(addr);
        __pmSockAddrSetFamily(addr, AF_UNIX);
        __pmSockAddrSetPath(addr, where);
        return addr;
    }
    __pmHostEnt *host = __pmGetAddrInfo(where, NULL);
    assert_non_null(host);
    addr = __pmHostEntGetSockAddr(host, &at);
    assert_non_null(addr);
    __pmHostEntFree(host);
    return addr;
}

static void
assert_client(const char *where, int err, unsigned int denied)
{
    unsigned int got = 99;
    __pmSockAddr *addr = client_at(where);

    assert_int_equal(__pmAccAddClient(addr, &got), err);
    assert_int_equal(got, denied);
    if (err == 0)
        __pmAccDelClient(addr);
    __pmSockAddrFree(addr);
}

static void
hosts(void **state)
{
    unsigned int denied;

    (void)state;
    assert_client("10.1.2.3", 0, 0);
    assert_int_equal(__pmAccAddHost("10.*.1", READ, READ, 0), -EINVAL);
    assert_int_equal(__pmAccAddHost("10.300.*", READ, READ, 0), -EINVAL);
    assert_int_equal(__pmAccAddHost("1.2.3.4.*", READ, READ, 0), -EINVAL);
    assert_int_equal(__pmAccAddHost("fe80:x:*", READ, READ, 0), -EINVAL);
    assert_true(__pmAccAddHost("fe80::1%no-such-interface", READ, READ, 0) < 0);
    assert_client("10.1.2.3", 0, 0);
    /* what is said of fewer counts more, whatever comes first */
    assert_int_equal(__pmAccAddHost("10.1.2.3", STORE, 0, 0), 0);
    assert_int_equal(__pmAccAddHost("10.1.*", ALL, STORE, 0), 0);
    assert_int_equal(__pmAccAddHost("*", READ, READ, 0), 0);
    assert_client("10.1.2.3", 0, 0);
    assert_client("10.1.2.4", 0, STORE);
    assert_client("10.10.2.3", 0, READ);
    assert_client("fe80::1", 0, READ);
    assert_client("/tmp/socket", 0, READ);
    assert_int_equal(__pmAccAddHost("10.1.*", STORE, 0, 0), -EINVAL);
    /* the same address, however it is written */
    assert_int_equal(__pmAccAddHost("FE80:0:*", ALL, ALL, 0), 0);
    assert_client("fe80::1", PM_ERR_PERMISSION, ALL);
    assert_client("fe81::1", 0, READ);
    /* who comes over a path, or from here */
    assert_int_equal(__pmAccAddHost("unix:/tmp/a*", ALL, 0, 0), 0);
    assert_client("/tmp/abc", 0, 0);
    assert_client("/tmp/b", 0, READ);
    assert_client("127.0.0.1", 0, READ);
    assert_int_equal(__pmAccAddHost("local:*", ALL, STORE, 1), -EINVAL); /* see "*" */
    assert_int_equal(__pmAccAddHost("localhost", ALL, STORE, 1), 0);
    assert_client("127.0.0.1", 0, STORE);
    assert_client("::1", 0, STORE);
    /* one at a time */
    __pmSockAddr *first = client_at("127.0.0.1");
    assert_int_equal(__pmAccAddClient(first, &denied), 0);
    assert_client("127.0.0.2", PM_ERR_CONNLIMIT, ALL);
    __pmAccDelClient(first);
    assert_client("127.0.0.2", 0, STORE);
    __pmSockAddrFree(first);
}

/* Nothing to compare with, but nothing may go wrong. */
static void
dumps(void **state)
{
    FILE *f = tmpfile();

    (void)state;
    assert_non_null(f);
    __pmAccDumpLists(f);
    assert_true(ftell(f) > 100);
    fclose(f);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations),
        cmocka_unit_test(accounts),
        cmocka_unit_test(hosts),
        cmocka_unit_test(dumps),
    };
    return cmocka_run_group_tests_name("pmdaloop/pcp/access", tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* Questions to pmdaroot, and the helper's own side of them. */
#include "support/cmocka.h"

#include <pcp/libpcp.h>
#include <pcp/pmdaroot.h>

#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

enum { FEATURES = PDUROOT_FLAG_HOSTNAME | PDUROOT_FLAG_CGROUPNAME };

/* A helper with one container, "box", whose process is 42; it starts cat(1). */
struct helper {
    char path[64];
    int listener;
    pthread_t thread;
};

static void
start_cat(int fd, void *pdu, int n)
{
    char name[MAXPMDALEN], args[MAXPATHLEN];
    int ipc, in[2], out[2];

    assert_int_equal(__pmdaDecodeRootPDUStart(pdu, n, NULL, NULL, NULL, &ipc, name,
                                              sizeof(name), args, sizeof(args)),
                     0);
    assert_int_equal(ipc, 3);
    assert_string_equal(name, "cat");
    assert_string_equal(args, "/bin/cat");
    assert_int_equal(pipe(in) | pipe(out), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        execl("/bin/cat", "cat", (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    assert_true(__pmdaSendRootPDUStart(fd, pid, out[0], in[1], "cat", 3, 0) > 0);
    close(in[1]);
    close(out[0]);
}

static int
answer(int fd)
{
    union {
        __pmdaRootPDUHdr hdr;
        __pmdaRootPDUContainer container;
        __pmdaRootPDUStart start;
        __pmdaRootPDUStop stop;
    } pdu;
    char name[MAXPATHLEN] = "";
    int n, pid = 0, status = 0;

    if (recv(fd, &pdu, sizeof(pdu.hdr), MSG_PEEK | MSG_WAITALL) <= 0)
        return 0;
    int type = pdu.hdr.type;
    switch (type) {
    case PDUROOT_STARTPMDA_REQ:
        n = __pmdaRecvRootPDUStartReq(fd, &pdu, sizeof(pdu));
        assert_true(n > 0);
        start_cat(fd, &pdu, n);
        return 1;
    case PDUROOT_STOPPMDA_REQ:
        n = __pmdaRecvRootPDUStop(fd, type, &pdu, sizeof(pdu));
        assert_int_equal(__pmdaDecodeRootPDUStop(&pdu, n, &pid, NULL, &n), 0);
        if (n)
            kill(pid, SIGKILL);
        pid = waitpid(pid, &status, 0);
        assert_true(__pmdaSendRootPDUStop(fd, type + 1, pid, status, 0, 0) > 0);
        return 1;
    default:
        n = __pmdaRecvRootPDUContainer(fd, type, &pdu, sizeof(pdu));
        assert_true(n > 0);
        assert_true(__pmdaDecodeRootPDUContainer(&pdu, n, &pid, name, sizeof(name)) >=
                    0);
        if (strcmp(name, "box") != 0 && pid != 42)
            return __pmdaSendRootPDUContainer(fd, type + 1, 0, NULL, 0,
                                              PM_ERR_NOCONTAINER) > 0;
        return __pmdaSendRootPDUContainer(fd, type + 1, 42, "boxhost", 7, 0) > 0;
    }
}

static void *
help(void *arg)
{
    struct helper *h = arg;
    int fd = accept(h->listener, NULL, NULL);

    assert_true(__pmdaSendRootPDUInfo(fd, FEATURES, 0) > 0);
    while (answer(fd))
        ;
    close(fd);
    return NULL;
}

static int
set_up(void **state)
{
    static struct helper h;
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    char dir[] = "/tmp/labwire-root-XXXXXX";

    if (!mkdtemp(dir))
        return -1;
    snprintf(h.path, sizeof(h.path), "%s/socket", dir);
    pmstrncpy(addr.sun_path, sizeof(addr.sun_path), h.path);
    h.listener = socket(AF_UNIX, SOCK_STREAM, 0);
    *state = &h;
    return bind(h.listener, (struct sockaddr *)&addr, sizeof(addr)) |
           listen(h.listener, 1) | pthread_create(&h.thread, NULL, help, &h);
}

static int
tear_down(void **state)
{
    struct helper *h = *state;

    pthread_join(h->thread, NULL);
    close(h->listener);
    unlink(h->path);
    *strrchr(h->path, '/') = '\0';
    return rmdir(h->path);
}

static void
asks(void **state)
{
    struct helper *h = *state;
    char name[16];
    int fd = pmdaRootConnect(h->path);

    assert_true(fd >= 0);
    assert_int_equal(pmdaRootContainerHostName(fd, "box", 3, name, sizeof(name)), 7);
    assert_string_equal(name, "boxhost");
    assert_int_equal(pmdaRootContainerCGroupName(fd, NULL, 42, name, sizeof(name)), 7);
    assert_int_equal(pmdaRootContainerProcessID(fd, "box", 3), 42);
    assert_int_equal(pmdaRootContainerProcessID(fd, "bag", 3), PM_ERR_NOCONTAINER);
    assert_int_equal(pmdaRootContainerHostName(fd, "box", 3, name, 7), -E2BIG);
    assert_int_equal(pmdaRootContainerHostName(-1, "box", 3, name, 7), -ENOTCONN);

    int pid, in, out, status;
    assert_int_equal(
        pmdaRootProcessStart(fd, 3, "cat", 3, "/bin/cat", 8, &pid, &in, &out), 0);
    assert_int_equal(write(out, "meow", 4), 4); /* through the descriptors passed */
    assert_int_equal(read(in, name, sizeof(name)), 4);
    assert_memory_equal(name, "meow", 4);
    close(out);
    close(in);
    assert_int_equal(pmdaRootProcessWait(fd, pid, &status), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(
        pmdaRootProcessStart(fd, 3, "cat", 3, "/bin/cat", 8, &pid, &in, &out), 0);
    assert_int_equal(pmdaRootProcessTerminate(fd, pid), 0);
    assert_int_equal(read(in, name, sizeof(name)), 0);
    close(out);
    close(in);
    pmdaRootShutdown(fd);
}

static void
nobody_there(void **state)
{
    (void)state;
    assert_int_equal(pmdaRootConnect("/nowhere/root.socket"), -ENOENT);
    assert_int_equal(pmdaRootProcessStart(-1, 0, "", 0, "x", 1, NULL, NULL, NULL),
                     -EINVAL);
    pmdaRootShutdown(-1);
}

/* What comes is checked before it is believed. */
static void
malformed(void **state)
{
    enum { INFO, CONTAINER, START, STOP };
    static const struct {
        const char *name;
        int kind;
        int words[8]; /* type, length, status, version, ... */
        size_t n;     /* words sent */
        int want;
    } rows[] = {
        {"cut header", INFO, {PDUROOT_INFO, 24}, 2, -EINVAL},
        {"cut body", INFO, {PDUROOT_INFO, 24, 0, 2, 1}, 5, -EINVAL},
        {"another type", INFO, {PDUROOT_HOSTNAME, 24, 0, 2, 1, 0}, 6, -ESRCH},
        {"a newer version", INFO, {PDUROOT_INFO, 24, 0, 3, 1, 0}, 6, -ENOTSUP},
        {"longer than can be", INFO, {PDUROOT_INFO, 0x7fffffff, 0, 2}, 4, -E2BIG},
        {"negative length", INFO, {PDUROOT_INFO, -1, 0, 2}, 4, -EINVAL},
        {"shorter than that", INFO, {PDUROOT_INFO, 16, 0, 2}, 4, -EINVAL},
        {"a code", INFO, {PDUROOT_INFO, 24, PM_ERR_INST, 2, 0, 0}, 6, PM_ERR_INST},
        {"name too long",
         CONTAINER,
         {PDUROOT_HOSTNAME, 24, 0, 2, 1, 0x7fffffff},
         6,
         -EINVAL},
        {"name negative", CONTAINER, {PDUROOT_HOSTNAME, 24, 0, 2, 1, -1}, 6, -EINVAL},
        {"no container's", CONTAINER, {PDUROOT_HOSTNAME, 16, 0, 2}, 4, -EINVAL},
        {"not started",
         START,
         {PDUROOT_STARTPMDA, 16, PM_ERR_GENERIC, 2},
         4,
         PM_ERR_GENERIC},
        {"started, cut", START, {PDUROOT_STARTPMDA, 32, 0, 2, 1, 1, 1, 1}, 8, -EINVAL},
        {"stopped, cut", STOP, {PDUROOT_STOPPMDA, 20, 0, 2, 1}, 5, -EINVAL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        static __pmdaRootPDUStart pdu;
        int fds[2], a, b, got = 0;
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
        assert_int_equal(send(fds[0], rows[i].words, rows[i].n * sizeof(int), 0),
                         rows[i].n * sizeof(int));
        close(fds[0]);
        switch (rows[i].kind) {
        case INFO:
            got = __pmdaRecvRootPDUInfo(fds[1], &a, &b);
            break;
        case CONTAINER:
            got =
                __pmdaRecvRootPDUContainer(fds[1], PDUROOT_HOSTNAME, &pdu, sizeof(pdu));
            if (got > 0)
                got = __pmdaDecodeRootPDUContainer(&pdu, got, NULL, NULL, 0);
            break;
        case START:
            got = __pmdaRecvRootPDUStart(fds[1], &pdu, sizeof(pdu));
            break;
        default:
            got = __pmdaRecvRootPDUStop(fds[1], PDUROOT_STOPPMDA, &pdu, sizeof(pdu));
            break;
        }
        if (got != rows[i].want)
            fail_msg("%s: %d", rows[i].name, got);
        close(fds[1]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(asks, set_up, tear_down),
        cmocka_unit_test(nobody_there),
        cmocka_unit_test(malformed),
    };
    return cmocka_run_group_tests_name("pmdaloop/pcp/root", tests, NULL, NULL);
}

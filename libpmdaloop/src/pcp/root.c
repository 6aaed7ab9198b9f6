/* SPDX-License-Identifier: MIT */
/* pmdaRoot*(): questions to pmdaroot, each with one answer. */
#include <pcp/libpcp.h>
#include <pcp/pmdaroot.h>

#include <fcntl.h>
#include <sys/un.h>

static int
connect_to(const char *path)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    if (fd < 0)
        return -errno;
    if (pmstrncpy(addr.sun_path, sizeof(addr.sun_path), path) < 0)
        errno = ENAMETOOLONG;
    else if (fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
             connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
        return fd;
    int err = -errno;
    close(fd);
    return err;
}

int
pmdaRootConnect(const char *path)
{
    char standard[MAXPATHLEN];
    int version, features;

    if (!path) {
        pmsprintf(standard, sizeof(standard), "%s/pmcd/root.socket",
                  pmGetConfig("PCP_VAR_DIR"));
        path = standard;
    }
    int fd = connect_to(path);
    if (fd < 0) {
        if (pmDebugOptions.libpmda) /* most systems have no pmdaroot, and need none */
            pmNotifyErr(LOG_INFO, "pmdaRootConnect: cannot connect to %s: %s", path,
                        pmErrStr(fd));
        return fd;
    }
    int err = __pmdaRecvRootPDUInfo(fd, &version, &features);
    if (err < 0) {
        pmNotifyErr(LOG_ERR, "pmdaRootConnect: %s is not pmdaroot: %s", path,
                    pmErrStr(err));
        close(fd);
        return err;
    }
    return fd;
}

void
pmdaRootShutdown(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* Ask about a container by its name, or by the process in len where there is none, and take
 * the answer's name or process. The name's length. */
static int
ask_container(int fd, int request, const char *name, int len, int *ret_pid, char *buf,
              int size)
{
    __pmdaRootPDUContainer pdu;
    int n;

    if (fd < 0)
        return -ENOTCONN;
    n = __pmdaSendRootPDUContainer(fd, request, name ? 0 : len, name, name ? len : 0,
                                   0);
    if (n < 0)
        return n;
    n = __pmdaRecvRootPDUContainer(fd, request + 1, &pdu, sizeof(pdu));
    return n < 0 ? n : __pmdaDecodeRootPDUContainer(&pdu, n, ret_pid, buf, size);
}

int
pmdaRootContainerHostName(int fd, const char *name, int len, char *buf, int size)
{
    return ask_container(fd, PDUROOT_HOSTNAME_REQ, name, len, NULL, buf, size);
}

int
pmdaRootContainerProcessID(int fd, const char *name, int len)
{
    int pid = 0;
    int n = ask_container(fd, PDUROOT_PROCESSID_REQ, name, len, &pid, NULL, 0);

    return n < 0 ? n : pid;
}

int
pmdaRootContainerCGroupName(int fd, const char *name, int len, char *buf, int size)
{
    return ask_container(fd, PDUROOT_CGROUPNAME_REQ, name, len, NULL, buf, size);
}

int
pmdaRootProcessStart(int fd, int ipc, const char *label, int label_len,
                     const char *args, int args_len, int *ret_pid, int *ret_infd,
                     int *ret_outfd)
{
    __pmdaRootPDUStart pdu;
    int n = __pmdaSendRootPDUStartReq(fd, ipc, label, label_len, args, args_len);

    if (n >= 0)
        n = __pmdaRecvRootPDUStart(fd, &pdu, sizeof(pdu));
    if (n < 0)
        return n;
    return __pmdaDecodeRootPDUStart(&pdu, n, ret_pid, ret_infd, ret_outfd, NULL, NULL,
                                    0, NULL, 0);
}

/* Ask for the end of a process, and take which has ended and how. */
static int
ask_stop(int fd, int pid, int force, int *ret_pid, int *ret_code)
{
    __pmdaRootPDUStop pdu;
    int n = __pmdaSendRootPDUStop(fd, PDUROOT_STOPPMDA_REQ, pid, 0, force, 0);

    if (n >= 0)
        n = __pmdaRecvRootPDUStop(fd, PDUROOT_STOPPMDA, &pdu, sizeof(pdu));
    return n < 0 ? n : __pmdaDecodeRootPDUStop(&pdu, n, ret_pid, ret_code, NULL);
}

int
pmdaRootProcessWait(int fd, int pid, int *ret_status)
{
    int ended = pid;
    int err = ask_stop(fd, pid, 0, &ended, ret_status);

    return err < 0 ? err : ended;
}

int
pmdaRootProcessTerminate(int fd, int pid)
{
    return ask_stop(fd, pid, 1, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* pmdaRoot*(): requests to pmdaroot, all refused, which agents take for no containers. */
#include <pcp/pmdaroot.h>

/* NOLINTBEGIN(readability-non-const-parameter): the prototypes are PCP's */

int
pmdaRootConnect(const char *path)
{
    (void)path;
    return -EOPNOTSUPP;
}

void
pmdaRootShutdown(int fd)
{
    if (fd >= 0)
        close(fd);
}

int
pmdaRootContainerHostName(int fd, const char *name, int len, char *buf, int size)
{
    (void)fd, (void)name, (void)len, (void)buf, (void)size;
    return -ENOTCONN;
}

int
pmdaRootContainerProcessID(int fd, const char *name, int len)
{
    (void)fd, (void)name, (void)len;
    return -ENOTCONN;
}

int
pmdaRootContainerCGroupName(int fd, const char *name, int len, char *buf, int size)
{
    (void)fd, (void)name, (void)len, (void)buf, (void)size;
    return -ENOTCONN;
}

int
pmdaRootProcessStart(int fd, int ipc, const char *label, int label_len,
                     const char *args, int args_len, int *ret_pid, int *ret_infd,
                     int *ret_outfd)
{
    (void)fd, (void)ipc, (void)label, (void)label_len, (void)args, (void)args_len;
    (void)ret_pid, (void)ret_infd, (void)ret_outfd;
    return -ENOTCONN;
}

int
pmdaRootProcessWait(int fd, int pid, int *ret_status)
{
    (void)fd, (void)pid, (void)ret_status;
    return -ENOTCONN;
}

int
pmdaRootProcessTerminate(int fd, int pid)
{
    (void)fd, (void)pid;
    return -ENOTCONN;
}

int
__pmdaSendRootPDUContainer(int fd, int type, int pid, const char *name, int len,
                           int status)
{
    (void)fd, (void)type, (void)pid, (void)name, (void)len, (void)status;
    return -ENOTCONN;
}

int
__pmdaRecvRootPDUContainer(int fd, int type, void *buf, int size)
{
    (void)fd, (void)type, (void)buf, (void)size;
    return -ENOTCONN;
}

int
__pmdaDecodeRootPDUContainer(void *pdu, int len, int *ret_pid, char *ret_name, int size)
{
    (void)pdu, (void)len, (void)ret_pid, (void)ret_name, (void)size;
    return PM_ERR_IPC;
}
/* NOLINTEND(readability-non-const-parameter) */

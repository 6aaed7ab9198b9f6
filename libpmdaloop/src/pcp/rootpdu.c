/* SPDX-License-Identifier: MIT */
/* PDUs between pmdaroot and its clients. The header says how long a PDU is, so exactly that
 * is taken off the socket. */
#include <pcp/libpcp.h>
#include <pcp/pmdaroot.h>

#include <stdbool.h>
#include <stddef.h>

enum {
    CONTAINER_HEAD = offsetof(__pmdaRootPDUContainer, name),
    START_HEAD = offsetof(__pmdaRootPDUStart, args),
};

static __pmdaRootPDUHdr
header(int type, size_t length, int status)
{
    return (__pmdaRootPDUHdr){.type = type,
                              .length = (int)length,
                              .status = status,
                              .version = ROOT_PDU_VERSION};
}

static int
send_pdu(int fd, const void *pdu, size_t n)
{
    ssize_t sent;

    do {
        sent = send(fd, pdu, n, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : (int)sent;
}

/* Two descriptors that came along with the bytes. */
static void
take_descriptors(struct msghdr *msg, int ret_fds[2])
{
    const struct cmsghdr *c = CMSG_FIRSTHDR(msg);

    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
        c->cmsg_len == CMSG_LEN(2 * sizeof(int)))
        memcpy(ret_fds, CMSG_DATA(c), 2 * sizeof(int));
}

/* The next n bytes, and the descriptors passed with them unless ret_fds is NULL. */
static int
take_bytes(int fd, void *to, size_t n, int *ret_fds)
{
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control;
    struct iovec part = {.iov_base = to, .iov_len = n};
    struct msghdr msg = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t got;

    if (ret_fds) {
        msg.msg_control = &control;
        msg.msg_controllen = sizeof(control);
    }
    do {
        got = recvmsg(fd, &msg, MSG_WAITALL | MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return -errno;
    if (ret_fds)
        take_descriptors(&msg, ret_fds);
    return (size_t)got == n ? 0 : -EINVAL;
}

/* A whole PDU of that type and at least so many bytes; how many it has. */
static int
recv_pdu(int fd, int type, void *buf, size_t room, size_t least, int *ret_fds)
{
    __pmdaRootPDUHdr hdr;
    int err;

    if (room < sizeof(hdr))
        return -E2BIG;
    if ((err = take_bytes(fd, &hdr, sizeof(hdr), ret_fds)) < 0)
        return err;
    if (hdr.type != type)
        return -ESRCH;
    if (hdr.version > ROOT_PDU_VERSION)
        return -ENOTSUP;
    if (hdr.length < 0 || (size_t)hdr.length < sizeof(hdr))
        return -EINVAL;
    size_t len = (size_t)hdr.length;
    if (len > room)
        return -E2BIG;
    memcpy(buf, &hdr, sizeof(hdr));
    if ((err = take_bytes(fd, (char *)buf + sizeof(hdr), len - sizeof(hdr), NULL)) < 0)
        return err;
    if (hdr.status != 0)
        return hdr.status < 0 ? hdr.status : -EINVAL;
    return len < least ? -EINVAL : (int)len;
}

/* A counted string, with a NUL behind, where it fits. */
static int
copy_text(const char *from, int len, int most, char *to, int size)
{
    if (len < 0 || len > most)
        return -EINVAL;
    if (!to || size <= 0)
        return len;
    if (len >= size)
        return -E2BIG;
    memcpy(to, from, (size_t)len);
    to[len] = '\0';
    return len;
}

int
__pmdaSendRootPDUInfo(int fd, int features, int status)
{
    const __pmdaRootPDUInfo pdu = {.hdr = header(PDUROOT_INFO, sizeof(pdu), status),
                                   .features = features};
    return send_pdu(fd, &pdu, sizeof(pdu));
}

int
__pmdaRecvRootPDUInfo(int fd, int *ret_version, int *ret_features)
{
    __pmdaRootPDUInfo pdu;
    int n = recv_pdu(fd, PDUROOT_INFO, &pdu, sizeof(pdu), sizeof(pdu), NULL);

    if (n < 0)
        return n;
    *ret_version = pdu.hdr.version;
    *ret_features = pdu.features;
    return n;
}

int
__pmdaSendRootPDUContainer(int fd, int type, int pid, const char *name, int len,
                           int status)
{
    __pmdaRootPDUContainer pdu;

    if (len < 0)
        return -EINVAL;
    if ((size_t)len >= sizeof(pdu.name))
        return -E2BIG;
    size_t n = CONTAINER_HEAD + (size_t)len;
    pdu.hdr = header(type, n, status);
    pdu.pid = pid;
    pdu.namelen = len;
    if (len > 0)
        memcpy(pdu.name, name, (size_t)len);
    return send_pdu(fd, &pdu, n);
}

int
__pmdaRecvRootPDUContainer(int fd, int type, void *buf, int size)
{
    return size < 0 ? -EINVAL
                    : recv_pdu(fd, type, buf, (size_t)size, CONTAINER_HEAD, NULL);
}

int
__pmdaDecodeRootPDUContainer(void *pdu, int len, int *ret_pid, char *ret_name, int size)
{
    const __pmdaRootPDUContainer *p = pdu;

    if (len < CONTAINER_HEAD)
        return -EINVAL;
    int n = copy_text(p->name, p->namelen, len - CONTAINER_HEAD, ret_name, size);
    if (n >= 0 && ret_pid)
        *ret_pid = p->pid;
    return n;
}

int
__pmdaSendRootPDUStartReq(int fd, int ipctype, const char *name, int name_len,
                          const char *args, int args_len)
{
    __pmdaRootPDUStart pdu;

    memset(&pdu, 0, sizeof(pdu));
    if (name_len <= 0 || args_len <= 0)
        return -EINVAL;
    if ((size_t)name_len >= sizeof(pdu.name) || (size_t)args_len >= sizeof(pdu.args))
        return -E2BIG;
    size_t n = START_HEAD + (size_t)args_len;
    pdu.hdr = header(PDUROOT_STARTPMDA_REQ, n, 0);
    pdu.ipctype = ipctype;
    pdu.namelen = name_len;
    memcpy(pdu.name, name, (size_t)name_len);
    pdu.argslen = args_len;
    memcpy(pdu.args, args, (size_t)args_len);
    return send_pdu(fd, &pdu, n);
}

int
__pmdaRecvRootPDUStartReq(int fd, void *buf, int size)
{
    return size < 0 ? -EINVAL
                    : recv_pdu(fd, PDUROOT_STARTPMDA_REQ, buf, (size_t)size, START_HEAD,
                               NULL);
}

int
__pmdaSendRootPDUStart(int fd, int pid, int infd, int outfd, const char *name,
                       int name_len, int status)
{
    __pmdaRootPDUStart pdu;
    const int fds[2] = {infd, outfd};
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(sizeof(fds))];
    } control;
    struct iovec part = {.iov_base = &pdu, .iov_len = START_HEAD};
    struct msghdr msg = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t sent;

    if (name_len <= 0)
        return -EINVAL;
    if ((size_t)name_len >= sizeof(pdu.name))
        return -E2BIG;
    memset(&pdu, 0, sizeof(pdu));
    memset(&control, 0, sizeof(control));
    pdu.hdr = header(PDUROOT_STARTPMDA, START_HEAD, status);
    pdu.pid = pid;
    pdu.infd = pdu.outfd = -1;
    pdu.namelen = name_len;
    memcpy(pdu.name, name, (size_t)name_len);
    if (infd >= 0 && outfd >= 0) {
        msg.msg_control = &control;
        msg.msg_controllen = sizeof(control);
        control.head.cmsg_level = SOL_SOCKET;
        control.head.cmsg_type = SCM_RIGHTS;
        control.head.cmsg_len = CMSG_LEN(sizeof(fds));
        memcpy(CMSG_DATA(&control.head), fds, sizeof(fds));
    }
    do {
        sent = sendmsg(fd, &msg, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : (int)sent;
}

int
__pmdaRecvRootPDUStart(int fd, void *buf, int size)
{
    __pmdaRootPDUStart *pdu = buf;
    int fds[2] = {-1, -1};
    int n = size < 0
                ? -EINVAL
                : recv_pdu(fd, PDUROOT_STARTPMDA, buf, (size_t)size, START_HEAD, fds);

    if (n < 0) {
        __pmCloseSocket(fds[0]);
        __pmCloseSocket(fds[1]);
        return n;
    }
    pdu->infd = fds[0];
    pdu->outfd = fds[1];
    return n;
}

int
__pmdaDecodeRootPDUStart(void *pdu, int len, int *ret_pid, int *ret_infd,
                         int *ret_outfd, int *ret_ipctype, char *ret_name,
                         int name_size, char *ret_args, int args_size)
{
    const __pmdaRootPDUStart *p = pdu;

    if (len < START_HEAD)
        return -EINVAL;
    int n =
        copy_text(p->name, p->namelen, (int)sizeof(p->name) - 1, ret_name, name_size);
    if (n >= 0)
        n = copy_text(p->args, p->argslen, len - START_HEAD, ret_args, args_size);
    if (n < 0)
        return n;
    if (ret_pid)
        *ret_pid = p->pid;
    if (ret_infd)
        *ret_infd = p->infd;
    if (ret_outfd)
        *ret_outfd = p->outfd;
    if (ret_ipctype)
        *ret_ipctype = p->ipctype;
    return 0;
}

int
__pmdaSendRootPDUStop(int fd, int type, int pid, int code, int force, int status)
{
    const __pmdaRootPDUStop pdu = {.hdr = header(type, sizeof(pdu), status),
                                   .pid = pid,
                                   .code = code,
                                   .force = force};
    return send_pdu(fd, &pdu, sizeof(pdu));
}

int
__pmdaRecvRootPDUStop(int fd, int type, void *buf, int size)
{
    return size < 0
               ? -EINVAL
               : recv_pdu(fd, type, buf, (size_t)size, sizeof(__pmdaRootPDUStop), NULL);
}

int
__pmdaDecodeRootPDUStop(void *pdu, int len, int *ret_pid, int *ret_code, int *ret_force)
{
    const __pmdaRootPDUStop *p = pdu;

    if (len < (int)sizeof(*p))
        return -EINVAL;
    if (ret_pid)
        *ret_pid = p->pid;
    if (ret_code)
        *ret_code = p->code;
    if (ret_force)
        *ret_force = p->force;
    return 0;
}

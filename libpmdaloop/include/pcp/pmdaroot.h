/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_PCP_PMDAROOT_H
#define PMDALOOP_PCP_PMDAROOT_H

/**
 * @file
 * What is said on the socket of pmdaroot, the helper that may do what an agent may not:
 * look into containers, and start and stop other agents. Agents have pmdaRootConnect() and
 * its kin in <pcp/pmda.h>; this is for the helper itself, and for who speaks to it by hand.
 *
 * All in the machine's order, since both ends are on one machine. A __pmdaSend returns the
 * bytes sent; a __pmdaRecv the bytes received; each, as a __pmdaDecode, else a negative code:
 * -errno; -EINVAL what is cut short; -ESRCH another type; -ENOTSUP a newer version; -E2BIG
 * what does not fit; or the code in the PDU received.
 */
#include <pcp/pmda.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ROOT_PDU_VERSION1 1
#define ROOT_PDU_VERSION2 2
#define ROOT_PDU_VERSION  ROOT_PDU_VERSION2

#define PDUROOT_INFO           0x9000 /**< what the helper says first */
#define PDUROOT_HOSTNAME_REQ   0x9001
#define PDUROOT_HOSTNAME       0x9002
#define PDUROOT_PROCESSID_REQ  0x9003
#define PDUROOT_PROCESSID      0x9004
#define PDUROOT_CGROUPNAME_REQ 0x9005
#define PDUROOT_CGROUPNAME     0x9006
#define PDUROOT_STARTPMDA_REQ  0x9007
#define PDUROOT_STARTPMDA      0x9008
#define PDUROOT_STOPPMDA_REQ   0x9009
#define PDUROOT_STOPPMDA       0x900a

/** What the helper can do. */
typedef enum {
    PDUROOT_FLAG_HOSTNAME = 1 << 0,
    PDUROOT_FLAG_PROCESSID = 1 << 1,
    PDUROOT_FLAG_CGROUPNAME = 1 << 2,
} __pmdaRootServerFeature;

typedef struct {
    int type;
    int length; /**< of the whole PDU */
    int status;
    int version;
} __pmdaRootPDUHdr;

typedef struct {
    __pmdaRootPDUHdr hdr;
    int features;
    int zeroed;
} __pmdaRootPDUInfo;

/** Questions about a container, and their answers; sent as long as the name is. */
typedef struct {
    __pmdaRootPDUHdr hdr;
    int pid;
    int namelen;
    char name[MAXPATHLEN];
} __pmdaRootPDUContainer;

#define MAXPMDALEN 64 /**< an agent's label, its NUL counted */

/** Start an agent, sent as long as the arguments are; it has been started, sent without
 *  them, and with its two descriptors passed along. */
typedef struct {
    __pmdaRootPDUHdr hdr;
    int pid;
    int infd;
    int outfd;
    int ipctype;
    int namelen;
    int argslen;
    char name[MAXPMDALEN];
    char args[MAXPATHLEN];
} __pmdaRootPDUStart;

/** Stop an agent, or wait for one; it has ended. */
typedef struct {
    __pmdaRootPDUHdr hdr;
    int pid;
    int code;
    int force;
    int zeroed;
} __pmdaRootPDUStop;

PCP_API int __pmdaSendRootPDUInfo(int fd, int features, int status);
PCP_API int __pmdaRecvRootPDUInfo(int fd, int *ret_version, int *ret_features);

PCP_API int __pmdaSendRootPDUContainer(int fd, int type, int pid, const char *name,
                                       int len, int status);
PCP_API int __pmdaRecvRootPDUContainer(int fd, int type, void *buf, int size);
/** The name's length. @p ret_pid and @p ret_name may be NULL. */
PCP_API int __pmdaDecodeRootPDUContainer(void *pdu, int len, int *ret_pid,
                                         char *ret_name, int size);

PCP_API int __pmdaSendRootPDUStartReq(int fd, int ipctype, const char *name,
                                      int name_len, const char *args, int args_len);
PCP_API int __pmdaRecvRootPDUStartReq(int fd, void *buf, int size);
PCP_API int __pmdaSendRootPDUStart(int fd, int pid, int infd, int outfd,
                                   const char *name, int name_len, int status);
/** The descriptors passed stand in the PDU, and are the caller's; -1 where none came. */
PCP_API int __pmdaRecvRootPDUStart(int fd, void *buf, int size);
/** 0. Any ret_ may be NULL. */
PCP_API int __pmdaDecodeRootPDUStart(void *pdu, int len, int *ret_pid, int *ret_infd,
                                     int *ret_outfd, int *ret_ipctype, char *ret_name,
                                     int name_size, char *ret_args, int args_size);

PCP_API int __pmdaSendRootPDUStop(int fd, int type, int pid, int code, int force,
                                  int status);
PCP_API int __pmdaRecvRootPDUStop(int fd, int type, void *buf, int size);
PCP_API int __pmdaDecodeRootPDUStop(void *pdu, int len, int *ret_pid, int *ret_code,
                                    int *ret_force);

#ifdef __cplusplus
}
#endif
#endif

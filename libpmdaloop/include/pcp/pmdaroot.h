/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_PCP_PMDAROOT_H
#define PMDALOOP_PCP_PMDAROOT_H

/**
 * @file
 * Requests to pmdaroot, the helper that looks into containers. This library does not
 * talk to it: each call fails with -EOPNOTSUPP, and agents go on without containers.
 */
#include <pcp/pmda.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PDUROOT_HOSTNAME_REQ   0x9001
#define PDUROOT_HOSTNAME       0x9002
#define PDUROOT_PROCESSID_REQ  0x9003
#define PDUROOT_PROCESSID      0x9004
#define PDUROOT_CGROUPNAME_REQ 0x9005
#define PDUROOT_CGROUPNAME     0x9006

PCP_API int __pmdaSendRootPDUContainer(int fd, int type, int pid, const char *name,
                                       int len, int status);
PCP_API int __pmdaRecvRootPDUContainer(int fd, int type, void *buf, int size);
PCP_API int __pmdaDecodeRootPDUContainer(void *pdu, int len, int *ret_pid,
                                         char *ret_name, int size);

#ifdef __cplusplus
}
#endif
#endif

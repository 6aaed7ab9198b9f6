/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_PCP_PLATFORM_DEFS_H
#define PMDALOOP_PCP_PLATFORM_DEFS_H

/**
 * @file
 * What source written for PCP takes for granted once it has read pmapi.h: a number of
 * system headers, and HAVE_ macros that say what this system has. They are the answers
 * for Linux with glibc or musl; each stands in #ifndef, for a program's own config.h.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define PM_VERSION(a, b, c) (((a) << 16) | ((b) << 8) | (c))
/** The PCP whose interface this is. */
#define PM_VERSION_CURRENT PM_VERSION(6, 0, 3)

#if __BYTE_ORDER == __BIG_ENDIAN
#ifndef HAVE_NETWORK_BYTEORDER
#define HAVE_NETWORK_BYTEORDER 1
#endif
#ifndef HAVE_BITFIELDS_LTOR
#define HAVE_BITFIELDS_LTOR 1
#endif
#endif

#if UINTPTR_MAX == UINT64_MAX
#define PM_SIZEOF_SUSECONDS_T 8
#define PM_SIZEOF_TIME_T      8
#ifndef HAVE_64BIT_LONG
#define HAVE_64BIT_LONG 1
#endif
#ifndef HAVE_64BIT_PTR
#define HAVE_64BIT_PTR 1
#endif
#else
#define PM_SIZEOF_SUSECONDS_T 4
#define PM_SIZEOF_TIME_T      4
#ifndef HAVE_32BIT_LONG
#define HAVE_32BIT_LONG 1
#endif
#ifndef HAVE_32BIT_PTR
#define HAVE_32BIT_PTR 1
#endif
#endif

#if defined(__linux__) && !defined(IS_LINUX)
#define IS_LINUX 1
#endif

/* stat(2) has struct timespec st_mtim. */
#ifndef HAVE_STAT_TIMESPEC
#define HAVE_STAT_TIMESPEC 1
#endif

#ifndef HAVE_ARPA_INET_H
#define HAVE_ARPA_INET_H 1
#endif
#ifndef HAVE_CONST_LONGLONG
#define HAVE_CONST_LONGLONG 1
#endif
#ifndef HAVE_DLFCN_H
#define HAVE_DLFCN_H 1
#endif
#ifndef HAVE_DLOPEN
#define HAVE_DLOPEN 1
#endif
#ifndef HAVE_GETUID
#define HAVE_GETUID 1
#endif
#ifndef HAVE_GRP_H
#define HAVE_GRP_H 1
#endif
#ifndef HAVE_LIMITS_H
#define HAVE_LIMITS_H 1
#endif
#ifndef HAVE_LINUX_PERF_EVENT_H
#define HAVE_LINUX_PERF_EVENT_H 1
#endif
#ifndef HAVE_MEMALIGN
#define HAVE_MEMALIGN 1
#endif
#ifndef HAVE_NETDB_H
#define HAVE_NETDB_H 1
#endif
#ifndef HAVE_NETINET_IN_H
#define HAVE_NETINET_IN_H 1
#endif
#ifndef HAVE_PIPE2
#define HAVE_PIPE2 1
#endif
#ifndef HAVE_POSIX_MEMALIGN
#define HAVE_POSIX_MEMALIGN 1
#endif
#ifndef HAVE_PRCTL
#define HAVE_PRCTL 1
#endif
#ifndef HAVE_PR_SET_PDEATHSIG
#define HAVE_PR_SET_PDEATHSIG 1
#endif
#ifndef HAVE_PTHREAD_H
#define HAVE_PTHREAD_H 1
#endif
#ifndef HAVE_PTHREAD_MUTEX_T
#define HAVE_PTHREAD_MUTEX_T 1
#endif
#ifndef HAVE_PWD_H
#define HAVE_PWD_H 1
#endif
#ifndef HAVE_REGCOMP
#define HAVE_REGCOMP 1
#endif
#ifndef HAVE_REGEXEC
#define HAVE_REGEXEC 1
#endif
#ifndef HAVE_REGEX_H
#define HAVE_REGEX_H 1
#endif
#ifndef HAVE_SCHED_H
#define HAVE_SCHED_H 1
#endif
#ifndef HAVE_SETNS
#define HAVE_SETNS 1
#endif
#ifndef HAVE_SIGHUP
#define HAVE_SIGHUP 1
#endif
#ifndef HAVE_STRUCT_SOCKADDR_UN
#define HAVE_STRUCT_SOCKADDR_UN 1
#endif
#ifndef HAVE_STRUCT_UCRED
#define HAVE_STRUCT_UCRED 1
#endif
#ifndef HAVE_SYS_PRCTL_H
#define HAVE_SYS_PRCTL_H 1
#endif
#ifndef HAVE_SYS_RESOURCE_H
#define HAVE_SYS_RESOURCE_H 1
#endif
#ifndef HAVE_SYS_SELECT_H
#define HAVE_SYS_SELECT_H 1
#endif
#ifndef HAVE_SYS_STAT_H
#define HAVE_SYS_STAT_H 1
#endif
#ifndef HAVE_SYS_UN_H
#define HAVE_SYS_UN_H 1
#endif
#ifndef HAVE_SYS_WAIT_H
#define HAVE_SYS_WAIT_H 1
#endif
#ifndef HAVE_SYSINFO
#define HAVE_SYSINFO 1
#endif
#ifndef HAVE_SYSLOG_H
#define HAVE_SYSLOG_H 1
#endif
#ifndef HAVE_UNSETENV
#define HAVE_UNSETENV 1
#endif
#ifndef HAVE_WAITPID
#define HAVE_WAITPID 1
#endif

/* Words for printf. */
#ifndef PRINTF_P_PFX
#define PRINTF_P_PFX ""
#endif
#ifndef FMT_PID
#define FMT_PID "d"
#endif
#ifndef FMT_INT64
#define FMT_INT64 PRId64
#endif
#ifndef FMT_UINT64
#define FMT_UINT64 PRIu64
#endif
#ifndef FMT_SIZE
#define FMT_SIZE "zu"
#endif
#ifndef FMT_PTHREAD
#define FMT_PTHREAD "lu"
#endif

#ifndef MAXNAMELEN
#define MAXNAMELEN FILENAME_MAX
#endif
#ifndef MAXHOSTNAMELEN
#define MAXHOSTNAMELEN 64
#endif
#ifndef MAXDOMAINNAMELEN
#define MAXDOMAINNAMELEN 64
#endif
#ifndef MAXMACHINEIDLEN
#define MAXMACHINEIDLEN 256
#endif
#ifndef ULONGLONG_MAX
#define ULONGLONG_MAX 18446744073709551615ULL
#endif
#ifndef LONGLONG_MAX
#define LONGLONG_MAX 9223372036854775807LL
#endif
#ifndef WORD_BIT
#define WORD_BIT 32
#endif
#ifndef RETSIGTYPE
#define RETSIGTYPE void
#endif

/* Errors of the system under names that hold on others, too. */
#define setoserror(n)         (errno = (n))
#define oserror()             errno
#define neterror()            errno
#define hosterror()           h_errno
#define osstrerror()          strerror(errno)
#define netstrerror()         strerror(errno)
#define hoststrerror()        hstrerror(h_errno)
#define osstrerror_r(buf, n)  pmErrStr_r(-errno, buf, n)
#define netstrerror_r(buf, n) pmErrStr_r(-errno, buf, n)

/* Calls that other systems spell otherwise. */
#define mkdir2(path, mode)        mkdir(path, mode)
#define rename2(from, to)         rename(from, to)
#define pipe1(fds)                pipe(fds)
#define strtoint64(s, end, base)  strtoll(s, end, base)
#define strtouint64(s, end, base) strtoull(s, end, base)
#define const_dirent              const struct dirent

/** An integer as wide as a pointer. */
typedef long __psint_t;
typedef uid_t __pmUserID;
typedef gid_t __pmGroupID;
typedef socklen_t __pmSockLen;
/** A signal handler. */
typedef void (*SIG_PF)(int);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_PCP_LIBPCP_H
#define PMDALOOP_PCP_LIBPCP_H

/**
 * @file
 * What PCP keeps for its own programs but most of its agents use all the same.
 */
#include <pcp/pmapi.h>

#include <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif

/* -- identifiers as bit fields ---------------------------------------------------- */

typedef struct {
#ifdef HAVE_BITFIELDS_LTOR
    unsigned int flag : 1;
    unsigned int domain : 9;
    unsigned int cluster : 12;
    unsigned int item : 10;
#else
    unsigned int item : 10;
    unsigned int cluster : 12;
    unsigned int domain : 9;
    unsigned int flag : 1;
#endif
} __pmID_int;

typedef struct {
#ifdef HAVE_BITFIELDS_LTOR
    unsigned int flag : 1;
    unsigned int domain : 9;
    unsigned int serial : 22;
#else
    unsigned int serial : 22;
    unsigned int domain : 9;
    unsigned int flag : 1;
#endif
} __pmInDom_int;

static inline __pmID_int *
__pmid_int(pmID *pmid)
{
    return (__pmID_int *)pmid;
}

static inline __pmInDom_int *
__pmindom_int(pmInDom *indom)
{
    return (__pmInDom_int *)indom;
}

#define pmid_build(d, c, i) pmID_build(d, c, i)
#define pmid_domain(id)     pmID_domain(id)
#define pmid_cluster(id)    pmID_cluster(id)
#define pmid_item(id)       pmID_item(id)

/* -- the tree behind pmdaNameSpace ------------------------------------------------- */

typedef struct __pmnsNode {
    struct __pmnsNode *parent;
    struct __pmnsNode *next;  /**< sibling */
    struct __pmnsNode *first; /**< child */
    struct __pmnsNode *hash;  /**< the next of the same hash */
    char *name;               /**< this component alone */
    pmID pmid;                /**< PM_ID_NULL where this is no metric */
} __pmnsNode;

typedef struct __pmnsTree {
    __pmnsNode *root;
    __pmnsNode **htab;
    int htabsize;
    int mark_state;
} __pmnsTree;

PCP_API void __pmDumpNameNode(FILE *f, const __pmnsNode *node, int verbose);

/* -- hash tables by number --------------------------------------------------------- */

typedef struct __pmHashNode {
    struct __pmHashNode *next;
    unsigned int key;
    void *data;
} __pmHashNode;

typedef struct __pmHashCtl {
    int nodes;
    int hsize;
    __pmHashNode **hash;
    __pmHashNode *next; /**< of a walk */
    unsigned int index; /**< of a walk */
} __pmHashCtl;

typedef enum {
    PM_HASH_WALK_START = 0,
    PM_HASH_WALK_NEXT,
    PM_HASH_WALK_STOP,
    PM_HASH_WALK_DELETE_NEXT,
    PM_HASH_WALK_DELETE_STOP,
} __pmHashWalkState;

typedef __pmHashWalkState (*__pmHashWalkCallback)(const __pmHashNode *node, void *data);

PCP_API void __pmHashInit(__pmHashCtl *hash);
/** The first of that key added last, or NULL. */
PCP_API __pmHashNode *__pmHashSearch(unsigned int key, __pmHashCtl *hash);
/** 1, or -errno. A key may be there several times. */
PCP_API int __pmHashAdd(unsigned int key, void *data, __pmHashCtl *hash);
/** 1 when it was there, 0 when not. */
PCP_API int __pmHashDel(unsigned int key, void *data, __pmHashCtl *hash);
/** Forget all nodes. The data is the caller's. */
PCP_API void __pmHashClear(__pmHashCtl *hash);
PCP_API void __pmHashFree(__pmHashCtl *hash);
PCP_API __pmHashNode *__pmHashWalk(__pmHashCtl *hash, __pmHashWalkState state);
PCP_API void __pmHashWalkCB(__pmHashWalkCallback callback, void *data,
                            const __pmHashCtl *hash);
PCP_API int __pmHashPreAlloc(int size, __pmHashCtl *hash);

/* -- values ----------------------------------------------------------------------- */

typedef struct {
    int64_t sec;
    int32_t nsec;
} __pmTimestamp;

/** A result as PCP's programs have it between themselves. */
typedef struct __pmResult {
    __pmTimestamp timestamp;
    int numpmid;
    pmValueSet *vset[1];
} __pmResult;

/** Put a value where it belongs: into the pmValue or a malloc'd block. PM_VAL_*, or
 *  PM_ERR_TYPE. */
PCP_API int __pmStuffValue(const pmAtomValue *atom, pmValue *value, int type);
/** Does the client want this instance? */
PCP_API int __pmInProfile(pmInDom indom, const pmProfile *profile, int inst);
PCP_API void __pmFreeResultValues(pmResult *result);
PCP_API void __pmFreeInResult(pmInResult *result);
PCP_API void __pmFreeProfile(pmProfile *profile);
PCP_API __pmResult *__pmAllocResult(int numpmid);
PCP_API void __pmFreeResult(__pmResult *result);
#define __pmFreeResultValues_v2 __pmFreeResultValues

/** The same value sets, as the methods of an agent take them. The time does not come
 *  along: its parts mean something else. */
static inline pmResult *
__pmOffsetResult(const __pmResult *result)
{
    return (pmResult *)(uintptr_t)result;
}
#define __pmOffsetResult_v2 __pmOffsetResult
#define pmdaOffsetResult    __pmOffsetResult

/* -- labels ----------------------------------------------------------------------- */

/** Merge the labels of a JSON object into *set. How many there are, or a code. */
PCP_API int __pmAddLabels(pmLabelSet **set, const char *json, int flags);
/** The labels of this host, from files under PCP_SYSCONF_DIR. Number of sets: 1. */
PCP_API int __pmGetContextLabels(pmLabelSet **ret_set);
/** The label that names an agent. Number of sets: 1. */
PCP_API int __pmGetDomainLabels(int domain, const char *name, pmLabelSet **ret_set);

/* -- timers, by SIGALRM ------------------------------------------------------------ */

/** Call @p callback each @p delta. Its number, or -errno. */
PCP_API int __pmAFregister(const struct timeval *delta, void *data,
                           void (*callback)(int id, void *data));
/** The same, the first time after @p start. */
PCP_API int __pmAFsetup(const struct timeval *start, const struct timeval *delta,
                        void *data, void (*callback)(int id, void *data));
PCP_API int __pmAFunregister(int id);
/** No call-backs until __pmAFunblock(). */
PCP_API void __pmAFblock(void);
PCP_API void __pmAFunblock(void);
PCP_API int __pmAFisempty(void);

/* -- other programs ---------------------------------------------------------------- */

typedef struct __pmExecCtl __pmExecCtl_t;

#define PM_EXEC_TOSS_NONE   0
#define PM_EXEC_TOSS_STDIN  1
#define PM_EXEC_TOSS_STDOUT 2
#define PM_EXEC_TOSS_STDERR 4
#define PM_EXEC_TOSS_ALL    7
#define PM_EXEC_NOWAIT      0
#define PM_EXEC_WAIT        1

/** One more argument; the first call, with NULL in *ctl, names the program. */
PCP_API int __pmProcessAddArg(__pmExecCtl_t **ctl, const char *arg);
/** All the arguments of a command line, quotes understood. */
PCP_API int __pmProcessUnpickArgs(__pmExecCtl_t **ctl, const char *command);
/** Run it, without a shell, and free *ctl. With PM_EXEC_WAIT its exit status. */
PCP_API int __pmProcessExec(__pmExecCtl_t **ctl, int toss, int wait);
/** Run it and read ("r") what it writes, or write ("w") what it reads. Frees *ctl. */
PCP_API int __pmProcessPipe(__pmExecCtl_t **ctl, const char *type, int toss,
                            FILE **ret_stream);
/** Close such a stream and wait. The exit status; 2000 when there is none, 1000 plus the
 *  signal that ended it, or -errno. */
PCP_API int __pmProcessPipeClose(FILE *stream);
PCP_API void __pmProcessFree(__pmExecCtl_t **ctl);
PCP_API pid_t __pmProcessCreate(char **argv, int *ret_infd, int *ret_outfd);
PCP_API int __pmProcessExists(pid_t pid);
PCP_API int __pmProcessTerminate(pid_t pid, int force);
/** This process: KiB of data more than at the first call, which may be with NULL; seconds
 *  of user and system time. */
PCP_API int __pmProcessDataSize(unsigned long *ret_kbytes);
PCP_API int __pmProcessRunTimes(double *ret_user_s, double *ret_system_s);

/* -- the system ------------------------------------------------------------------- */

typedef void (*__pmSignalHandler)(int);

PCP_API int __pmSetSignalHandler(int signal, __pmSignalHandler handler);
PCP_API void *__pmMemoryMap(int fd, size_t bytes, int writable);
PCP_API void __pmMemoryUnmap(void *at, size_t bytes);
/** mkdir -p. */
PCP_API int __pmMakePath(const char *path, mode_t mode);
/** $TZ, or what stands for it. */
PCP_API char *__pmTimezone(void);
PCP_API char *__pmTimezone_r(char *buf, int size);
PCP_API char *__pmZoneinfo(void);
PCP_API int __pmGetTimespec(struct timespec *ret_now);
PCP_API void __pmtimevalSleep(struct timeval interval);
/** Should a message be logged that comes up again and again? 1 yes, 0 no. */
PCP_API int __pmNotifyThrottle(const char *file, int line);

/* -- sockets ---------------------------------------------------------------------- */

typedef fd_set __pmFdSet;
typedef struct __pmSockAddr __pmSockAddr;
typedef struct __pmHostEnt __pmHostEnt;

PCP_API int __pmCreateSocket(void);
PCP_API int __pmCreateIPv6Socket(void);
PCP_API int __pmCreateUnixSocket(void);
PCP_API int __pmBind(int fd, void *addr, __pmSockLen len);
PCP_API int __pmListen(int fd, int backlog);
PCP_API int __pmAccept(int fd, void *addr, __pmSockLen *len);
PCP_API int __pmConnect(int fd, void *addr, __pmSockLen len);
PCP_API void __pmCloseSocket(int fd);
PCP_API int __pmSetSockOpt(int fd, int level, int name, const void *value,
                           __pmSockLen len);
PCP_API ssize_t __pmSend(int fd, const void *bytes, size_t n, int flags);
PCP_API ssize_t __pmRecv(int fd, void *bytes, size_t n, int flags);
PCP_API ssize_t __pmWrite(int fd, const void *bytes, size_t n);
PCP_API ssize_t __pmRead(int fd, void *bytes, size_t n);
PCP_API void __pmFD_CLR(int fd, __pmFdSet *set);
PCP_API int __pmFD_ISSET(int fd, __pmFdSet *set);
PCP_API void __pmFD_SET(int fd, __pmFdSet *set);
PCP_API void __pmFD_ZERO(__pmFdSet *set);
PCP_API void __pmFD_COPY(__pmFdSet *to, const __pmFdSet *from);
PCP_API int __pmSelectRead(int n, __pmFdSet *set, struct timeval *timeout);
PCP_API int __pmSelectWrite(int n, __pmFdSet *set, struct timeval *timeout);
PCP_API __pmSockAddr *__pmSockAddrAlloc(void);
PCP_API void __pmSockAddrFree(__pmSockAddr *addr);
PCP_API size_t __pmSockAddrSize(void);
PCP_API void __pmSockAddrInit(__pmSockAddr *addr, int family, int address, int port);
PCP_API void __pmSockAddrSetFamily(__pmSockAddr *addr, int family);
PCP_API int __pmSockAddrGetFamily(const __pmSockAddr *addr);
PCP_API void __pmSockAddrSetPort(__pmSockAddr *addr, int port);
PCP_API int __pmSockAddrGetPort(const __pmSockAddr *addr);
PCP_API void __pmSockAddrSetPath(__pmSockAddr *addr, const char *path);
PCP_API int __pmSockAddrIsInet(const __pmSockAddr *addr);
PCP_API int __pmSockAddrIsIPv6(const __pmSockAddr *addr);
PCP_API int __pmSockAddrIsUnix(const __pmSockAddr *addr);
PCP_API int __pmSockAddrIsLoopBack(const __pmSockAddr *addr);
/** The address in digits. The caller frees. */
PCP_API char *__pmSockAddrToString(const __pmSockAddr *addr);
/** The name of the host that has it, or the digits. The caller frees. */
PCP_API char *__pmGetNameInfo(__pmSockAddr *addr);
/** A host's addresses, by its name or one of them in digits; to be freed by
 * __pmHostEntFree(). Or NULL, and @p ret_status, unless NULL itself, is PM_ERR_AGAIN,
 * -ENOMEM or -EHOSTUNREACH. It waits for the name service. */
PCP_API __pmHostEnt *__pmGetAddrInfo(const char *name, int *ret_status);
/* PCP 6 takes the name alone. */
#define __pmGetAddrInfo(...)                  PMDALOOP_ADDR_INFO(__VA_ARGS__, NULL, 0)
#define PMDALOOP_ADDR_INFO(name, status, ...) __pmGetAddrInfo(name, status)
PCP_API void __pmHostEntFree(__pmHostEnt *host);
/** The next address, the first where @p at points to NULL, which it moves on; NULL after
 * the last. The caller frees, by __pmSockAddrFree(). */
PCP_API __pmSockAddr *__pmHostEntGetSockAddr(const __pmHostEnt *host, void **at);
/** The name of the host's first address, or its digits. The caller frees. */
PCP_API char *__pmHostEntGetName(__pmHostEnt *host);
/** Begins to connect and does not wait: @p fd can be written when that has come to an end.
 * The flags that __pmConnectRestoreFlags() is to set again; or -errno, and @p fd is closed.
 * @p port -1: the one in @p addr. */
PCP_API int __pmConnectTo(int fd, const __pmSockAddr *addr, int port);
/** How that ended: 0, or an errno. */
PCP_API int __pmConnectCheckError(int fd);
/** @p fd, waiting again and not for programs that are started; or -1, and it is closed. */
PCP_API int __pmConnectRestoreFlags(int fd, int flags);

#define PM_STATE_APPL 0
#define PM_STATE_PMCS 1
/* An agent has no use for these, yet calls them; both do nothing and succeed. */
PCP_API void __pmSetInternalState(int state);
PCP_API int __pmSetVersionIPC(int fd, int version);
/** 1 when @p fd is a socket. */
PCP_API int __pmSocketIPC(int fd);

/* -- who may do what: user, group and host lists ----------------------------------- */

/** Define an operation by its bit. */
PCP_API int __pmAccAddOp(unsigned int op);
/** Of a user or group ("*": those without an entry, who have no rights until this is said):
 *  operations told about, and of these the denied ones. 0, or -EINVAL. Connections of
 *  accounts are not counted. */
PCP_API int __pmAccAddUser(const char *name, unsigned int specified,
                           unsigned int denied, int max_connections);
PCP_API int __pmAccAddGroup(const char *name, unsigned int specified,
                            unsigned int denied, int max_connections);
/** The same of a host, a name or an address, "10.1.*", "fe80:*", "unix:PATH", "local:*", or "*";
 *  what is said of fewer counts more. At most so many connections at a time, 0 for any number.
 *  It may wait for the name service. */
PCP_API int __pmAccAddHost(const char *name, unsigned int specified,
                           unsigned int denied, int max_connections);
/** The operations denied to a user and group, by number. 1; 0 when nothing was said of anybody
 *  and nobody is asked for; PM_ERR_PERMISSION when all are. */
PCP_API int __pmAccAddAccount(const char *uid, const char *gid,
                              unsigned int *ret_denied);
/** The operations denied to an address, which counts as connected from now on. 0;
 *  PM_ERR_PERMISSION when all are, PM_ERR_CONNLIMIT when it is one too many. */
PCP_API int __pmAccAddClient(__pmSockAddr *addr, unsigned int *ret_denied);
/** It has gone. */
PCP_API void __pmAccDelClient(__pmSockAddr *addr);
PCP_API void __pmAccDumpUsers(FILE *f);
PCP_API void __pmAccDumpGroups(FILE *f);
PCP_API void __pmAccDumpHosts(FILE *f);
PCP_API void __pmAccDumpLists(FILE *f);

/* -- PDUs ------------------------------------------------------------------------- */

#define PDU_START         0x7000
#define PDU_ERROR         PDU_START
#define PDU_RESULT        0x7001
#define PDU_PROFILE       0x7002
#define PDU_FETCH         0x7003
#define PDU_DESC_REQ      0x7004
#define PDU_DESC          0x7005
#define PDU_INSTANCE_REQ  0x7006
#define PDU_INSTANCE      0x7007
#define PDU_TEXT_REQ      0x7008
#define PDU_TEXT          0x7009
#define PDU_CONTROL_REQ   0x700a
#define PDU_CREDS         0x700c
#define PDU_PMNS_IDS      0x700d
#define PDU_PMNS_NAMES    0x700e
#define PDU_PMNS_CHILD    0x700f
#define PDU_PMNS_TRAVERSE 0x7010
#define PDU_ATTR          0x7011
#define PDU_AUTH          PDU_ATTR
#define PDU_LABEL_REQ     0x7012
#define PDU_LABEL         0x7013
#define PDU_VERSION2      2
#define PDU_VERSION       PDU_VERSION2

#define TIMEOUT_NEVER   0
#define TIMEOUT_DEFAULT (-1)

#define PDU_FLAG_AUTH      (1U << 2)
#define PDU_FLAG_CONTAINER (1U << 6)
#define FROM_ANON          0

typedef uint32_t __pmPDU;

/** Where every PDU begins; in memory in the machine's order, what follows in the net's. */
typedef struct {
    int32_t len; /**< of the whole PDU */
    int32_t type;
    int32_t from;
} __pmPDUHdr;

#define ANY_SIZE   0 /**< up to 64 MiB */
#define LIMIT_SIZE 2 /**< up to 64 KiB, as pmcd takes from its clients */

/** Read one PDU, and no byte more. Its type, and it is the caller's to unpin; 0 at the end
 *  of the stream; PM_ERR_TIMEOUT after @p timeout_s, TIMEOUT_NEVER or TIMEOUT_DEFAULT (10);
 *  PM_ERR_IPC when it is none, PM_ERR_TOOBIG, -errno. */
PCP_API int __pmGetPDU(int fd, int mode, int timeout_s, __pmPDU **ret_pdu);
/** One more owner of the PDU, or of the list out of one, that @p at points to or into. */
PCP_API void __pmPinPDUBuf(void *at);
/** One less; the last one frees. 1, or 0 when it is nothing of the kind. */
PCP_API int __pmUnpinPDUBuf(void *at);

/* What a PDU says. 0, or PM_ERR_IPC and nothing is stored, or -ENOMEM. What points to
 * memory is the caller's: a profile goes by __pmFreeProfile(), a list of pmIDs by
 * __pmUnpinPDUBuf(), a name by free(), a result by __pmFreeResult(). */
PCP_API int __pmDecodeError(__pmPDU *pdu, int *ret_code);
PCP_API int __pmDecodeProfile(__pmPDU *pdu, int *ret_context, pmProfile **ret_profile);
/** @p unused, a time in older PCP, stays as it is. */
PCP_API int __pmDecodeFetch(__pmPDU *pdu, int *ret_context, void *unused, int *ret_n,
                            pmID **ret_pmids);
PCP_API int __pmDecodeResult(__pmPDU *pdu, __pmResult **ret_result);
PCP_API int __pmDecodeDescReq(__pmPDU *pdu, pmID *ret_pmid);
PCP_API int __pmDecodeDesc(__pmPDU *pdu, pmDesc *ret_desc);
/** The name is NULL where the PDU has none. */
PCP_API int __pmDecodeInstanceReq(__pmPDU *pdu, pmInDom *ret_indom, int *ret_inst,
                                  char **ret_name);
PCP_API int __pmDecodeTextReq(__pmPDU *pdu, int *ret_ident, int *ret_kind);

/* Send a PDU and wait until it has gone. 0 or more, or a negative code. */
PCP_API int __pmSendError(int fd, int from, int code);
PCP_API int __pmSendResult(int fd, int from, const __pmResult *result);
PCP_API int __pmSendDesc(int fd, int from, pmDesc *desc);
PCP_API int __pmSendInstance(int fd, int from, pmInResult *result);
PCP_API int __pmSendText(int fd, int from, int ident, const char *text);

typedef enum {
    PCP_ATTR_NONE = 0,
    PCP_ATTR_PROTOCOL = 1,
    PCP_ATTR_SECURE = 2,
    PCP_ATTR_COMPRESS = 3,
    PCP_ATTR_USERAUTH = 4,
    PCP_ATTR_USERNAME = 5,
    PCP_ATTR_AUTHNAME = 6,
    PCP_ATTR_PASSWORD = 7,
    PCP_ATTR_METHOD = 8,
    PCP_ATTR_REALM = 9,
    PCP_ATTR_UNIXSOCK = 10,
    PCP_ATTR_USERID = 11,
    PCP_ATTR_GROUPID = 12,
    PCP_ATTR_LOCAL = 13,
    PCP_ATTR_PROCESSID = 14,
    PCP_ATTR_CONTAINER = 15,
} __pmAttrKey;

/* -- locks ------------------------------------------------------------------------ */

#define PM_MULTI_THREAD 1
typedef pthread_mutex_t __pmMutex;

static inline int
__pmLockMutex(pthread_mutex_t *lock)
{
    return pthread_mutex_lock(lock);
}

static inline int
__pmUnlockMutex(pthread_mutex_t *lock)
{
    return pthread_mutex_unlock(lock);
}

#define PM_INIT_LOCKS()        ((void)0)
#define PM_MULTIPLE_THREADS(x) 0
#define PM_LOCK(lock)          __pmLockMutex(&(lock))
#define PM_UNLOCK(lock)        __pmUnlockMutex(&(lock))

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_PCP_PMDA_H
#define PMDALOOP_PCP_PMDA_H

/**
 * @file
 * PCP's interface for agents: fill a dispatch vector with methods, hand it to pmdaMain().
 *
 * Names, layouts and behaviour are PCP's, so source written for libpcp_pmda 3.5, 6 or 7
 * compiles unchanged; what a method returns, and who frees what, stands at the method.
 * Unlike there, all state belongs to a pmdaInterface: several agents may live in one
 * process. One thread at a time serves an agent.
 */
#include <pcp/pmapi.h>

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PMDA_INTERFACE_1      1 /**< methods without pmdaExt; see pmdaMainLoop() */
#define PMDA_INTERFACE_2      2
#define PMDA_INTERFACE_3      3 /**< a fetch callback's 0 means no value */
#define PMDA_INTERFACE_4      4 /**< pmid, name, children: dynamic names */
#define PMDA_INTERFACE_5      5 /**< clients are told apart; a callback's 2: free it */
#define PMDA_INTERFACE_6      6 /**< attribute: who a client is */
#define PMDA_INTERFACE_7      7 /**< label */
#define PMDA_INTERFACE_LATEST 7

/** How pmcd reaches the agent. */
typedef enum { pmdaPipe, pmdaInet, pmdaUnix, pmdaUnknown, pmdaIPv6 } pmdaIoType;

typedef struct __pmnsTree pmdaNameSpace;
typedef struct __pmHashCtl pmdaHashTable;

typedef struct pmdaInstid {
    int i_inst;
    char *i_name;
} pmdaInstid;

/** An instance domain. pmdaInit() turns the serial in it_indom into a pmInDom. */
typedef struct pmdaIndom {
    pmInDom it_indom;
    int it_numinst;
    pmdaInstid *it_set;
} pmdaIndom;

typedef struct pmdaMetric {
    void *m_user;
    pmDesc m_desc;
} pmdaMetric;

/** One value for pmdaFetch(). PMDA_FETCH_* or a negative code. */
typedef int (*pmdaFetchCallBack)(pmdaMetric *metric, unsigned int inst,
                                 pmAtomValue *atom);
#define PMDA_FETCH_NOVALUES 0
#define PMDA_FETCH_STATIC   1 /**< the value stays the agent's */
#define PMDA_FETCH_DYNAMIC  2 /**< a string or aggregate is free()d after use */

/** Frees what a fetch method made, once it is sent. */
typedef void (*pmdaResultCallBack)(pmResult *result);
/** Asked before each PDU; a negative code is the answer to it. */
typedef int (*pmdaCheckCallBack)(void);
/** Told after each PDU. */
typedef void (*pmdaDoneCallBack)(void);
/** Told that a client has gone. */
typedef void (*pmdaEndContextCallBack)(int context);
/** Adds labels for one instance; returns how many. */
typedef int (*pmdaLabelCallBack)(pmInDom indom, unsigned int inst, pmLabelSet **set);

/** What an agent has beside its methods. */
typedef struct pmdaExt {
    unsigned int e_flags; /**< PMDA_EXT_* */
    void *e_ext;          /**< the library's own */
    char *e_sockname;
    const char *e_name;
    const char *e_logfile;
    const char *e_helptext;
    int e_status;
    int e_infd;
    int e_outfd;
    int e_port;
    int e_singular;
    int e_ordinal;
    int e_direct; /**< 1: a metric's item is its place in the table */
    int e_domain;
    int e_nmetrics;
    int e_nindoms;
    int e_help;        /**< handle for pmdaGetHelp() */
    pmProfile *e_prof; /**< the last one received */
    pmdaIoType e_io;
    pmdaIndom *e_indoms;
    pmdaIndom *e_idp;
    pmdaMetric *e_metrics;
    pmdaResultCallBack e_resultCallBack;
    pmdaFetchCallBack e_fetchCallBack;
    pmdaCheckCallBack e_checkCallBack;
    pmdaDoneCallBack e_doneCallBack;
    int e_context; /**< the client being served */
    pmdaEndContextCallBack e_endCallBack;
    pmdaLabelCallBack e_labelCallBack;
} pmdaExt;

#define PMDA_EXT_FLAG_DIRECT  (1 << 0)
#define PMDA_EXT_FLAG_HASHED  (1 << 1)
#define PMDA_EXT_SETUPDONE    (1 << 2)
#define PMDA_EXT_CONNECTED    (1 << 3)
#define PMDA_EXT_NOTREADY     (1 << 4)
#define PMDA_EXT_LABEL_CHANGE (1 << 5)
#define PMDA_EXT_NAMES_CHANGE (1 << 6)

/** Before the initialization function of an agent that pmcd loads. */
#define __PMDA_INIT_CALL __attribute__((visibility("default")))
#define PMDA_CALL

/* The methods that each later version appends to. */
#define PMDA_METHODS_2                                                                 \
    __extension__ union { /* e_ext to the manual of PCP 3 */                           \
        pmdaExt *ext;                                                                  \
        pmdaExt *e_ext;                                                                \
    };                                                                                 \
    int (*profile)(pmProfile *, pmdaExt *);                                            \
    int (*fetch)(int, pmID *, pmResult **, pmdaExt *);                                 \
    int (*desc)(pmID, pmDesc *, pmdaExt *);                                            \
    int (*instance)(pmInDom, int, char *, pmInResult **, pmdaExt *);                   \
    int (*text)(int, int, char **, pmdaExt *);                                         \
    int (*store)(pmResult *, pmdaExt *)
#define PMDA_METHODS_4                                                                 \
    PMDA_METHODS_2;                                                                    \
    int (*pmid)(const char *, pmID *, pmdaExt *);                                      \
    int (*name)(pmID, char ***, pmdaExt *);                                            \
    int (*children)(const char *, int, char ***, int **, pmdaExt *)
#define PMDA_METHODS_6                                                                 \
    PMDA_METHODS_4;                                                                    \
    int (*attribute)(int, int, const char *, int, pmdaExt *)
#define PMDA_METHODS_7                                                                 \
    PMDA_METHODS_6;                                                                    \
    int (*label)(int, int, pmLabelSet **, pmdaExt *)

/** The methods of PMDA_INTERFACE_1, all there is of such an agent. */
typedef struct {
    int (*profile)(pmProfile *);
    int (*fetch)(int, pmID *, pmResult **);
    int (*desc)(pmID, pmDesc *);
    int (*instance)(pmInDom, int, char *, pmInResult **);
    int (*text)(int, int, char **); /**< the text is malloc'd, the loop frees it */
    int (*control)(pmResult *, int, int, int); /**< never called */
    int (*store)(pmResult *);
} _pmPMDA;

/** An agent: its version, its methods. */
typedef struct pmdaInterface {
    int domain;
    struct {
        unsigned int pmda_interface : 8; /**< PMDA_INTERFACE_* */
        unsigned int pmapi_version : 8;
        unsigned int flags : 16; /**< PMDA_FLAG_* */
    } comm;
    int status; /**< negative when setting up failed */
    union {
        _pmPMDA one;
        struct {
            PMDA_METHODS_2;
        } any, two, three;
        struct {
            PMDA_METHODS_4;
        } four, five;
        struct {
            PMDA_METHODS_6;
        } six;
        struct {
            PMDA_METHODS_7;
        } seven;
    } version;
} pmdaInterface;

#define PMDA_FLAG_AUTHORIZE (1 << 2) /**< wants to know users */
#define PMDA_FLAG_CONTAINER (1 << 6) /**< wants to know containers */

#define PMDA_ATTR_USERNAME  5
#define PMDA_ATTR_USERID    11
#define PMDA_ATTR_GROUPID   12
#define PMDA_ATTR_PROCESSID 14
#define PMDA_ATTR_CONTAINER 15

/** A pmID without its domain, for a metric table. */
#define PMDA_PMID(cluster, item) ((((cluster)&0xfff) << 10) | ((item)&0x3ff))

/* A pmUnits in a table: three dimensions, three scales. */
#ifdef __cplusplus
#ifdef HAVE_BITFIELDS_LTOR
#define PMDA_EXTRAUNITS(a, b, c, d, e, f, g, h)                                        \
    {                                                                                  \
        {                                                                              \
            {                                                                          \
                (a), (b), (c), (d), (e), (f), (g), (h)                                 \
            }                                                                          \
        }                                                                              \
    }
#else
#define PMDA_EXTRAUNITS(a, b, c, d, e, f, g, h)                                        \
    {                                                                                  \
        {                                                                              \
            {                                                                          \
                (h), (g), (f), (e), (d), (c), (b), (a)                                 \
            }                                                                          \
        }                                                                              \
    }
#endif
#else
#define PMDA_EXTRAUNITS(a, b, c, d, e, f, g, h)                                        \
    {                                                                                  \
        {                                                                              \
            {                                                                          \
                .dimSpace = (a), .dimTime = (b), .dimCount = (c), .scaleSpace = (d),   \
                .scaleTime = (e), .scaleCount = (f), .extraUnit = (g),                 \
                .extraScale = (h)                                                      \
            }                                                                          \
        }                                                                              \
    }
#endif
#define PMDA_UNITS(a, b, c, d, e, f)   PMDA_EXTRAUNITS(a, b, c, d, e, f, 0, 0)
#define PMDA_PMUNITS(a, b, c, d, e, f) PMDA_EXTRAUNITS(a, b, c, d, e, f, 0, 0)

/* -- options ---------------------------------------------------------------------- */

#define PMDA_OPTIONS "D:d:h:i:l:pu:U:"
#define PMDA_OPTIONS_HEADER(s)                                                         \
    {                                                                                  \
        "", 0, '-', 0, (s)                                                             \
    }
#define PMDA_OPTIONS_TEXT(s)                                                           \
    {                                                                                  \
        "", 0, '|', 0, (s)                                                             \
    }
#define PMDA_OPTIONS_END                                                               \
    {                                                                                  \
        NULL, 0, 0, 0, NULL                                                            \
    }

#define PMDAOPT_DEBUG                                                                  \
    {                                                                                  \
        "debug", 1, 'D', "DBG", NULL                                                   \
    }
#define PMDAOPT_DOMAIN                                                                 \
    {                                                                                  \
        "domain", 1, 'd', "NUM", "use domain (numeric) for metrics domain of PMDA"     \
    }
#define PMDAOPT_HELPTEXT                                                               \
    {                                                                                  \
        "helpfile", 1, 'h', "FILE", "path to PMDA metrics help text file"              \
    }
#define PMDAOPT_INET                                                                   \
    {                                                                                  \
        "inet", 1, 'i', "PORT", "pmcd IPv4 connection service name or numeric port"    \
    }
#define PMDAOPT_IPV6                                                                   \
    {                                                                                  \
        "ipv6", 1, '6', "PORT", "pmcd IPv6 connection service name or numeric port"    \
    }
#define PMDAOPT_LOGFILE                                                                \
    {                                                                                  \
        "log", 1, 'l', "FILE", "write log to FILE rather than using default log name"  \
    }
#define PMDAOPT_PIPE                                                                   \
    {                                                                                  \
        "pipe", 0, 'p', 0, "use a pipe for communication with pmcd"                    \
    }
#define PMDAOPT_UNIX                                                                   \
    {                                                                                  \
        "unix", 1, 'u', "FILE", "use a unix domain socket for communication with pmcd" \
    }
#define PMDAOPT_USERNAME                                                               \
    {                                                                                  \
        "username", 1, 'U', "USER", "run the PMDA using the named user account"        \
    }

struct pmdaOptions;
#define __pmdaOptions pmdaOptions
typedef int (*pmdaOptionOverride)(int option, struct pmdaOptions *options);

typedef struct pmdaOptions {
    int version;
    int flags; /**< PM_OPTFLAG_* */
    const char *short_options;
    pmLongOptions *long_options;
    const char *short_usage;
    pmdaOptionOverride override;
    int index;
    int optind;
    int opterr;
    int optopt;
    char *optarg;
    int __initialized;
    char *__nextchar;
    int __ordering;
    int __posixly_correct;
    int __first_nonopt;
    int __last_nonopt;
    int errors; /**< how many were found */
    char *username;
} pmdaOptions;

/** The next option that is the agent's own; EOF after the last. Standard ones are taken
 *  where @p optstring lists them. *err counts the mistakes. */
PCP_API int pmdaGetOpt(int argc, char *const *argv, const char *optstring,
                       pmdaInterface *dispatch, int *err);
/** The same for long options. */
PCP_API int pmdaGetOptions(int argc, char *const *argv, pmdaOptions *opts,
                           pmdaInterface *dispatch);
/** Print what the options are. */
PCP_API void pmdaUsageMessage(pmdaOptions *opts);

/* -- set-up ----------------------------------------------------------------------- */

/** Prepare an agent that is a process of its own. Failures are in dispatch->status.
 *  @p name stays the caller's. */
PCP_API void pmdaDaemon(pmdaInterface *dispatch, int version, const char *name,
                        int domain, const char *logfile, const char *helptext);
/** Prepare an agent that is loaded into pmcd or dbpmda. */
PCP_API void pmdaDSO(pmdaInterface *dispatch, int version, char *name, char *helptext);
/** Free what pmdaDaemon(), pmdaDSO(), pmdaInit() and pmdaConnect() made. Not in PCP. */
PCP_API void pmdaloop_release(pmdaInterface *dispatch);
/** Send stderr to the agent's log file. */
PCP_API void pmdaOpenLog(pmdaInterface *dispatch);
PCP_API void pmdaSetData(pmdaInterface *dispatch, void *data);
PCP_API void pmdaExtSetData(pmdaExt *ext, void *data);
PCP_API void *pmdaExtGetData(pmdaExt *ext);
PCP_API void pmdaSetFlags(pmdaInterface *dispatch, int flags);
PCP_API void pmdaExtSetFlags(pmdaExt *ext, int flags);
PCP_API void pmdaSetCommFlags(pmdaInterface *dispatch, int flags);
PCP_API void pmdaSetResultCallBack(pmdaInterface *dispatch,
                                   pmdaResultCallBack callback);
PCP_API void pmdaSetFetchCallBack(pmdaInterface *dispatch, pmdaFetchCallBack callback);
PCP_API void pmdaSetCheckCallBack(pmdaInterface *dispatch, pmdaCheckCallBack callback);
PCP_API void pmdaSetDoneCallBack(pmdaInterface *dispatch, pmdaDoneCallBack callback);
PCP_API void pmdaSetEndContextCallBack(pmdaInterface *dispatch,
                                       pmdaEndContextCallBack callback);
PCP_API void pmdaSetLabelCallBack(pmdaInterface *dispatch, pmdaLabelCallBack callback);
/** Hand over the tables. The domain is written into them; they stay the caller's. */
PCP_API void pmdaInit(pmdaInterface *dispatch, pmdaIndom *indoms, int nindoms,
                      pmdaMetric *metrics, int nmetrics);
/** Another metric table. */
PCP_API void pmdaRehash(pmdaExt *ext, pmdaMetric *metrics, int nmetrics);
/** Reach pmcd: standard input and output, or the first connection to a socket. */
PCP_API void pmdaConnect(pmdaInterface *dispatch);
/** The dispatch structure lies elsewhere now. */
PCP_API void pmdaInterfaceMoved(pmdaInterface *dispatch);

/* -- the loop --------------------------------------------------------------------- */

/** Serve pmcd until it closes the connection. */
PCP_API void pmdaMain(pmdaInterface *dispatch);
/** Serve one PDU. 0, PM_ERR_EOF at the end, another negative code when the stream is
 *  broken. */
PCP_API int __pmdaMainPDU(pmdaInterface *dispatch);
/** The descriptor that has a PDU when it is readable, or -1. */
PCP_API int __pmdaInFd(pmdaInterface *dispatch);
/** Tell pmcd, unasked, PM_ERR_PMDAREADY or PM_ERR_PMDANOTREADY. */
PCP_API void pmdaSendError(pmdaInterface *dispatch, int code);
/** The client whose request is being served, or -1. */
PCP_API int pmdaGetContext(void);
PCP_API void __pmdaSetContext(int context);

/** The loop of agents of PMDA_INTERFACE_1. */
PCP_API void pmdaMainLoop(char *name, int infd, int outfd, _pmPMDA *dispatch,
                          int (*check)(void), void (*done)(void));
/** Who frees the results of such agents; NULL for nobody. */
PCP_API void pmdaMainLoopFreeResultCallback(void (*callback)(pmResult *result));

/* -- stock methods ---------------------------------------------------------------- */

PCP_API int pmdaProfile(pmProfile *profile, pmdaExt *ext);
PCP_API int pmdaFetch(int n, pmID *pmids, pmResult **ret_result, pmdaExt *ext);
PCP_API int pmdaInstance(pmInDom indom, int inst, char *name, pmInResult **ret_result,
                         pmdaExt *ext);
PCP_API int pmdaDesc(pmID pmid, pmDesc *ret_desc, pmdaExt *ext);
PCP_API int pmdaText(int ident, int kind, char **ret_text, pmdaExt *ext);
PCP_API int pmdaStore(pmResult *result, pmdaExt *ext);
PCP_API int pmdaPMID(const char *name, pmID *ret_pmid, pmdaExt *ext);
PCP_API int pmdaName(pmID pmid, char ***ret_names, pmdaExt *ext);
PCP_API int pmdaChildren(const char *name, int traverse, char ***ret_names,
                         int **ret_status, pmdaExt *ext);
PCP_API int pmdaAttribute(int context, int key, const char *value, int len,
                          pmdaExt *ext);
PCP_API int pmdaLabel(int ident, int kind, pmLabelSet **ret_sets, pmdaExt *ext);
/** Free a result's value sets and blocks, but not the result. */
PCP_API void pmdaFreeResultValues(pmResult *result);

/** How many instances of @p indom the client wants. */
PCP_API int __pmdaCntInst(pmInDom indom, pmdaExt *ext);
/** Begin to walk them, and take the next: 1, or 0 after the last. */
PCP_API void __pmdaStartInst(pmInDom indom, pmdaExt *ext);
PCP_API int __pmdaNextInst(int *ret_inst, pmdaExt *ext);

/* -- help text -------------------------------------------------------------------- */

/** Open what newhelp(1) made. A handle, or a negative code. */
PCP_API int pmdaOpenHelp(const char *path);
PCP_API void pmdaCloseHelp(int handle);
/** A text, valid until the handle is closed, or NULL. @p kind: PM_TEXT_ONELINE or
 *  PM_TEXT_HELP. */
PCP_API char *pmdaGetHelp(int handle, pmID pmid, int kind);
PCP_API char *pmdaGetInDomHelp(int handle, pmInDom indom, int kind);

/* -- labels ----------------------------------------------------------------------- */

/** Add the labels of a JSON object to *sets. How many there are now, or a code. */
PCP_API int pmdaAddLabels(pmLabelSet **sets, const char *format, ...)
    __PM_PRINTFLIKE(2, 3);
/** The same, as optional labels. */
PCP_API int pmdaAddNotes(pmLabelSet **sets, const char *format, ...)
    __PM_PRINTFLIKE(2, 3);
PCP_API int pmdaAddLabelFlags(pmLabelSet *sets, int flags);

/* -- dynamic metrics -------------------------------------------------------------- */

/** Bring *tree up to date; nonzero when it has changed. */
typedef int (*pmdaUpdatePMNS)(pmdaExt *ext, pmdaNameSpace **tree);
typedef int (*pmdaUpdateText)(pmdaExt *ext, pmID pmid, int kind, char **ret_text);
/** Make the metric of @p id (1, 2 ...) from the one in the static table. */
typedef void (*pmdaUpdateMetric)(pmdaMetric *from, pmdaMetric *to, int id);
typedef void (*pmdaCountMetrics)(int *ret_metrics, int *ret_trees);

PCP_API void pmdaExtDynamicPMNS(const char *prefix, int *clusters, int nclusters,
                                pmdaUpdatePMNS update, pmdaUpdateText text,
                                pmdaUpdateMetric metric, pmdaCountMetrics count,
                                pmdaMetric *metrics, int nmetrics, pmdaExt *ext);
/** The same for the agent that asks first. */
PCP_API void pmdaDynamicPMNS(const char *prefix, int *clusters, int nclusters,
                             pmdaUpdatePMNS update, pmdaUpdateText text,
                             pmdaUpdateMetric metric, pmdaCountMetrics count,
                             pmdaMetric *metrics, int nmetrics);
PCP_API int pmdaDynamicSetClusterMask(const char *prefix, unsigned int mask);
PCP_API pmdaNameSpace *pmdaDynamicLookupName(pmdaExt *ext, const char *name);
PCP_API pmdaNameSpace *pmdaDynamicLookupPMID(pmdaExt *ext, pmID pmid);
PCP_API int pmdaDynamicLookupText(pmID pmid, int kind, char **ret_text, pmdaExt *ext);
PCP_API void pmdaDynamicMetricTable(pmdaExt *ext);

PCP_API int pmdaTreeCreate(pmdaNameSpace **ret_tree);
PCP_API int pmdaTreeInsert(pmdaNameSpace *tree, pmID pmid, const char *name);
PCP_API void pmdaTreeRebuildHash(pmdaNameSpace *tree, int n);
PCP_API void pmdaTreeRelease(pmdaNameSpace *tree);
PCP_API int pmdaTreeSize(pmdaNameSpace *tree);
PCP_API int pmdaTreePMID(pmdaNameSpace *tree, const char *name, pmID *ret_pmid);
/** Names of a metric, in one block which the caller frees. How many, or a code. */
PCP_API int pmdaTreeName(pmdaNameSpace *tree, pmID pmid, char ***ret_names);
/** What is below a name: children, or all leaves with @p traverse. The lists are a block
 *  each, which the caller frees. */
PCP_API int pmdaTreeChildren(pmdaNameSpace *tree, const char *name, int traverse,
                             char ***ret_names, int **ret_status);

/* -- instance cache --------------------------------------------------------------- */

/** Do @p flags (PMDA_CACHE_ADD, _HIDE or _CULL) with a name. Its instance, or a code. */
PCP_API int pmdaCacheStore(pmInDom indom, int flags, const char *name, void *data);
/** The same; a new instance number is derived from @p key. */
PCP_API int pmdaCacheStoreKey(pmInDom indom, int flags, const char *name, int keylen,
                              const void *key, void *data);
/** PMDA_CACHE_ACTIVE or PMDA_CACHE_INACTIVE, or PM_ERR_INST. The name stays the
 *  cache's, until the instance is culled. */
PCP_API int pmdaCacheLookup(pmInDom indom, int inst, char **ret_name, void **ret_data);
PCP_API int pmdaCacheLookupName(pmInDom indom, const char *name, int *ret_inst,
                                void **ret_data);
PCP_API int pmdaCacheLookupKey(pmInDom indom, const char *name, int keylen,
                               const void *key, char **ret_name, int *ret_inst,
                               void **ret_data);
PCP_API int pmdaCacheOp(pmInDom indom, int op);
/** Cull what has not been active for that long. How many. */
PCP_API int pmdaCachePurge(pmInDom indom, time_t seconds);
PCP_API int pmdaCachePurgeCallback(pmInDom indom, time_t seconds, void (*done)(void *));
/** The highest instance number allowed. */
PCP_API int pmdaCacheResize(pmInDom indom, int highest);
PCP_API void __pmdaCacheDump(FILE *f, pmInDom indom, int all);
PCP_API void __pmdaCacheDumpAll(FILE *f, int all);

#define PMDA_CACHE_LOAD          1
#define PMDA_CACHE_ADD           2
#define PMDA_CACHE_HIDE          3
#define PMDA_CACHE_CULL          4
#define PMDA_CACHE_EMPTY         5
#define PMDA_CACHE_SAVE          6
#define PMDA_CACHE_STRINGS       7
#define PMDA_CACHE_ACTIVE        8
#define PMDA_CACHE_INACTIVE      9
#define PMDA_CACHE_SIZE          10
#define PMDA_CACHE_SIZE_ACTIVE   11
#define PMDA_CACHE_SIZE_INACTIVE 12
#define PMDA_CACHE_REUSE         13
#define PMDA_CACHE_WALK_REWIND   14
#define PMDA_CACHE_WALK_NEXT     15
#define PMDA_CACHE_CHECK         16
#define PMDA_CACHE_REORG         17
#define PMDA_CACHE_SYNC          18
#define PMDA_CACHE_DUMP          19
#define PMDA_CACHE_DUMP_ALL      20
#define PMDA_CACHE_WRITE         21

/* -- event records ---------------------------------------------------------------- */

PCP_API int pmdaEventNewArray(void);
PCP_API int pmdaEventResetArray(int array);
PCP_API int pmdaEventReleaseArray(int array);
PCP_API int pmdaEventAddRecord(int array, struct timeval *stamp, int flags);
PCP_API int pmdaEventAddMissedRecord(int array, struct timeval *stamp, int missed);
PCP_API int pmdaEventAddParam(int array, pmID pmid, int type, pmAtomValue *atom);
/** The value block; valid until the array is added to, reset or released. */
PCP_API pmEventArray *pmdaEventGetAddr(int array);

PCP_API int pmdaEventNewHighResArray(void);
PCP_API int pmdaEventResetHighResArray(int array);
PCP_API int pmdaEventReleaseHighResArray(int array);
PCP_API int pmdaEventAddHighResRecord(int array, struct timespec *stamp, int flags);
PCP_API int pmdaEventAddHighResMissedRecord(int array, struct timespec *stamp,
                                            int missed);
PCP_API int pmdaEventAddHighResParam(int array, pmID pmid, int type, pmAtomValue *atom);
PCP_API pmHighResEventArray *pmdaEventGetHighResAddr(int array);
PCP_API int pmdaEventHighResAddParam(int array, pmID pmid, int type, pmAtomValue *atom);
PCP_API pmHighResEventArray *pmdaEventHighResGetAddr(int array);

/** A queue of events of at most that many bytes; clients each read at their own pace. */
PCP_API int pmdaEventNewQueue(const char *name, size_t max_bytes);
PCP_API int pmdaEventNewActiveQueue(const char *name, size_t max_bytes,
                                    unsigned int nclients);
PCP_API int pmdaEventQueueShutdown(int queue);
PCP_API int pmdaEventQueueHandle(const char *name);
PCP_API int pmdaEventQueueAppend(int queue, void *data, size_t bytes,
                                 struct timeval *stamp);
PCP_API int pmdaEventQueueClients(int queue, pmAtomValue *atom);
PCP_API int pmdaEventQueueCounter(int queue, pmAtomValue *atom);
PCP_API int pmdaEventQueueBytes(int queue, pmAtomValue *atom);
PCP_API int pmdaEventQueueMemory(int queue, pmAtomValue *atom);

/** Turns one queued event into records of an array. How many, or a code. */
typedef int (*pmdaEventDecodeCallBack)(int array, void *event, size_t bytes,
                                       struct timeval *stamp, void *data);
PCP_API int pmdaEventQueueRecords(int queue, pmAtomValue *atom, int context,
                                  pmdaEventDecodeCallBack decode, void *data);

PCP_API int pmdaEventNewClient(int context);
PCP_API int pmdaEventEndClient(int context);
PCP_API int pmdaEventClients(pmAtomValue *atom);

/** Nonzero: this event is not for the client. */
typedef int (*pmdaEventApplyFilterCallBack)(void *filter, void *event, size_t bytes);
typedef void (*pmdaEventReleaseFilterCallBack)(void *filter);
PCP_API int pmdaEventSetFilter(int context, int queue, void *filter,
                               pmdaEventApplyFilterCallBack apply,
                               pmdaEventReleaseFilterCallBack release);
PCP_API int pmdaEventSetAccess(int context, int queue, int allow);
/** Bytes for people to read, cut to fit. Returns @p buf. */
PCP_API char *__pmdaEventPrint(const char *bytes, int len, char *buf, int size);

/* -- pmdaroot, which knows of containers and starts processes ----------------------- */

PCP_API int pmdaRootConnect(const char *path);
PCP_API void pmdaRootShutdown(int fd);
PCP_API int pmdaRootContainerHostName(int fd, const char *name, int len, char *buf,
                                      int size);
PCP_API int pmdaRootContainerProcessID(int fd, const char *name, int len);
PCP_API int pmdaRootContainerCGroupName(int fd, const char *name, int len, char *buf,
                                        int size);
PCP_API int pmdaRootProcessStart(int fd, int ipc, const char *label, int label_len,
                                 const char *args, int args_len, int *ret_pid,
                                 int *ret_infd, int *ret_outfd);
PCP_API int pmdaRootProcessWait(int fd, int pid, int *ret_status);
PCP_API int pmdaRootProcessTerminate(int fd, int pid);

#ifdef __cplusplus
}
#endif
#endif

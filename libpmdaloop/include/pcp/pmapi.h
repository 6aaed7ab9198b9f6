/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_PCP_PMAPI_H
#define PMDALOOP_PCP_PMAPI_H

/**
 * @file
 * Types, codes and helpers of PCP that an agent needs, under PCP's own names, so that
 * source written for PCP 3.5, 6 or 7 compiles unchanged. The collector's side of PMAPI
 * (contexts, pmFetch, archives) is not here.
 *
 * Layouts equal those of libpcp on the same machine, so objects may be mixed with it.
 * Functions that return a string which nobody frees keep one buffer per thread; those
 * ending in _r take the caller's.
 */
#include <pcp/platform_defs.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/select.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Functions marked so are what the library exports. */
#define PCP_API __attribute__((visibility("default")))
#define PCP_CALL
#define PCP_DATA

#ifdef __GNUC__
#define __PM_PRINTFLIKE(format_at, first_at)                                           \
    __attribute__((format(printf, format_at, first_at)))
#else
#define __PM_PRINTFLIKE(format_at, first_at)
#endif

#define PMAPI_VERSION_2 2 /**< results are stamped with struct timeval */
#define PMAPI_VERSION_3 3
#define PMAPI_VERSION_4 4 /**< clients' results are stamped with struct timespec */
#ifndef PMAPI_VERSION
#define PMAPI_VERSION PMAPI_VERSION_2
#endif

/* -- identifiers ------------------------------------------------------------------ */

/** A metric: 9 bits of domain, 12 of cluster, 10 of item. */
typedef unsigned int pmID;
#define PM_ID_NULL 0xffffffff

/** An instance domain: 9 bits of domain, 22 of serial. */
typedef unsigned int pmInDom;
#define PM_INDOM_NULL 0xffffffff
#define PM_IN_NULL    0xffffffff

#define DYNAMIC_PMID       511 /**< the domain that stands for roots of dynamic names */
#define IS_DYNAMIC_ROOT(x) (pmID_domain(x) == DYNAMIC_PMID && pmID_item(x) == 0)

PCP_API pmID pmID_build(unsigned int domain, unsigned int cluster, unsigned int item);
PCP_API unsigned int pmID_domain(pmID pmid);
PCP_API unsigned int pmID_cluster(pmID pmid);
PCP_API unsigned int pmID_item(pmID pmid);
PCP_API pmInDom pmInDom_build(unsigned int domain, unsigned int serial);
PCP_API unsigned int pmInDom_domain(pmInDom indom);
PCP_API unsigned int pmInDom_serial(pmInDom indom);

/* -- units and descriptions ------------------------------------------------------- */

/** Dimension and scale of a value. As an integer in network order it is the wire form.
 *  PCP 6 has no extra unit: its agents may write a 0 into pad, in its place. */
__extension__ typedef struct pmUnits {
    __extension__ union {
        __extension__ struct {
#ifdef HAVE_BITFIELDS_LTOR
            signed int dimSpace : 4;
            signed int dimTime : 4;
            signed int dimCount : 4;
            unsigned int scaleSpace : 4;
            unsigned int scaleTime : 4;
            signed int scaleCount : 4;
            signed int extraUnit : 5;
            unsigned int extraScale : 3;
#else
            unsigned int extraScale : 3; /**< PM_TEMPERATURE_C ... */
            signed int extraUnit : 5;    /**< PM_UNIT_*, or 0 */
            signed int scaleCount : 4;   /**< a power of ten */
            unsigned int scaleTime : 4;  /**< PM_TIME_* */
            unsigned int scaleSpace : 4; /**< PM_SPACE_* */
            signed int dimCount : 4;
            signed int dimTime : 4;
            signed int dimSpace : 4;
#endif
        };
        __extension__ struct {
#ifdef HAVE_BITFIELDS_LTOR
            unsigned int before_pad : 24;
#endif
            unsigned int pad : 8;
        };
    };
} pmUnits;

#define PM_SPACE_BYTE  0
#define PM_SPACE_KBYTE 1 /**< 1024 bytes, and so on up */
#define PM_SPACE_MBYTE 2
#define PM_SPACE_GBYTE 3
#define PM_SPACE_TBYTE 4
#define PM_SPACE_PBYTE 5
#define PM_SPACE_EBYTE 6
#define PM_SPACE_ZBYTE 7
#define PM_SPACE_YBYTE 8

#define PM_TIME_NSEC 0
#define PM_TIME_USEC 1
#define PM_TIME_MSEC 2
#define PM_TIME_SEC  3
#define PM_TIME_MIN  4
#define PM_TIME_HOUR 5

#define PM_COUNT_ONE 0

#define PM_UNIT_TEMPERATURE 1
#define PM_UNIT_VOLTAGE     2
#define PM_UNIT_CURRENT     3
#define PM_UNIT_POWER       4

#define PM_TEMPERATURE_C 1
#define PM_TEMPERATURE_F 2
#define PM_TEMPERATURE_K 3
#define PM_VOLTAGE_V     1
#define PM_VOLTAGE_mV    2
#define PM_VOLTAGE_uV    3
#define PM_CURRENT_A     1
#define PM_CURRENT_mA    2
#define PM_CURRENT_uA    3
#define PM_POWER_kW      1
#define PM_POWER_W       2
#define PM_POWER_mW      3
#define PM_POWER_uW      4

/** What a metric is. */
typedef struct pmDesc {
    pmID pmid;
    int type;      /**< PM_TYPE_* */
    pmInDom indom; /**< PM_INDOM_NULL for a single value */
    int sem;       /**< PM_SEM_* */
    pmUnits units;
} pmDesc;

#define PM_TYPE_NOSUPPORT (-1)
#define PM_TYPE_32        0
#define PM_TYPE_U32       1
#define PM_TYPE_64        2
#define PM_TYPE_U64       3
#define PM_TYPE_FLOAT     4
#define PM_TYPE_DOUBLE    5
#define PM_TYPE_STRING    6
#define PM_TYPE_AGGREGATE 7 /**< bytes in a pmValueBlock that is copied */
#define PM_TYPE_AGGREGATE_STATIC                                                       \
    8 /**< bytes in a pmValueBlock that stays the agent's */
#define PM_TYPE_EVENT         9
#define PM_TYPE_HIGHRES_EVENT 10
#define PM_TYPE_UNKNOWN       255

#define PM_SEM_COUNTER  1
#define PM_SEM_INSTANT  3
#define PM_SEM_DISCRETE 4

/* -- values and results ----------------------------------------------------------- */

/** A value that does not fit into 32 bits, with its type and length before it. */
typedef struct pmValueBlock {
#ifdef HAVE_BITFIELDS_LTOR
    unsigned int vtype : 8;
    unsigned int vlen : 24;
#else
    unsigned int vlen : 24; /**< bytes, these four included */
    unsigned int vtype : 8;
#endif
    char vbuf[1];
} pmValueBlock;

#define PM_VAL_HDR_SIZE 4
#define PM_VAL_VLEN_MAX 0x00ffffff

typedef struct pmValue {
    int inst; /**< PM_IN_NULL for a metric without instances */
    union {
        pmValueBlock *pval;
        int lval;
    } value;
} pmValue;

/** The values of one metric. */
typedef struct pmValueSet {
    pmID pmid;
    int numval; /**< values in vlist, or a negative code */
    int valfmt; /**< PM_VAL_* */
    pmValue vlist[1];
} pmValueSet;

#define PM_VAL_INSITU 0 /**< value.lval */
#define PM_VAL_DPTR   1 /**< value.pval, freed with the result */
#define PM_VAL_SPTR   2 /**< value.pval, which is not */

/** What a fetch method hands over. An agent's stamp is a struct timeval in every PCP;
 *  PCP 7 calls this type pmdaResult. */
typedef struct pmResult {
    struct timeval timestamp;
    int numpmid;
    pmValueSet *vset[1];
} pmResult;
#define pmResult_v2 pmResult
#define pmdaResult  pmResult

typedef struct pmHighResResult {
    struct timespec timestamp;
    int numpmid;
    pmValueSet *vset[1];
} pmHighResResult;

/** One value of any type. */
typedef union {
    int32_t l;
    uint32_t ul;
    int64_t ll;
    uint64_t ull;
    float f;
    double d;
    char *cp;
    pmValueBlock *vbp;
} pmAtomValue;

/** The value @p value of format @p valfmt and type @p itype as @p otype in @p oval. A
 *  string or aggregate is malloc'd and the caller's. 0, or PM_ERR_CONV, PM_ERR_SIGN or
 *  PM_ERR_TRUNC. */
PCP_API int pmExtractValue(int valfmt, const pmValue *value, int itype,
                           pmAtomValue *oval, int otype);
/** Print one value, at least @p width columns wide. */
PCP_API void pmPrintValue(FILE *f, int valfmt, int type, const pmValue *value,
                          int width);
/** Put every metric's values into ascending order of their instances. */
PCP_API void pmSortInstances(pmResult *result);
/** Free @p result with all its value sets and blocks that are PM_VAL_DPTR. */
PCP_API void pmFreeResult(pmResult *result);
#define pmSortInstances_v2 pmSortInstances
#define pmdaSortInstances  pmSortInstances
#define pmFreeResult_v2    pmFreeResult
#define pmdaFreeResult     pmFreeResult

/* -- instances and profiles ------------------------------------------------------- */

/** Instances of a domain: numbers, names or both, each list and name malloc'd. */
typedef struct pmInResult {
    pmInDom indom;
    int numinst;
    int *instlist;
    char **namelist;
} pmInResult;

/** Which instances of one domain a client wants. */
typedef struct pmInDomProfile {
    pmInDom indom;
    int state;         /**< PM_PROFILE_*: what holds for instances not listed */
    int instances_len; /**< how many are listed */
    int *instances;
} pmInDomProfile;

#define PM_PROFILE_INCLUDE 0
#define PM_PROFILE_EXCLUDE 1

typedef struct pmProfile {
    int state;       /**< what holds for domains without an entry */
    int profile_len; /**< how many entries */
    pmInDomProfile *profile;
} pmProfile;

/* -- labels ----------------------------------------------------------------------- */

/** Where a label's name and value stand in the JSON text of its set. */
typedef struct pmLabel {
    unsigned int name : 16;
    unsigned int namelen : 8;
    unsigned int flags : 8;
    unsigned int value : 16;
    unsigned int valuelen : 16;
} pmLabel;

#define PM_LABEL_COMPOUND (1 << 6)
#define PM_LABEL_OPTIONAL (1 << 7)

typedef struct pmLabelSet {
    unsigned int inst; /**< PM_IN_NULL but for labels of instances */
    int nlabels;       /**< or a negative code */
    char *json;
    unsigned int jsonlen : 16;
    unsigned int padding : 15;
    unsigned int compound : 1;
    pmLabel *labels;
    void *hash;
} pmLabelSet;

#define PM_MAXLABELS       ((1 << 8) - 1)
#define PM_MAXLABELJSONLEN ((1 << 16) - 1)

#define PM_LABEL_CONTEXT   (1 << 0)
#define PM_LABEL_DOMAIN    (1 << 1)
#define PM_LABEL_INDOM     (1 << 2)
#define PM_LABEL_CLUSTER   (1 << 3)
#define PM_LABEL_ITEM      (1 << 4)
#define PM_LABEL_INSTANCES (1 << 5)

/** Free @p nsets sets with all they hold. NULL is fine. */
PCP_API void pmFreeLabelSets(pmLabelSet *sets, int nsets);

#define PMNS_LEAF_STATUS    0
#define PMNS_NONLEAF_STATUS 1

#define PM_TEXT_ONELINE 1
#define PM_TEXT_HELP    2
#define PM_TEXT_PMID    4
#define PM_TEXT_INDOM   8
#define PM_TEXT_DIRECT  16

/* A PMDA says so in the result it answers a fetch with. */
#define PMCD_NO_CHANGE       0
#define PMCD_ADD_AGENT       (1 << 0)
#define PMCD_RESTART_AGENT   (1 << 1)
#define PMCD_DROP_AGENT      (1 << 2)
#define PMCD_AGENT_CHANGE    (PMCD_ADD_AGENT | PMCD_RESTART_AGENT | PMCD_DROP_AGENT)
#define PMCD_LABEL_CHANGE    (1 << 3)
#define PMCD_NAMES_CHANGE    (1 << 4)
#define PMCD_HOSTNAME_CHANGE (1 << 5)

/* -- event records ---------------------------------------------------------------- */

typedef struct pmTimeval {
    int32_t tv_sec;
    int32_t tv_usec;
} pmTimeval;

typedef struct pmTimespec {
    int64_t tv_sec;
    int64_t tv_nsec;
} pmTimespec;

/** A parameter's head; the value follows, padded to 4 bytes. */
typedef struct pmEventParameter {
    pmID ep_pmid;
#ifdef HAVE_BITFIELDS_LTOR
    unsigned int ep_type : 8;
    unsigned int ep_len : 24;
#else
    unsigned int ep_len : 24; /**< bytes of this word and the value */
    unsigned int ep_type : 8;
#endif
} pmEventParameter;

typedef struct pmEventRecord {
    pmTimeval er_timestamp;
    unsigned int er_flags; /**< PM_EVENT_FLAG_* */
    int er_nparams;        /**< or how many were missed, with PM_EVENT_FLAG_MISSED */
    pmEventParameter er_param[1];
} pmEventRecord;

typedef struct pmHighResEventRecord {
    pmTimespec er_timestamp;
    unsigned int er_flags;
    int er_nparams;
    pmEventParameter er_param[1];
} pmHighResEventRecord;

#define PM_EVENT_FLAG_POINT  (1U << 0)
#define PM_EVENT_FLAG_START  (1U << 1)
#define PM_EVENT_FLAG_END    (1U << 2)
#define PM_EVENT_FLAG_ID     (1U << 3)
#define PM_EVENT_FLAG_PARENT (1U << 4)
#define PM_EVENT_FLAG_MISSED (1U << 31)

/** A value block of events: its head, the count, then records one behind the other. */
typedef struct pmEventArray {
#ifdef HAVE_BITFIELDS_LTOR
    unsigned int ea_type : 8;
    unsigned int ea_len : 24;
#else
    unsigned int ea_len : 24;
    unsigned int ea_type : 8;
#endif
    int ea_nrecords;
    pmEventRecord ea_record[1];
} pmEventArray;

typedef struct pmHighResEventArray {
#ifdef HAVE_BITFIELDS_LTOR
    unsigned int ea_type : 8;
    unsigned int ea_len : 24;
#else
    unsigned int ea_len : 24;
    unsigned int ea_type : 8;
#endif
    int ea_nrecords;
    pmHighResEventRecord ea_record[1];
} pmHighResEventArray;

/* -- error codes: negative; down to -1023 they are negated errno values ------------ */

#define PM_ERR_BASE2          12345
#define PM_ERR_BASE           PM_ERR_BASE2
#define PM_ERR_GENERIC        (-PM_ERR_BASE - 0)
#define PM_ERR_PMNS           (-PM_ERR_BASE - 1)
#define PM_ERR_NOPMNS         (-PM_ERR_BASE - 2)
#define PM_ERR_DUPPMNS        (-PM_ERR_BASE - 3)
#define PM_ERR_TEXT           (-PM_ERR_BASE - 4)
#define PM_ERR_APPVERSION     (-PM_ERR_BASE - 5)
#define PM_ERR_VALUE          (-PM_ERR_BASE - 6)
#define PM_ERR_TIMEOUT        (-PM_ERR_BASE - 8)
#define PM_ERR_NODATA         (-PM_ERR_BASE - 9)
#define PM_ERR_RESET          (-PM_ERR_BASE - 10)
#define PM_ERR_NAME           (-PM_ERR_BASE - 12)
#define PM_ERR_PMID           (-PM_ERR_BASE - 13)
#define PM_ERR_INDOM          (-PM_ERR_BASE - 14)
#define PM_ERR_INST           (-PM_ERR_BASE - 15)
#define PM_ERR_UNIT           (-PM_ERR_BASE - 16)
#define PM_ERR_CONV           (-PM_ERR_BASE - 17)
#define PM_ERR_TRUNC          (-PM_ERR_BASE - 18)
#define PM_ERR_SIGN           (-PM_ERR_BASE - 19)
#define PM_ERR_PROFILE        (-PM_ERR_BASE - 20)
#define PM_ERR_IPC            (-PM_ERR_BASE - 21)
#define PM_ERR_EOF            (-PM_ERR_BASE - 23)
#define PM_ERR_NOTHOST        (-PM_ERR_BASE - 24)
#define PM_ERR_EOL            (-PM_ERR_BASE - 25)
#define PM_ERR_MODE           (-PM_ERR_BASE - 26)
#define PM_ERR_LABEL          (-PM_ERR_BASE - 27)
#define PM_ERR_LOGREC         (-PM_ERR_BASE - 28)
#define PM_ERR_NOTARCHIVE     (-PM_ERR_BASE - 29)
#define PM_ERR_LOGFILE        (-PM_ERR_BASE - 30)
#define PM_ERR_NOCONTEXT      (-PM_ERR_BASE - 31)
#define PM_ERR_PROFILESPEC    (-PM_ERR_BASE - 32)
#define PM_ERR_PMID_LOG       (-PM_ERR_BASE - 33)
#define PM_ERR_INDOM_LOG      (-PM_ERR_BASE - 34)
#define PM_ERR_INST_LOG       (-PM_ERR_BASE - 35)
#define PM_ERR_NOPROFILE      (-PM_ERR_BASE - 36)
#define PM_ERR_NOAGENT        (-PM_ERR_BASE - 41)
#define PM_ERR_PERMISSION     (-PM_ERR_BASE - 42)
#define PM_ERR_CONNLIMIT      (-PM_ERR_BASE - 43)
#define PM_ERR_AGAIN          (-PM_ERR_BASE - 44)
#define PM_ERR_ISCONN         (-PM_ERR_BASE - 45)
#define PM_ERR_NOTCONN        (-PM_ERR_BASE - 46)
#define PM_ERR_NEEDPORT       (-PM_ERR_BASE - 47)
#define PM_ERR_NONLEAF        (-PM_ERR_BASE - 49)
#define PM_ERR_TYPE           (-PM_ERR_BASE - 52)
#define PM_ERR_THREAD         (-PM_ERR_BASE - 53)
#define PM_ERR_NOCONTAINER    (-PM_ERR_BASE - 54)
#define PM_ERR_BADSTORE       (-PM_ERR_BASE - 55)
#define PM_ERR_LOGOVERLAP     (-PM_ERR_BASE - 56)
#define PM_ERR_LOGHOST        (-PM_ERR_BASE - 57)
#define PM_ERR_LOGCHANGETYPE  (-PM_ERR_BASE - 59)
#define PM_ERR_LOGCHANGESEM   (-PM_ERR_BASE - 60)
#define PM_ERR_LOGCHANGEINDOM (-PM_ERR_BASE - 61)
#define PM_ERR_LOGCHANGEUNITS (-PM_ERR_BASE - 62)
#define PM_ERR_NEEDCLIENTCERT (-PM_ERR_BASE - 63)
#define PM_ERR_BADDERIVE      (-PM_ERR_BASE - 64)
#define PM_ERR_NOLABELS       (-PM_ERR_BASE - 65)
#define PM_ERR_PMDAFENCED     (-PM_ERR_BASE - 66)
#define PM_ERR_RECTYPE        (-PM_ERR_BASE - 67)
#define PM_ERR_FEATURE        (-PM_ERR_BASE - 68)
#define PM_ERR_TLS            (-PM_ERR_BASE - 69)
#define PM_ERR_ARG            (-PM_ERR_BASE - 70)
#define PM_ERR_BOTCH          (-PM_ERR_BASE - 97)
#define PM_ERR_TOOSMALL       (-PM_ERR_BASE - 98)
#define PM_ERR_TOOBIG         (-PM_ERR_BASE - 99)
#define PM_ERR_FAULT          (-PM_ERR_BASE - 100)
#define PM_ERR_PMDAREADY      (-PM_ERR_BASE - 1048)
#define PM_ERR_PMDANOTREADY   (-PM_ERR_BASE - 1049)
#define PM_ERR_NYI            (-PM_ERR_BASE - 8999)

#define PM_MAXERRMSGLEN 128 /**< room enough for pmErrStr_r() */

/* -- things in words -------------------------------------------------------------- */

PCP_API char *pmErrStr(int code);
PCP_API char *pmErrStr_r(int code, char *buf, int size);
/** "253.0.1", or "PM_ID_NULL". */
PCP_API const char *pmIDStr(pmID pmid);
PCP_API char *pmIDStr_r(pmID pmid, char *buf, int size);
/** "253.0", or "PM_INDOM_NULL". */
PCP_API const char *pmInDomStr(pmInDom indom);
PCP_API char *pmInDomStr_r(pmInDom indom, char *buf, int size);
PCP_API const char *pmTypeStr(int type);
PCP_API char *pmTypeStr_r(int type, char *buf, int size);
PCP_API const char *pmSemStr(int sem);
PCP_API char *pmSemStr_r(int sem, char *buf, int size);
/** "Mbyte / sec", "count x 10^6"; "" without units. */
PCP_API const char *pmUnitsStr(const pmUnits *units);
PCP_API char *pmUnitsStr_r(const pmUnits *units, char *buf, int size);
/** A value, strings and aggregates cut. */
PCP_API const char *pmAtomStr(const pmAtomValue *atom, int type);
PCP_API char *pmAtomStr_r(const pmAtomValue *atom, int type, char *buf, int size);
/** "point,start", or "missed". */
PCP_API const char *pmEventFlagsStr(int flags);
PCP_API char *pmEventFlagsStr_r(int flags, char *buf, int size);
PCP_API void pmPrintDesc(FILE *f, const pmDesc *desc);

/* -- text ------------------------------------------------------------------------- */

/** As snprintf(), but returns the bytes stored. */
PCP_API int pmsprintf(char *buf, size_t size, const char *format, ...)
    __PM_PRINTFLIKE(3, 4);
/** Copy what fits, always terminated. 0, or -1 when it was cut. */
PCP_API int pmstrncpy(char *dst, size_t size, const char *src);
PCP_API int pmstrncat(char *dst, size_t size, const char *src);
/** Read up to white space and take that, too, skipping what stands before. The caller frees
 *  *ret_word. Its length; 0 where the line ends before a word begins, -1 at the end of the
 *  file, -2 out of memory. */
PCP_API ssize_t pmfstring(FILE *f, char **ret_word);
/** Text for the user, kept until pmflush(). */
PCP_API int pmprintf(const char *format, ...) __PM_PRINTFLIKE(1, 2);
/** Put out what pmprintf() kept: to stderr, or to the file that PCP_STDERR names. 0, or a
 *  negative code. */
PCP_API int pmflush(void);

/* -- the program ------------------------------------------------------------------ */

/** Name the program by the last component of @p program, which stays the caller's. */
PCP_API void pmSetProgname(const char *program);
PCP_API char *pmGetProgname(void);
PCP_API int pmPathSeparator(void);
/** A line of the log: date, program, pid, level (LOG_ERR ... of syslog.h), message. */
PCP_API void pmNotifyErr(int level, const char *format, ...) __PM_PRINTFLIKE(2, 3);
/** 1: pmNotifyErr() writes to the system's log too. */
PCP_API void pmSyslog(int on);
/** Send @p old (stderr) to @p path. 1 in *ret_ok when that is done. */
PCP_API FILE *pmOpenLog(const char *program, const char *path, FILE *old, int *ret_ok);
#define PM_FATAL_ERR 1
#define PM_RECOV_ERR 0
/** Log that @p where had no memory; exit(1) when @p fatal is PM_FATAL_ERR. */
PCP_API void pmNoMem(const char *where, size_t bytes, int fatal);
/** Whom to run as. 1 when PCP_USER says so, 0 for the default. Static. */
PCP_API int pmGetUsername(char **ret_name);
/** Become @p name; exits when that is impossible. */
PCP_API int pmSetProcessIdentity(const char *name);
/** A value of pcp.conf, where the environment wins; "" when it is not set. Valid for
 *  ever. */
PCP_API char *pmGetConfig(const char *name);
/** The same; NULL when it is not set. */
PCP_API char *pmGetOptionalConfig(const char *name);

/* -- debug flags ------------------------------------------------------------------ */

/** A flag of -D each, of the same name. */
typedef struct {
    int pdu, fetch, profile, value, context, indom, pdubuf, log, logmeta, optfetch;
    int af, appl0, appl1, appl2, pmns, libpmda, timecontrol, pmc, derive, lock;
    int interp, config, pmapi, fault, auth, discovery, attr, http, desperate;
    int deprecated, exec, labels, series, libweb, alloc, services, appl3, appl4;
    int appl5, access, qa, search, query, compress, dev0, dev1, dev2, pmlc, appl6;
    int appl7, appl8, appl9, tls, misc, qed, getopt;
} pmdebugoptions_t;
PCP_API extern pmdebugoptions_t pmDebugOptions;

/** Turn on the flags named in "a,b"; "all" for all. 0, or PM_ERR_CONV. */
PCP_API int pmSetDebug(const char *spec);
PCP_API int pmClearDebug(const char *spec);
/** The flags that are on, as "a,b". The caller frees. */
PCP_API char *pmGetDebug(void);

/* -- time ------------------------------------------------------------------------- */

PCP_API void pmtimevalNow(struct timeval *t);
PCP_API void pmtimevalInc(struct timeval *t, const struct timeval *by);
PCP_API void pmtimevalDec(struct timeval *t, const struct timeval *by);
PCP_API double pmtimevalAdd(const struct timeval *a, const struct timeval *b);
PCP_API double pmtimevalSub(const struct timeval *a, const struct timeval *b);
PCP_API double pmtimevalToReal(const struct timeval *t);
PCP_API void pmtimevalFromReal(double seconds, struct timeval *t);
PCP_API int pmtimespecNow(struct timespec *t);
PCP_API void pmtimespecInc(struct timespec *t, const struct timespec *by);
PCP_API void pmtimespecDec(struct timespec *t, const struct timespec *by);
PCP_API double pmtimespecAdd(const struct timespec *a, const struct timespec *b);
PCP_API double pmtimespecSub(const struct timespec *a, const struct timespec *b);
PCP_API double pmtimespecToReal(const struct timespec *t);
PCP_API void pmtimespecFromReal(double seconds, struct timespec *t);
PCP_API void pmtimevalTotimespec(struct timeval *from, struct timespec *to);
PCP_API void pmtimespecTotimeval(struct timespec *from, struct timeval *to);
/** "hh:mm:ss.mmm" of the local time. */
PCP_API void pmPrintStamp(FILE *f, const struct timeval *t);
PCP_API void pmPrintHighResStamp(FILE *f, const struct timespec *t);

/** An interval such as "2min 3.5sec" or "10". 0; else -1, and a message in *ret_message,
 *  which the caller frees. */
PCP_API int pmParseInterval(const char *text, struct timeval *ret_interval,
                            char **ret_message);
PCP_API int pmParseHighResInterval(const char *text, struct timespec *ret_interval,
                                   char **ret_message);
#define pmParseInterval_v2 pmParseInterval
#ifndef __cplusplus
/* PCP 6 parses into a struct timeval, PCP 7 into a struct timespec: what the caller
 * hands in says which is meant. */
#define pmParseInterval(text, interval, message)                                       \
    (__extension__ _Generic((interval), struct timespec *                              \
                            : pmParseHighResInterval, default                          \
                            : pmParseInterval)(text, interval, message))
#endif

/* -- options ---------------------------------------------------------------------- */

typedef struct pmLongOptions {
    const char *long_opt;
    int has_arg;
    int short_opt;
    const char *argname;
    const char *message;
} pmLongOptions;

/** Options of PMAPI clients, which are not for agents; PCP's libpcp.h wants the name. */
typedef struct pmOptions pmOptions;

#define PMAPI_OPTIONS_HEADER(s)                                                        \
    {                                                                                  \
        "", 0, '-', 0, (s)                                                             \
    }
#define PMAPI_OPTIONS_TEXT(s)                                                          \
    {                                                                                  \
        "", 0, '|', 0, (s)                                                             \
    }
#define PMAPI_OPTIONS_END                                                              \
    {                                                                                  \
        NULL, 0, 0, 0, NULL                                                            \
    }

#define PMLONGOPT_DEBUG "debug"
#define PMOPT_DEBUG                                                                    \
    {                                                                                  \
        PMLONGOPT_DEBUG, 1, 'D', "DBG", NULL                                           \
    }
#define PMLONGOPT_HELP "help"
#define PMOPT_HELP                                                                     \
    {                                                                                  \
        PMLONGOPT_HELP, 0, '?', 0, "show this usage message and exit"                  \
    }
#define PMLONGOPT_VERSION "version"
#define PMOPT_VERSION                                                                  \
    {                                                                                  \
        PMLONGOPT_VERSION, 0, 'V', 0, "display version number and exit"                \
    }
#define PMLONGOPT_INTERVAL "interval"
#define PMOPT_INTERVAL                                                                 \
    {                                                                                  \
        PMLONGOPT_INTERVAL, 1, 't', "DELTA", "sampling interval"                       \
    }
#define PMLONGOPT_NAMESPACE "namespace"
#define PMOPT_NAMESPACE                                                                \
    {                                                                                  \
        PMLONGOPT_NAMESPACE, 1, 'n', "FILE", "use an alternative PMNS"                 \
    }
#define PMLONGOPT_SAMPLES "samples"
#define PMOPT_SAMPLES                                                                  \
    {                                                                                  \
        PMLONGOPT_SAMPLES, 1, 's', "N", "terminate after this many samples"            \
    }

/* In the flags of pmdaOptions. */
#define PM_OPTFLAG_INIT        (1 << 0)
#define PM_OPTFLAG_DONE        (1 << 1)
#define PM_OPTFLAG_MULTI       (1 << 2)
#define PM_OPTFLAG_USAGE_ERR   (1 << 3)
#define PM_OPTFLAG_RUNTIME_ERR (1 << 4)
#define PM_OPTFLAG_EXIT        (1 << 5)
#define PM_OPTFLAG_POSIX       (1 << 6) /**< options end at the first argument */
#define PM_OPTFLAG_LONG_ONLY   (1 << 9)
#define PM_OPTFLAG_NOFLUSH     (1 << 12) /**< the usage message stays with pmprintf() */
#define PM_OPTFLAG_QUIET       (1 << 13) /**< say nothing of unknown options */

#ifdef __cplusplus
}
#endif
#endif

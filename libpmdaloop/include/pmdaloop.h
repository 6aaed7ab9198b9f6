/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_H
#define PMDALOOP_H

/**
 * @file
 * Main loop of a Performance Co-Pilot agent (a PMDA), for programs with a loop of their
 * own, and for those that want none.
 *
 * An agent answers questions of its collector, pmcd: which metrics there are, and what
 * their values are now. There are two ways to write one. Declare a struct pmdaloop_table
 * of metrics, with one function that fetches a value, and pmdaloop_run() does the rest.
 * Or take each request from pmdaloop_next(), and answer it when the answer is there: each
 * request has a number, and gets exactly one reply, whatever happens, in the order that
 * pmcd wants; one that is not answered in time is answered 'not available now'.
 *
 * Calls return 0 or more, or a negative code: -errno, or one of -PMDALOOP_E*. What they
 * hand out is named ret_* and is written only on success. The library never prints, exits
 * or starts a thread. It calls back the functions of a table, from within pmdaloop_next()
 * alone; they must not free the handle. One thread at a time uses a handle; two handles
 * share nothing, so a process may be any number of agents.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PMDALOOP_API __attribute__((visibility("default")))

/** This library's own codes; they start above every errno value. */
enum pmdaloop_error {
    PMDALOOP_EPROTO = 1000, /**< the peer's bytes are no PDUs: nothing can follow */
    PMDALOOP_EMALFORMED,    /**< a PDU whose insides do not fit its type */
    PMDALOOP_ECLOSED,       /**< the peer has ended the session, as it may */
    PMDALOOP_ENOREQUEST,    /**< no such request, or it has its answer already */
    PMDALOOP_ETERMINAL      /**< standard input is a terminal: pmcd starts agents */
};

/* ---- the protocol's words ---- */

/** Codes of the protocol, in `code` arguments and on the wire. A negated errno is one
 *  too. */
enum pmdaloop_code {
    PMDALOOP_PM_GENERIC = -12345,
    PMDALOOP_PM_TEXT = -12349,  /**< there is no help text */
    PMDALOOP_PM_VALUE = -12351, /**< no value */
    PMDALOOP_PM_NAME = -12357,  /**< no such name of a metric */
    PMDALOOP_PM_PMID = -12358,  /**< no such metric */
    PMDALOOP_PM_INDOM = -12359, /**< no such instance domain */
    PMDALOOP_PM_INST = -12360,  /**< no such instance */
    PMDALOOP_PM_CONV = -12362,  /**< a value of another type is wanted */
    PMDALOOP_PM_IPC = -12366,   /**< a PDU that makes no sense */
    PMDALOOP_PM_PERMISSION = -12387,
    PMDALOOP_PM_AGAIN = -12389,   /**< not available now */
    PMDALOOP_PM_NOTCONN = -12391, /**< a client has gone */
    PMDALOOP_PM_NONLEAF = -12394,
    PMDALOOP_PM_TYPE = -12397,
    PMDALOOP_PM_BADSTORE = -12400,
    PMDALOOP_PM_TOOBIG = -12444,
    PMDALOOP_PM_READY = -13393,
    PMDALOOP_PM_NOTREADY = -13394
};

/** Type of a metric's values. */
enum pmdaloop_type {
    PMDALOOP_NOSUPPORT = -1,
    PMDALOOP_32 = 0,
    PMDALOOP_U32 = 1,
    PMDALOOP_64 = 2,
    PMDALOOP_U64 = 3,
    PMDALOOP_FLOAT = 4,
    PMDALOOP_DOUBLE = 5,
    PMDALOOP_STRING = 6,
    PMDALOOP_AGGREGATE = 7,        /**< bytes of the agent's own making */
    PMDALOOP_AGGREGATE_STATIC = 8, /**< the same on the wire */
    PMDALOOP_EVENT = 9,            /**< records with microseconds */
    PMDALOOP_HIGHRES_EVENT = 10    /**< records with nanoseconds */
};

/** What a metric's values mean over time. */
enum pmdaloop_sem { PMDALOOP_COUNTER = 1, PMDALOOP_INSTANT = 3, PMDALOOP_DISCRETE = 4 };

enum {
    PMDALOOP_NO_INDOM = -1, /**< as an indom: the metric has one value */
    PMDALOOP_NO_INST = -1   /**< as an instance: none, or all of them */
};

/** A metric's number: domain of the agent, cluster, item. */
#define PMDALOOP_PMID(domain, cluster, item)                                           \
    ((uint32_t)(domain) << 22 | (uint32_t)(cluster) << 10 | (uint32_t)(item))
/** An instance domain's number: domain of the agent, serial. */
#define PMDALOOP_INDOM(domain, serial) ((uint32_t)(domain) << 22 | (uint32_t)(serial))

/** A metric's dimension: exponents of space, time and count, then their scales. So
 *  Kbyte per second is PMDALOOP_UNITS(1, -1, 0, PMDALOOP_KBYTE, PMDALOOP_SEC, 0). */
#define PMDALOOP_UNITS(space, time, count, space_scale, time_scale, count_scale)       \
    (((uint32_t)(space)&0xf) << 28 | ((uint32_t)(time)&0xf) << 24 |                    \
     ((uint32_t)(count)&0xf) << 20 | ((uint32_t)(space_scale)&0xf) << 16 |             \
     ((uint32_t)(time_scale)&0xf) << 12 | ((uint32_t)(count_scale)&0xf) << 8)

/** Scales of space and of time. That of count is a power of ten. */
enum {
    PMDALOOP_BYTE = 0,
    PMDALOOP_KBYTE = 1,
    PMDALOOP_MBYTE = 2,
    PMDALOOP_GBYTE = 3,
    PMDALOOP_TBYTE = 4,
    PMDALOOP_PBYTE = 5,
    PMDALOOP_EBYTE = 6,
    PMDALOOP_NSEC = 0,
    PMDALOOP_USEC = 1,
    PMDALOOP_MSEC = 2,
    PMDALOOP_SEC = 3,
    PMDALOOP_MIN = 4,
    PMDALOOP_HOUR = 5
};

/** Kinds of help text; one of the first two, or'ed with one of the others. */
enum {
    PMDALOOP_TEXT_ONELINE = 1,
    PMDALOOP_TEXT_FULL = 2,
    PMDALOOP_TEXT_PMID = 4,
    PMDALOOP_TEXT_INDOM = 8
};

/** Kinds of labels, and what a label may be besides. */
enum {
    PMDALOOP_LABEL_CONTEXT = 1,
    PMDALOOP_LABEL_DOMAIN = 2,
    PMDALOOP_LABEL_INDOM = 4,
    PMDALOOP_LABEL_CLUSTER = 8,
    PMDALOOP_LABEL_ITEM = 16,
    PMDALOOP_LABEL_INSTANCES = 32,
    PMDALOOP_LABEL_COMPOUND = 0x40, /**< its value is an object */
    PMDALOOP_LABEL_OPTIONAL = 0x80  /**< it tells nothing apart */
};

/** Keys of a client's attributes; the values are text. */
enum {
    PMDALOOP_ATTR_USERNAME = 5,
    PMDALOOP_ATTR_USERID = 11,
    PMDALOOP_ATTR_GROUPID = 12,
    PMDALOOP_ATTR_PROCESSID = 14,
    PMDALOOP_ATTR_CONTAINER = 15
};

/** A metric's description. */
struct pmdaloop_desc {
    uint32_t pmid;
    int32_t type;   /**< enum pmdaloop_type */
    uint32_t indom; /**< PMDALOOP_NO_INDOM for a single value */
    int32_t sem;    /**< enum pmdaloop_sem */
    uint32_t units; /**< PMDALOOP_UNITS() */
};

/** One value of any type. */
struct pmdaloop_value {
    int32_t type; /**< enum pmdaloop_type: which member of @p as it is */
    size_t len;   /**< bytes of a string, an aggregate, an array of records */
    union {
        int32_t i32;
        uint32_t u32;
        int64_t i64;
        uint64_t u64;
        float f;
        double d;
        const void
            *bytes; /**< @p len of them; a string with @p len 0 ends with its NUL */
    } as;
};

/* ---- the handle ---- */

enum {
    PMDALOOP_WANT_ATTRIBUTES = 0x04, /**< tell who the clients are */
    PMDALOOP_WANT_CONTAINER = 0x40   /**< tell which container a client looks at */
};

/** Settings of an agent. 0 or NULL in a field means its default. */
struct pmdaloop_options {
    size_t size;               /**< sizeof(struct pmdaloop_options): it may grow */
    const char *name;          /**< copied; in messages and labels, default "pmda" */
    uint32_t domain;           /**< 1 to 510: the number that pmcd knows the agent by */
    uint32_t flags;            /**< PMDALOOP_WANT_* */
    int starts_not_ready;      /**< pmcd.conf says `notready` of this agent */
    uint32_t reply_timeout_ms; /**< default 4000: pmcd gives up after 5000 */
    size_t max_request_bytes;  /**< longest request accepted, default 1 MiB */
    size_t max_reply_bytes;    /**< longest reply made, default 64 MiB */
    uint32_t max_requests;     /**< unanswered at once, default 64 */
};

/** One agent. */
struct pmdaloop;

/** Make a handle; @p options may be NULL. The caller frees it: pmdaloop_free(). */
PMDALOOP_API int pmdaloop_new(struct pmdaloop **ret_pl,
                              const struct pmdaloop_options *options);
/** Close what is open, and free. NULL is fine. */
PMDALOOP_API void pmdaloop_free(struct pmdaloop *pl);

/** A pointer of the caller's own, NULL at first. */
PMDALOOP_API void pmdaloop_set_user(struct pmdaloop *pl, void *user);
PMDALOOP_API void *pmdaloop_get_user(const struct pmdaloop *pl);
/** The number of the agent, as the options had it. */
PMDALOOP_API uint32_t pmdaloop_get_domain(const struct pmdaloop *pl);

/**
 * Open the channel to pmcd as @p where says, and greet it. NULL or "pipe": standard input
 * and output, as pmcd has made them. "unix:PATH", "inet:PORT" or "ipv6:PORT": listen
 * there, on the loopback, for one connection, which a later pmdaloop_process() accepts.
 * On a pipe SIGPIPE is ignored from then on, unless the program handles it.
 */
PMDALOOP_API int pmdaloop_connect(struct pmdaloop *pl, const char *where);
/** Take over a channel that is open: one descriptor twice for a socket. On success
 *  @p pl owns and closes both, and makes them non-blocking. */
PMDALOOP_API int pmdaloop_connect_fd(struct pmdaloop *pl, int in_fd, int out_fd);

/* Under any event loop: poll get_fd() for POLLIN and get_out_fd() for POLLOUT as
 * get_events() says, no longer than get_timeout_ms(); process(); take each next(); then
 * ask all four again. pmdaloop_wait() is one such turn, <pmdaloop-uv.h> does them under
 * libuv, and pmdaloop_run() does nothing else until the session ends. */

/** The descriptor to read from, or to accept on; or -ENOTCONN. */
PMDALOOP_API int pmdaloop_get_fd(const struct pmdaloop *pl);
/** The descriptor to write to, which on a socket is the same; or -ENOTCONN. */
PMDALOOP_API int pmdaloop_get_out_fd(const struct pmdaloop *pl);
/** POLLIN, POLLOUT or both. */
PMDALOOP_API int pmdaloop_get_events(const struct pmdaloop *pl);
/** How long the poll may sleep, or -1 for as long as it likes. */
PMDALOOP_API int pmdaloop_get_timeout_ms(const struct pmdaloop *pl);
/** Do all that can be done without blocking; negative once the session is over, and
 *  -PMDALOOP_ECLOSED when it has ended as it should. */
PMDALOOP_API int pmdaloop_process(struct pmdaloop *pl);
/** Poll for at most @p timeout_ms (-1: no limit), then process. */
PMDALOOP_API int pmdaloop_wait(struct pmdaloop *pl, int timeout_ms);
/** Wait, and let the table answer, until the session ends; events that the table does
 *  not take are dropped, and their requests refused. 0 when it ended as it should. */
PMDALOOP_API int pmdaloop_run(struct pmdaloop *pl);

/* Without descriptors: bytes in, bytes out, and the time as an argument. */

/** Greet. Only for those who move the bytes themselves. */
PMDALOOP_API int pmdaloop_start(struct pmdaloop *pl);
/** Bytes that came from pmcd; none at all mean that it has ended the session. */
PMDALOOP_API int pmdaloop_feed(struct pmdaloop *pl, const void *bytes, size_t n);
/** Bytes for pmcd; how many they are. Valid until the next call on @p pl. */
PMDALOOP_API size_t pmdaloop_get_out(struct pmdaloop *pl, const void **ret_bytes);
/** The first @p n of them are on their way. */
PMDALOOP_API void pmdaloop_sent(struct pmdaloop *pl, size_t n);
/** The time, on any clock that only goes forward: deadlines hang on it. */
PMDALOOP_API void pmdaloop_tick(struct pmdaloop *pl, uint64_t now_ms);

/* ---- requests ---- */

/** What has happened, or what pmcd wants to know. */
enum pmdaloop_kind {
    PMDALOOP_OPENED = 1,  /**< versions are exchanged */
    PMDALOOP_CLOSED,      /**< the last event: err is 0, or why it ended */
    PMDALOOP_CLIENT_GONE, /**< the client with this context */
    PMDALOOP_ATTRIBUTE,   /**< ident is the key, name the value, of this context */
    PMDALOOP_FETCH,    /**< values of pmids: reply_metric, reply_value…, reply_end */
    PMDALOOP_DESC,     /**< of metric ident: reply_desc */
    PMDALOOP_INSTANCE, /**< of indom ident: all, or inst, or name: reply_instance… */
    PMDALOOP_TEXT,     /**< what (PMDALOOP_TEXT_*) on ident: reply_text */
    PMDALOOP_STORE,    /**< stored: reply_done */
    PMDALOOP_PMID_OF,  /**< of the metric called name: reply_pmid */
    PMDALOOP_NAMES_OF, /**< of metric ident: reply_name…, reply_end */
    PMDALOOP_CHILDREN, /**< of name: what is 0; reply_name…, reply_end */
    PMDALOOP_TRAVERSE, /**< all leaves below name: reply_name…, reply_end */
    PMDALOOP_LABELS /**< what (PMDALOOP_LABEL_*) of ident: reply_labels…, reply_end */
};

/** One value to be stored. */
struct pmdaloop_stored {
    uint32_t pmid;
    int32_t inst;
    struct pmdaloop_value value; /**< U32 for 32 too: pmcd does not tell them apart */
};

/** An event. What it points to lives until the next call on the handle; that of a request
 *  until it is answered. */
struct pmdaloop_event {
    int kind;        /**< enum pmdaloop_kind */
    int err;         /**< of PMDALOOP_CLOSED */
    uint32_t number; /**< of a request, for its reply; 0 where none is due */
    int32_t context; /**< pmcd's number of the client; reused when it has gone */
    uint32_t ident;
    int32_t inst; /**< or PMDALOOP_NO_INST */
    int32_t what;
    const char *name; /**< with a NUL; NULL for none */
    size_t name_len;
    const uint32_t *pmids;
    size_t n_pmids;
    const struct pmdaloop_stored *stored;
    size_t n_stored;
};

/** The oldest event not yet taken, or NULL. Valid until the next call on @p pl. */
PMDALOOP_API const struct pmdaloop_event *pmdaloop_next(struct pmdaloop *pl);
/** Does the client want this instance? Of all requests since the last that said. */
PMDALOOP_API int pmdaloop_is_wanted(const struct pmdaloop *pl, uint32_t indom,
                                    int32_t inst);

/* Replies, now or later. -PMDALOOP_ENOREQUEST when there is no such request, -EINVAL when
 * it asks for something else. A reply that cannot be made is an error code to pmcd. */

/** Any request has failed with @p code: enum pmdaloop_code, or a negated errno. */
PMDALOOP_API int pmdaloop_reply_error(struct pmdaloop *pl, uint32_t number, int code);
/** PMDALOOP_STORE is done. */
PMDALOOP_API int pmdaloop_reply_done(struct pmdaloop *pl, uint32_t number);
PMDALOOP_API int pmdaloop_reply_desc(struct pmdaloop *pl, uint32_t number,
                                     const struct pmdaloop_desc *desc);
PMDALOOP_API int pmdaloop_reply_text(struct pmdaloop *pl, uint32_t number,
                                     const char *text);
PMDALOOP_API int pmdaloop_reply_pmid(struct pmdaloop *pl, uint32_t number,
                                     uint32_t pmid);

/** Turn to the next of the requested metrics. @p status, 0 or a code, stands for it if no
 *  value follows. */
PMDALOOP_API int pmdaloop_reply_metric(struct pmdaloop *pl, uint32_t number,
                                       int status);
/** One of its values. The bytes are copied. */
PMDALOOP_API int pmdaloop_reply_value(struct pmdaloop *pl, uint32_t number,
                                      int32_t inst, const struct pmdaloop_value *value);
/** One of the instances. */
PMDALOOP_API int pmdaloop_reply_instance(struct pmdaloop *pl, uint32_t number,
                                         int32_t inst, const char *name);
/** One of the names; @p is_leaf tells whether it is a metric. */
PMDALOOP_API int pmdaloop_reply_name(struct pmdaloop *pl, uint32_t number,
                                     const char *name, int is_leaf);
/** Labels as a JSON object, of @p inst or PMDALOOP_NO_INST. -EINVAL or -E2BIG when they
 *  are not ones; then they are left out. */
PMDALOOP_API int pmdaloop_reply_labels(struct pmdaloop *pl, uint32_t number,
                                       int32_t inst, const char *json);
/** That was all. Metrics which reply_metric() has not come to are 'not available now'. */
PMDALOOP_API int pmdaloop_reply_end(struct pmdaloop *pl, uint32_t number);

/** Whether the agent can serve: while it can't, requests are refused, and clients are
 *  told to try again. Costs nothing when nothing changes. */
PMDALOOP_API int pmdaloop_set_ready(struct pmdaloop *pl, int is_ready);

enum { PMDALOOP_LABELS_CHANGED = 8, PMDALOOP_NAMES_CHANGED = 16 };
/** Let the next fetch tell pmcd that @p changes have happened. */
PMDALOOP_API int pmdaloop_announce(struct pmdaloop *pl, int changes);

/** What the handle has seen so far. */
struct pmdaloop_counts {
    uint64_t requests;  /**< that want a reply */
    uint64_t malformed; /**< of those and of others: refused, or passed over */
    uint64_t unknown;   /**< PDUs of other types, passed over */
    uint64_t late;      /**< requests answered 'not available now' by their deadline */
};
PMDALOOP_API int pmdaloop_get_counts(const struct pmdaloop *pl,
                                     struct pmdaloop_counts *ret_counts);

/** This library's version, such as "0.1.0". Static. */
PMDALOOP_API const char *pmdaloop_version(void);
/** A code, of this library or of the protocol, in a few words. Static, never NULL. */
PMDALOOP_API const char *pmdaloop_strerror(int err);
/** The last failure in one sentence. Valid until the next call on @p pl. */
PMDALOOP_API const char *pmdaloop_errmsg(const struct pmdaloop *pl);

/* ---- event records ---- */

/** Flags of an event record. */
enum {
    PMDALOOP_RECORD_POINT = 1,
    PMDALOOP_RECORD_START = 2,
    PMDALOOP_RECORD_END = 4,
    PMDALOOP_RECORD_ID = 8,
    PMDALOOP_RECORD_PARENT = 16
};
/** A record that only counts missed ones. */
#define PMDALOOP_RECORD_MISSED UINT32_C(0x80000000)

/** Records packed into memory of the caller's, for a value of type EVENT. */
struct pmdaloop_records {
    void *bytes;
    size_t room_bytes;
    size_t len; /**< so far, for struct pmdaloop_value */
    int32_t type;
    size_t record; /**< where the last one starts */
};
/** Begin an array of @p type PMDALOOP_EVENT or _HIGHRES_EVENT. */
PMDALOOP_API int pmdaloop_records_begin(struct pmdaloop_records *r, int32_t type,
                                        void *bytes, size_t room_bytes);
/** Add a record; -ENOBUFS, and nothing added, without room. */
PMDALOOP_API int pmdaloop_records_add(struct pmdaloop_records *r, int64_t unix_s,
                                      uint32_t nsec, uint32_t flags);
/** Add a record that says how many were missed. */
PMDALOOP_API int pmdaloop_records_add_missed(struct pmdaloop_records *r, int64_t unix_s,
                                             uint32_t nsec, uint32_t n);
/** Add a value to the last record. */
PMDALOOP_API int pmdaloop_records_add_value(struct pmdaloop_records *r, uint32_t pmid,
                                            const struct pmdaloop_value *value);

/* ---- tables: an agent by declaration ---- */

/** One instance of a domain. */
struct pmdaloop_instance {
    int32_t inst; /**< 0 or more */
    const char *name;
};

/** An instance domain. */
struct pmdaloop_indom {
    uint32_t serial;
    const struct pmdaloop_instance *instances; /**< those it starts with, or NULL */
    size_t n_instances;
    const char *help;   /**< one line, or NULL */
    const char *text;   /**< more, or NULL */
    const char *labels; /**< a JSON object, or NULL */
};

/** A metric. */
struct pmdaloop_metric {
    uint32_t cluster, item;
    const char *name; /**< whole, with dots; NULL: only a name space of pmcd's has it */
    int32_t type;     /**< enum pmdaloop_type */
    int32_t sem;      /**< enum pmdaloop_sem */
    uint32_t units;   /**< PMDALOOP_UNITS() */
    const struct pmdaloop_indom *indom; /**< one of the table's; NULL: a single value */
    const char *help;                   /**< one line, or NULL */
    const char *text;                   /**< more, or NULL */
    const char *labels;                 /**< a JSON object, or NULL */
    const void *user;                   /**< the agent's own */
};

/** What fetch returns besides a code: nothing, a value, or that it will come later. */
enum { PMDALOOP_NO_VALUE = 0, PMDALOOP_VALUE = 1, PMDALOOP_LATER = 2 };

/** An agent by declaration. The arrays stay the caller's, and live as long as the
 *  handle. */
struct pmdaloop_table {
    size_t size; /**< sizeof(struct pmdaloop_table): it may grow */
    const struct pmdaloop_metric *metrics;
    size_t n_metrics;
    const struct pmdaloop_indom *indoms;
    size_t n_indoms;
    const char *labels; /**< of the agent, a JSON object; default {"agent":"NAME"} */
    /** A value of @p m: fill in ret_value->as (its type is set, its bytes live until the
     *  next call) and return PMDALOOP_VALUE; or another of those, or a negative code.
     *  After PMDALOOP_LATER the whole fetch waits: pmdaloop_retry() asks all again, and
     *  so does its deadline, when LATER becomes 'not available now'. */
    int (*fetch)(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
                 struct pmdaloop_value *ret_value);
    /** Called before the values of a fetch, or of a question about instances: may add and
     *  remove instances. May be NULL. */
    int (*refresh)(struct pmdaloop *pl);
    /** Store @p value, of the metric's type, and return 0 or a code. NULL: nothing may be
     *  stored. */
    int (*store)(struct pmdaloop *pl, const struct pmdaloop_metric *m, int32_t inst,
                 const struct pmdaloop_value *value);
    /** Labels of an instance: a JSON object with its NUL into ret_json, and 1; or 0 for
     *  none. May be NULL. */
    int (*label)(struct pmdaloop *pl, const struct pmdaloop_indom *indom, int32_t inst,
                 char *ret_json, size_t room_bytes);
    /** Numbers of many instances in one call, for domains of thousands: @p ret_column is
     *  an array of the metric's C type (int32_t for 32, double for DOUBLE, ...), an
     *  element for each of @p n instances. Return PMDALOOP_VALUE when all are there;
     *  after PMDALOOP_NO_VALUE fetch is asked for each; a code stands for all. May be
     *  NULL. */
    int (*fetch_column)(struct pmdaloop *pl, const struct pmdaloop_metric *m,
                        const int32_t *insts, size_t n, void *ret_column);
};

/** Let @p table answer what it can; pmdaloop_next() has the rest. The struct is copied.
 *  A table that contradicts itself is -EINVAL, and pmdaloop_errmsg() says where. */
PMDALOOP_API int pmdaloop_set_table(struct pmdaloop *pl,
                                    const struct pmdaloop_table *table);
/** Add an instance, whose @p name is copied; @p inst PMDALOOP_NO_INST picks a free one.
 *  Returns its number; -EEXIST when the number or the name is taken. */
PMDALOOP_API int pmdaloop_add_instance(struct pmdaloop *pl, uint32_t serial,
                                       int32_t inst, const char *name);
/** Remove one; -ENOENT when it is not there. */
PMDALOOP_API int pmdaloop_remove_instance(struct pmdaloop *pl, uint32_t serial,
                                          int32_t inst);
/** The number of the instance called @p name, or -ENOENT. */
PMDALOOP_API int pmdaloop_find_instance(const struct pmdaloop *pl, uint32_t serial,
                                        const char *name);
/** Ask for what was PMDALOOP_LATER once more, in the next pmdaloop_next(). */
PMDALOOP_API int pmdaloop_retry(struct pmdaloop *pl);

#ifdef __cplusplus
}
#endif
#endif

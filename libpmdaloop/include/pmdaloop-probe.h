/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_PROBE_H
#define PMDALOOP_PROBE_H

/**
 * @file
 * The collector's end of the channel to an agent: what pmcd says, for who wants to try an
 * agent, or to check one, without pmcd.
 *
 * Each call that asks something returns a number, and pmdaloop_probe_next() has the answer
 * under that number when it has come; or pmdaloop_probe_await() waits for it. Agents answer
 * in the order in which they are asked.
 *
 * Calls return 0 or more, or a negative code: -errno, or one of -PMDALOOP_E*.
 */
#include "pmdaloop.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Settings. 0 or NULL in a field means its default. */
struct pmdaloop_probe_options {
    size_t size; /**< sizeof(struct pmdaloop_probe_options): it may grow */
    uint32_t reply_timeout_ms; /**< for its version, and for each reply; default 5000,
                                    as pmcd has it */
    size_t max_reply_bytes;    /**< longest reply accepted, default 64 MiB */
};

/** One agent, seen from the other side. */
struct pmdaloop_probe;

enum pmdaloop_probe_kind {
    PMDALOOP_PROBE_OPENED =
        1,                  /**< the agent has said its version; flags are its wishes */
    PMDALOOP_PROBE_REPLY,   /**< to the request of this number */
    PMDALOOP_PROBE_UNASKED, /**< an ERROR nobody waits for: code is it, such as READY */
    PMDALOOP_PROBE_CLOSED   /**< the last event: err is 0 at end of file, or why */
};

/** One of the things that a reply lists. */
struct pmdaloop_probe_item {
    uint32_t pmid;
    int32_t inst;
    int32_t code; /**< of a metric without values: why, or 0; of a name: 0 for a leaf */
    const char
        *name;       /**< of an instance or a metric; a label set's JSON; a help text */
    size_t name_len; /**< a NUL follows */
    struct pmdaloop_value value;
    int has_value;
};

/** What has come. What it points to lives until the next call on the handle. */
struct pmdaloop_probe_event {
    int kind;        /**< enum pmdaloop_probe_kind */
    uint32_t number; /**< of PMDALOOP_PROBE_REPLY */
    int err;  /**< 0; or -PMDALOOP_EMALFORMED, -PMDALOOP_EPROTO for a reply of a wrong
                          type, -ETIMEDOUT */
    int code; /**< what an ERROR says; 0 for any other reply */
    uint32_t flags;            /**< PMDALOOP_WANT_* */
    struct pmdaloop_desc desc; /**< the answer to desc_start */
    const struct pmdaloop_probe_item *items;
    size_t n_items;
    int changes;     /**< PMDALOOP_*_CHANGED, which a fetch's result may tell */
    const void *pdu; /**< the reply as it came */
    size_t pdu_bytes;
};

/** Make a handle; @p options may be NULL. The caller frees it: pmdaloop_probe_free(). */
PMDALOOP_API int pmdaloop_probe_new(struct pmdaloop_probe **ret_probe,
                                    const struct pmdaloop_probe_options *options);
/** Close the channel, which ends the agent, and free. NULL is fine. */
PMDALOOP_API void pmdaloop_probe_free(struct pmdaloop_probe *p);

/** Start @p argv with pipes for its standard input and output, as pmcd does. The caller
 *  waits for the process, whose end is not part of the handle. */
PMDALOOP_API int pmdaloop_probe_spawn(struct pmdaloop_probe *p, char *const argv[],
                                      int *ret_pid);
/** Connect to a listening agent: "unix:PATH", "inet:PORT" or "ipv6:PORT". */
PMDALOOP_API int pmdaloop_probe_connect(struct pmdaloop_probe *p, const char *where);
/** Take over an open channel. On success @p p owns and closes both descriptors. */
PMDALOOP_API int pmdaloop_probe_connect_fd(struct pmdaloop_probe *p, int in_fd,
                                           int out_fd);

PMDALOOP_API int pmdaloop_probe_get_fd(const struct pmdaloop_probe *p);
PMDALOOP_API int pmdaloop_probe_get_out_fd(const struct pmdaloop_probe *p);
PMDALOOP_API int pmdaloop_probe_get_events(const struct pmdaloop_probe *p);
PMDALOOP_API int pmdaloop_probe_get_timeout_ms(const struct pmdaloop_probe *p);
PMDALOOP_API int pmdaloop_probe_process(struct pmdaloop_probe *p);
PMDALOOP_API int pmdaloop_probe_wait(struct pmdaloop_probe *p, int timeout_ms);
/** The oldest event not yet taken, or NULL. Valid until the next call on @p p. */
PMDALOOP_API const struct pmdaloop_probe_event *
pmdaloop_probe_next(struct pmdaloop_probe *p);
/** Wait for the reply to @p number, or with 0 for the agent's version, for as long as
 *  reply_timeout_ms; other events are dropped. Its err, or that of the session's end. */
PMDALOOP_API int pmdaloop_probe_await(struct pmdaloop_probe *p, uint32_t number,
                                      const struct pmdaloop_probe_event **ret_event);

/* Without descriptors: bytes in, bytes out, and the time as an argument. */
PMDALOOP_API int pmdaloop_probe_feed(struct pmdaloop_probe *p, const void *bytes,
                                     size_t n);
PMDALOOP_API size_t pmdaloop_probe_get_out(struct pmdaloop_probe *p,
                                           const void **ret_bytes);
PMDALOOP_API void pmdaloop_probe_sent(struct pmdaloop_probe *p, size_t n);
PMDALOOP_API void pmdaloop_probe_tick(struct pmdaloop_probe *p, uint64_t now_ms);

/** The context, pmcd's number of a client, of what is asked from now on; 0 at first. */
PMDALOOP_API int pmdaloop_probe_set_context(struct pmdaloop_probe *p, int32_t context);

/* Questions. Each returns the number of its reply. */
PMDALOOP_API int pmdaloop_probe_fetch_start(struct pmdaloop_probe *p,
                                            const uint32_t *pmids, size_t n);
PMDALOOP_API int pmdaloop_probe_desc_start(struct pmdaloop_probe *p, uint32_t pmid);
/** All instances, or the one with this number, or the one called @p name. */
PMDALOOP_API int pmdaloop_probe_instance_start(struct pmdaloop_probe *p, uint32_t indom,
                                               int32_t inst, const char *name);
PMDALOOP_API int pmdaloop_probe_text_start(struct pmdaloop_probe *p, uint32_t ident,
                                           int kind);
PMDALOOP_API int pmdaloop_probe_labels_start(struct pmdaloop_probe *p, uint32_t ident,
                                             int kind);
PMDALOOP_API int pmdaloop_probe_pmid_start(struct pmdaloop_probe *p, const char *name);
PMDALOOP_API int pmdaloop_probe_names_start(struct pmdaloop_probe *p, uint32_t pmid);
PMDALOOP_API int pmdaloop_probe_children_start(struct pmdaloop_probe *p,
                                               const char *name);
PMDALOOP_API int pmdaloop_probe_traverse_start(struct pmdaloop_probe *p,
                                               const char *name);
PMDALOOP_API int pmdaloop_probe_store_start(struct pmdaloop_probe *p,
                                            const struct pmdaloop_stored *values,
                                            size_t n);
/** Bytes of the caller's making, good or bad, to which one reply is due. */
PMDALOOP_API int pmdaloop_probe_raw_start(struct pmdaloop_probe *p, const void *bytes,
                                          size_t n);

/* What nobody answers. */

/** Of an instance domain, all instances but these, or with @p only_these no others. */
struct pmdaloop_probe_filter {
    uint32_t indom;
    int only_these;
    const int32_t *insts;
    size_t n_insts;
};
/** Which instances are wanted; of domains without a filter all, or with @p none_else none. */
PMDALOOP_API int pmdaloop_probe_profile(struct pmdaloop_probe *p, int none_else,
                                        const struct pmdaloop_probe_filter *filters,
                                        size_t n);
PMDALOOP_API int pmdaloop_probe_attribute(struct pmdaloop_probe *p, int key,
                                          const char *value);
/** The client of the present context has gone. */
PMDALOOP_API int pmdaloop_probe_client_gone(struct pmdaloop_probe *p);
/** Bytes to which no reply is due. */
PMDALOOP_API int pmdaloop_probe_raw(struct pmdaloop_probe *p, const void *bytes,
                                    size_t n);

/** The last failure in one sentence. Valid until the next call on @p p. */
PMDALOOP_API const char *pmdaloop_probe_errmsg(const struct pmdaloop_probe *p);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: MIT */
#ifndef LDMSCTL_H
#define LDMSCTL_H

/**
 * @file
 * Client of the OVIS metric service: commands a running ldmsd.
 *
 * A handle is one connection to one daemon. Each method of the daemon is a function,
 * named as in the Python Communicator: ldmsctl_prdcr_add(), ldmsctl_updtr_start() and
 * so on. The same methods can be named at run time with ldmsctl_call(), written as a
 * line of configuration with ldmsctl_command(), or sent many at a time with
 * ldmsctl_call_start() and ldmsctl_next().
 *
 * Calls return 0 or more, or a negative code: -errno, or one of -LDMSCTL_E*.
 * What they hand out is named ret_* and is written only on success; a ret_reply is also
 * written when the daemon refused, which is -LDMSCTL_EREFUSED: then it has the daemon's
 * status and words. Any ret_reply and ret_request may be NULL. The library never prints,
 * exits or touches a signal, and it calls nobody back. It starts no thread but one to look
 * up a host by name, since no other way ends in time; a numeric address needs none. One
 * thread at a time uses a handle; two handles share nothing but a locked list of `ovis`
 * challenges in flight.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LDMSCTL_API __attribute__((visibility("default")))

/** This library's own codes; they start above every errno value. */
enum ldmsctl_error {
    LDMSCTL_EREFUSED = 1000, /**< the daemon answered with an error of its own */
    LDMSCTL_ERESOLVE,        /**< the host's name has no address */
    LDMSCTL_EREJECTED,       /**< the daemon rejected the connection, and said why */
    LDMSCTL_EAUTH,           /**< authentication failed, on either side */
    LDMSCTL_EPROTO,          /**< what the peer sent is not in the protocol */
    LDMSCTL_ETOOBIG,         /**< the answer is longer than max_response_bytes */
    LDMSCTL_EUNKNOWN,        /**< there is no method, word or argument of that name */
};

/** Where a handle is. INIT, CONNECTED and CLOSED are the numbers of the Communicator. */
enum ldmsctl_state {
    LDMSCTL_INIT = 1,       /**< not connected yet */
    LDMSCTL_CONNECTED = 2,  /**< requests can be sent */
    LDMSCTL_CLOSED = 3,     /**< closed, lost, or never came about */
    LDMSCTL_CONNECTING = 4, /**< ldmsctl_connect_start() is under way */
};

/** How far the last connect came: what an error has to do with. */
enum ldmsctl_stage {
    LDMSCTL_STAGE_NONE,
    LDMSCTL_STAGE_RESOLVE,   /**< looking the name up */
    LDMSCTL_STAGE_CONNECT,   /**< TCP */
    LDMSCTL_STAGE_HANDSHAKE, /**< LDMS versions and authentication names */
    LDMSCTL_STAGE_AUTH,      /**< the authentication itself */
    LDMSCTL_STAGE_READY,     /**< all of it */
};

/** Daemon releases whose requests differ. What one does not know it ignores. */
enum ldmsctl_release {
    LDMSCTL_RELEASE_4_5 = 0, /**< 4.3 to 4.5 */
    LDMSCTL_RELEASE_MAIN,    /**< the development branch of 2026 */
};

/** Settings of a handle. 0 or NULL in a field means its default, so this is enough:
 *  struct ldmsctl_options o = {.size = sizeof(o), .auth = "munge"}; */
struct ldmsctl_options {
    size_t size;      /**< sizeof(struct ldmsctl_options): it may grow */
    const char *xprt; /**< copied; "sock", the default and the only one there is */
    const char *auth; /**< copied; "none" (default), "naive", "ovis" or "munge" */
    /** Copied; words NAME=VALUE: uid= and gid= for naive, conf=FILE for ovis (a word
     *  alone means that too), socket=PATH for munge. */
    const char *auth_opt;
    uint32_t
        connect_timeout_ms; /**< look-up to the end of authentication, default 5000 */
    uint32_t reply_timeout_ms; /**< one whole answer, default 5000 */
    size_t max_response_bytes; /**< all answers held at a time, default 64 MiB */
    uint32_t max_in_flight;    /**< requests started and not yet taken, default 1024 */
    enum ldmsctl_release release;
    bool legacy; /**< connect as clients before 4.5 did, without a rail */
};

/** One attribute of an answer. */
struct ldmsctl_attr {
    uint32_t id;       /**< see ldmsctl_attr_name() */
    uint32_t len;      /**< of the value, with the NUL of text where there is one */
    const void *value; /**< a 0 byte follows it in any case */
};

/** One metric set of ldmsctl_dir_list(). The texts are never NULL. */
struct ldmsctl_set {
    const char *name, *schema, *digest;
    const char *flags; /**< C consistent, L or R local or remote, P push; blanks */
    const char *perm;  /**< such as "-r--r-----" */
    uint64_t meta_size_bytes, data_size_bytes, heap_size_bytes;
    uint64_t uid, gid;
    uint64_t card, array_card; /**< metrics; copies kept */
    uint64_t meta_gn, data_gn; /**< generation numbers */
    uint64_t timestamp_unix_us;
    uint64_t duration_us;
    const char *info; /**< JSON: a list of {"key", "value"} */
};

enum ldmsctl_reply_kind {
    LDMSCTL_REPLY_NONE,  /**< nothing to say */
    LDMSCTL_REPLY_TEXT,  /**< for people */
    LDMSCTL_REPLY_JSON,  /**< a document */
    LDMSCTL_REPLY_ATTRS, /**< attributes (greeting) */
    LDMSCTL_REPLY_SETS,  /**< sets (dir_list) */
};

/** What the daemon answered. All of it is valid until the next call on the handle. */
struct ldmsctl_reply {
    int32_t status;               /**< 0, or the daemon's number; often an errno */
    enum ldmsctl_reply_kind kind; /**< of the text */
    const char *text; /**< NULL, or ends in NUL; foreign: may hold any other byte */
    size_t text_len;  /**< without the NUL */
    const struct ldmsctl_attr *attrs; /**< what came, one by one */
    size_t n_attrs;
    const struct ldmsctl_set *sets; /**< of dir_list */
    size_t n_sets;
};

enum ldmsctl_event_type {
    LDMSCTL_EVENT_CONNECTED, /**< ldmsctl_connect_start() ended, well or ill: see err */
    LDMSCTL_EVENT_REPLY,     /**< a request ended, well or ill: see err */
    LDMSCTL_EVENT_CLOSED,    /**< the connection is lost: see err */
};

/** What came of something started. The library makes these, so they may grow. */
struct ldmsctl_event {
    enum ldmsctl_event_type type;
    int err;            /**< 0, -LDMSCTL_EREFUSED, or what kept an answer from coming */
    uint32_t request;   /**< the number that *_start handed out */
    const char *method; /**< its method, or NULL */
    struct ldmsctl_reply reply;
};

/** An argument of a method by name. Numbers are written as text; NULL is not given. */
struct ldmsctl_arg {
    const char *name, *value;
};

/** One connection to one daemon. */
struct ldmsctl;

/** Make a handle; @p options may be NULL. The caller frees it: ldmsctl_free().
 *  -EINVAL for options that make no sense, -E2BIG for those of a later version;
 *  ldmsctl_strerror() has all there is to say then. Whether there is such a transport and
 *  authentication, and a secret, shows at connect. */
LDMSCTL_API int ldmsctl_new(struct ldmsctl **ret_lc,
                            const struct ldmsctl_options *options);
/** Close and free. NULL is fine. */
LDMSCTL_API void ldmsctl_free(struct ldmsctl *lc);

/** Other time limits, from now on: for the next connect or reconnect, and for requests
 *  sent later. 0 leaves one as it is. -EINVAL past 2147483647. */
LDMSCTL_API int ldmsctl_set_timeouts(struct ldmsctl *lc, uint32_t connect_timeout_ms,
                                     uint32_t reply_timeout_ms);

/** Connect and authenticate. Tries every address of @p host, a name or an address.
 *  -EPROTONOSUPPORT for a transport other than sock; -EINVAL for an authentication that
 *  is not known, or what reading its secret brought, such as -ENOENT. */
LDMSCTL_API int ldmsctl_connect(struct ldmsctl *lc, const char *host, uint16_t port);
/** Begin to. Waits for nothing, not for the look-up of a @p host by name either. */
LDMSCTL_API int ldmsctl_connect_start(struct ldmsctl *lc, const char *host,
                                      uint16_t port);
/** Take over a connected socket instead. On success @p lc owns and closes @p fd. */
LDMSCTL_API int ldmsctl_connect_fd_start(struct ldmsctl *lc, int fd);
/** Close, and connect again to where the last connect went. */
LDMSCTL_API int ldmsctl_reconnect(struct ldmsctl *lc);
LDMSCTL_API int ldmsctl_reconnect_start(struct ldmsctl *lc);
/** Close. What was in flight ends with -ECANCELED. */
LDMSCTL_API void ldmsctl_close(struct ldmsctl *lc);

LDMSCTL_API enum ldmsctl_state ldmsctl_get_state(const struct ldmsctl *lc);
LDMSCTL_API enum ldmsctl_stage ldmsctl_get_stage(const struct ldmsctl *lc);
/** The most that one record may hold: 1048516. */
LDMSCTL_API size_t ldmsctl_get_max_recv_len(const struct ldmsctl *lc);
/** What connect was given; "" before. Valid until the next connect. */
LDMSCTL_API const char *ldmsctl_get_host(const struct ldmsctl *lc);
LDMSCTL_API uint16_t ldmsctl_get_port(const struct ldmsctl *lc);

/* Under any event loop: poll get_fd() for get_events(), no longer than
 * get_timeout_ms(); process(); take each next(); then ask all three again.
 * ldmsctl_wait() is one such turn, and <ldmsctl-uv.h> does them under libuv. */

/** The descriptor to poll, owned by @p lc, or -ENOTCONN. It changes while connecting. */
LDMSCTL_API int ldmsctl_get_fd(const struct ldmsctl *lc);
/** POLLIN, POLLOUT or both. */
LDMSCTL_API int ldmsctl_get_events(const struct ldmsctl *lc);
/** How long the poll may sleep, or -1 for as long as it likes. */
LDMSCTL_API int ldmsctl_get_timeout_ms(const struct ldmsctl *lc);
/** Do all that can be done without blocking; negative once the connection is over. */
LDMSCTL_API int ldmsctl_process(struct ldmsctl *lc);
/** The oldest event not yet taken, or NULL. Valid until the next call on @p lc. */
LDMSCTL_API const struct ldmsctl_event *ldmsctl_next(struct ldmsctl *lc);
/** Poll for at most @p timeout_ms (-1: no limit), then process. */
LDMSCTL_API int ldmsctl_wait(struct ldmsctl *lc, int timeout_ms);

/** A code in a few words. Static, never NULL. */
LDMSCTL_API const char *ldmsctl_strerror(int err);
/** The last failure in one sentence, control characters escaped. Valid until the next
 *  call on @p lc. */
LDMSCTL_API const char *ldmsctl_errmsg(const struct ldmsctl *lc);
/** This library's version, such as "0.1.0"; ldmsctl_version() is the daemon's. */
LDMSCTL_API const char *ldmsctl_library_version(void);

/* Methods by name. */

/** Call @p method with arguments by name, as the Communicator takes them. */
LDMSCTL_API int ldmsctl_call(struct ldmsctl *lc, const char *method,
                             const struct ldmsctl_arg *args, size_t n_args,
                             struct ldmsctl_reply *ret_reply);
/** Send it and return at once; ldmsctl_next() has the answer under this number. It may be
 *  started while connecting, and goes out then. -EAGAIN when max_in_flight are. */
LDMSCTL_API int ldmsctl_call_start(struct ldmsctl *lc, const char *method,
                                   const struct ldmsctl_arg *args, size_t n_args,
                                   uint32_t *ret_request);
/** Call what a line of configuration says, such as "prdcr_start_regex regex=.*". The
 *  words are those of configuration files, and after them those of the methods. */
LDMSCTL_API int ldmsctl_command(struct ldmsctl *lc, const char *line,
                                struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_command_start(struct ldmsctl *lc, const char *line,
                                      uint32_t *ret_request);
/** Wait until the answer to @p request is there, and take it; others stay for
 *  ldmsctl_next(). */
LDMSCTL_API int ldmsctl_finish(struct ldmsctl *lc, uint32_t request,
                               struct ldmsctl_reply *ret_reply);

/** Send one request record as it is, its message number replaced by one of ours, and
 *  hand out that number. For requests that have no method. */
LDMSCTL_API int ldmsctl_send_command(struct ldmsctl *lc, const void *record, size_t len,
                                     uint32_t *ret_request);
/** Wait for the oldest answer to ldmsctl_send_command(). */
LDMSCTL_API int ldmsctl_receive_response(struct ldmsctl *lc,
                                         struct ldmsctl_reply *ret_reply);

/* The table of methods. */

enum ldmsctl_param_type {
    LDMSCTL_PARAM_TEXT,
    LDMSCTL_PARAM_INTEGER,
    LDMSCTL_PARAM_BOOLEAN,  /**< true or false */
    LDMSCTL_PARAM_INTERVAL, /**< microseconds, or with a unit: 20s, 100ms */
    LDMSCTL_PARAM_SIZE,     /**< bytes, or with a unit: 3K */
    LDMSCTL_PARAM_PERM,     /**< 0640 is octal, 416 decimal */
    LDMSCTL_PARAM_REGEX,
    LDMSCTL_PARAM_PATH,  /**< on the daemon's machine */
    LDMSCTL_PARAM_WORDS, /**< NAME=VALUE words */
};

/** An argument of a method. Static. */
struct ldmsctl_param {
    const char *name;
    uint32_t attribute_id; /**< what carries it: ldmsctl_attr_name(); 0: nothing does */
    enum ldmsctl_param_type type;
    bool required;
    const char *fallback;       /**< what is sent where nothing is given, or NULL */
    enum ldmsctl_release since; /**< the first release that knows it */
};

/** A method. Static. */
struct ldmsctl_method {
    const char *name;              /**< as in the Communicator */
    const char *function;          /**< ours */
    const char *verb;              /**< in configuration files, or NULL */
    uint32_t request_id;           /**< 0 where it has no request of its own */
    enum ldmsctl_reply_kind reply; /**< what a success brings */
    enum ldmsctl_release since;    /**< the first release that knows it */
    enum ldmsctl_release until;    /**< and the last one */
    const char *group;             /**< what it is about: "producer", "updater"... */
    const char *help;              /**< one line */
};

/** The methods in the order of their names, or NULL past the last one. */
LDMSCTL_API const struct ldmsctl_method *ldmsctl_method_at(size_t index);
/** The method of that name, or NULL. */
LDMSCTL_API const struct ldmsctl_method *ldmsctl_method_find(const char *name);
/** Its arguments in the order in which they are sent, or NULL past the last one. */
LDMSCTL_API const struct ldmsctl_param *ldmsctl_param_at(const struct ldmsctl_method *m,
                                                         size_t index);
/** What an argument means, in a few words. Static, never NULL. */
LDMSCTL_API const char *ldmsctl_param_help(const struct ldmsctl_param *p);
/** What a word of configuration files takes: two lists of words with blanks between
 *  them. -LDMSCTL_EUNKNOWN where there is no such word. Static. */
LDMSCTL_API int ldmsctl_get_cmd_attr_list(const char *verb, const char **ret_required,
                                          const char **ret_optional);
/** The words of configuration files in their order, or NULL past the last one. */
LDMSCTL_API const char *ldmsctl_verb_at(size_t index);
/** What the protocol calls an attribute, such as "interval"; "" if nothing. Static. */
LDMSCTL_API const char *ldmsctl_attr_name(uint32_t id);

/* The methods as functions. Arguments stand in the Communicator's order. An optional one
 * is not sent when it is NULL, "", 0 or false; text may be a number or a name, with a
 * unit where ldmsctl-methods(7) says so. Structs carry their size and are not kept. */

/* The daemon. */

LDMSCTL_API int ldmsctl_greeting(struct ldmsctl *lc, const char *name, uint32_t offset,
                                 uint32_t level, bool test, const char *path,
                                 struct ldmsctl_reply *ret_reply);
/** How many times its configuration has changed, in decimal. */
LDMSCTL_API int ldmsctl_get_cfg_cntr(struct ldmsctl *lc,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_daemon_status(struct ldmsctl *lc, bool thread_stats,
                                      struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_daemon_exit(struct ldmsctl *lc,
                                    struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_version(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply);
/** Has the daemon write its configuration into a directory on its own machine. */
LDMSCTL_API int ldmsctl_dump_cfg(struct ldmsctl *lc, const char *path,
                                 struct ldmsctl_reply *ret_reply);
/** Puts a configuration together from what the status methods tell, and hands it out as
 *  text. The caller frees it. */
LDMSCTL_API int ldmsctl_dump_cfg_text(struct ldmsctl *lc, char **ret_text);
LDMSCTL_API int ldmsctl_include_conf(struct ldmsctl *lc, const char *path,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_set_env(struct ldmsctl *lc, const char *cfg_str,
                                struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_logrotate(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_log_level(struct ldmsctl *lc, const char *level,
                                  const char *name, const char *regex, bool is_test,
                                  struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_log_status(struct ldmsctl *lc, const char *name,
                                   struct ldmsctl_reply *ret_reply);
/** A listening endpoint of the daemon. */
struct ldmsctl_listener {
    size_t size;          /**< sizeof(struct ldmsctl_listener) */
    const char *xprt;     /**< required */
    uint16_t port;        /**< required */
    const char *host;     /**< default: every address */
    const char *auth;     /**< a domain of ldmsctl_auth_add() */
    const char *quota;    /**< receive quota of its connections, bytes */
    const char *rx_limit; /**< receive rate limit, bytes per second */
};
LDMSCTL_API int ldmsctl_listen(struct ldmsctl *lc, const struct ldmsctl_listener *args,
                               struct ldmsctl_reply *ret_reply);
/** @p auth_opt is NAME=VALUE words; a word alone means conf=. */
LDMSCTL_API int ldmsctl_auth_add(struct ldmsctl *lc, const char *name,
                                 const char *plugin, const char *auth_opt,
                                 struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_metric_sets_default_authz(struct ldmsctl *lc, const char *uid,
                                                  const char *gid, const char *perm,
                                                  struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_set_sec_mod(struct ldmsctl *lc, const char *regex,
                                    const char *uid, const char *gid, const char *perm,
                                    struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_set_udata(struct ldmsctl *lc, const char *instance,
                                  const char *metric, const char *udata,
                                  struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_set_udata_regex(struct ldmsctl *lc, const char *instance,
                                        const char *regex, const char *base,
                                        const char *incr,
                                        struct ldmsctl_reply *ret_reply);
/** The metric sets that the peer may read: in the reply's sets, and as JSON. */
LDMSCTL_API int ldmsctl_dir_list(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply);

/* Statistics of the daemon. */

LDMSCTL_API int ldmsctl_xprt_stats(struct ldmsctl *lc, bool reset, uint32_t level,
                                   bool hist_recal, struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_thread_stats(struct ldmsctl *lc, bool reset,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_set_stats(struct ldmsctl *lc, bool summary,
                                  struct ldmsctl_reply *ret_reply);
/** @p s is a list such as "update,store"; default is everything. */
LDMSCTL_API int ldmsctl_stats_reset(struct ldmsctl *lc, const char *s,
                                    struct ldmsctl_reply *ret_reply);
/** @p enable and @p reset are "true", "false" or NULL. */
LDMSCTL_API int ldmsctl_profiling(struct ldmsctl *lc, const char *enable,
                                  const char *reset, struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_profiling_enable(struct ldmsctl *lc,
                                         struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_profiling_disable(struct ldmsctl *lc,
                                          struct ldmsctl_reply *ret_reply);

/* Producers: the daemons that this one gathers from. */

/** For ldmsctl_prdcr_add(), ldmsctl_advertiser_add() and ldmsctl_advertiser_start(),
 *  the last of which needs the name alone. */
struct ldmsctl_producer {
    size_t size;       /**< sizeof(struct ldmsctl_producer) */
    const char *name;  /**< required, as are those up to reconnect */
    const char *ptype; /**< "active" or "passive"; not for advertisers */
    const char *xprt;  /**< such as "sock" */
    const char *host;
    uint16_t port;
    const char *reconnect; /**< interval between attempts */
    const char *auth, *perm;
    uint32_t rail; /**< endpoints */
    const char *quota, *rx_rate;
    const char *cache_ip; /**< "true" or "false"; not for advertisers */
};
LDMSCTL_API int ldmsctl_prdcr_add(struct ldmsctl *lc,
                                  const struct ldmsctl_producer *args,
                                  struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_prdcr_del(struct ldmsctl *lc, const char *name,
                                  struct ldmsctl_reply *ret_reply);
/** @p name is a regular expression over names if @p regex. */
LDMSCTL_API int ldmsctl_prdcr_start(struct ldmsctl *lc, const char *name, bool regex,
                                    const char *reconnect,
                                    struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_prdcr_stop(struct ldmsctl *lc, const char *name, bool regex,
                                   struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_prdcr_status(struct ldmsctl *lc, const char *name, bool summary,
                                     const char *state,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_prdcr_set_status(struct ldmsctl *lc, const char *name,
                                         const char *instance, const char *schema,
                                         struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_prdcr_hint_tree(struct ldmsctl *lc, const char *name,
                                        struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_prdcr_stats(struct ldmsctl *lc,
                                    struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_prdcr_stream_status(struct ldmsctl *lc, const char *regex,
                                            struct ldmsctl_reply *ret_reply);
/** Names a @p stream, or a @p msg_tag. */
LDMSCTL_API int ldmsctl_prdcr_subscribe(struct ldmsctl *lc, const char *regex,
                                        const char *stream, const char *msg_tag,
                                        const char *rx_rate,
                                        struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_prdcr_unsubscribe(struct ldmsctl *lc, const char *regex,
                                          const char *stream, const char *msg_tag,
                                          struct ldmsctl_reply *ret_reply);

/* Advertisers, and who listens for them. */

LDMSCTL_API int ldmsctl_advertiser_add(struct ldmsctl *lc,
                                       const struct ldmsctl_producer *args,
                                       struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_advertiser_start(struct ldmsctl *lc,
                                         const struct ldmsctl_producer *args,
                                         struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_advertiser_stop(struct ldmsctl *lc, const char *name,
                                        struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_advertiser_del(struct ldmsctl *lc, const char *name,
                                       struct ldmsctl_reply *ret_reply);
/** For ldmsctl_prdcr_listen_add(): which advertisers become producers. */
struct ldmsctl_prdcr_listen {
    size_t size;      /**< sizeof(struct ldmsctl_prdcr_listen) */
    const char *name; /**< required */
    const char *perm;
    const char *disable_start; /**< "true": do not start them */
    const char *regex;         /**< over their host names */
    const char *ip;            /**< their network, such as "10.0.0.0/8" */
    const char *quota, *rx_rate;
    const char *type;            /**< "passive", the default, or "active" */
    const char *advertiser_xprt; /**< how to reach active ones */
    uint16_t advertiser_port;
    const char *advertiser_auth;
    const char *reconnect;
    uint32_t rail;
};
LDMSCTL_API int ldmsctl_prdcr_listen_add(struct ldmsctl *lc,
                                         const struct ldmsctl_prdcr_listen *args,
                                         struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_prdcr_listen_del(struct ldmsctl *lc, const char *name,
                                         struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_prdcr_listen_start(struct ldmsctl *lc, const char *name,
                                           struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_prdcr_listen_stop(struct ldmsctl *lc, const char *name,
                                          struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_prdcr_listen_status(struct ldmsctl *lc, bool summary,
                                            struct ldmsctl_reply *ret_reply);

/* Updaters: when the sets of producers are fetched. */

struct ldmsctl_updater {
    size_t size;          /**< sizeof(struct ldmsctl_updater) */
    const char *name;     /**< required */
    const char *interval; /**< default 1000000 */
    const char *offset;
    const char *push;          /**< "true" or "onchange": let the sets be pushed */
    const char *auto_interval; /**< "true": as the sets' hints say; `auto` of Python */
    const char *perm;
};
LDMSCTL_API int ldmsctl_updtr_add(struct ldmsctl *lc,
                                  const struct ldmsctl_updater *args,
                                  struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_updtr_del(struct ldmsctl *lc, const char *name,
                                  struct ldmsctl_reply *ret_reply);
/** Either @p interval or @p auto_interval. */
LDMSCTL_API int ldmsctl_updtr_start(struct ldmsctl *lc, const char *name,
                                    const char *interval, const char *offset,
                                    const char *auto_interval,
                                    struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_updtr_stop(struct ldmsctl *lc, const char *name,
                                   struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_updtr_status(struct ldmsctl *lc, const char *name, bool summary,
                                     bool reset, struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_updtr_prdcr_add(struct ldmsctl *lc, const char *name,
                                        const char *regex,
                                        struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_updtr_prdcr_del(struct ldmsctl *lc, const char *name,
                                        const char *regex,
                                        struct ldmsctl_reply *ret_reply);
/** @p match is "schema", the default, or "inst". */
LDMSCTL_API int ldmsctl_updtr_match_add(struct ldmsctl *lc, const char *name,
                                        const char *regex, const char *match,
                                        struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_updtr_match_del(struct ldmsctl *lc, const char *name,
                                        const char *regex, const char *match,
                                        struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_updtr_match_list(struct ldmsctl *lc, const char *name,
                                         struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_updtr_task(struct ldmsctl *lc, const char *name,
                                   struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_update_time_stats(struct ldmsctl *lc, const char *name,
                                          bool reset, bool summary,
                                          struct ldmsctl_reply *ret_reply);

/* Storage policies. */

struct ldmsctl_storage {
    size_t size;           /**< sizeof(struct ldmsctl_storage) */
    const char *name;      /**< required */
    const char *plugin;    /**< required: a store's instance */
    const char *container; /**< required */
    const char *schema, *regex;
    const char *perm; /**< default 384, which is 0600 */
    const char *flush;
    const char *decomposition;
};
LDMSCTL_API int ldmsctl_strgp_add(struct ldmsctl *lc,
                                  const struct ldmsctl_storage *args,
                                  struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_strgp_del(struct ldmsctl *lc, const char *name,
                                  struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_strgp_start(struct ldmsctl *lc, const char *name,
                                    struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_strgp_stop(struct ldmsctl *lc, const char *name,
                                   struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_strgp_status(struct ldmsctl *lc, const char *name,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_strgp_prdcr_add(struct ldmsctl *lc, const char *name,
                                        const char *regex,
                                        struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_strgp_prdcr_del(struct ldmsctl *lc, const char *name,
                                        const char *regex,
                                        struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_strgp_metric_add(struct ldmsctl *lc, const char *name,
                                         const char *metric_name,
                                         struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_strgp_metric_del(struct ldmsctl *lc, const char *name,
                                         const char *metric_name,
                                         struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_strgp_pi_stats(struct ldmsctl *lc, const char *name,
                                       struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_store_time_stats(struct ldmsctl *lc, const char *name,
                                         bool reset, bool hist_recalibrate,
                                         struct ldmsctl_reply *ret_reply);

/* Plugins: samplers and stores. */

/** @p plugin defaults to @p name. */
LDMSCTL_API int ldmsctl_plugn_load(struct ldmsctl *lc, const char *name,
                                   const char *plugin, struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_plugn_term(struct ldmsctl *lc, const char *name,
                                   struct ldmsctl_reply *ret_reply);
/** @p cfg_str is NAME=VALUE words. */
LDMSCTL_API int ldmsctl_plugn_config(struct ldmsctl *lc, const char *name,
                                     const char *cfg_str,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_plugn_start(struct ldmsctl *lc, const char *name,
                                    const char *interval_us, const char *offset_us,
                                    const char *xthread,
                                    struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_plugn_stop(struct ldmsctl *lc, const char *name,
                                   struct ldmsctl_reply *ret_reply);
/** Daemons answer for every plugin, whatever the @p name. */
LDMSCTL_API int ldmsctl_plugn_status(struct ldmsctl *lc, const char *name,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_plugn_sets(struct ldmsctl *lc, const char *name,
                                   struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_smplr_load(struct ldmsctl *lc, const char *name,
                                   struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_smplr_status(struct ldmsctl *lc, const char *name,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_smplrset_status(struct ldmsctl *lc, const char *name,
                                        struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_usage(struct ldmsctl *lc, const char *name,
                              struct ldmsctl_reply *ret_reply);
/** @p time is seconds since 1970, or "now". */
LDMSCTL_API int ldmsctl_oneshot(struct ldmsctl *lc, const char *name, const char *time,
                                struct ldmsctl_reply *ret_reply);

/* Sampler policies. */

LDMSCTL_API int ldmsctl_smplrp_add(struct ldmsctl *lc, const char *name,
                                   const char *path, struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_smplrp_del(struct ldmsctl *lc, const char *name,
                                   struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_smplrp_start(struct ldmsctl *lc, const char *name,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_smplrp_stop(struct ldmsctl *lc, const char *name,
                                    struct ldmsctl_reply *ret_reply);

/* Set groups. */

LDMSCTL_API int ldmsctl_setgroup_add(struct ldmsctl *lc, const char *name,
                                     const char *producer, const char *interval,
                                     const char *offset, const char *perm,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_setgroup_mod(struct ldmsctl *lc, const char *name,
                                     const char *interval, const char *offset,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_setgroup_del(struct ldmsctl *lc, const char *name,
                                     struct ldmsctl_reply *ret_reply);
/** @p instance is a list with commas. */
LDMSCTL_API int ldmsctl_setgroup_ins(struct ldmsctl *lc, const char *name,
                                     const char *instance,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_setgroup_rm(struct ldmsctl *lc, const char *name,
                                    const char *instance,
                                    struct ldmsctl_reply *ret_reply);

/* Failover. */

struct ldmsctl_failover {
    size_t size;             /**< sizeof(struct ldmsctl_failover) */
    const char *host;        /**< required: of the partner */
    const char *xprt;        /**< required */
    uint16_t port;           /**< required */
    const char *auto_switch; /**< "1" or "0" */
    const char *interval;    /**< of the heartbeat */
    const char *timeout_factor;
    const char *peer_name; /**< daemons up to 4.5 require it */
};
LDMSCTL_API int ldmsctl_failover_config(struct ldmsctl *lc,
                                        const struct ldmsctl_failover *args,
                                        struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_failover_start(struct ldmsctl *lc,
                                       struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_failover_stop(struct ldmsctl *lc,
                                      struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_failover_status(struct ldmsctl *lc,
                                        struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_failover_peercfg_start(struct ldmsctl *lc,
                                               struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_failover_peercfg_stop(struct ldmsctl *lc,
                                              struct ldmsctl_reply *ret_reply);

/* Streams and messages. */

LDMSCTL_API int ldmsctl_stream_publish(struct ldmsctl *lc, const char *name,
                                       const char *data,
                                       struct ldmsctl_reply *ret_reply);
/** The daemon then sends what the stream brings; this library drops it. */
LDMSCTL_API int ldmsctl_stream_subscribe(struct ldmsctl *lc, const char *name,
                                         struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_stream_client_dump(struct ldmsctl *lc,
                                           struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_stream_status(struct ldmsctl *lc, bool reset,
                                      struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_stream_disable(struct ldmsctl *lc,
                                       struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_stream_enable(struct ldmsctl *lc,
                                      struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_msg_stats(struct ldmsctl *lc, const char *regex,
                                  const char *stream, const char *msg_tag, bool reset,
                                  struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_msg_client_stats(struct ldmsctl *lc, bool reset,
                                         struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_msg_disable(struct ldmsctl *lc,
                                    struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_msg_enable(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply);

/* Quota groups. */

LDMSCTL_API int ldmsctl_qgroup_config(struct ldmsctl *lc, const char *quota,
                                      const char *ask_interval, const char *ask_amount,
                                      const char *ask_mark, const char *reset_interval,
                                      struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_qgroup_info(struct ldmsctl *lc,
                                    struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_qgroup_member_add(struct ldmsctl *lc, const char *host,
                                          const char *xprt, uint16_t port,
                                          const char *auth,
                                          struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_qgroup_member_del(struct ldmsctl *lc, const char *host,
                                          uint16_t port,
                                          struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_qgroup_start(struct ldmsctl *lc,
                                     struct ldmsctl_reply *ret_reply);
LDMSCTL_API int ldmsctl_qgroup_stop(struct ldmsctl *lc,
                                    struct ldmsctl_reply *ret_reply);

#ifdef __cplusplus
}
#endif
#endif

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
 * status and words. Any ret_reply may be NULL. The library never prints, exits, starts a
 * thread or touches a signal, and it calls nobody back. One thread at a time uses a
 * handle; two handles share nothing but a locked list of `ovis` challenges in flight.
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

/** An argument of a method by name. Numbers are written as text. */
struct ldmsctl_arg {
    const char *name, *value;
};

/** One connection to one daemon. */
struct ldmsctl;

/** A code in a few words. Static, never NULL. */
LDMSCTL_API const char *ldmsctl_strerror(int err);
/** This library's version, such as "0.1.0"; ldmsctl_version() is the daemon's. */
LDMSCTL_API const char *ldmsctl_library_version(void);

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

#ifdef __cplusplus
}
#endif
#endif

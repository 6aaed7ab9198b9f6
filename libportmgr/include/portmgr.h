/* SPDX-License-Identifier: MIT */
#ifndef PORTMGR_H
#define PORTMGR_H

/**
 * @file
 * Client of the NSCLDAQ port manager, which hands out TCP ports by name.
 *
 * A port stays yours while the connection that asked for it stays open, so the
 * handle is the lease: keep it while you listen, free it when you stop. A handle
 * may hold any number of ports; they go together. Whoever looks for a service
 * lists, or finds, on a handle of its own, since any failure ends the connection
 * and with it the lease.
 *
 * Calls return 0 or more, or a negative code: -errno, or one of -PORTMGR_E*.
 * What they hand out is named ret_* and is written only on success. -EINVAL,
 * -E2BIG, -EBUSY and -EISCONN refuse that call alone; any other failure of a request
 * closes the connection, gives all its ports up, and leaves -ENOTCONN for what
 * follows, until portmgr_connect() is called again.
 *
 * The library never prints, exits or touches a signal, and it calls nobody back. It
 * starts no thread, but one to look up a host by name, since no other way ends in
 * time; a numeric address and "localhost" need none. One thread at a time uses a
 * handle; two handles share nothing.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PORTMGR_API __attribute__((visibility("default")))

/** Where a port manager listens unless told otherwise. */
#define PORTMGR_DEFAULT_PORT 30000
/** Where a local Tcl port manager writes the port it listens on. It never removes
 *  the file, so the number may be an old one. */
#define PORTMGR_PORT_FILE "/var/tmp/daqportmgr/listen.port"

/** This library's own codes; they start above every errno value. */
enum portmgr_error {
    PORTMGR_EREFUSED = 1000, /**< the server said FAIL; portmgr_get_reason() has why */
    PORTMGR_EPROTO,          /**< the server's answer is not in the protocol */
    PORTMGR_ETOOLONG,        /**< its answer is longer than the options allow */
    PORTMGR_ECLOSED,         /**< the server closed the connection */
    PORTMGR_ERESOLVE,        /**< the host's name leads to no address */
};

/** Why the server refused, as far as its words are known. */
enum portmgr_reason {
    PORTMGR_REASON_NONE,      /**< it did not refuse */
    PORTMGR_REASON_OTHER,     /**< words we don't know */
    PORTMGR_REASON_NO_PORTS,  /**< all ports of its pool are taken */
    PORTMGR_REASON_NOT_LOCAL, /**< it gives ports to its own computer only */
    PORTMGR_REASON_DUPLICATE, /**< service and user have a port (Rust server) */
    PORTMGR_REASON_INVALID,   /**< it did not understand the request */
};

/** Settings of a handle. 0 or NULL in a field means its default, so this is enough:
 *  struct portmgr_options o = {.size = sizeof(o), .user = "fox"}; */
struct portmgr_options {
    size_t size;           /**< sizeof(struct portmgr_options): it may grow */
    uint32_t timeout_ms;   /**< each operation as a whole, default 5000: look-up,
                                all addresses, request and whole answer */
    size_t max_line_bytes; /**< longest line or list record, default 65536 */
    size_t max_list_bytes; /**< longest list, default 16777216 */
    const char *user;      /**< who asks; copied. Default: the name of the real user
                                id, else LOGNAME, else USER, else the number */
    const char *port_file; /**< read when connecting to this computer on port 0, such
                                as PORTMGR_PORT_FILE; copied. Default: none */
};

/** One allocation. A name may hold any byte, NUL among them; after its length stands
 *  one more NUL. */
struct portmgr_row {
    uint16_t port;
    const char *service; /**< as listed: of several the server renames all but one */
    size_t service_len;
    const char *user;
    size_t user_len;
};

/** Allocations in the server's order, the rows and their names in one block. C++ wants
 *  the word struct before the name, which a function has, too. */
struct portmgr_list {
    size_t count;
    const struct portmgr_row *rows;
};

/** What find keeps: rows that match every member given. NULL is not given; an empty
 *  string is, and matches the empty name, or as begins_with all. Bytes are compared
 *  as they are, no letter equals its capital, and there are no patterns. */
struct portmgr_criteria {
    size_t size;              /**< sizeof(struct portmgr_criteria): it may grow */
    const char *service;      /**< the listed name; of several the newest has it */
    const char *begins_with;  /**< how the listed name begins */
    const char *user;         /**< who runs it */
    const char *instances_of; /**< all of one service: NAME, NAME_1, NAME_2, ... */
};

/** What an event tells. */
enum portmgr_event_kind {
    PORTMGR_EVENT_ALLOCATED, /**< the answer to portmgr_allocate_start() */
    PORTMGR_EVENT_LISTED,    /**< ... to portmgr_list_start(), portmgr_find_start() */
    PORTMGR_EVENT_LOST,      /**< the connection is over, and no request was open */
};

/** The answer to a started request, or the end. The library makes these, so they may
 *  grow. */
struct portmgr_event {
    enum portmgr_event_kind kind;
    int err;                         /**< 0, or the negative code it failed with */
    uint16_t port;                   /**< ALLOCATED: yours from now on */
    const struct portmgr_list *list; /**< LISTED; valid until the next call on the
                                          handle: see portmgr_take_list() */
};

/** One connection to one port manager. */
struct portmgr;

/** This library's version, such as "0.1.0". Static. */
PORTMGR_API const char *portmgr_version(void);

/** Make a handle; @p options may be NULL. The caller frees it: portmgr_free(). */
PORTMGR_API int portmgr_new(struct portmgr **ret_pm,
                            const struct portmgr_options *options);
/** Close, which gives the ports back, and free. NULL is fine. */
PORTMGR_API void portmgr_free(struct portmgr *pm);

/** In whose name it asks: what the options say, or what was found in their stead. Valid
 *  as long as @p pm. */
PORTMGR_API const char *portmgr_get_user(const struct portmgr *pm);

/** Begin to connect; waits for nothing. @p host is a name, an IPv4 or an IPv6 address,
 *  NULL for this computer; its addresses are tried in turn. @p port 0 is the default.
 *  Ports are given to programs of the manager's own computer only, and only to those
 *  that call it "localhost". -EISCONN while there is a connection. */
PORTMGR_API int portmgr_connect(struct portmgr *pm, const char *host, uint16_t port);
/** Take over a connected stream socket instead. On success @p pm owns and closes
 *  @p fd. */
PORTMGR_API int portmgr_connect_fd(struct portmgr *pm, int fd);

/** Ask for a port for @p service, 1 to 255 bytes without control bytes, and wait until
 *  it is there. */
PORTMGR_API int portmgr_allocate(struct portmgr *pm, const char *service,
                                 uint16_t *ret_port);
/** Ask and return at once; portmgr_next() has the answer when it has come. -EBUSY
 *  while an answer is awaited or not yet taken. */
PORTMGR_API int portmgr_allocate_start(struct portmgr *pm, const char *service);

/** Fetch all allocations. The caller frees them: portmgr_list_free(). */
PORTMGR_API int portmgr_list(struct portmgr *pm, struct portmgr_list **ret_list);
/** Ask and return at once, as above. */
PORTMGR_API int portmgr_list_start(struct portmgr *pm);

/** Fetch the allocations that match; none is an empty list, not a failure. NULL
 *  matches all. The caller frees them: portmgr_list_free(). */
PORTMGR_API int portmgr_find(struct portmgr *pm,
                             const struct portmgr_criteria *criteria,
                             struct portmgr_list **ret_list);
/** Ask and return at once, as above; @p criteria are copied. */
PORTMGR_API int portmgr_find_start(struct portmgr *pm,
                                   const struct portmgr_criteria *criteria);

/** Drop from @p list the rows that don't match: find, on a list already there. */
PORTMGR_API int portmgr_list_filter(struct portmgr_list *list,
                                    const struct portmgr_criteria *criteria);
/** Take over the list of the event last taken, or NULL if there is none. The caller
 *  frees it: portmgr_list_free(). */
PORTMGR_API struct portmgr_list *portmgr_take_list(struct portmgr *pm);
/** Free a list. NULL is fine. */
PORTMGR_API void portmgr_list_free(struct portmgr_list *list);

/** Is what this handle allocated still ours? 1: yes. 0: it has allocated nothing.
 *  Negative: the connection is over, for that reason. Asks the socket, never waits. */
PORTMGR_API int portmgr_is_held(struct portmgr *pm);

/* Under any event loop: poll get_fd() for get_events(), no longer than
 * get_timeout_ms(); process(); take each next(); then ask all three again, since the
 * descriptor changes while connecting. portmgr_wait() is one such turn, and
 * <portmgr-uv.h> does them under libuv. Polling an idle handle is how a holder learns
 * at once that its ports are gone. */

/** The descriptor to poll, owned by @p pm, or -ENOTCONN. */
PORTMGR_API int portmgr_get_fd(const struct portmgr *pm);
/** POLLIN, POLLOUT or both. */
PORTMGR_API int portmgr_get_events(const struct portmgr *pm);
/** How long the poll may sleep, or -1 for as long as it likes. */
PORTMGR_API int portmgr_get_timeout_ms(const struct portmgr *pm);
/** Do all that can be done without blocking; negative once the connection is over. */
PORTMGR_API int portmgr_process(struct portmgr *pm);
/** The oldest event not yet taken, or NULL. Valid until the next call on @p pm. */
PORTMGR_API const struct portmgr_event *portmgr_next(struct portmgr *pm);
/** Poll for at most @p timeout_ms (-1: no limit), then process. */
PORTMGR_API int portmgr_wait(struct portmgr *pm, int timeout_ms);

/** A code in a few words. Static, never NULL. */
PORTMGR_API const char *portmgr_strerror(int err);
/** The last failure in one sentence, fit for a terminal. Valid until the next call on
 *  @p pm. */
PORTMGR_API const char *portmgr_errmsg(const struct portmgr *pm);
/** Why the server refused what this handle asked last. */
PORTMGR_API enum portmgr_reason portmgr_get_reason(const struct portmgr *pm);
/** The server's own words when it refused, cut and fit for a terminal; else empty.
 *  Valid until the next call on @p pm. */
PORTMGR_API const char *portmgr_get_refusal(const struct portmgr *pm);

#ifdef __cplusplus
}
#endif
#endif

/* SPDX-License-Identifier: MIT */
/* The handle: options, lifetime, the requests and their blocking forms. */
#include "portmgr.h"

#include "io.h"
#include "options.h"
#include "portfile.h"
#include "printable.h"
#include "user.h"

#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { PEER_CHARS = 120, PEER_BYTES = 512, NAME_BYTES = 1100 };

struct portmgr {
    struct pt_engine engine;
    struct pt_io io;
    char user[PT_NAME_MAX_BYTES + 1];
    char *port_file;

    char *criteria_block; /* of the find that is under way, or NULL */
    struct pt_criteria criteria;
    struct portmgr_event event; /* the last one taken */
    struct portmgr_list *list;  /* its list, unless taken over */

    bool was_connected;       /* else an end is a failure to connect */
    char peer[PEER_BYTES];    /* whom we talk to, printable */
    char service[NAME_BYTES]; /* asked for, printable */
    char errmsg[PEER_BYTES + NAME_BYTES + PT_WHY_BYTES + 64];
};

__attribute__((format(printf, 3, 4))) static int
refuse(struct portmgr *pm, int err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(pm->errmsg, sizeof(pm->errmsg), format, args);
    va_end(args);
    return err;
}

static int
read_options(struct portmgr *pm, const struct portmgr_options *options,
             struct pt_limits *ret_limits)
{
    struct portmgr_options o;
    int err = pt_options_read(options, &o, sizeof(o), sizeof(o));

    if (err < 0)
        return err;
    if (o.user && pt_request_name_fault(o.user))
        return -EINVAL;
    if (o.user)
        memcpy(pm->user, o.user, strlen(o.user) + 1);
    else
        pt_user_name(pm->user, sizeof(pm->user));
    if (o.port_file && !(pm->port_file = strdup(o.port_file)))
        return -ENOMEM;
    *ret_limits = (struct pt_limits){
        .timeout_ms = o.timeout_ms ? o.timeout_ms : 5000,
        .max_line_bytes = o.max_line_bytes ? o.max_line_bytes : 65536,
        .max_list_bytes = o.max_list_bytes ? o.max_list_bytes : 16777216,
    };
    return 0;
}

int
portmgr_new(struct portmgr **ret_pm, const struct portmgr_options *options)
{
    struct portmgr *pm = calloc(1, sizeof(*pm));
    struct pt_limits limits;

    if (!pm)
        return -ENOMEM;
    int err = read_options(pm, options, &limits);
    if (err < 0) {
        free(pm->port_file);
        free(pm);
        return err;
    }
    pt_engine_init(&pm->engine, &limits);
    pt_io_init(&pm->io);
    *ret_pm = pm;
    return 0;
}

static void
drop_list(struct portmgr *pm)
{
    portmgr_list_free(pm->list);
    pm->list = NULL;
}

static void
drop_criteria(struct portmgr *pm)
{
    free(pm->criteria_block);
    pm->criteria_block = NULL;
}

void
portmgr_free(struct portmgr *pm)
{
    if (!pm)
        return;
    pt_io_close(&pm->io);
    pt_engine_free(&pm->engine);
    drop_list(pm);
    drop_criteria(pm);
    free(pm->port_file);
    free(pm);
}

const char *
portmgr_get_user(const struct portmgr *pm)
{
    return pm->user;
}

/* The connection is over: say so, and close it. */
static int
conclude(struct portmgr *pm)
{
    const struct pt_engine *e = &pm->engine;

    if (!e->over || !pm->io.is_open)
        return e->over;
    if (!pm->was_connected)
        refuse(pm, 0, "cannot connect to %s: %s", pm->peer, e->why);
    else if (e->over_doing == PT_ALLOCATING)
        refuse(pm, 0, "cannot get a port for '%s' from %s: %s", pm->service, pm->peer,
               e->why);
    else if (e->over_doing == PT_LISTING)
        refuse(pm, 0, "cannot list the ports of %s: %s", pm->peer, e->why);
    else
        refuse(pm, 0, "lost the connection to %s: %s", pm->peer, e->why);
    pt_io_close(&pm->io);
    return e->over;
}

/* A new connection: nothing of the last one stays. */
static int
begin_connection(struct portmgr *pm)
{
    if (pm->io.is_open)
        return refuse(pm, -EISCONN, "already connected to %s", pm->peer);
    pt_engine_reset(&pm->engine);
    drop_list(pm);
    drop_criteria(pm);
    pm->was_connected = false;
    return 0;
}

int
portmgr_connect(struct portmgr *pm, const char *host, uint16_t port)
{
    bool is_local = !host || pt_lookup_is_localhost(host);
    char shown[PEER_BYTES - 16];

    int err = begin_connection(pm);
    if (err < 0)
        return err;
    if (host && (host[0] == '\0' || strlen(host) > 1024))
        return refuse(pm, -EINVAL, "the host has no name that can be looked up");
    if (port == 0)
        port = is_local && pm->port_file ? pt_portfile_read(pm->port_file) : 0;
    if (port == 0)
        port = PORTMGR_DEFAULT_PORT;
    host = host ? host : "localhost";
    pt_printable(host, strlen(host), PEER_CHARS, shown, sizeof(shown));
    snprintf(pm->peer, sizeof(pm->peer), strchr(host, ':') ? "[%s]:%u" : "%s:%u", shown,
             port);

    uint64_t now_ms = pt_io_now_ms();
    err = pt_io_connect(&pm->io, host, port, now_ms,
                        now_ms + pm->engine.limits.timeout_ms);
    if (err < 0) {
        refuse(pm, err, "cannot connect to %s: %s", pm->peer, pm->io.why);
        pt_io_close(&pm->io);
    }
    return err;
}

int
portmgr_connect_fd(struct portmgr *pm, int fd)
{
    int err = begin_connection(pm);

    if (err < 0)
        return err;
    snprintf(pm->peer, sizeof(pm->peer), "descriptor %d", fd);
    err = pt_io_adopt(&pm->io, fd);
    if (err < 0)
        return refuse(pm, err, "cannot use %s: %s", pm->peer, portmgr_strerror(err));
    pm->was_connected = true;
    return 0;
}

static void
go_on_connecting(struct portmgr *pm)
{
    uint64_t now_ms = pt_io_now_ms();
    int got = pt_io_go_on(&pm->io, now_ms);
    char why[64];

    if (got < 0) {
        pt_engine_end(&pm->engine, got, pm->io.why);
    } else if (got == 1) {
        pm->was_connected = true;
    } else if (now_ms >= pm->io.deadline_ms) {
        snprintf(why, sizeof(why), "no answer within %u ms",
                 (unsigned)pm->engine.limits.timeout_ms);
        pt_engine_end(&pm->engine, -ETIMEDOUT, why);
    }
}

int
portmgr_process(struct portmgr *pm)
{
    struct pt_engine *e = &pm->engine;

    if (!pm->io.is_open)
        return e->over ? e->over : -ENOTCONN;
    if (!pm->io.is_connected)
        go_on_connecting(pm);
    if (pm->io.is_connected && !e->over) {
        /* What came before we asked is no answer, and must not be taken for one. */
        pt_io_receive(&pm->io, e);
        pt_io_send(&pm->io, e);
        pt_engine_tick(e, pt_io_now_ms());
    }
    return conclude(pm);
}

/* Whether a request can be made at all. */
static int
check_open(struct portmgr *pm)
{
    if (pm->io.is_open)
        return 0;
    if (!pm->engine.over)
        return refuse(pm, -ENOTCONN, "not connected");
    return refuse(pm, -ENOTCONN, "not connected any more to %s: %s", pm->peer,
                  pm->engine.why);
}

/* A request has been made, or not. */
static int
begin_request(struct portmgr *pm, int err)
{
    if (err == -EBUSY)
        refuse(pm, err, "a request to %s is open already", pm->peer);
    if (err < 0)
        return err;
    drop_list(pm);
    drop_criteria(pm);
    pm->io.deadline_ms = pm->engine.deadline_ms; /* still connecting? Then for both */
    if (pm->io.is_connected)
        portmgr_process(pm);
    return 0;
}

int
portmgr_allocate_start(struct portmgr *pm, const char *service)
{
    const char *fault = pt_request_name_fault(service);
    int err;

    if (fault)
        return refuse(pm, -EINVAL, "this is no name for a service: %s", fault);
    err = check_open(pm);
    if (err == 0)
        err = pt_engine_allocate(&pm->engine, service, pm->user, pt_io_now_ms());
    if (err == 0)
        pt_printable(service, strlen(service), PT_NAME_MAX_BYTES, pm->service,
                     sizeof(pm->service));
    return begin_request(pm, err);
}

int
portmgr_list_start(struct portmgr *pm)
{
    int err = check_open(pm);

    if (err == 0)
        err = pt_engine_list(&pm->engine, pt_io_now_ms());
    return begin_request(pm, err);
}

int
portmgr_find_start(struct portmgr *pm, const struct portmgr_criteria *criteria)
{
    struct pt_criteria theirs, ours;
    char *block;

    int err = pt_criteria_read(criteria, &theirs);
    if (err < 0)
        return refuse(pm, err, "the criteria are of another version");
    err = pt_criteria_copy(&theirs, &ours, &block);
    if (err < 0)
        return refuse(pm, err, "there is no memory for the criteria");
    err = portmgr_list_start(pm);
    if (err < 0) {
        free(block);
        return err;
    }
    pm->criteria_block = block;
    pm->criteria = ours;
    return 0;
}

const struct portmgr_event *
portmgr_next(struct portmgr *pm)
{
    struct pt_answer answer;

    drop_list(pm);
    if (!pt_engine_next(&pm->engine, &answer))
        return NULL;
    pm->list = answer.list;
    if (pm->list && pm->criteria_block)
        pt_list_filter(pm->list, &pm->criteria);
    drop_criteria(pm);
    pm->event = (struct portmgr_event){
        .kind = answer.kind, .err = answer.err, .port = answer.port, .list = pm->list};
    return &pm->event;
}

struct portmgr_list *
portmgr_take_list(struct portmgr *pm)
{
    struct portmgr_list *list = pm->list;

    pm->list = NULL;
    return list;
}

int
portmgr_get_fd(const struct portmgr *pm)
{
    if (!pm->io.is_open)
        return -ENOTCONN;
    return pm->io.lookup ? pt_lookup_fd(pm->io.lookup) : pm->io.fd;
}

int
portmgr_get_events(const struct portmgr *pm)
{
    const void *bytes;

    if (!pm->io.is_open)
        return 0;
    if (!pm->io.is_connected)
        return pm->io.lookup ? POLLIN : POLLOUT;
    return pt_engine_out(&pm->engine, &bytes) ? POLLIN | POLLOUT : POLLIN;
}

int
portmgr_get_timeout_ms(const struct portmgr *pm)
{
    uint64_t now_ms, deadline_ms;

    if (pm->engine.answer_count)
        return 0;
    if (!pm->io.is_open)
        return -1;
    if (pm->io.is_connected)
        deadline_ms = pm->engine.deadline_ms;
    else if (!pm->io.lookup && pm->io.try_deadline_ms < pm->io.deadline_ms)
        deadline_ms = pm->io.try_deadline_ms;
    else
        deadline_ms = pm->io.deadline_ms;
    if (deadline_ms == 0)
        return -1;
    now_ms = pt_io_now_ms();
    if (deadline_ms <= now_ms)
        return 0;
    return deadline_ms - now_ms < INT_MAX ? (int)(deadline_ms - now_ms) : INT_MAX;
}

int
portmgr_wait(struct portmgr *pm, int timeout_ms)
{
    int own_ms = portmgr_get_timeout_ms(pm);

    if (own_ms >= 0 && (timeout_ms < 0 || own_ms < timeout_ms))
        timeout_ms = own_ms;
    if (pm->io.is_open) {
        struct pollfd p = {.fd = portmgr_get_fd(pm),
                           .events = (short)portmgr_get_events(pm)};
        if (poll(&p, 1, timeout_ms) < 0 && errno != EINTR) {
            /* Who waits in a loop would go round for ever. */
            pt_engine_end(&pm->engine, -errno, NULL);
            return conclude(pm);
        }
    }
    return portmgr_process(pm);
}

/* One turn, of whoever has nothing else to do meanwhile. */
static void
sleep_on(struct portmgr *pm)
{
    const void *bytes;

    if (pm->io.is_connected && pt_engine_out(&pm->engine, &bytes) == 0 &&
        pt_io_await(&pm->io, &pm->engine)) {
        if (pm->engine.deadline_ms) /* it was not the whole answer */
            pt_engine_tick(&pm->engine, pt_io_now_ms());
        conclude(pm);
    } else {
        portmgr_wait(pm, -1);
    }
}

/* The answer to what was just started. Every request has one, at its deadline at last. */
static const struct portmgr_event *
await(struct portmgr *pm)
{
    const struct portmgr_event *event;

    while (!(event = portmgr_next(pm)))
        sleep_on(pm);
    return event;
}

int
portmgr_allocate(struct portmgr *pm, const char *service, uint16_t *ret_port)
{
    int err = portmgr_allocate_start(pm, service);

    if (err < 0)
        return err;
    const struct portmgr_event *event = await(pm);
    if (event->err == 0)
        *ret_port = event->port;
    return event->err;
}

static int
await_list(struct portmgr *pm, int err, struct portmgr_list **ret_list)
{
    if (err < 0)
        return err;
    const struct portmgr_event *event = await(pm);
    if (event->err == 0)
        *ret_list = portmgr_take_list(pm);
    return event->err;
}

int
portmgr_list(struct portmgr *pm, struct portmgr_list **ret_list)
{
    return await_list(pm, portmgr_list_start(pm), ret_list);
}

int
portmgr_find(struct portmgr *pm, const struct portmgr_criteria *criteria,
             struct portmgr_list **ret_list)
{
    return await_list(pm, portmgr_find_start(pm, criteria), ret_list);
}

int
portmgr_is_held(struct portmgr *pm)
{
    if (pm->io.is_open)
        portmgr_process(pm);
    if (pm->engine.over)
        return pm->engine.over;
    return pm->engine.ports_held > 0;
}

const char *
portmgr_errmsg(const struct portmgr *pm)
{
    return pm->errmsg;
}

enum portmgr_reason
portmgr_get_reason(const struct portmgr *pm)
{
    return pm->engine.reason;
}

const char *
portmgr_get_refusal(const struct portmgr *pm)
{
    return pm->engine.refusal;
}

/* SPDX-License-Identifier: MIT */
/* The handle: options, lifetime, and the blocking forms. */
#include "handle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/crypto.h>

enum {
    TIMEOUT_MS = 5000,
    IN_FLIGHT = 1024,
    RESPONSE_BYTES = 64 << 20,
    RESPONSE_BYTES_MIN = 4096,
};

int
lc_check_size(struct ldmsctl *lc, const char *method, const void *args, size_t size,
              size_t first_size, size_t our_size)
{
    const uint8_t *bytes = args;

    if (size < first_size) {
        lc_engine_say(&lc->engine, "%s: its arguments lack their size", method);
        return -EINVAL;
    }
    for (size_t i = our_size; i < size; i++)
        if (bytes[i] != 0) {
            lc_engine_say(&lc->engine, "%s: has arguments of a later version", method);
            return -E2BIG;
        }
    return 0;
}

static int
copy(char **ret_copy, const char *text)
{
    char *c = text ? strdup(text) : NULL;

    if (text && !c)
        return -ENOMEM;
    free(*ret_copy);
    *ret_copy = c;
    return 0;
}

static int
take_options(struct ldmsctl *lc, const struct ldmsctl_options *o)
{
    struct lc_engine_options *mine = &lc->options;

    if (o->size > sizeof(*o))
        for (size_t i = sizeof(*o); i < o->size; i++)
            if (((const uint8_t *)o)[i] != 0)
                return -E2BIG;
    if (o->size < sizeof(*o) ||
        (o->max_response_bytes && o->max_response_bytes < RESPONSE_BYTES_MIN) ||
        o->connect_timeout_ms > INT32_MAX || o->reply_timeout_ms > INT32_MAX ||
        o->release > LDMSCTL_RELEASE_MAIN)
        return -EINVAL;
    if (o->connect_timeout_ms)
        lc->io.connect_timeout_ms = o->connect_timeout_ms;
    if (o->reply_timeout_ms)
        mine->reply_timeout_ms = o->reply_timeout_ms;
    if (o->max_response_bytes)
        mine->max_response_bytes = o->max_response_bytes;
    if (o->max_in_flight)
        mine->max_in_flight = o->max_in_flight;
    mine->release = o->release;
    mine->legacy = o->legacy;
    if (copy(&lc->xprt, o->xprt ? o->xprt : "sock") < 0 ||
        copy(&lc->auth, o->auth ? o->auth : "none") < 0 ||
        copy(&lc->auth_opt, o->auth_opt) < 0)
        return -ENOMEM;
    return 0;
}

int
ldmsctl_new(struct ldmsctl **ret_lc, const struct ldmsctl_options *options)
{
    const struct ldmsctl_options defaults = {.size = sizeof(defaults)};
    struct ldmsctl *lc = calloc(1, sizeof(*lc));

    if (!lc)
        return -ENOMEM;
    lc->io.fd = -1;
    lc->io.connect_timeout_ms = TIMEOUT_MS;
    lc->options.reply_timeout_ms = TIMEOUT_MS;
    lc->options.max_in_flight = IN_FLIGHT;
    lc->options.max_response_bytes = RESPONSE_BYTES;
    lc_engine_init(&lc->engine, &lc->options);
    int err = take_options(lc, options ? options : &defaults);
    if (err == 0)
        err = copy(&lc->host, "");
    if (err < 0)
        ldmsctl_free(lc);
    else
        *ret_lc = lc;
    return err;
}

int
ldmsctl_set_timeouts(struct ldmsctl *lc, uint32_t connect_timeout_ms,
                     uint32_t reply_timeout_ms)
{
    if (connect_timeout_ms > INT32_MAX || reply_timeout_ms > INT32_MAX) {
        lc_engine_say(&lc->engine, "a time limit is longer than 24 days");
        return -EINVAL;
    }
    if (connect_timeout_ms)
        lc->io.connect_timeout_ms = connect_timeout_ms;
    if (reply_timeout_ms)
        lc->options.reply_timeout_ms = reply_timeout_ms;
    return 0;
}

void
ldmsctl_free(struct ldmsctl *lc)
{
    if (!lc)
        return;
    lc_io_close(&lc->io, &lc->engine);
    lc_engine_free(&lc->engine);
    OPENSSL_cleanse(&lc->options, sizeof(lc->options)); /* the secret */
    free(lc->xprt);
    free(lc->auth);
    free(lc->auth_opt);
    free(lc->host);
    free(lc);
}

/* Settings that only now turn out wrong, so that there is a handle to say it. */
static int
prepare(struct ldmsctl *lc)
{
    struct lc_engine *e = &lc->engine;
    char why[256] = "";

    e->stage = LDMSCTL_STAGE_NONE;
    e->connected_event = e->closed_event = false;
    lc->tried = true;
    lc->io.transport = lc_transport_find(lc->xprt);
    if (!lc->io.transport || lc->io.transport->lacks) {
        lc_engine_say(e, "transport '%.40s' is not here: %s", lc->xprt,
                      lc->io.transport ? lc->io.transport->lacks
                                       : "sock is the one that is");
        return -EPROTONOSUPPORT;
    }
    int err =
        lc_auth_configure(&lc->options.auth, lc->auth, lc->auth_opt, why, sizeof(why));
    if (err < 0)
        lc_engine_say(e, "authentication %.40s: %s", lc->auth, why);
    return err;
}

static int
begin(struct ldmsctl *lc)
{
    struct lc_engine *e = &lc->engine;

    snprintf(e->peer, sizeof(e->peer),
             strchr(lc->host, ':') ? "[%.120s]:%u" : "%.120s:%u", lc->host, lc->port);
    int err = prepare(lc);
    if (err == 0)
        err = lc_io_connect(&lc->io, e, lc->host, lc->port);
    return err;
}

int
ldmsctl_connect_start(struct ldmsctl *lc, const char *host, uint16_t port)
{
    if (lc_io_fd(&lc->io) >= 0) {
        lc_engine_say(&lc->engine, "already connected to %s", lc->engine.peer);
        return -EISCONN;
    }
    if (!host || !*host) {
        lc_engine_say(&lc->engine, "connect needs a host");
        return -EINVAL;
    }
    if (copy(&lc->host, host) < 0) {
        lc_engine_say(&lc->engine, "cannot connect to %s: out of memory", host);
        return -ENOMEM;
    }
    lc->port = port;
    return begin(lc);
}

int
ldmsctl_connect_fd_start(struct ldmsctl *lc, int fd)
{
    if (lc_io_fd(&lc->io) >= 0) {
        lc_engine_say(&lc->engine, "already connected to %s", lc->engine.peer);
        return -EISCONN;
    }
    snprintf(lc->engine.peer, sizeof(lc->engine.peer), "the daemon");
    int err = prepare(lc);
    return err < 0 ? err : lc_io_connect_fd(&lc->io, &lc->engine, fd);
}

int
ldmsctl_reconnect_start(struct ldmsctl *lc)
{
    if (!*lc->host) {
        lc_engine_say(&lc->engine, "reconnect needs a connect before it");
        return -EINVAL;
    }
    ldmsctl_close(lc);
    return begin(lc);
}

/* Turns until connecting has ended. */
static int
finish_connecting(struct ldmsctl *lc)
{
    struct lc_engine *e = &lc->engine;

    while (!e->connected_event) {
        int err = lc_io_wait(&lc->io, e, -1);
        if (err < 0 && !e->connected_event)
            return err;
    }
    e->connected_event = false;
    return e->connect_err;
}

int
ldmsctl_connect(struct ldmsctl *lc, const char *host, uint16_t port)
{
    int err = ldmsctl_connect_start(lc, host, port);
    return err < 0 ? err : finish_connecting(lc);
}

int
ldmsctl_reconnect(struct ldmsctl *lc)
{
    int err = ldmsctl_reconnect_start(lc);
    return err < 0 ? err : finish_connecting(lc);
}

void
ldmsctl_close(struct ldmsctl *lc)
{
    lc_io_close(&lc->io, &lc->engine);
    lc_engine_say(&lc->engine, "%s: closed", lc->engine.peer);
    lc_engine_close(&lc->engine, -ECANCELED, true);
    lc->engine.connected_event = lc->engine.closed_event = false;
    lc->tried = true;
}

enum ldmsctl_state
ldmsctl_get_state(const struct ldmsctl *lc)
{
    if (lc->engine.phase == LC_PHASE_READY)
        return LDMSCTL_CONNECTED;
    if (lc_io_fd(&lc->io) >= 0)
        return LDMSCTL_CONNECTING;
    return lc->tried ? LDMSCTL_CLOSED : LDMSCTL_INIT;
}

enum ldmsctl_stage
ldmsctl_get_stage(const struct ldmsctl *lc)
{
    return lc->engine.stage;
}

size_t
ldmsctl_get_max_recv_len(const struct ldmsctl *lc)
{
    (void)lc;
    return LC_RECORD_MAX_BYTES;
}

const char *
ldmsctl_get_host(const struct ldmsctl *lc)
{
    return lc->host;
}

uint16_t
ldmsctl_get_port(const struct ldmsctl *lc)
{
    return lc->port;
}

int
ldmsctl_get_fd(const struct ldmsctl *lc)
{
    int fd = lc_io_fd(&lc->io);
    return fd >= 0 ? fd : -ENOTCONN;
}

int
ldmsctl_get_events(const struct ldmsctl *lc)
{
    return lc_io_fd(&lc->io) >= 0 ? lc_io_events(&lc->io, &lc->engine) : 0;
}

int
ldmsctl_get_timeout_ms(const struct ldmsctl *lc)
{
    return lc_io_timeout_ms(&lc->io, &lc->engine);
}

int
ldmsctl_process(struct ldmsctl *lc)
{
    return lc_io_process(&lc->io, &lc->engine);
}

const struct ldmsctl_event *
ldmsctl_next(struct ldmsctl *lc)
{
    return lc_engine_next(&lc->engine);
}

int
ldmsctl_wait(struct ldmsctl *lc, int timeout_ms)
{
    return lc_io_wait(&lc->io, &lc->engine, timeout_ms);
}

const char *
ldmsctl_errmsg(const struct ldmsctl *lc)
{
    return lc->engine.why;
}

static int
start(struct ldmsctl *lc, struct lc_call *call, uint32_t *ret_request)
{
    uint32_t request;
    int err = 0;

    if (lc_io_fd(&lc->io) < 0) {
        lc_engine_say(&lc->engine, "%s: not connected", call->name);
        err = -ENOTCONN;
    }
    if (err == 0)
        err = lc_engine_start(&lc->engine, call, lc_io_now_ms(), &request);
    if (err < 0)
        lc_call_free(call);
    else if (ret_request)
        *ret_request = request;
    return err;
}

int
ldmsctl_call_start(struct ldmsctl *lc, const char *method,
                   const struct ldmsctl_arg *args, size_t n_args, uint32_t *ret_request)
{
    struct lc_call call;
    char why[LC_CALL_WHY_BYTES];
    int err = lc_call_method(&call, method ? method : "", args, n_args,
                             lc->options.release, why);

    if (err < 0) {
        lc_engine_say(&lc->engine, "%s", why);
        return err;
    }
    return start(lc, &call, ret_request);
}

int
ldmsctl_command_start(struct ldmsctl *lc, const char *line, uint32_t *ret_request)
{
    struct lc_call call;
    char why[LC_CALL_WHY_BYTES];
    int err = lc_call_line(&call, line ? line : "", lc->options.release, why);

    if (err < 0) {
        lc_engine_say(&lc->engine, "%s", why);
        return err;
    }
    return start(lc, &call, ret_request);
}

int
ldmsctl_finish(struct ldmsctl *lc, uint32_t request, struct ldmsctl_reply *ret_reply)
{
    const struct ldmsctl_event *event;

    if (!lc_engine_has(&lc->engine, request)) {
        lc_engine_say(&lc->engine, "no request %u is in flight", request);
        return -EINVAL;
    }
    lc->engine.waits = true;
    while (!(event = lc_engine_take(&lc->engine, request)))
        (void)lc_io_wait(&lc->io, &lc->engine, -1);
    lc->engine.waits = false;
    if (ret_reply && (event->err == 0 || event->err == -LDMSCTL_EREFUSED))
        *ret_reply = event->reply;
    return event->err;
}

int
ldmsctl_call(struct ldmsctl *lc, const char *method, const struct ldmsctl_arg *args,
             size_t n_args, struct ldmsctl_reply *ret_reply)
{
    uint32_t request;
    int err = ldmsctl_call_start(lc, method, args, n_args, &request);

    return err < 0 ? err : ldmsctl_finish(lc, request, ret_reply);
}

int
ldmsctl_command(struct ldmsctl *lc, const char *line, struct ldmsctl_reply *ret_reply)
{
    uint32_t request;
    int err = ldmsctl_command_start(lc, line, &request);

    return err < 0 ? err : ldmsctl_finish(lc, request, ret_reply);
}

int
ldmsctl_send_command(struct ldmsctl *lc, const void *record, size_t len,
                     uint32_t *ret_request)
{
    uint32_t request;

    if (lc_io_fd(&lc->io) < 0) {
        lc_engine_say(&lc->engine, "send_command: not connected");
        return -ENOTCONN;
    }
    int err = lc_engine_start_raw(&lc->engine, record, len, lc_io_now_ms(), &request);
    if (err == 0 && ret_request)
        *ret_request = request;
    return err;
}

int
ldmsctl_receive_response(struct ldmsctl *lc, struct ldmsctl_reply *ret_reply)
{
    uint32_t request = lc_engine_find_raw(&lc->engine);

    if (request == 0) {
        lc_engine_say(&lc->engine, "receive_response: nothing was sent");
        return -EINVAL;
    }
    return ldmsctl_finish(lc, request, ret_reply);
}

int
lc_call(struct ldmsctl *lc, const char *method, const char *const *values, size_t n,
        struct ldmsctl_reply *ret_reply)
{
    const struct lc_method *m = lc_method_find(method, strlen(method));
    struct ldmsctl_arg args[LC_VALUES_MAX];
    size_t n_args = 0;

    for (size_t i = 0; i < n && i < m->n_params; i++)
        if (values[i] && (*values[i] || m->params[i].pub.required))
            args[n_args++] = (struct ldmsctl_arg){m->params[i].pub.name, values[i]};
    return ldmsctl_call(lc, method, args, n_args, ret_reply);
}

int
lc_call_plain(struct ldmsctl *lc, const char *method, struct ldmsctl_reply *ret_reply)
{
    return ldmsctl_call(lc, method, NULL, 0, ret_reply);
}

const char *
lc_number(char buf[16], uint32_t n)
{
    if (n == 0)
        return NULL;
    snprintf(buf, 16, "%u", n);
    return buf;
}

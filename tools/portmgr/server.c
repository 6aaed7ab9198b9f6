/* SPDX-License-Identifier: MIT */
/* The port manager from its beginning to its end: pool, sockets, signals, one thread. */
#include "server.h"
#include "cli.h"
#include "client.h"
#include "listen.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { LONG_ANSWER = 128 << 10 };

struct server {
    uv_loop_t loop;
    uv_signal_t terminate, interrupt;
    uv_prepare_t settle; /* before each wait for events */
    struct listeners listeners;
    struct pool pool;
    struct usage usage;
    struct clients clients;
};

/* Ports come back when clients go, in whatever way; and so does memory, for which libuv
 * has a listener wait until its caller is let in. */
static void
on_settle(uv_prepare_t *handle)
{
    struct server *s = handle->data;
    usage_write(&s->usage, &s->pool);
    if (!s->clients.starved)
        return;
    s->clients.starved = false;
    for (size_t i = 0; i < s->listeners.count; i++)
        clients_accept((uv_stream_t *)&s->listeners.at[i], 0);
}

static void
close_handle(uv_handle_t *handle)
{
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void
end(struct server *s)
{
    clients_close(&s->clients);
    listeners_close(&s->listeners);
    close_handle((uv_handle_t *)&s->terminate);
    close_handle((uv_handle_t *)&s->interrupt);
    close_handle((uv_handle_t *)&s->settle);
}

static void
on_signal(uv_signal_t *handle, int number)
{
    struct server *s = handle->data;
    (void)number;
    end(s);
    usage_write(&s->usage, &s->pool);
}

static void
begin(struct server *s, const struct server_options *o)
{
    clients_open(&s->clients, &s->loop, &s->pool, &s->usage, o->fault);
    uv_signal_init(&s->loop, &s->terminate);
    uv_signal_init(&s->loop, &s->interrupt);
    uv_prepare_init(&s->loop, &s->settle);
    s->terminate.data = s->interrupt.data = s->settle.data = s;
    uv_signal_start(&s->terminate, on_signal, SIGTERM);
    uv_signal_start(&s->interrupt, on_signal, SIGINT);
    uv_prepare_start(&s->settle, on_settle);
}

static int
serve(struct server *s, const struct server_options *o)
{
    int err = pool_open(&s->pool, o->low, o->high);
    if (err) {
        cli_say("cannot make the pool: %s", strerror(-err));
        return CLI_FAILED;
    }
    int code = listeners_open(&s->listeners, &s->loop, o, clients_accept, &s->clients);
    if (code == CLI_DONE) {
        /* Nothing is told, in a file or on stdout, before the port is ours and a signal
         * ends us in good order. */
        s->usage = (struct usage){.path = o->usage_file, .written = UINT64_MAX};
        begin(s, o);
        usage_write(&s->usage, &s->pool);
        code = listeners_tell(&s->listeners, o);
        if (code != CLI_DONE)
            end(s);
        uv_run(&s->loop, UV_RUN_DEFAULT);
    }
    pool_close(&s->pool);
    return code;
}

int
server_run(const struct server_options *o)
{
    struct server *s = calloc(1, sizeof(*s));
    int err = s ? uv_loop_init(&s->loop) : UV_ENOMEM;
    if (err) {
        cli_say("cannot start: %s", uv_strerror(err));
        free(s);
        return CLI_FAILED;
    }
    signal(SIGPIPE, SIG_IGN);
#ifdef __GLIBC__
    /* What a long answer took goes back to the system with it; else glibc raises the
     * threshold with the first one, and keeps what the others leave. */
    mallopt(M_MMAP_THRESHOLD, LONG_ANSWER);
#endif
    int code = serve(s, o);
    uv_loop_close(&s->loop);
    free(s);
    return code;
}

/* SPDX-License-Identifier: MIT */
/* The stand-in daemon's body: daemons and their listening ports, under libuv. */
#include "client.h"
#include "commands.h"
#include "connection.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

struct server;

/* One port that listens, and how it lets people in. */
struct port {
    uv_tcp_t listener;
    struct daemon *of;
    struct lc_auth_config auth;
    struct port *next;
};

/* One daemon; a process can be many. */
struct daemon {
    struct stand_in stand_in;
    struct server *server;
    struct port *ports;
    bool ended;
};

struct server {
    uv_loop_t loop;
    uv_signal_t signals[2];
    const struct options *options;
    struct daemon *daemons;
    size_t count, alive;
};

static void
free_port(struct port *p)
{
    OPENSSL_cleanse(&p->auth, sizeof(p->auth)); /* the secret */
    free(p);
}

static void
port_closed(uv_handle_t *handle)
{
    free_port(handle->data);
}

static void
close_ports(struct daemon *d)
{
    while (d->ports) {
        struct port *p = d->ports;
        d->ports = p->next;
        uv_close((uv_handle_t *)&p->listener, port_closed);
    }
}

/* A daemon that was told to exit: its ports close, and when it was the last, the loop
 * ends. */
static void
end_daemon(void *body)
{
    struct daemon *d = body;

    if (d->ended)
        return;
    d->ended = true;
    close_ports(d);
    connections_close(&d->stand_in);
    if (--d->server->alive == 0)
        uv_stop(&d->server->loop);
}

static void
connected(uv_stream_t *listener, int status)
{
    struct port *port = listener->data;
    if (status == 0)
        connection_accept(listener, &port->of->stand_in, &port->auth);
}

/* Begin to listen: 0, or a negative errno and a sentence. */
static int
add_port(struct daemon *d, uint16_t number, const char *auth, const char *auth_options,
         char *why, size_t why_size)
{
    struct sockaddr_storage address;
    struct port *p = calloc(1, sizeof(*p));
    const char *bind = d->server->options->bind;

    if (!p)
        return -ENOMEM;
    int err = lc_auth_configure(&p->auth, auth, auth_options, why, why_size);
    if (err < 0) {
        free_port(p);
        return err;
    }
    p->of = d;
    p->listener.data = p;
    (void)uv_tcp_init(&d->server->loop, &p->listener);
    err = uv_ip4_addr(bind, number, (struct sockaddr_in *)&address);
    if (err)
        err = uv_ip6_addr(bind, number, (struct sockaddr_in6 *)&address);
    if (!err)
        err = uv_tcp_bind(&p->listener, (struct sockaddr *)&address, 0);
    if (!err)
        err = uv_listen((uv_stream_t *)&p->listener, 1024, connected);
    if (err) {
        snprintf(why, why_size, "cannot listen on %s:%u: %s", bind, number,
                 uv_strerror(err));
        uv_close((uv_handle_t *)&p->listener, port_closed);
        return err;
    }
    p->next = d->ports;
    d->ports = p;
    return 0;
}

/* The daemon's mind says `listen`. */
static int
listen_too(void *context, uint16_t port, const char *auth, const char *auth_options)
{
    struct daemon *d = context;
    const struct options *o = d->server->options;
    char why[200];
    return add_port(d, port, auth ? auth : o->auth, auth ? auth_options : o->auth_opt,
                    why, sizeof(why));
}

/* The port that was bound, which the kernel may have chosen. */
static unsigned
bound_port(const struct port *p)
{
    struct sockaddr_storage a;
    int len = sizeof(a);
    if (uv_tcp_getsockname(&p->listener, (struct sockaddr *)&a, &len) != 0)
        return 0;
    return ntohs(a.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&a)->sin6_port
                                         : ((struct sockaddr_in *)&a)->sin_port);
}

static int
start_daemon(struct server *s, struct daemon *d, size_t number)
{
    const struct options *o = s->options;
    uint16_t port = o->listen ? (uint16_t)(o->listen + number) : 0;
    char name[80], why[200] = "out of memory";

    d->server = s;
    d->stand_in =
        (struct stand_in){.fault = o->fault ? fault_find(o->fault) : FAULT_NONE,
                          .max_record = o->record_bytes,
                          .dir_entries = o->dir_entries,
                          .delay_ms = o->delay_ms,
                          .body = d,
                          .exits = end_daemon};
    if (add_port(d, port, o->auth, o->auth_opt, why, sizeof(why)) < 0) {
        cli_say("%s", why);
        return CLI_FAILED;
    }
    unsigned bound = bound_port(d->ports);
    if (o->name)
        snprintf(name, sizeof(name), "%s", o->name);
    else
        snprintf(name, sizeof(name), "localhost-%u", bound);
    d->stand_in.mind = dm_new(name, strcmp(o->like, "main") == 0,
                              (struct dm_body){.context = d, .listen = listen_too});
    if (!d->stand_in.mind)
        return CLI_FAILED;
    s->alive++;
    size_t line_no;
    if (o->config &&
        dm_read(d->stand_in.mind, o->config, &line_no, why, sizeof(why)) != 0) {
        if (line_no > 0)
            cli_say("%s:%zu: %s", o->config, line_no, why);
        else
            cli_say("cannot open %s: %s", o->config, why);
        return CLI_FAILED;
    }
    printf(o->format == CLI_TEXT ? "listening on %s:%u\n"
                                 : "{\"host\":\"%s\",\"port\":%u}\n",
           o->bind, bound);
    return CLI_DONE;
}

static void
stop(uv_signal_t *signal, int number)
{
    (void)number;
    uv_stop(signal->loop);
}

static void
free_daemons(struct server *s)
{
    for (size_t i = 0; s->daemons && i < s->count; i++)
        dm_free(s->daemons[i].stand_in.mind);
    free(s->daemons);
}

static int
put_faults(void)
{
    for (int i = FAULT_NONE + 1; i < FAULTS; i++)
        printf("%-18s %s\n", fault_name((enum fault)i), fault_about((enum fault)i));
    return CLI_DONE;
}

static int
run(struct server *s)
{
    const struct options *o = s->options;
    int code = CLI_DONE;

    for (size_t i = 0; i < 2; i++) {
        (void)uv_signal_init(&s->loop, &s->signals[i]);
        (void)uv_signal_start(&s->signals[i], stop, i ? SIGINT : SIGTERM);
    }
    s->count = o->count;
    s->daemons = calloc(s->count, sizeof(*s->daemons));
    for (size_t i = 0; i < s->count && code == CLI_DONE; i++)
        code = s->daemons ? start_daemon(s, &s->daemons[i], i) : CLI_FAILED;
    if (!cli_flush()) /* nobody would know where it is */
        code = CLI_FAILED;
    if (code == CLI_DONE)
        (void)uv_run(&s->loop, UV_RUN_DEFAULT);
    for (size_t i = 0; s->daemons && i < s->count; i++) {
        close_ports(&s->daemons[i]);
        connections_close(&s->daemons[i].stand_in);
    }
    for (size_t i = 0; i < 2; i++)
        uv_close((uv_handle_t *)&s->signals[i], NULL);
    while (uv_run(&s->loop, UV_RUN_DEFAULT) != 0)
        continue;
    return code;
}

int
serve(const struct options *o)
{
    static struct server s;
    int code;

    if (o->faults)
        return put_faults();
    if (o->n_words > 1)
        return cli_misused("serve takes no '%s'", o->words[1]);
    if (o->fault && fault_find(o->fault) == FAULT_NONE)
        return cli_misused("no fault '%s'; --faults lists them", o->fault);
    if (strcmp(o->like, "main") != 0 && strcmp(o->like, "4.5.3") != 0)
        return cli_misused("--like is 4.5.3 or main, not '%s'", o->like);
    if (!o->has_listen)
        return cli_misused("serve needs --listen PORT, which may be 0");
    if (o->listen && o->listen + o->count > 65536)
        return cli_misused("there are no %lu ports from %lu on",
                           (unsigned long)o->count, (unsigned long)o->listen);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)client_allow_files();
    s.options = o;
    if (uv_loop_init(&s.loop) != 0)
        return CLI_FAILED;
    code = run(&s);
    (void)uv_loop_close(&s.loop);
    free_daemons(&s);
    return code;
}

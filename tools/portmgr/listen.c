/* SPDX-License-Identifier: MIT */
/* The sockets of `serve`: every address on the same port. */
#include "listen.h"
#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum {
    BACKLOG = 4096, /* libuv's default lets too few in at a time */
    PICKS = 50,     /* how often a port for all addresses is sought */
};

void
listeners_close(struct listeners *l)
{
    for (size_t i = 0; i < l->count; i++)
        if (!uv_is_closing((uv_handle_t *)&l->at[i]))
            uv_close((uv_handle_t *)&l->at[i], NULL);
}

static int
to_address(const char *text, uint16_t port, struct sockaddr_storage *ret_address)
{
    if (uv_ip4_addr(text, port, (struct sockaddr_in *)ret_address) == 0)
        return 0;
    return uv_ip6_addr(text, port, (struct sockaddr_in6 *)ret_address);
}

static uint16_t
port_of(const uv_tcp_t *tcp)
{
    struct sockaddr_storage a;
    int len = sizeof(a);
    if (uv_tcp_getsockname(tcp, (struct sockaddr *)&a, &len) != 0)
        return 0;
    return ntohs(a.ss_family == AF_INET ? ((struct sockaddr_in *)&a)->sin_port
                                        : ((struct sockaddr_in6 *)&a)->sin6_port);
}

/* A queue of one, in which nobody is accepted: libuv would accept. */
static int
listen_deaf(uv_tcp_t *tcp)
{
    int fd;
    int err = uv_fileno((uv_handle_t *)tcp, &fd);
    return err ? err : listen(fd, 0) == 0 ? 0 : uv_translate_sys_error(errno);
}

/* All addresses on one port. Of the two loopback addresses, a computer may lack ::1. */
static int
listen_once(struct listeners *l, uv_loop_t *loop, const char *const *addresses,
            size_t count, bool may_lack_last, uv_connection_cb on_connection,
            uint16_t *port, const char **ret_where)
{
    for (size_t i = 0; i < count; i++) {
        struct sockaddr_storage a;
        uv_tcp_t *tcp = &l->at[l->count];
        *ret_where = addresses[i];
        int err = to_address(addresses[i], *port, &a);
        err = err ? err : uv_tcp_init(loop, tcp);
        if (err)
            return err;
        l->count++;
        err = uv_tcp_bind(tcp, (struct sockaddr *)&a, 0);
        if (!err)
            err = on_connection ? uv_listen((uv_stream_t *)tcp, BACKLOG, on_connection)
                                : listen_deaf(tcp);
        if ((err == UV_EADDRNOTAVAIL || err == UV_EAFNOSUPPORT) && may_lack_last &&
            i + 1 == count) {
            uv_close((uv_handle_t *)tcp, NULL);
            uv_run(loop, UV_RUN_NOWAIT);
            l->count--;
            return 0;
        }
        if (err)
            return err;
        if (*port == 0)
            *port = port_of(tcp);
    }
    return 0;
}

/* Fills the queue of those who wait to be accepted, so that connecting hangs. The
 * sockets are closed by the end of the process. */
static void
fill_queue(const struct listeners *l)
{
    enum { ENOUGH = 8 };
    for (size_t i = 0; i < l->count; i++) {
        struct sockaddr_storage a;
        int len = sizeof(a);
        if (uv_tcp_getsockname(&l->at[i], (struct sockaddr *)&a, &len) != 0)
            continue;
        for (int k = 0; k < ENOUGH; k++) {
            int fd = socket(a.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
            if (fd >= 0)
                (void)connect(fd, (struct sockaddr *)&a, (socklen_t)len);
        }
    }
}

/* Clients that come are to be let in: the usual limit of 1024 open files is too low for
 * that. */
static void
raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int
listeners_open(struct listeners *l, uv_loop_t *loop, const struct server_options *o,
               uv_connection_cb on_connection, void *data)
{
    static const char *const loopback[] = {"127.0.0.1", "::1"};
    bool given = o->address_count > 0;
    bool deaf = o->fault && o->fault->when == FAULT_QUEUE;
    const char *const *addresses = given ? o->addresses : loopback;
    size_t count = given ? o->address_count : 2;
    const char *where = "";
    uint16_t port = o->listen;
    int err = 0;

    raise_descriptor_limit();
    /* A port that is free on one address can be taken on the next. */
    for (int i = 0; i < (o->listen ? 1 : PICKS); i++) {
        port = o->listen;
        err = listen_once(l, loop, addresses, count, !given,
                          deaf ? NULL : on_connection, &port, &where);
        if (err == 0)
            break;
        listeners_close(l);
        uv_run(loop, UV_RUN_DEFAULT);
        l->count = 0;
        if (err != UV_EADDRINUSE)
            break;
    }
    if (err) {
        cli_say("cannot listen on %s port %" PRIu16 ": %s", where, port,
                uv_strerror(err));
        return CLI_FAILED;
    }
    for (size_t i = 0; i < l->count; i++)
        l->at[i].data = data;
    if (deaf)
        fill_queue(l);
    return CLI_DONE;
}

int
listeners_tell(const struct listeners *l, const struct server_options *o)
{
    if (o->listen == 0)
        printf("%" PRIu16 "\n", port_of(&l->at[0]));
    return cli_flush() ? CLI_DONE : CLI_FAILED;
}

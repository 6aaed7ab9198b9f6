/* SPDX-License-Identifier: MIT */
#ifndef LISTEN_H
#define LISTEN_H

/* The sockets of `serve`: every address on the same port. */
#include "server.h"

#include <stddef.h>
#include <uv.h>

struct listeners {
    uv_tcp_t at[SERVER_ADDRESSES_MAX];
    size_t count;
};

/* Listens as the options say, on the loopback unless they name addresses. Nothing else
 * may run on the loop yet. Each handle's data is `data`. Gives the exit code. */
int listeners_open(struct listeners *l, uv_loop_t *loop, const struct server_options *o,
                   uv_connection_cb on_connection, void *data);
/* The port on stdout, where the kernel picked it: without that nobody would find it.
 * Gives the exit code. */
int listeners_tell(const struct listeners *l, const struct server_options *o);
/* Those that are open end with the loop's next turn. */
void listeners_close(struct listeners *l);

#endif

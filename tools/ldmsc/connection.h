/* SPDX-License-Identifier: MIT */
#ifndef CONNECTION_H
#define CONNECTION_H

/* The connections of a stand-in daemon, under libuv. */
#include "peer.h"

#include <uv.h>

/* Let in whoever stands at that listener. */
void connection_accept(uv_stream_t *listener, struct stand_in *of,
                       const struct lc_auth_config *auth);
/* The end of them all: the loop has still to run for it. */
void connections_close(struct stand_in *of);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef SERVER_H
#define SERVER_H

/* The port manager's event loop: sockets on one side, dialogues on the other. */
#include "fault.h"

#include <stdint.h>

enum { SERVER_ADDRESSES_MAX = 16 };

struct server_options {
    const char *const *addresses; /* numeric, to listen on; none: the loopback */
    size_t address_count;
    uint16_t listen; /* 0: the kernel picks one, which is told on stdout */
    uint16_t low, high;
    const char *usage_file;    /* or NULL */
    const struct fault *fault; /* or NULL */
};

/* Serves until SIGTERM or SIGINT; gives the exit code. */
int server_run(const struct server_options *o);

#endif

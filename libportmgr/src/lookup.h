/* SPDX-License-Identifier: MIT */
#ifndef PT_LOOKUP_H
#define PT_LOOKUP_H

/* A host's name -> addresses, without waiting. */
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct pt_address {
    struct sockaddr_storage addr;
    socklen_t len;
};

struct pt_addresses {
    struct pt_address *at; /* the caller frees */
    size_t count;
};

/* This computer, as a port manager wants to be called by its clients. */
bool pt_lookup_is_localhost(const char *host);

/* What needs no look-up: "localhost" and numeric addresses. 1; 0 where the host must
 * be looked up; -ENOMEM. */
int pt_lookup_now(const char *host, uint16_t port, struct pt_addresses *ret);

struct pt_lookup;
/* Looks up in a thread of its own. */
int pt_lookup_start(struct pt_lookup **ret, const char *host, uint16_t port);
/* Readable once the answer is there. */
int pt_lookup_fd(const struct pt_lookup *lookup);
/* 1: addresses. 0: not yet. Negative: none, and *ret_why says why. */
int pt_lookup_poll(struct pt_lookup *lookup, struct pt_addresses *ret,
                   const char **ret_why);
/* Forget it, also unanswered: the thread ends when the system's resolver lets it. */
void pt_lookup_free(struct pt_lookup *lookup);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef LC_LOOKUP_H
#define LC_LOOKUP_H

/* The addresses of a host, without waiting for them. */
#include <netdb.h>
#include <stdint.h>

/* What needs no look-up, a numeric address or "localhost": 1, and freeaddrinfo() is the
 * caller's. 0 for another name; -ENOMEM. */
int lc_lookup_now(const char *host, uint16_t port, struct addrinfo **ret_addresses);

/* One look-up of a name, under way or answered. */
struct lc_lookup;
int lc_lookup_start(struct lc_lookup **ret_lookup, const char *host, uint16_t port);
const char *lc_lookup_host(const struct lc_lookup *lookup);
/* Readable once the answer is there. */
int lc_lookup_fd(const struct lc_lookup *lookup);
/* 1: addresses, the caller's from now on. 0: not yet. Negative: none, and why in words. */
int lc_lookup_take(struct lc_lookup *lookup, struct addrinfo **ret_addresses,
                   const char **ret_why);
/* Of one without an answer, too: then its thread frees it. NULL is fine. */
void lc_lookup_free(struct lc_lookup *lookup);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef LEASE_H
#define LEASE_H

/* Ports for services, all or none, and their being held. */
#include "options.h"

enum { SERVICES_MAX = 256 };

struct lease {
    char *const *services;
    size_t count;
    bool unique;  /* refuse where user and service are registered already */
    bool or_find; /* take the port of a service that is there */
    uint16_t ports[SERVICES_MAX];
    struct portmgr *pm; /* what holds them; NULL where none was allocated */
};

/* From the command line. False after a sentence on stderr. */
bool lease_services(struct lease *lease, int count, char *const *services);

/* Fills in ports and pm; gives the exit code, after a sentence on stderr. */
int lease_take(struct lease *lease, const struct options *o);
void lease_drop(struct lease *lease);

/* The ports on stdout, flushed: a port that nobody was told is not worth holding. Gives
 * the exit code. */
int lease_put(const struct lease *lease, enum cli_format format);

/* Sleeps until the lease is lost, or `fd` can be read, or the time (-1: any) is up. 1: fd.
 * 0: time. Negative: lost. */
int lease_wait(const struct lease *lease, int fd, int timeout_ms);
/* Says what of it is gone, and why; gives the exit code. */
int lease_lost(const struct lease *lease, int err);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef HOSTS_H
#define HOSTS_H

/* Lists of daemons: `node[001-512,600]:411,gateway:412,[::1]:411`. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct host {
    char *name;
    uint16_t port;
};

struct hosts {
    struct host *at;
    size_t count, room, limit; /* no more than limit of them */
};

/* Add what a list names; a port of its own goes before `port`. 0, or -EINVAL, -E2BIG,
 * -ENOMEM, and a sentence. */
int hosts_add(struct hosts *h, const char *list, uint16_t port, char *ret_why,
              size_t why_size);
/* Add what a file names: lists, one or several a line, with # comments. */
int hosts_read(struct hosts *h, FILE *file, uint16_t port, char *ret_why,
               size_t why_size);
/* Keep the first of each; without memory, all. */
void hosts_unique(struct hosts *h);
void hosts_free(struct hosts *h);

#endif

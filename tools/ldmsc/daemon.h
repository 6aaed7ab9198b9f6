/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_H
#define DAEMON_H

/* The stand-in daemon's mind: what a control request changes in it, and what it answers.
 * No sockets and no bytes of the wire; requests come as attributes, answers go as text. */
#include "attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A request; `attr` has NULL where an attribute was not sent. */
struct dm_request {
    uint32_t id;
    const char *method; /* filled in by dm_answer() */
    const char *attr[LC_ATTR_COUNT];
    bool owner; /* the daemon's own user, or root */
};

/* What the daemon wants of the one that gives it a body. */
struct dm_body {
    void *context;
    /* 0, or the status that `listen` shall answer. NULL: listens nowhere, and says 0. */
    int (*listen)(void *context, uint16_t port, const char *auth, const char *options);
};

/* An answer: one attribute, or none. */
struct dm_reply {
    int status;
    enum lc_attr kind; /* LC_ATTR_STRING, LC_ATTR_JSON, or LC_ATTR_NONE */
    bool without_nul;  /* as the real daemon sends this one */
    unsigned repeat;   /* greeting level=N: this many attributes */
    bool exits;        /* the daemon ends once this is sent */
    char *text;
    size_t len;
    FILE *out; /* while it is written */
};

struct dm_daemon;

/* NULL without memory. `is_main` answers as the development branch does. */
struct dm_daemon *dm_new(const char *name, bool is_main, struct dm_body body);
void dm_free(struct dm_daemon *d);

/* A request's attributes, which stay where they are; false when they are not in the
 * protocol. On the wire, a list has an end. */
bool dm_take_attrs(struct rd *list, bool has_end, struct dm_request *q);

/* Do what is asked, and say so. The caller calls dm_reply_free(). */
void dm_answer(struct dm_daemon *d, struct dm_request *request,
               struct dm_reply *ret_reply);
void dm_reply_free(struct dm_reply *reply);

/* A line of configuration as if the owner had asked for it; where it is none, the answer
 * says why. */
bool dm_command(struct dm_daemon *d, const char *command, struct dm_reply *ret_reply);
/* A configuration script: 0, or the status of what failed on that line, or on none, and a
 * sentence. */
int dm_read(struct dm_daemon *d, const char *path, size_t *ret_line_no, char *ret_why,
            size_t why_size);

/* The directory of the daemon's sets, as one DIR_REPLY carries it: the sets from number
 * *at on, at most `most` of them. *at moves on, and is 0 after the last. The caller frees. */
char *dm_directory(struct dm_daemon *d, bool owner, size_t *at, size_t most,
                   size_t *ret_len);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef FAULT_H
#define FAULT_H

/* Ways for a port manager to be broken or hostile: what a client must survive. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum fault_when {
    FAULT_QUEUE,   /* connections are never accepted, nor completed */
    FAULT_CONNECT, /* as soon as a client is there */
    FAULT_REQUEST, /* instead of the reply to GIMME and to LIST */
    FAULT_LIST,    /* instead of the reply to LIST; GIMME works */
    FAULT_HOLD,    /* a moment after a port was given */
};

enum fault_then {
    FAULT_STAY,  /* silent from then on, the connection open */
    FAULT_CLOSE, /* end of file */
    FAULT_RESET,
    FAULT_SERVE, /* goes on as a good server */
};

struct fault_bytes {
    const char *bytes;
    size_t len;
};

#define FAULT_FOREVER ((size_t)-1)

/* What is sent: head, unit as many times as told, tail. */
struct fault {
    const char *name, *about;
    enum fault_when when;
    struct fault_bytes head; /* after LIST, or whenever there is no gimme */
    struct fault_bytes gimme;
    struct fault_bytes unit;
    size_t times;
    struct fault_bytes tail;
    enum fault_then then;
    bool drip; /* byte by byte */
};

/* By name, or NULL. */
const struct fault *fault_find(const char *name);
/* One line each: the name, what it does. */
void fault_put_names(FILE *f);

/* One such sending under way. All zero but for the fault at first. */
struct fault_run {
    const struct fault *fault;
    bool gimme;
    size_t part, round, at;
};

/* The next bytes, at most `room`; 0 when all are sent. */
size_t fault_take(struct fault_run *run, char *ret_bytes, size_t room);

#endif

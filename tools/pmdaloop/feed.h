/* SPDX-License-Identifier: MIT */
#ifndef FEED_H
#define FEED_H

/* Where a ready agent's lines come from: files, FIFOs, sockets and commands. */
#include "lines.h"

#include <pmdaloop-uv.h>

struct feed {
    struct config *config;
    uv_loop_t *loop;
    struct pmdaloop_uv *agent; /* has its turn between one piece and the next */
    uint64_t begun_ns;
    struct complaints complaints;
    struct feed_input *inputs;
    struct feed_command *commands;
};

/* Begin to read, as the configuration says. False, and told why. */
bool feed_start(struct feed *f);
/* End the commands, remove the sockets, and close all handles of the loop. */
void feed_stop(struct feed *f);

/* A line to those who feed the agent and listen, unless they have not taken many before
 * it. */
void feed_write(uv_stream_t *to, const char *line, size_t len);

/* feed_commands.c */
bool feed_start_commands(struct feed *f);
void feed_tell_commands(struct feed *f, const char *line, size_t len);
void feed_end_commands(struct feed *f);
void feed_free_commands(struct feed *f);

/* One read at a time, taken at once. */
void feed_give_room(uv_handle_t *handle, size_t wanted, uv_buf_t *ret);
struct lines feed_lines(struct feed *f);
/* Bytes of a feed, which have come now; then pmcd has its turn: however much is fed, it
 * does not wait. */
void feed_take(struct feed *f, struct lines *l, const char *bytes, size_t n);

#endif

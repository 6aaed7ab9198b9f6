/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_SYNTH_H
#define XRDMON_TOOL_SYNTH_H

/* Servers that do not exist, and what they would report: sessions that open files, read,
 * write, close and leave, so that every id has been announced and every total is right. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes a packet and how many records are in it. False: no more. */
typedef bool synth_sink(void *arg, const uint8_t *packet, size_t len, uint64_t records);

struct synth;

/* The same seed, servers and users give the same packets. NULL without memory. */
struct synth *synth_new(uint64_t seed, uint32_t servers, uint32_t users,
                        synth_sink *sink, void *arg);
void synth_free(struct synth *synth);
/* One more session, on the next server in turn. False once the sink has had enough. */
bool synth_session(struct synth *synth);
/* What the servers still hold back. */
void synth_flush(struct synth *synth);

#endif

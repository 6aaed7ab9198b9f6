/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_TEXT_H
#define XRDMON_TOOL_TEXT_H

/* Packets and events for people: a line each, in columns. */
#include "input.h"

#include <xrdmon.h>

#include <stdio.h>

/* Pieces: a time of the day in UTC, where there is one; a text and blanks up to `width`. */
void text_time(FILE *f, uint64_t time_ns);
void text_column(FILE *f, struct xrdmon_text text, int width);

void text_packet(FILE *f, const struct datagram *datagram);
/* `has_time`: the time of its arrival is known. */
void text_event(FILE *f, const struct xrdmon_event *event, bool has_time);

#endif

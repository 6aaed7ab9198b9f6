/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_WORDS_H
#define XRDMON_TOOL_WORDS_H

/* What records and events are called, in JSON and for people. */
#include <xrdmon.h>

/* By the type of a record; NULL for one that is not known. */
const char *word_of_fstat(uint8_t type);
const char *word_of_trace(uint8_t type);

struct words {
    const char *stream; /* NULL where it is of none */
    const char *ev;
};

struct words words_of_event(const struct xrdmon_event *event);

#endif

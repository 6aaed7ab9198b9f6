/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_HUMAN_H
#define XRDMON_TOOL_HUMAN_H

/* Figures for people. */
#include <stdint.h>

#define HUMAN_TEXT 16

/* "0 B", "999 B", "1.5 KiB", "14.7 MiB", "16.0 EiB". */
void human_bytes(char text[HUMAN_TEXT], uint64_t bytes);
/* "0", "9999", "12.3 k", "1.5 M". */
void human_count(char text[HUMAN_TEXT], uint64_t count);

#endif

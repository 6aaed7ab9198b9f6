/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_TOOL_COMMANDS_H
#define XRDMON_TOOL_COMMANDS_H

/* The words of xrdmon, each in a file of its own. */
#include "out.h"

int command_decode(int argc, char **argv);
int command_events(int argc, char **argv);
int command_summary(int argc, char **argv);
int command_generate(int argc, char **argv);

/* Write what is left, close, and say what went wrong. Gives the exit code: `code`, or
 * CLI_FAILED where that was CLI_DONE and the output is not whole. */
int commands_end(struct out *out, int code);

#endif

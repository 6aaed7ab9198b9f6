/* SPDX-License-Identifier: MIT */
#ifndef COMMANDS_H
#define COMMANDS_H

/* A function a command, in a file of its name. Each gives the exit code. */
int agent_command(int argc, char **argv);
int bench_command(int argc, char **argv);
int check_command(int argc, char **argv);
int probe_command(int argc, char **argv);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef COMMANDS_H
#define COMMANDS_H

/* The tool's commands. argv[0] is the command's word; they give the exit code. */
int get_command(int argc, char **argv);
int run_command(int argc, char **argv);
int list_command(int argc, char **argv);
int find_command(int argc, char **argv);
int wait_command(int argc, char **argv);
int watch_command(int argc, char **argv);
int serve_command(int argc, char **argv);

#endif

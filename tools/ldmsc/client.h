/* SPDX-License-Identifier: MIT */
#ifndef CLIENT_H
#define CLIENT_H

/* A handle for the options of the command line, and what its errors mean for the exit
 * code. */
#include "options.h"

/* NULL after a sentence, and then *ret_code is the exit code. */
struct ldmsctl *client_new(const struct options *o, int *ret_code);
/* And connected to the host of the options. */
struct ldmsctl *client_open(const struct options *o, int *ret_code);

/* The exit code for what a call returned. */
int client_code(int err);

/* NAME=VALUE words as arguments, which point into them: the caller frees the array. The
 * '=' become NUL. NULL after a sentence. */
struct ldmsctl_arg *client_args(char **words, int n_words);

/* Is it a word of the configuration language and no method? Then it is a line. */
bool client_is_line(const char *word);
/* The words with one blank between; the caller frees. */
char *client_line(char **words, int n_words);

/* As many open files as the system lets a process have: each connection is one. */
void client_allow_files(void);

#endif

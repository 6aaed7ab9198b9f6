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

/* Is it a word of the configuration language and no method? Then it is a line. */
bool client_is_line(const char *word);

/* A request about to be made: a method and its arguments, or a line. */
struct client_request {
    const struct ldmsctl_method *method;
    struct ldmsctl_arg *args;
    size_t n_args;
    char *line;
};

/* Of the words of the command line: CLI_DONE, or CLI_MISUSED after a sentence. */
int client_request_make(struct client_request *ret_request, char **words, int n_words);
void client_request_free(struct client_request *q);
/* Begin to connect, and to ask as soon as it is connected. */
int client_start(struct ldmsctl *lc, const char *host, uint16_t port,
                 const struct client_request *q);

/* CLOCK_MONOTONIC. */
uint64_t client_now_ms(void);
/* As many open files as the system lets a process have, of which each connection is one;
 * and how many that is. */
size_t client_allow_files(void);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef OPTIONS_H
#define OPTIONS_H

/* The command line of ldmsc: options anywhere, the rest in order. */
#include "cli.h"
#include "ldmsctl.h"

struct options {
    const char *xprt, *host, *auth;
    char *auth_opt; /* all --auth-arg, one blank between them; or NULL */
    const char *hosts;
    uint64_t port, timeout_ms;
    uint64_t jobs; /* daemons at a time */
    enum cli_format format;
    enum ldmsctl_release release;
    bool keep_going, help, version, names;
    /* Of serve */
    const char *bind, *name, *like, *fault, *config;
    uint64_t listen, count, delay_ms, record_bytes, dir_entries;
    bool has_listen, faults;
    /* What is no option */
    char **words;
    int n_words;
};

/* CLI_DONE, or CLI_MISUSED after a sentence. */
int options_take(struct options *ret_options, int argc, char **argv);
void options_free(struct options *o);

/* The --help of the options. */
extern const char options_help[];

#endif

/* SPDX-License-Identifier: MIT */
#ifndef OPTIONS_H
#define OPTIONS_H

/* The options that the commands share: which agent, over what, how long, in which form. */
#include "cli.h"

#include <getopt.h>

enum { WANTED_MAX = 256, DEFAULT_TIMEOUT_MS = 5000 };

/* A command's own long options are numbered from OPTION_OWN. */
enum { OPTION_JSON = 500, OPTION_FORMAT, OPTION_OWN = 1000 };

#define OPTIONS_SHORT "d:m:n:s:t:"
#define OPTIONS_LONG                                                                   \
    {"domain", required_argument, NULL, 'd'},                                          \
        {"metric", required_argument, NULL, 'm'},                                      \
        {"pmns", required_argument, NULL, 'n'},                                        \
        {"socket", required_argument, NULL, 's'},                                      \
        {"timeout", required_argument, NULL, 't'},                                     \
        {"json", no_argument, NULL, OPTION_JSON},                                      \
    {                                                                                  \
        "format", required_argument, NULL, OPTION_FORMAT                               \
    }

struct options {
    char **agent;       /* its program and arguments; NULL: it runs already */
    const char *socket; /* "unix:PATH", "inet:PORT", "ipv6:PORT"; NULL: pipes */
    const char *wanted[WANTED_MAX]; /* metrics */
    size_t n_wanted;
    const char *pmns;    /* a file, or NULL */
    uint32_t domain;     /* for the symbols in that file; 0: none */
    uint64_t timeout_ms; /* for each answer */
    enum cli_format format;
    bool is_hushed; /* the agent's standard error goes nowhere */
};

/* Everything before the first "--"; behind it stands the agent. The command takes its own
 * options by `take`, if not NULL: 1 taken, 0 not one of them, -1 wrong and told. */
bool options_read(struct options *o, int argc, char **argv, const char *shorts,
                  const struct option *longs, int (*take)(void *own, int option),
                  void *own);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef OPTIONS_H
#define OPTIONS_H

/* The options that the client commands share, and how their failures are told. */
#include "cli.h"

#include <getopt.h>
#include <portmgr.h>

enum { HOSTS_MAX = 64, HOST_MAX_BYTES = 1024, DEFAULT_TIMEOUT_MS = 5000 };

/* A command's own long options are numbered from OPTION_OWN. */
enum { OPTION_JSON = 500, OPTION_FORMAT, OPTION_PORT_FILE, OPTION_OWN = 1000 };

#define OPTIONS_SHORT "H:p:t:u:"
#define OPTIONS_LONG                                                                   \
    {"host", required_argument, NULL, 'H'}, {"port", required_argument, NULL, 'p'},    \
        {"timeout", required_argument, NULL, 't'},                                     \
        {"user", required_argument, NULL, 'u'},                                        \
        {"json", no_argument, NULL, OPTION_JSON},                                      \
        {"format", required_argument, NULL, OPTION_FORMAT},                            \
    {                                                                                  \
        "port-file", required_argument, NULL, OPTION_PORT_FILE                         \
    }

struct options {
    const char *hosts[HOSTS_MAX]; /* NULL alone: this computer */
    size_t host_count;
    uint16_t port; /* 0: the default */
    uint64_t timeout_ms;
    const char *user; /* or NULL */
    const char *port_file;
    enum cli_format format;
};

/* For an option that the command does not know itself; also for those that nobody
 * knows. False after a sentence on stderr. */
bool options_take(struct options *o, int option, char **argv);
/* All before getopt_long() is called. */
void options_begin(struct options *o);
/* False where a second host was given to a command that speaks with one. */
bool options_one_host(const struct options *o, const char *command);

/* What a service or a user can be called: 1 to 255 bytes, none of them a control byte. */
bool options_is_name(const char *name);

/* A new handle that begins to connect. 0, or why it does not; the handle, which knows
 * more of it, is the caller's in both cases, or NULL. */
int options_connect(const struct options *o, const char *host, uint64_t timeout_ms,
                    struct portmgr **ret_pm);
/* One failure told, and its exit code. `pm` may be NULL. */
int options_failed(const struct portmgr *pm, int err);
int options_exit_code(int err);

#endif

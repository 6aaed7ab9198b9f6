/* SPDX-License-Identifier: MIT */
/* The options that the client commands share, and how their failures are told. */
#include "options.h"

#include <errno.h>
#include <string.h>

void
options_begin(struct options *o)
{
    *o = (struct options){
        .host_count = 0, .timeout_ms = DEFAULT_TIMEOUT_MS, .format = CLI_TEXT};
    optind = 1;
    opterr = 0; /* getopt's own words would lack the tool's name */
}

static bool
take_host(struct options *o, const char *host)
{
    if (o->host_count == HOSTS_MAX) {
        (void)cli_misused("more than %d hosts", HOSTS_MAX);
        return false;
    }
    o->hosts[o->host_count++] = host;
    return true;
}

bool
options_take(struct options *o, int option, char **argv)
{
    uint64_t port = 0;

    switch (option) {
    case 'H':
        return take_host(o, optarg);
    case 'p':
        if (!cli_take_uint("--port", optarg, 1, UINT16_MAX, &port))
            return false;
        o->port = (uint16_t)port;
        return true;
    case 't':
        return cli_take_seconds("--timeout", optarg, &o->timeout_ms);
    case 'u':
        o->user = optarg;
        return true;
    case OPTION_JSON:
        o->format = CLI_JSON;
        return true;
    case OPTION_FORMAT:
        return cli_take_format(optarg, &o->format);
    case OPTION_PORT_FILE:
        o->port_file = optarg;
        return true;
    case ':':
        (void)cli_misused("'%s' wants a value", argv[optind - 1]);
        return false;
    default:
        if (optopt > 0 && optopt < OPTION_JSON && strchr(OPTIONS_SHORT, optopt) == NULL)
            (void)cli_misused("no option '-%c'", optopt);
        else
            (void)cli_misused("no option '%s'", argv[optind - 1]);
        return false;
    }
}

bool
options_one_host(const struct options *o, const char *command)
{
    if (o->host_count > 1)
        (void)cli_misused("%s speaks with one host", command);
    return o->host_count <= 1;
}

struct portmgr *
options_connect(const struct options *o, const char *host, uint64_t timeout_ms)
{
    struct portmgr_options settings = {
        .size = sizeof(settings),
        .timeout_ms = timeout_ms < UINT32_MAX ? (uint32_t)timeout_ms : UINT32_MAX,
        .user = o->user,
        .port_file = o->port_file,
    };
    struct portmgr *pm = NULL;
    int err = portmgr_new(&pm, &settings);
    if (err) {
        cli_say("cannot begin: %s", portmgr_strerror(err));
        return NULL;
    }
    err = portmgr_connect(pm, host, o->port);
    if (err) {
        (void)options_failed(pm, err);
        portmgr_free(pm);
        return NULL;
    }
    return pm;
}

int
options_exit_code(int err)
{
    switch (-err) {
    case 0:
        return CLI_DONE;
    case PORTMGR_EREFUSED:
    case ENOMEM:
        return CLI_FAILED;
    case EINVAL:
        return CLI_MISUSED;
    default:
        return CLI_LOST;
    }
}

int
options_failed(const struct portmgr *pm, int err)
{
    const char *sentence = portmgr_errmsg(pm);
    cli_say("%s", sentence[0] ? sentence : portmgr_strerror(err));
    return options_exit_code(err);
}

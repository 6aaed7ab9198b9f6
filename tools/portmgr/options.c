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
    if (!host[0] || strlen(host) > HOST_MAX_BYTES) {
        (void)cli_misused("--host wants a name or an address, not '%s'", host);
        return false;
    }
    o->hosts[o->host_count++] = host;
    return true;
}

bool
options_is_name(const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
            return false;
    return len >= 1 && len <= 255;
}

static bool
take_user(struct options *o, const char *user)
{
    o->user = user;
    if (!options_is_name(user))
        (void)cli_misused("a user has 1 to 255 bytes, none of them a control byte: "
                          "not '%s'",
                          user);
    return options_is_name(user);
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
        return take_user(o, optarg);
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

int
options_connect(const struct options *o, const char *host, uint64_t timeout_ms,
                struct portmgr **ret_pm)
{
    struct portmgr_options settings = {
        .size = sizeof(settings),
        .timeout_ms = timeout_ms < UINT32_MAX ? (uint32_t)timeout_ms : UINT32_MAX,
        .user = o->user,
        .port_file = o->port_file,
    };
    *ret_pm = NULL;
    int err = portmgr_new(ret_pm, &settings);
    return err ? err : portmgr_connect(*ret_pm, host, o->port);
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
    const char *sentence = pm ? portmgr_errmsg(pm) : "";
    cli_say("%s", sentence[0] ? sentence : portmgr_strerror(err));
    return options_exit_code(err);
}

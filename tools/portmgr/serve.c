/* SPDX-License-Identifier: MIT */
/* portmgr serve: a port manager of our own. */
#include "commands.h"
#include "options.h"
#include "server.h"

#include <arpa/inet.h>
#include <string.h>

/* LOW-HIGH, in either order. */
static bool
take_ports(const char *text, struct server_options *o)
{
    char low[8] = "", high[8] = "";
    const char *dash = strchr(text, '-');
    uint64_t a, b;

    if (!dash || (size_t)(dash - text) >= sizeof(low) ||
        strlen(dash + 1) >= sizeof(high)) {
        (void)cli_misused("--ports wants LOW-HIGH, not '%s'", text);
        return false;
    }
    memcpy(low, text, (size_t)(dash - text));
    memcpy(high, dash + 1, strlen(dash + 1));
    if (!cli_take_uint("--ports", low, 1, UINT16_MAX, &a) ||
        !cli_take_uint("--ports", high, 1, UINT16_MAX, &b))
        return false;
    o->low = (uint16_t)(a < b ? a : b);
    o->high = (uint16_t)(a < b ? b : a);
    return true;
}

static bool
is_address(const char *text)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, text, bytes) == 1 ||
           inet_pton(AF_INET6, text, bytes) == 1;
}

static bool
take_fault(const char *name, struct server_options *o)
{
    o->fault = fault_find(name);
    if (!o->fault)
        (void)cli_misused("no fault '%s'; --fault=help lists them", name);
    return o->fault != NULL;
}

int
serve_command(int argc, char **argv)
{
    enum { LISTEN = OPTION_OWN, PORTS, USAGE_FILE, BIND, FAULT };
    static const struct option longs[] = {
        {"port", required_argument, NULL, LISTEN},
        {"listen", required_argument, NULL, LISTEN},
        {"ports", required_argument, NULL, PORTS},
        {"usage-file", required_argument, NULL, USAGE_FILE},
        {"bind", required_argument, NULL, BIND},
        {"fault", required_argument, NULL, FAULT},
        {NULL, 0, NULL, 0},
    };
    const char *addresses[SERVER_ADDRESSES_MAX];
    struct server_options o = {.addresses = addresses,
                               .listen = PORTMGR_DEFAULT_PORT,
                               .low = 30001,
                               .high = 31000};
    uint64_t number = 0;

    struct options unused;

    options_begin(&unused);
    for (int c; (c = getopt_long(argc, argv, ":p:", longs, NULL)) != -1;)
        switch (c) {
        case 'p':
        case LISTEN:
            if (!cli_take_uint("--listen", optarg, 0, UINT16_MAX, &number))
                return CLI_MISUSED;
            o.listen = (uint16_t)number;
            break;
        case PORTS:
            if (!take_ports(optarg, &o))
                return CLI_MISUSED;
            break;
        case USAGE_FILE:
            o.usage_file = optarg;
            break;
        case BIND:
            if (!is_address(optarg))
                return cli_misused("--bind wants a numeric address, not '%s'", optarg);
            if (o.address_count == SERVER_ADDRESSES_MAX)
                return cli_misused("more than %d addresses", SERVER_ADDRESSES_MAX);
            addresses[o.address_count++] = optarg;
            break;
        case FAULT:
            if (strcmp(optarg, "help") == 0) {
                fault_put_names(stdout);
                return CLI_DONE;
            }
            if (!take_fault(optarg, &o))
                return CLI_MISUSED;
            break;
        default:
            (void)options_take(&unused, c == ':' ? c : '?', argv);
            return CLI_MISUSED;
        }
    if (optind < argc)
        return cli_misused("serve takes no '%s'", argv[optind]);
    return server_run(&o);
}

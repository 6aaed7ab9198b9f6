/* SPDX-License-Identifier: MIT */
/* portmgr get: ports, held until a signal comes or they are lost. */
#include "commands.h"
#include "lease.h"
#include "signals.h"

#include <string.h>

static const int ends[] = {SIGTERM, SIGINT, SIGHUP, 0};

static int
hold(const struct lease *lease, int signals)
{
    int err = lease_wait(lease, signals, -1);
    return err < 0 ? lease_lost(lease, err) : CLI_DONE;
}

int
get_command(int argc, char **argv)
{
    enum { ONCE = OPTION_OWN, UNIQUE, OR_FIND };
    static const struct option longs[] = {{"once", no_argument, NULL, ONCE},
                                          {"unique", no_argument, NULL, UNIQUE},
                                          {"or-find", no_argument, NULL, OR_FIND},
                                          OPTIONS_LONG,
                                          {NULL, 0, NULL, 0}};
    struct lease lease = {.services = NULL};
    bool once = false;
    struct options o;

    options_begin(&o);
    for (int c; (c = getopt_long(argc, argv, ":" OPTIONS_SHORT, longs, NULL)) != -1;)
        switch (c) {
        case ONCE:
            once = true;
            break;
        case UNIQUE:
            lease.unique = true;
            break;
        case OR_FIND:
            lease.or_find = true;
            break;
        default:
            if (!options_take(&o, c, argv))
                return CLI_MISUSED;
        }
    if (!lease_services(&lease, argc - optind, argv + optind) ||
        !options_one_host(&o, "get"))
        return CLI_MISUSED;

    /* A signal before this ends the process, and with it the connection and the ports.
     * Caught before the ports are told, so that whoever reads them may send one. */
    int code = lease_take(&lease, &o);
    int signals = code == CLI_DONE ? signals_open(ends) : 0;
    if (signals < 0) {
        cli_say("cannot catch signals: %s", strerror(-signals));
        code = CLI_FAILED;
    }
    if (code == CLI_DONE)
        code = lease_put(&lease, o.format);
    if (code == CLI_DONE && !once && lease.pm) /* what was found is held by another */
        code = hold(&lease, signals);
    lease_drop(&lease);
    return code;
}

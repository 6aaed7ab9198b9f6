/* SPDX-License-Identifier: MIT */
/* portmgr: find and hold service ports of the port manager. */
#include "cli.h"
#include "commands.h"

#include <stddef.h>

static const char options_help[] =
    "options:\n"
    "  -H, --host HOST        the manager's computer; list and find take several\n"
    "  -p, --port PORT        the manager's port, default 30000\n"
    "  -t, --timeout SECONDS  for the whole operation, default 5\n"
    "  -u, --user USER        who asks; for find and wait, who runs the service\n"
    "      --port-file FILE   where a local manager wrote its port\n"
    "      --json, --format text|json|jsonl\n";

static const struct cli_command commands[] = {
    {"get", "[--once] [--unique | --or-find] SERVICE...",
     "allocate; print the ports; hold them until a signal, or they are lost",
     get_command},
    {"run", "[--on-loss kill|ignore] [--unique] [-q] SERVICE... -- PROGRAM ARGUMENT...",
     "allocate, run PROGRAM with PORTMGR_PORT and PORTMGR_PORT_<SERVICE>", run_command},
    {"list", "", "all allocations", list_command},
    {"find",
     "[--service NAME] [--begins-with NAME] [--instances-of NAME] [--one] [--first]",
     "the allocations that match; --first: one port number alone", find_command},
    {"wait", "[--service NAME]", "until the manager, or the service, is there",
     wait_command},
    {"watch", "[-i SECONDS]", "print changes as they happen, one line each",
     watch_command},
    {"serve",
     "[--listen PORT] [--ports LOW-HIGH] [--bind ADDRESS]... [--usage-file FILE] "
     "[--fault NAME]",
     "be a port manager", serve_command},
    {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    static const char *const with_value[] = {
        "host",    "port",        "timeout",      "user",     "format",  "port-file",
        "service", "begins-with", "instances-of", "interval", "on-loss", "listen",
        "ports",   "bind",        "usage-file",   "fault",    NULL};
    return cli_main("portmgr", "find and hold service ports of the port manager",
                    options_help, "Hptui", with_value, commands, argc, argv);
}

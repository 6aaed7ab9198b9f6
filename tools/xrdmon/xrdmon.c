/* SPDX-License-Identifier: MIT */
/* xrdmon: read the monitoring packets of XRootD servers. */
#include "../cli.h"
#include "commands.h"

#include <string.h>

static const struct cli_command commands[] = {
    {"decode", "[FILE]...", "every packet, record by record", command_decode},
    {"events", "[FILE]...", "what happened, with users and paths", command_events},
    {"summary", "[FILE]...", "totals by server, user, path or VO", command_summary},
    {"generate", "", "packets of servers that do not exist", command_generate},
    {NULL, NULL, NULL, NULL},
};

/* A command knows its options better than the table above. */
static const struct cli_command *
asked_for_help(int argc, char **argv)
{
    for (const struct cli_command *c = commands; argc == 3 && c->name; c++)
        if (strcmp(argv[1], c->name) == 0 && strcmp(argv[2], "--help") == 0)
            return c;
    return NULL;
}

int
main(int argc, char **argv)
{
    const struct cli_command *help = asked_for_help(argc, argv);
    if (help) {
        cli_begin("xrdmon");
        return cli_end(help->run(argc - 1, argv + 1));
    }
    static const char *const with_value[] = {
        "format",  "port",  "reorder", "reorder-time", "release",  "idle",
        "memory",  "by",    "depth",   "top",          "max-rows", "seed",
        "servers", "users", "packets", "records",      NULL};
    return cli_main("xrdmon", "read the monitoring packets of XRootD servers",
                    "  COMMAND --help  the options of a command\n", "p", with_value,
                    commands, argc, argv);
}

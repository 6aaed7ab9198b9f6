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

static const struct cli_command *
command_named(const char *word)
{
    for (const struct cli_command *c = commands; c->name; c++)
        if (strcmp(word, c->name) == 0)
            return c;
    return NULL;
}

int
main(int argc, char **argv)
{
    const struct cli_command *command = argc > 1 ? command_named(argv[1]) : NULL;
    if (command) { /* it knows its options, and its help, better than the table above */
        cli_begin("xrdmon");
        return cli_end(command->run(argc - 1, argv + 1));
    }
    static const char *const with_value[] = {
        "format",  "port",  "reorder", "reorder-time", "release",  "idle",
        "memory",  "by",    "depth",   "top",          "max-rows", "seed",
        "servers", "users", "packets", "records",      NULL};
    return cli_main("xrdmon", "read the monitoring packets of XRootD servers",
                    "  COMMAND --help  the options of a command\n", "p", with_value,
                    commands, argc, argv);
}

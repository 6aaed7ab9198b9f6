/* SPDX-License-Identifier: MIT */
/* xrdmon: read the monitoring packets of XRootD servers. */
#include "../cli.h"
#include "commands.h"

static const struct cli_command commands[] = {
    {"decode", "[FILE]...", "every packet, record by record", command_decode},
    {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    static const char *const with_value[] = {"format", "port", NULL};
    return cli_main("xrdmon", "read the monitoring packets of XRootD servers",
                    "  COMMAND --help  the options of a command\n", "p", with_value,
                    commands, argc, argv);
}

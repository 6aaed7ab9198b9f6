/* SPDX-License-Identifier: MIT */
/* pmdaloop: start, check and time the agents of Performance Co-Pilot. */
#include "cli.h"

static const struct cli_command commands[] = {
    {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    return cli_main("pmdaloop",
                    "start, check and time the agents of Performance Co-Pilot", "", "",
                    NULL, commands, argc, argv);
}

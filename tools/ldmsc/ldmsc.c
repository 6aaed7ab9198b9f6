/* SPDX-License-Identifier: MIT */
/* ldmsc: command LDMS daemons. */
#include "cli.h"

static const struct cli_command commands[] = {
    {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    return cli_main("ldmsc", "command LDMS daemons", "", "", NULL, commands, argc,
                    argv);
}

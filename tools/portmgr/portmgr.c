/* SPDX-License-Identifier: MIT */
/* portmgr: find and hold service ports of the port manager. */
#include "cli.h"

static const struct cli_command commands[] = {
    {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    return cli_main("portmgr", "find and hold service ports of the port manager", "",
                    "", NULL, commands, argc, argv);
}

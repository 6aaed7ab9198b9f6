/* SPDX-License-Identifier: MIT */
/* xrdmon: read the monitoring packets of XRootD servers. */
#include "cli.h"

static const struct cli_command commands[] = {
    {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    return cli_main("xrdmon", "read the monitoring packets of XRootD servers", "", "",
                    NULL, commands, argc, argv);
}

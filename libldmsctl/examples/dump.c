/* SPDX-License-Identifier: MIT */
/* Prints the configuration of a running daemon, as its status methods tell it:
 *
 *     dump HOST PORT
 */
#include <ldmsctl.h>

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
    struct ldmsctl *lc;
    char *text = NULL;
    int err;

    if (argc != 3 || ldmsctl_new(&lc, NULL) < 0)
        return 2;
    err = ldmsctl_connect(lc, argv[1], (uint16_t)atoi(argv[2]));
    if (err == 0)
        err = ldmsctl_dump_cfg_text(lc, &text);
    if (err < 0)
        fprintf(stderr, "dump: %s\n", ldmsctl_errmsg(lc));
    else
        fputs(text, stdout);
    free(text);
    ldmsctl_free(lc);
    return err < 0;
}

/* SPDX-License-Identifier: MIT */
/* Connects to a daemon and prints what it says of itself:
 *
 *     status HOST PORT [AUTH [AUTH_OPT]]
 */
#include <ldmsctl.h>

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
    struct ldmsctl_options options = {.size = sizeof(options)};
    struct ldmsctl_reply reply;
    struct ldmsctl *lc;

    if (argc < 3) {
        fprintf(stderr, "usage: status HOST PORT [AUTH [AUTH_OPT]]\n");
        return 2;
    }
    if (argc > 3)
        options.auth = argv[3];
    if (argc > 4)
        options.auth_opt = argv[4];
    if (ldmsctl_new(&lc, &options) < 0)
        return 1;

    int err = ldmsctl_connect(lc, argv[1], (uint16_t)atoi(argv[2]));
    if (err == 0)
        err = ldmsctl_daemon_status(lc, false, &reply);
    if (err == 0 && reply.text)
        printf("%s\n", reply.text); /* the daemon's JSON */
    if (err == 0)
        err = ldmsctl_dir_list(lc, &reply);
    for (size_t i = 0; err == 0 && i < reply.n_sets; i++)
        printf("%s %s %s\n", reply.sets[i].perm, reply.sets[i].schema,
               reply.sets[i].name);
    if (err < 0)
        fprintf(stderr, "status: %s\n", ldmsctl_errmsg(lc));
    ldmsctl_free(lc);
    return err < 0;
}

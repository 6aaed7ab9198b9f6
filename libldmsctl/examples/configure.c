/* SPDX-License-Identifier: MIT */
/* Sends a file of configuration to a daemon, many lines at a time, and names each line
 * that it refused:
 *
 *     configure HOST PORT < FILE
 */
#include <ldmsctl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 50 };

/* Take one answer; false if there is none to come. */
static bool
take_answer(struct ldmsctl *lc, unsigned *in_flight, unsigned *refused)
{
    const struct ldmsctl_event *event = NULL;

    while (*in_flight && !(event = ldmsctl_next(lc)))
        (void)ldmsctl_wait(lc, -1); /* what is lost ends its requests, too */
    if (!event)
        return false;
    if (event->type != LDMSCTL_EVENT_REPLY)
        return true;
    --*in_flight;
    if (event->err < 0) {
        ++*refused;
        fprintf(stderr, "configure: %s\n", ldmsctl_errmsg(lc));
    }
    return true;
}

int
main(int argc, char **argv)
{
    char *line = NULL;
    size_t size = 0;
    struct ldmsctl *lc;
    unsigned in_flight = 0, refused = 0, sent = 0;

    if (argc != 3) {
        fprintf(stderr, "usage: configure HOST PORT < FILE\n");
        return 2;
    }
    if (ldmsctl_new(&lc, NULL) < 0)
        return 1;
    if (ldmsctl_connect(lc, argv[1], (uint16_t)atoi(argv[2])) < 0) {
        fprintf(stderr, "configure: %s\n", ldmsctl_errmsg(lc));
        ldmsctl_free(lc);
        return 1;
    }
    while (getline(&line, &size, stdin) >= 0) {
        if (line[0] == '#' || line[strspn(line, " \t\r\n")] == '\0')
            continue;
        while (in_flight >= DEPTH)
            (void)take_answer(lc, &in_flight, &refused);
        if (ldmsctl_command_start(lc, line, NULL) < 0) {
            fprintf(stderr, "configure: %s\n", ldmsctl_errmsg(lc));
            refused++;
            continue;
        }
        in_flight++;
        sent++;
    }
    while (take_answer(lc, &in_flight, &refused))
        continue;
    printf("%u lines sent, %u refused\n", sent, refused);
    ldmsctl_free(lc);
    free(line);
    return refused > 0;
}

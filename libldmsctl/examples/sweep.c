/* SPDX-License-Identifier: MIT */
/* Asks many daemons the same at once, from one thread:
 *
 *     sweep METHOD HOST:PORT...
 */
#include <ldmsctl.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
    struct ldmsctl *lc;
    const char *name;
    bool done;
};

/* Connect, and start the request, which goes out when the connection is there. */
static void
begin(struct node *n, const char *method, char *where)
{
    char *colon = strrchr(where, ':');

    n->name = where;
    n->done = true;
    if (!colon || ldmsctl_new(&n->lc, NULL) < 0)
        return;
    *colon = '\0';
    if (ldmsctl_connect_start(n->lc, where, (uint16_t)atoi(colon + 1)) < 0 ||
        ldmsctl_call_start(n->lc, method, NULL, 0, NULL) < 0)
        printf("%s: %s\n", n->name, ldmsctl_errmsg(n->lc));
    else
        n->done = false;
}

static void
take_events(struct node *n)
{
    const struct ldmsctl_event *event;

    while (!n->done && (event = ldmsctl_next(n->lc)) != NULL) {
        if (event->err < 0)
            printf("%s: %s\n", n->name, ldmsctl_errmsg(n->lc));
        else if (event->type == LDMSCTL_EVENT_REPLY)
            printf("%s: %s\n", n->name, event->reply.text ? event->reply.text : "done");
        n->done = event->err < 0 || event->type == LDMSCTL_EVENT_REPLY;
    }
    if (n->done)
        ldmsctl_close(n->lc);
}

int
main(int argc, char **argv)
{
    size_t n = argc > 2 ? (size_t)argc - 2 : 0, left = n;
    struct node *nodes = calloc(n ? n : 1, sizeof(*nodes));
    struct pollfd *polls = calloc(n ? n : 1, sizeof(*polls));

    if (n == 0 || !nodes || !polls) {
        fprintf(stderr, "usage: sweep METHOD HOST:PORT...\n");
        return 2;
    }
    for (size_t i = 0; i < n; i++)
        begin(&nodes[i], argv[1], argv[i + 2]);
    while (left > 0) {
        int sleep_ms = -1;
        left = 0;
        for (size_t i = 0; i < n; i++) {
            int timeout_ms = nodes[i].done ? -1 : ldmsctl_get_timeout_ms(nodes[i].lc);
            polls[i].fd = nodes[i].done ? -1 : ldmsctl_get_fd(nodes[i].lc);
            polls[i].events =
                nodes[i].done ? 0 : (short)ldmsctl_get_events(nodes[i].lc);
            if (timeout_ms >= 0 && (sleep_ms < 0 || timeout_ms < sleep_ms))
                sleep_ms = timeout_ms;
            left += !nodes[i].done;
        }
        if (left > 0)
            poll(polls, n, sleep_ms);
        for (size_t i = 0; i < n; i++)
            if (!nodes[i].done) {
                (void)ldmsctl_process(nodes[i].lc);
                take_events(&nodes[i]);
            }
    }
    for (size_t i = 0; i < n; i++)
        ldmsctl_free(nodes[i].lc);
    free(nodes);
    free(polls);
    return 0;
}

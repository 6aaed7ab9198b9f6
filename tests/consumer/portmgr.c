/* SPDX-License-Identifier: MIT */
/* A consumer of libportmgr, which compiles as C and as C++: a port and a list, from a
 * manager that is the other end of a pair of sockets. */
#include <portmgr-tcl.h>
#include <portmgr.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The manager's part: take the request, and answer it. */
static int
answer(int manager, const char *reply)
{
    char request[256];
    ssize_t n = read(manager, request, sizeof(request));

    if (n <= 0)
        return 0;
    printf("> %.*s", (int)n, request);
    return write(manager, reply, strlen(reply)) == (ssize_t)strlen(reply);
}

static const struct portmgr_event *
await(struct portmgr *pm)
{
    const struct portmgr_event *event;

    while ((event = portmgr_next(pm)) == NULL)
        portmgr_wait(pm, -1);
    return event;
}

static int
ask(struct portmgr *pm, int manager)
{
    struct portmgr_criteria criteria;
    const struct portmgr_event *event;
    size_t i;

    if (portmgr_allocate_start(pm, "a b") < 0 || !answer(manager, "OK 43010\r\n"))
        return 0;
    event = await(pm);
    printf("port %u, %s\n", (unsigned)event->port, portmgr_strerror(event->err));

    memset(&criteria, 0, sizeof(criteria));
    criteria.size = sizeof(criteria);
    criteria.user = "fox";
    if (portmgr_find_start(pm, &criteria) < 0 ||
        !answer(manager, "OK 2\r\n43010 {a b} fox\r\n43009 c ron\r\n"))
        return 0;
    event = await(pm);
    for (i = 0; event->list && i < event->list->count; i++)
        printf("row %u '%s' '%s'\n", (unsigned)event->list->rows[i].port,
               event->list->rows[i].service, event->list->rows[i].user);
    printf("held %d\n", portmgr_is_held(pm));
    return 1;
}

int
main(void)
{
    struct portmgr_options options;
    struct portmgr *pm;
    char quoted[16];
    size_t len;
    int pair[2], good;

    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.user = "fox";
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 ||
        portmgr_new(&pm, &options) < 0 || portmgr_connect_fd(pm, pair[0]) < 0)
        return 1;
    good = ask(pm, pair[1]);
    close(pair[1]);
    printf("held %d, %s\n", portmgr_is_held(pm) == -PORTMGR_ECLOSED ? -1 : 0,
           portmgr_strerror(-PORTMGR_ECLOSED));
    portmgr_free(pm);
    if (portmgr_tcl_quote("a b", 3, quoted, sizeof(quoted), &len) == 0)
        printf("quoted %.*s\n", (int)len, quoted);
    return good ? 0 : 1;
}

/* SPDX-License-Identifier: MIT */
/* A server that listens on a port from the port manager, and stops when the port is no
 * longer its own.
 *
 *   hold SERVICE [MANAGER-PORT]
 */
#include <portmgr.h>

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int
listen_on(uint16_t port)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(port)};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 || listen(fd, 8) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* What the service does: it greets. */
static void
serve(int listener)
{
    int client = accept(listener, NULL, NULL);

    if (client >= 0) {
        (void)send(client, "hello\n", 6, MSG_NOSIGNAL);
        close(client);
    }
}

int
main(int argc, char **argv)
{
    struct portmgr *pm;
    uint16_t port;

    if (argc < 2 || portmgr_new(&pm, NULL) < 0)
        return 2;
    if (portmgr_connect(pm, NULL, (uint16_t)(argc > 2 ? atoi(argv[2]) : 0)) < 0 ||
        portmgr_allocate(pm, argv[1], &port) < 0) {
        fprintf(stderr, "hold: %s\n", portmgr_errmsg(pm));
        portmgr_free(pm);
        return 1;
    }
    /* Nobody but the manager's clients is kept off the port, so this may fail. */
    int listener = listen_on(port);
    if (listener < 0) {
        perror("hold");
        portmgr_free(pm);
        return 1;
    }
    printf("%u\n", port);
    fflush(stdout);

    while (portmgr_is_held(pm) == 1) {
        struct pollfd fds[] = {{.fd = listener, .events = POLLIN},
                               {.fd = portmgr_get_fd(pm), .events = POLLIN}};
        if (poll(fds, 2, -1) > 0 && fds[0].revents)
            serve(listener);
    }
    fprintf(stderr, "hold: %s\n", portmgr_errmsg(pm));
    close(listener);
    portmgr_free(pm);
    return 1;
}

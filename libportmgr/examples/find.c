/* SPDX-License-Identifier: MIT */
/* A client that finds a service on a computer, connects to it and prints what it says.
 *
 *   find HOST SERVICE [MANAGER-PORT]
 */
#include <portmgr.h>

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* The port of the newest instance, or 0 after a sentence. */
static uint16_t
find(const char *host, const char *service, uint16_t manager_port)
{
    struct portmgr_criteria criteria = {.size = sizeof(criteria), .service = service};
    struct portmgr *pm;
    struct portmgr_list *list;
    uint16_t port = 0;

    if (portmgr_new(&pm, NULL) < 0)
        return 0;
    if (portmgr_connect(pm, host, manager_port) < 0 ||
        portmgr_find(pm, &criteria, &list) < 0) {
        fprintf(stderr, "find: %s\n", portmgr_errmsg(pm));
    } else {
        if (list->count)
            port = list->rows[0].port;
        else
            fprintf(stderr, "find: nobody runs '%s' on %s\n", service, host);
        portmgr_list_free(list);
    }
    portmgr_free(pm);
    return port;
}

static int
connect_to(const char *host, uint16_t port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    char service[8];
    int fd = -1;

    snprintf(service, sizeof(service), "%u", port);
    if (getaddrinfo(host, service, &hints, &found) != 0)
        return -1;
    for (struct addrinfo *a = found; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    return fd;
}

int
main(int argc, char **argv)
{
    char bytes[256];
    ssize_t n;

    if (argc < 3)
        return 2;
    uint16_t port = find(argv[1], argv[2], (uint16_t)(argc > 3 ? atoi(argv[3]) : 0));
    if (port == 0)
        return 1;
    int fd = connect_to(argv[1], port);
    if (fd < 0) {
        perror("find");
        return 1;
    }
    while ((n = read(fd, bytes, sizeof(bytes))) > 0)
        fwrite(bytes, 1, (size_t)n, stdout);
    close(fd);
    return 0;
}

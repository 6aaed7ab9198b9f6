/* SPDX-License-Identifier: MIT */
#ifndef PORTMGR_SERVERS_H
#define PORTMGR_SERVERS_H

/* Servers to measure against: `portmgr serve`, and two bare ones. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct server {
    pid_t pid;
    uint16_t port;
};

static inline struct server
server_spawn(const char *tool)
{
    struct server s = {0};
    char line[32] = "";
    int out[2];

    if (pipe(out) < 0 || (s.pid = fork()) < 0)
        abort();
    if (s.pid == 0) {
        dup2(out[1], 1);
        close(out[0]);
        execl(tool, tool, "serve", "--listen", "0", "--ports", "1024-65535",
              (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    FILE *f = fdopen(out[0], "r");
    if (!f || !fgets(line, sizeof(line), f) || (s.port = (uint16_t)atoi(line)) == 0) {
        fprintf(stderr, "%s serve does not start\n", tool);
        exit(1);
    }
    fclose(f);
    return s;
}

/* One client after another: a whole request read, and the answer in one write, or with
 * its last two bytes in a write of their own, as the Tcl server does it. */
static inline struct server
server_answering(const char *answer, size_t len, bool in_two)
{
    struct server s = {0};
    struct sockaddr_in addr = {.sin_family = AF_INET};
    socklen_t addr_len = sizeof(addr);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    char request[4096];

    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&addr, addr_len) < 0 ||
        listen(listener, 8) < 0 ||
        getsockname(listener, (struct sockaddr *)&addr, &addr_len) < 0)
        abort();
    s.port = ntohs(addr.sin_port);
    s.pid = fork();
    if (s.pid != 0) {
        close(listener);
        return s;
    }
    for (;;) {
        int fd = accept(listener, NULL, NULL), on = 1;
        if (!in_two)
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        while (recv(fd, request, sizeof(request), 0) > 0) {
            size_t first = in_two ? len - 2 : len;
            if (send(fd, answer, first, MSG_NOSIGNAL) < 0 ||
                (in_two && send(fd, answer + first, 2, MSG_NOSIGNAL) < 0))
                break;
        }
        close(fd);
    }
}

static inline void
server_end(const struct server *s)
{
    kill(s->pid, SIGTERM);
    waitpid(s->pid, NULL, 0);
}

static inline int
server_call(const struct server *s)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(s->port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0)
        abort();
    return fd;
}

#endif

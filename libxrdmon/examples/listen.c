/* SPDX-License-Identifier: MIT */
/* Prints the opens and closes that servers report to a UDP port of this computer, by
 * poll(). Ends when nothing came for the given number of seconds.
 *
 *   listen PORT SECONDS        (a port of 0: one that is free; it is printed first) */
#include <xrdmon.h>

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static uint64_t
now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int
open_port(const char *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)strtoul(port, NULL, 10)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&at, len) < 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) < 0) {
        perror("listen");
        return -1;
    }
    printf("port %u\n", ntohs(at.sin_port));
    fflush(stdout);
    return fd;
}

static void
take_events(struct xrdmon *xm)
{
    const struct xrdmon_event *ev;

    while ((ev = xrdmon_next(xm)) != NULL) {
        if (ev->type != XRDMON_EV_FSTAT)
            continue;
        if (ev->fstat->type == XRDMON_FSTAT_OPEN ||
            ev->fstat->type == XRDMON_FSTAT_CLOSE)
            printf("%s %.*s\n", ev->fstat->type == XRDMON_FSTAT_OPEN ? "open" : "close",
                   (int)ev->path.len, ev->path.at ? ev->path.at : "");
    }
    fflush(stdout);
}

static void
take_packet(struct xrdmon *xm, int fd)
{
    static uint8_t bytes[65536];
    struct xrdmon_source source = {.port = 0};
    struct sockaddr_in from;
    socklen_t from_len = sizeof(from);

    ssize_t n =
        recvfrom(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&from, &from_len);
    if (n < 0)
        return;
    source.address[10] = source.address[11] = 0xff; /* IPv4 within IPv6 */
    memcpy(source.address + 12, &from.sin_addr, 4);
    source.port = ntohs(from.sin_port);
    if (xrdmon_feed(xm, &source, bytes, (size_t)n, now_ns()) < 0)
        fprintf(stderr, "listen: %s\n", xrdmon_errmsg(xm));
}

int
main(int argc, char **argv)
{
    struct xrdmon *xm;

    if (argc != 3) {
        fprintf(stderr, "usage: listen PORT SECONDS\n");
        return 2;
    }
    int fd = open_port(argv[1]);
    if (fd < 0 || xrdmon_new(&xm, NULL) < 0)
        return 1;
    int patience_ms = (int)(strtod(argv[2], NULL) * 1000), silent_ms = 0;
    while (silent_ms < patience_ms) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, 100) > 0) {
            silent_ms = 0;
            take_packet(xm, fd);
        } else {
            silent_ms += 100;
            xrdmon_tick(xm, now_ns());
        }
        take_events(xm);
    }
    xrdmon_flush(xm);
    take_events(xm);
    xrdmon_free(xm);
    close(fd);
    return 0;
}

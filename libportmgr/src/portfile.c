/* SPDX-License-Identifier: MIT */
/* The file in which a local port manager writes where it listens. */
#include "portfile.h"

#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

uint16_t
pt_portfile_read(const char *path)
{
    char text[16];
    uint32_t port = 0;
    ssize_t len, i = 0;

    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* it may be a pipe */
    if (fd < 0)
        return 0;
    len = read(fd, text, sizeof(text));
    close(fd);
    for (; i < len && i < 5 && text[i] >= '0' && text[i] <= '9'; i++)
        port = port * 10 + (uint32_t)(text[i] - '0');
    for (; i < len; i++)
        if (text[i] != '\n' && text[i] != ' ')
            return 0;
    return port <= UINT16_MAX ? (uint16_t)port : 0;
}

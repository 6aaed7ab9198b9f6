/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_WALK_H
#define XRDMON_WALK_H

/* A file of packets in memory, and the floor for what is done with it: a bare walk over
 * the type and the size of each record. */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct capture {
    const uint8_t *bytes, *end;
};

/* Mapped, so that its pages are the file's and no memory of ours. */
static inline struct capture
capture_open(const char *path)
{
    struct stat st;
    int fd = path ? open(path, O_RDONLY) : -1;

    if (fd < 0 || fstat(fd, &st) < 0)
        exit(2);
    const uint8_t *bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        exit(2);
    close(fd);
    return (struct capture){.bytes = bytes, .end = bytes + st.st_size};
}

static inline size_t
walk_be16(const uint8_t *p)
{
    return (size_t)(p[0] << 8 | p[1]);
}

/* How many there are of each type, so that no compiler leaves it out. */
static inline uint64_t
walk(struct capture c, size_t *ret_records)
{
    static uint64_t by_type[256];
    size_t records = 0;

    for (const uint8_t *p = c.bytes; p < c.end; p += walk_be16(p + 2)) {
        const uint8_t *packet_end = p + walk_be16(p + 2), *r = p + 8;
        switch (*p) {
        case 't':
            for (; r < packet_end; r += 16, records++)
                by_type[*r]++;
            break;
        case 'f':
            for (; r < packet_end; r += walk_be16(r + 2), records++)
                by_type[*r]++;
            break;
        default:
            by_type[*p]++;
            records++;
            break;
        }
    }
    *ret_records = records;
    return by_type[0] + by_type['t'];
}

#endif

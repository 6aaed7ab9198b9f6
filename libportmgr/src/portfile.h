/* SPDX-License-Identifier: MIT */
#ifndef PT_PORTFILE_H
#define PT_PORTFILE_H

/* The file in which a local port manager writes where it listens. */
#include <stdint.h>

/* The port in it, or 0 where there is no such file, or no port in it. */
uint16_t pt_portfile_read(const char *path);

#endif

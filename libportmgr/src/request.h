/* SPDX-License-Identifier: MIT */
#ifndef PT_REQUEST_H
#define PT_REQUEST_H

/* GIMME, LIST -> bytes. */
#include <stdbool.h>
#include <stddef.h>

enum {
    PT_NAME_MAX_BYTES = 255,
    /* GIMME, two blanks, two names of \u00XX throughout, LF */
    PT_REQUEST_MAX_BYTES = 8 + 2 * 6 * PT_NAME_MAX_BYTES,
};

/* Why this is no name of a service or user to register, or NULL where it is one. */
const char *pt_request_name_fault(const char *name);

/* Both names without fault. Gives the length; buf has PT_REQUEST_MAX_BYTES. */
size_t pt_request_gimme(const char *service, const char *user, char *buf);
size_t pt_request_list(char *buf);

#endif

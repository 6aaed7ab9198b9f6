/* SPDX-License-Identifier: MIT */
#ifndef PT_USER_H
#define PT_USER_H

/* Who we are. */
#include <stddef.h>

/* The name of the real user id, else LOGNAME, else USER, else the number. The first
 * that can be registered; it is cut to fit, which only a number never needs. */
void pt_user_name(char *buf, size_t room);

#endif

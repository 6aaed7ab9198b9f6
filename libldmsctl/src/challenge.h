/* SPDX-License-Identifier: MIT */
#ifndef LC_CHALLENGE_H
#define LC_CHALLENGE_H

/* The `ovis` challenges of this process that wait for their proof. A server without the
 * secret could send one of them back, on any connection, and return our own proof as
 * its. So a challenge of ours is never answered. Any thread. */
#include <stdbool.h>
#include <stdint.h>

/* 0 or -ENOMEM. */
int lc_challenge_add(uint64_t challenge);
void lc_challenge_drop(uint64_t challenge);
bool lc_challenge_is_ours(uint64_t challenge);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_H
#define PMDALOOP_H

/**
 * @file
 * Main loop of a Performance Co-Pilot agent.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PMDALOOP_API __attribute__((visibility("default")))

/** This library's version, such as "0.1.0". Static. */
PMDALOOP_API const char *pmdaloop_version(void);

/** A code in a few words. Static, never NULL. */
PMDALOOP_API const char *pmdaloop_strerror(int err);

#ifdef __cplusplus
}
#endif
#endif

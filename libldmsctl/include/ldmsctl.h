/* SPDX-License-Identifier: MIT */
#ifndef LDMSCTL_H
#define LDMSCTL_H

/**
 * @file
 * Client of the OVIS metric service ldmsd.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LDMSCTL_API __attribute__((visibility("default")))

/** This library's version, such as "0.1.0". Static. */
LDMSCTL_API const char *ldmsctl_version(void);

/** A code in a few words. Static, never NULL. */
LDMSCTL_API const char *ldmsctl_strerror(int err);

#ifdef __cplusplus
}
#endif
#endif

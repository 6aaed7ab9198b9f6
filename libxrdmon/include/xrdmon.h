/* SPDX-License-Identifier: MIT */
#ifndef XRDMON_H
#define XRDMON_H

/**
 * @file
 * Decoder of the monitoring packets of XRootD.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XRDMON_API __attribute__((visibility("default")))

/** This library's version, such as "0.1.0". Static. */
XRDMON_API const char *xrdmon_version(void);

/** A code in a few words. Static, never NULL. */
XRDMON_API const char *xrdmon_strerror(int err);

#ifdef __cplusplus
}
#endif
#endif

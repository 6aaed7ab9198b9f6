/* SPDX-License-Identifier: MIT */
#ifndef PORTMGR_H
#define PORTMGR_H

/**
 * @file
 * Client of the NSCLDAQ port manager.
 */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PORTMGR_API __attribute__((visibility("default")))

/** This library's version, such as "0.1.0". Static. */
PORTMGR_API const char *portmgr_version(void);

/** A code in a few words. Static, never NULL. */
PORTMGR_API const char *portmgr_strerror(int err);

#ifdef __cplusplus
}
#endif
#endif

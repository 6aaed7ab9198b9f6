/* SPDX-License-Identifier: MIT */
#ifndef LC_MUNGE_H
#define LC_MUNGE_H

/* Credentials of the MUNGE service, by libmunge, which is opened when it is first
 * needed: who does not use it need not have it. */
#include <stddef.h>
#include <stdint.h>

/* A credential for payload, ending in NUL, which the caller frees: 0, or
 * -LDMSCTL_EAUTH and words in ret_why. socket may be "" for the usual one. Talks to
 * the local munged, within libmunge's own time limits. */
int lc_munge_encode(const char *socket, const void *payload, size_t len,
                    char **ret_credential, char *ret_why, size_t why_size);

/* Whose credential it is. The credential ends in NUL. */
int lc_munge_decode(const char *socket, const char *credential, uint32_t *ret_uid,
                    uint32_t *ret_gid, char *ret_why, size_t why_size);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_INPROFILE_H
#define PL_PCP_INPROFILE_H

/* Profiles in PCP's structures. */
#include <pcp/libpcp.h>

#include "pdu.h"

/* What a PROFILE PDU says, malloc'd; NULL when it is malformed, or without memory. */
pmProfile *pl_profile_take(const void *pdu, size_t len);
bool pl_profile_is_sorted(const pmProfile *profile);
/* The entry that counts for an indom, the first one, or NULL. */
const pmInDomProfile *pl_profile_entry_of(const pmProfile *profile, pmInDom indom);
/* Is the instance on the entry's list? */
bool pl_profile_lists(const pmInDomProfile *entry, int inst, bool sorted);

#endif

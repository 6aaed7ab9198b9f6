/* SPDX-License-Identifier: MIT */
#ifndef PMDALOOP_PCP_IMPL_H
#define PMDALOOP_PCP_IMPL_H

/**
 * @file
 * The header that agents of PCP 3 include beside pmapi.h. What stood in it stands in
 * libpcp.h and deprecated.h today.
 */
#include <pcp/pmapi.h>
#include <pcp/libpcp.h>
#include <pcp/deprecated.h>

#endif

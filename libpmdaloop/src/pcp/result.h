/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_RESULT_H
#define PL_PCP_RESULT_H

/* Results and instances between PCP's structures and the wire. */
#include <pcp/pmda.h>

#include "pdu.h"

struct pl_stream;

/* What a RESULT PDU holds, all malloc'd and in the machine's order; pl_result_drop()
 * frees it. NULL when it is malformed, or without memory. */
pmResult *pl_result_take(const void *pdu, size_t len);
void pl_result_drop(pmResult *result);
/* Write a RESULT into the stream's reply. Its length, or a negative code. */
ssize_t pl_result_put(struct pl_stream *s, const pmResult *result);
/* The same for INSTANCE. */
ssize_t pl_instances_put(struct pl_stream *s, const pmInResult *result);

#endif

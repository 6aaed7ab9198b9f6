/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_STREAM_H
#define PL_PCP_STREAM_H

/* Whole PDUs from and to pmcd, blocking. */
#include "pcp/agent.h"
#include "pdu.h"

/* The next PDU, valid until the next call. 1, or PM_ERR_EOF, or another negative code
 * when the stream is broken. Without ahead no byte of a later PDU is taken from the
 * descriptor, so that whoever polls it knows when there is one. */
int pl_stream_read(struct pl_stream *s, bool ahead, const uint8_t **ret_pdu,
                   struct pl_head *ret_head);
/* Room for a reply of n bytes, or NULL. */
uint8_t *pl_stream_room(struct pl_stream *s, size_t n);
/* Send n bytes of it. 0, or -errno. */
int pl_stream_send(struct pl_stream *s, size_t n);
int pl_stream_send_error(struct pl_stream *s, int code);
/* CREDS out, CREDS in. 0, or a negative code, which was logged. */
int pl_stream_exchange_versions(struct pl_stream *s, const char *name, unsigned flags);

#endif

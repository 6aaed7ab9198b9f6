/* SPDX-License-Identifier: MIT */
#ifndef PL_PCP_SERVE_H
#define PL_PCP_SERVE_H

/* One PDU, answered by the methods of an agent. */
#include "pcp/agent.h"
#include "pcp/stream.h"

/* Who answers, and how. Without an ext it is PMDA_INTERFACE_1. */
struct pl_server {
    pmdaInterface *dispatch;
    pmdaExt *ext;
    struct pl_stream *stream;
    pmProfile **profile; /* the one in force, which the methods may look at */
    const char *name;    /* in messages */
    int version;
    pmdaCheckCallBack check;
    pmdaDoneCallBack done;
    pmdaResultCallBack drop; /* what becomes of a result that was sent */
};

/* Read a PDU and see to it. 0, PM_ERR_EOF, or another negative code when the stream is
 * broken. */
int pl_serve(struct pl_server *s, bool ahead);

/* The reply to one PDU that wants one: 0 when it is sent, PL_STREAM_BROKEN when that
 * failed, else a code that goes out as an ERROR PDU. */
typedef int (*pl_answer)(struct pl_server *s, const uint8_t *pdu, size_t len);
enum { PL_STREAM_BROKEN = 1 };

int pl_answer_fetch(struct pl_server *s, const uint8_t *pdu, size_t len);
int pl_answer_store(struct pl_server *s, const uint8_t *pdu, size_t len);
int pl_answer_desc(struct pl_server *s, const uint8_t *pdu, size_t len);
int pl_answer_instance(struct pl_server *s, const uint8_t *pdu, size_t len);
int pl_answer_text(struct pl_server *s, const uint8_t *pdu, size_t len);
int pl_answer_pmid(struct pl_server *s, const uint8_t *pdu, size_t len);
int pl_answer_names(struct pl_server *s, const uint8_t *pdu, size_t len);
int pl_answer_children(struct pl_server *s, const uint8_t *pdu, size_t len);
int pl_answer_label(struct pl_server *s, const uint8_t *pdu, size_t len);

/* Send what has been written. 0 or PL_STREAM_BROKEN. */
int pl_reply(struct pl_server *s, size_t len);

#endif

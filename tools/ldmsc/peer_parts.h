/* SPDX-License-Identifier: MIT */
#ifndef PEER_PARTS_H
#define PEER_PARTS_H

/* What the files of one connection have of each other. Functions that give a bool give
 * false when the connection is to end. */
#include "peer.h"

void peer_put_ldms(struct peer *p, uint64_t xid, uint32_t command, const void *body,
                   size_t len);

/* The client is there: the daemon's part of the authentication is due. */
bool peer_begin_auth(struct peer *p);
bool peer_take_auth(struct peer *p, const uint8_t *bytes, size_t len);

bool peer_take_record(struct peer *p, const uint8_t *bytes, size_t len);
/* The directory in as many replies as it takes. */
bool peer_answer_directory(struct peer *p, uint64_t xid);
void peer_forget_requests(struct peer *p);

#endif

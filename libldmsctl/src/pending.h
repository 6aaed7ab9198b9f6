/* SPDX-License-Identifier: MIT */
#ifndef LC_PENDING_H
#define LC_PENDING_H

/* Calls in flight: numbered, sent, matched with their answers, handed out. */
#include "engine.h"
#include "envelope.h"

void lc_list_init(struct lc_list *list);

/* Send what waits, as far as the window allows. */
void lc_pending_send(struct lc_engine *e, uint64_t now_ms);
/* A record or a directory reply came. */
void lc_pending_take_record(struct lc_engine *e, const struct lc_envelope *envelope,
                            uint64_t now_ms);
void lc_pending_take_dir(struct lc_engine *e, const struct lc_envelope *envelope,
                         uint64_t now_ms);
/* The connection is over: all that is not done ends with err. */
void lc_pending_end_all(struct lc_engine *e, int err);
void lc_pending_free_all(struct lc_engine *e);

#endif

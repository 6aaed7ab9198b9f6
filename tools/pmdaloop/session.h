/* SPDX-License-Identifier: MIT */
#ifndef SESSION_H
#define SESSION_H

/* One agent, started and spoken to as pmcd does. */
#include "options.h"

#include <pmdaloop-probe.h>

struct session {
    const struct options *options;
    struct pmdaloop_probe *probe;
    int pid;    /* of the agent; 0: not ours, or gone */
    int status; /* of the agent that has gone, when has_ended */
    bool has_ended;
    uint32_t wishes; /* PMDALOOP_WANT_* */
    char why[256];   /* the last failure, in one sentence */
};

/* Start the agent and exchange versions. 0, or a negative code, and why is told in s. The
 * caller closes it in either case. */
int session_open(struct session *s, const struct options *o);
/* End the session, and the agent: by end of file, and if it stays, by signals. */
void session_close(struct session *s);

/* Wait for the reply to a question, whose number or failure is given as *_start() gave
 * it. An agent that is not ready is waited for, and asked again. 0, and the event's code and err stand; or a negative code: the session is over, and
 * s->why has the reason. */
int session_await(struct session *s, int number,
                  const struct pmdaloop_probe_event **ret_event);

/* Notice, without waiting, whether the agent has ended. */
bool session_has_ended(struct session *s);
/* How it did: "it has ended with status 1". Into s->why's manner: static words. */
void session_describe_end(const struct session *s, char *ret, size_t room);

uint64_t session_now_ms(void);
void session_sleep_ms(unsigned ms);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef PCP_SESSION_H
#define PCP_SESSION_H

/* An agent on PCP's interface, and pmcd's end of its channel: a PDU goes in, the loop
 * takes one step, and what it answered is read. */
#include "support/cmocka.h"

#include "support/hex.h"

#include "pcp/stream.h"

#include <poll.h>
#include <sys/socket.h>

struct session {
    pmdaInterface dispatch;
    int pmcd; /* our end */
    size_t n_replies;
};

static inline void
session_open(struct session *s, int version, int domain)
{
    int fds[2];

    memset(s, 0, sizeof(*s));
    pmdaDaemon(&s->dispatch, version, "agent", domain, NULL, NULL);
    assert_int_equal(s->dispatch.status, 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    s->pmcd = fds[0];
    s->dispatch.version.any.ext->e_infd = fds[1];
    s->dispatch.version.any.ext->e_outfd = fds[1];
}

static inline void
session_close(struct session *s)
{
    close(s->dispatch.version.any.ext->e_infd);
    close(s->pmcd);
    pmdaloop_release(&s->dispatch);
}

/* The bytes go in, and the agent takes one step; what that returned. */
static inline int
session_step(struct session *s, const void *bytes, size_t len)
{
    if (len)
        assert_int_equal(send(s->pmcd, bytes, len, 0), (ssize_t)len);
    return __pmdaMainPDU(&s->dispatch);
}

/* The answer that has come, or 0 bytes. */
static inline size_t
session_reply(const struct session *s, uint8_t *buf, size_t room)
{
    struct pollfd p = {.fd = s->pmcd, .events = POLLIN};

    if (poll(&p, 1, 0) != 1)
        return 0;
    ssize_t n = recv(s->pmcd, buf, room, 0);
    return n > 0 ? (size_t)n : 0;
}

#endif

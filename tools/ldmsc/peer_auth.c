/* SPDX-License-Identifier: MIT */
/* The stand-in daemon's part of the authentications. */
#include "peer_parts.h"

#include "envelope.h"
#include "munge.h"
#include "ovis.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static void
put_ovis(struct peer *p, const struct lc_ovis *message)
{
    uint8_t bytes[80];
    struct wr c = wr_over(bytes, sizeof(bytes));
    lc_ovis_put(&c, message);
    peer_put_ldms(p, 0, LC_AUTH_MSG, bytes, wr_len(&c));
}

static bool
is_big_endian(void)
{
    const uint16_t one = 1;
    uint8_t first;
    memcpy(&first, &one, 1);
    return first == 0;
}

static bool
begin_ovis(struct peer *p)
{
    if (getrandom(&p->challenge, sizeof(p->challenge), 0) != sizeof(p->challenge))
        return false;
    put_ovis(p, &(struct lc_ovis){.type = LC_OVIS_CHALLENGE,
                                  .big_endian = is_big_endian(),
                                  .challenge = p->challenge});
    return true;
}

static bool
begin_munge(struct peer *p)
{
    char *credential = NULL, why[160];

    if (p->of->fault == FAULT_MUNGE_REPLAY)
        return true; /* sends the client's own, once it has it */
    if (lc_munge_encode(p->auth->munge_socket, p->own_address, p->own_address_len,
                        &credential, why, sizeof(why)) < 0)
        return false;
    peer_put_ldms(p, 0, LC_AUTH_MSG, credential, strlen(credential) + 1);
    free(credential);
    return true;
}

bool
peer_begin_auth(struct peer *p)
{
    uint8_t ids[8];

    p->state = PEER_AUTHENTICATES;
    if (p->of->fault == FAULT_SILENT_AUTH)
        return true;
    if (p->of->fault == FAULT_AUTH_GARBAGE) {
        peer_put_ldms(p, 0, LC_AUTH_MSG, "garbage", 7);
        return true;
    }
    switch (p->auth->kind) {
    case LC_AUTH_NONE:
        p->state = PEER_READY;
        p->owner = true;
        return true;
    case LC_AUTH_NAIVE:
        wr_be32(ids, p->auth->uid);
        wr_be32(ids + 4, p->auth->gid);
        peer_put_ldms(p, 0, LC_AUTH_MSG, ids, sizeof(ids));
        return true;
    case LC_AUTH_OVIS:
        return begin_ovis(p);
    default:
        return begin_munge(p);
    }
}

/* Who owns the daemon may do everything, and so may root. */
static void
let_in(struct peer *p, uint32_t uid)
{
    p->owner = uid == 0 || uid == geteuid();
    p->state = PEER_READY;
}

static bool
take_ovis(struct peer *p, const uint8_t *bytes, size_t len)
{
    struct lc_ovis m, proof = {.type = LC_OVIS_PROOF, .big_endian = is_big_endian()};
    char expected[LC_OVIS_PROOF_BYTES];

    if (lc_ovis_take(bytes, len, &m) < 0)
        return false;
    if (p->of->fault == FAULT_REFLECT) {
        peer_put_ldms(p, 0, LC_AUTH_MSG, bytes, len); /* challenge and proof alike */
        return true;
    }
    if (m.type == LC_OVIS_CHALLENGE) {
        const char *secret =
            p->of->fault == FAULT_WRONG_PROOF ? "another0secret" : p->auth->secret;
        if (lc_ovis_prove(m.challenge, secret, proof.proof) < 0)
            return false;
        put_ovis(p, &proof);
        return true;
    }
    if (lc_ovis_prove(p->challenge, p->auth->secret, expected) < 0 ||
        memcmp(expected, m.proof, sizeof(expected)) != 0)
        return false;
    let_in(p, geteuid());
    return true;
}

static bool
take_munge(struct peer *p, const uint8_t *bytes, size_t len)
{
    uint32_t uid, gid;
    char why[160];

    if (len == 0 || bytes[len - 1] != '\0')
        return false;
    if (p->of->fault == FAULT_MUNGE_REPLAY)
        peer_put_ldms(p, 0, LC_AUTH_MSG, bytes, len);
    if (lc_munge_decode(p->auth->munge_socket, (const char *)bytes, &uid, &gid, why,
                        sizeof(why)) < 0)
        return false;
    let_in(p, uid);
    return true;
}

bool
peer_take_auth(struct peer *p, const uint8_t *bytes, size_t len)
{
    switch (p->auth->kind) {
    case LC_AUTH_NAIVE:
        if (len != 8)
            return false;
        let_in(p, rd_be32(bytes));
        return true;
    case LC_AUTH_OVIS:
        return take_ovis(p, bytes, len);
    case LC_AUTH_MUNGE:
        return take_munge(p, bytes, len);
    default:
        return true; /* nobody asked for it */
    }
}

/* SPDX-License-Identifier: MIT */
#ifndef LC_OVIS_H
#define LC_OVIS_H

/* The messages of the `ovis` authentication: a challenge, and the proof that one knows
 * the secret. Their type is in the order of the sender's machine, which refuses the
 * other order; so who answers takes the peer's. */
#include <bytekit/rd.h>
#include <bytekit/wr.h>

enum { LC_OVIS_CHALLENGE = 1, LC_OVIS_PROOF = 2 };
enum { LC_OVIS_PROOF_BYTES = 57 }; /* SHA-224 in hex, and a NUL */

struct lc_ovis {
    int type;
    bool big_endian; /* the sender */
    uint64_t challenge;
    char proof[LC_OVIS_PROOF_BYTES];
};

/* 0, or -LDMSCTL_EAUTH for what is neither message. */
int lc_ovis_take(const void *bytes, size_t len, struct lc_ovis *ret_message);
void lc_ovis_put(struct wr *c, const struct lc_ovis *message);

/* 0, or -LDMSCTL_EAUTH where libcrypto cannot do SHA-224. */
int lc_ovis_prove(uint64_t challenge, const char *secret,
                  char ret_proof[LC_OVIS_PROOF_BYTES]);

#endif

/* SPDX-License-Identifier: MIT */
/* Challenge and proof of the `ovis` authentication. */
#include "ovis.h"

#include "ldmsctl.h"

#include <inttypes.h>
#include <stdio.h>

#include <openssl/evp.h>

/* Challenge:  0  i32  1, sender's order     Proof:  0  i32       2, sender's order
 *             4  u64  challenge                     4  char[57]  hex digits, NUL
 */
int
lc_ovis_take(const void *bytes, size_t len, struct lc_ovis *ret_message)
{
    struct lc_ovis m = {0};
    struct rd c = rd_over(bytes, len);
    const uint8_t *type = rd_bytes(&c, 4);

    if (!type)
        return -LDMSCTL_EAUTH;
    m.big_endian = type[0] == 0;
    m.type = m.big_endian ? type[3] : type[0];
    if (type[1] != 0 || type[2] != 0 || type[m.big_endian ? 0 : 3] != 0)
        return -LDMSCTL_EAUTH;
    if (m.type == LC_OVIS_CHALLENGE) {
        m.challenge = rd_u64(&c);
    } else {
        const uint8_t *proof = rd_bytes(&c, LC_OVIS_PROOF_BYTES);
        if (proof)
            memcpy(m.proof, proof, LC_OVIS_PROOF_BYTES);
    }
    if (c.bad || rd_left(&c) != 0 || m.proof[LC_OVIS_PROOF_BYTES - 1] != '\0' ||
        (m.type != LC_OVIS_CHALLENGE && m.type != LC_OVIS_PROOF))
        return -LDMSCTL_EAUTH;
    *ret_message = m;
    return 0;
}

void
lc_ovis_put(struct wr *c, const struct lc_ovis *message)
{
    uint8_t type[4] = {0};

    type[message->big_endian ? 3 : 0] = (uint8_t)message->type;
    wr_bytes(c, type, sizeof(type));
    if (message->type == LC_OVIS_CHALLENGE)
        wr_u64(c, message->challenge);
    else
        wr_bytes(c, message->proof, LC_OVIS_PROOF_BYTES);
}

/* hex( SHA-224( decimal(challenge) secret ) ) */
int
lc_ovis_prove(uint64_t challenge, const char *secret,
              char ret_proof[LC_OVIS_PROOF_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    char decimal[24];
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    int decimal_len = snprintf(decimal, sizeof(decimal), "%" PRIu64, challenge);
    bool done = md && EVP_DigestInit_ex(md, EVP_sha224(), NULL) == 1 &&
                EVP_DigestUpdate(md, decimal, (size_t)decimal_len) == 1 &&
                EVP_DigestUpdate(md, secret, strlen(secret)) == 1 &&
                EVP_DigestFinal_ex(md, hash, &len) == 1;

    EVP_MD_CTX_free(md);
    if (!done || len * 2 + 1 != LC_OVIS_PROOF_BYTES)
        return -LDMSCTL_EAUTH;
    for (unsigned i = 0; i < len; i++) {
        ret_proof[2 * i] = digits[hash[i] >> 4];
        ret_proof[2 * i + 1] = digits[hash[i] & 15];
    }
    ret_proof[2 * len] = '\0';
    return 0;
}

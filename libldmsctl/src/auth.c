/* SPDX-License-Identifier: MIT */
/* The four authentications, as the side that connects and as the daemon. */
#include "auth.h"

#include "challenge.h"
#include "ldmsctl.h"
#include "munge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { NOBODY = 65534 };

static int
fail(struct lc_auth *a, const char *why)
{
    snprintf(a->why, sizeof(a->why), "%s", why);
    return -LDMSCTL_EAUTH;
}

static int
succeed(struct lc_auth *a)
{
    lc_auth_end(a);
    a->done = true;
    return 1;
}

/* Room for one more payload; said() tells how much of it was used. */
static struct wr
speak(const struct lc_auth_out *out, uint8_t *bytes)
{
    size_t used = 0;
    for (size_t i = 0; i < out->n; i++)
        used += out->len[i];
    return wr_over(bytes + used, LC_AUTH_OUT_BYTES - used);
}

static int
said(struct lc_auth_out *out, const struct wr *c)
{
    if (c->bad || out->n == LC_AUTH_OUT_MAX)
        return -LDMSCTL_EAUTH;
    out->len[out->n++] = wr_len(c);
    return 0;
}

/* naive: each side says who it is, and is believed. */
static int
naive_begin(struct lc_auth *a, struct lc_auth_out *out)
{
    struct wr c = speak(out, out->bytes);
    wr_u32(&c, a->config->uid);
    wr_u32(&c, a->config->gid);
    return said(out, &c);
}

static int
naive_take(struct lc_auth *a, const void *payload, size_t len)
{
    struct rd c = rd_over(payload, len);
    a->peer_uid = rd_u32(&c);
    a->peer_gid = rd_u32(&c);
    if (c.bad || rd_left(&c) != 0)
        return fail(a, "the peer's naive identity is not 8 bytes long");
    return succeed(a);
}

/* ovis: each side challenges the other to prove that it knows the secret. */
static int
ovis_challenge(struct lc_auth *a, struct lc_auth_out *out)
{
    struct lc_ovis m = {.type = LC_OVIS_CHALLENGE,
                        .big_endian = a->big_endian,
                        .challenge = a->challenge};
    struct wr c = speak(out, out->bytes);

    if (!a->daemon && lc_challenge_add(a->challenge) < 0)
        return fail(a, "out of memory");
    a->listed = !a->daemon;
    a->asked = true;
    lc_ovis_put(&c, &m);
    return said(out, &c);
}

static int
ovis_prove(struct lc_auth *a, uint64_t challenge, struct lc_auth_out *out)
{
    struct lc_ovis m = {.type = LC_OVIS_PROOF, .big_endian = a->big_endian};
    struct wr c = speak(out, out->bytes);

    if (lc_ovis_prove(challenge, a->config->secret, m.proof) < 0)
        return fail(a, "libcrypto has no SHA-224");
    lc_ovis_put(&c, &m);
    return said(out, &c);
}

/* The side that connects waits for the daemon's challenge, which comes unasked, learns
 * the daemon's byte order from it, and then sends its own challenge before its proof: a
 * daemon that has its proof takes no challenge any more. */
static int
ovis_challenged(struct lc_auth *a, const struct lc_ovis *m, struct lc_auth_out *out)
{
    if (a->daemon ? m->challenge == a->challenge : lc_challenge_is_ours(m->challenge))
        return fail(a, "the peer sent a challenge of ours back: it does not know the "
                       "secret");
    if (a->daemon)
        return ovis_prove(a, m->challenge, out);
    if (a->asked)
        return fail(a, "the peer sent a second challenge");
    a->big_endian = m->big_endian;
    int err = ovis_challenge(a, out);
    return err < 0 ? err : ovis_prove(a, m->challenge, out);
}

static int
ovis_take(struct lc_auth *a, const void *payload, size_t len, struct lc_auth_out *out)
{
    struct lc_ovis m;
    char expected[LC_OVIS_PROOF_BYTES];
    unsigned differs = 0;

    if (lc_ovis_take(payload, len, &m) < 0)
        return fail(a, "the peer sent neither an ovis challenge nor a proof");
    if (m.type == LC_OVIS_CHALLENGE)
        return ovis_challenged(a, &m, out);
    if (!a->asked)
        return fail(a, "the peer sent a proof before it was challenged");
    if (lc_ovis_prove(a->challenge, a->config->secret, expected) < 0)
        return fail(a, "libcrypto has no SHA-224");
    for (size_t i = 0; i < sizeof(expected); i++)
        differs |= (unsigned)(expected[i] ^ m.proof[i]);
    if (differs)
        return fail(a, "the peer does not know our secret");
    return succeed(a);
}

/* munge: each side sends a credential for its own address. */
static int
munge_begin(struct lc_auth *a, struct lc_auth_out *out)
{
    char *credential = NULL;
    struct wr c = speak(out, out->bytes);
    int err = lc_munge_encode(a->config->munge_socket, a->address, a->address_len,
                              &credential, a->why, sizeof(a->why));

    if (err < 0)
        return err;
    wr_bytes(&c, credential, strlen(credential) + 1);
    free(credential);
    return said(out, &c) < 0 ? fail(a, "our munge credential is too long") : 0;
}

static int
munge_take(struct lc_auth *a, const void *payload, size_t len)
{
    const char *credential = payload;

    if (len == 0 || len > LC_AUTH_OUT_BYTES || credential[len - 1] != '\0')
        return fail(a, "the peer's munge credential does not end");
    int err = lc_munge_decode(a->config->munge_socket, credential, &a->peer_uid,
                              &a->peer_gid, a->why, sizeof(a->why));
    return err < 0 ? err : succeed(a);
}

void
lc_auth_init(struct lc_auth *a, const struct lc_auth_config *config, bool daemon,
             uint64_t random)
{
    static const uint16_t one = 1;
    uint8_t first_byte;

    memcpy(&first_byte, &one, 1);
    *a = (struct lc_auth){.config = config,
                          .daemon = daemon,
                          .big_endian = first_byte == 0,
                          .challenge = random,
                          .peer_uid = NOBODY,
                          .peer_gid = NOBODY};
}

int
lc_auth_begin(struct lc_auth *a, struct lc_auth_out *out)
{
    switch (a->config->kind) {
    case LC_AUTH_NAIVE:
        return naive_begin(a, out);
    case LC_AUTH_OVIS:
        return a->daemon ? ovis_challenge(a, out) : 0;
    case LC_AUTH_MUNGE:
        return munge_begin(a, out);
    case LC_AUTH_NONE:
        break;
    }
    a->peer_uid = a->peer_gid = 0; /* without authentication everybody is root */
    return succeed(a);
}

int
lc_auth_take(struct lc_auth *a, const void *payload, size_t len,
             struct lc_auth_out *out)
{
    if (a->done)
        return fail(a, "the peer goes on authenticating");
    switch (a->config->kind) {
    case LC_AUTH_NAIVE:
        return naive_take(a, payload, len);
    case LC_AUTH_OVIS:
        return ovis_take(a, payload, len, out);
    case LC_AUTH_MUNGE:
        return munge_take(a, payload, len);
    case LC_AUTH_NONE:
        break;
    }
    return fail(a, "the peer wants to authenticate, which was not agreed");
}

void
lc_auth_end(struct lc_auth *a)
{
    if (a->listed)
        lc_challenge_drop(a->challenge);
    a->listed = false;
}

static const struct {
    const char *name;
    enum lc_auth_kind kind;
} kinds[] = {
    {"none", LC_AUTH_NONE},
    {"naive", LC_AUTH_NAIVE},
    {"ovis", LC_AUTH_OVIS},
    {"munge", LC_AUTH_MUNGE},
};

/* The value of "name=" among the words of options, in out: 1, or 0 if it is not there.
 * -EINVAL where out is too small. */
static int
take_option(const char *options, const char *name, char *out, size_t size)
{
    size_t name_len = strlen(name);

    while (options && *options) {
        options += strspn(options, " \t\n");
        size_t len = strcspn(options, " \t\n");
        if (len > name_len && options[name_len] == '=' &&
            strncmp(options, name, name_len) == 0) {
            size_t value_len = len - name_len - 1;
            if (value_len >= size)
                return -EINVAL;
            memcpy(out, options + name_len + 1, value_len);
            out[value_len] = '\0';
            return 1;
        }
        options += len;
    }
    return 0;
}

static int
take_id(const char *options, const char *name, uint32_t *ret_id)
{
    char text[32], *end;

    *ret_id = NOBODY;
    int given = take_option(options, name, text, sizeof(text));
    if (given <= 0)
        return given;
    errno = 0;
    unsigned long id = strtoul(text, &end, 10);
    if (errno || *end || end == text || id > UINT32_MAX || text[0] == '-')
        return -EINVAL;
    *ret_id = (uint32_t)id;
    return 0;
}

int
lc_auth_configure(struct lc_auth_config *ret_config, const char *name,
                  const char *options, char *ret_why, size_t why_size)
{
    char path[4096];
    struct lc_auth_config *c = ret_config;

    *c = (struct lc_auth_config){.kind = LC_AUTH_NONE};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].name, name) == 0) {
            c->name = kinds[i].name;
            c->kind = kinds[i].kind;
        }
    if (!c->name) {
        snprintf(
            ret_why, why_size,
            "authentication '%.40s' is not known here: it can be none, naive, ovis "
            "or munge",
            name);
        return -EINVAL;
    }
    if (take_id(options, "uid", &c->uid) < 0 || take_id(options, "gid", &c->gid) < 0) {
        snprintf(ret_why, why_size, "uid= and gid= take numbers");
        return -EINVAL;
    }
    int given = 0;
    if (c->kind == LC_AUTH_MUNGE)
        given =
            take_option(options, "socket", c->munge_socket, sizeof(c->munge_socket));
    if (c->kind == LC_AUTH_OVIS)
        given = take_option(options, "conf", path, sizeof(path));
    if (given < 0)
        snprintf(ret_why, why_size, "the path is too long");
    if (given < 0 || c->kind != LC_AUTH_OVIS)
        return given < 0 ? given : 0;
    if (!given && options && *options && !strchr(options, '=')) {
        snprintf(path, sizeof(path), "%s", options);
        given = 1;
    }
    return lc_secret_read(given ? path : NULL, c->secret, ret_why, why_size);
}

/* SPDX-License-Identifier: MIT */
/* libmunge, opened on demand. */
#include "munge.h"

#include "ldmsctl.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* What we use of munge.h, which need not be there when we are built. Its numbers are
 * libmunge's ABI. */
struct munge_ctx;
enum { MUNGE_SUCCESS = 0, MUNGE_OPT_SOCKET = 8 };

struct munge {
    void *library;
    struct munge_ctx *(*ctx_create)(void);
    void (*ctx_destroy)(struct munge_ctx *);
    int (*ctx_set)(struct munge_ctx *, int, ...);
    const char *(*ctx_strerror)(struct munge_ctx *);
    int (*encode)(char **, struct munge_ctx *, const void *, int);
    int (*decode)(const char *, struct munge_ctx *, void **, int *, uid_t *, gid_t *);
};

/* dlsym() hands out functions as data. */
static void
find(void *library, const char *name, void *ret_function)
{
    void *symbol = dlsym(library, name);
    memcpy(ret_function, &symbol, sizeof(symbol));
}

static int
open_munge(struct munge *m, struct munge_ctx **ret_ctx, const char *socket, char *why,
           size_t size)
{
    m->library = dlopen("libmunge.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!m->library) {
        snprintf(why, size, "munge needs libmunge: %.150s", dlerror());
        return -LDMSCTL_EAUTH;
    }
    find(m->library, "munge_ctx_create", &m->ctx_create);
    find(m->library, "munge_ctx_destroy", &m->ctx_destroy);
    find(m->library, "munge_ctx_set", &m->ctx_set);
    find(m->library, "munge_ctx_strerror", &m->ctx_strerror);
    find(m->library, "munge_encode", &m->encode);
    find(m->library, "munge_decode", &m->decode);
    bool whole = m->ctx_create && m->ctx_destroy && m->ctx_set && m->ctx_strerror &&
                 m->encode && m->decode;
    struct munge_ctx *ctx = whole ? m->ctx_create() : NULL;
    if (!ctx ||
        (*socket && m->ctx_set(ctx, MUNGE_OPT_SOCKET, socket) != MUNGE_SUCCESS)) {
        snprintf(why, size, "libmunge is of no use");
        if (ctx)
            m->ctx_destroy(ctx);
        dlclose(m->library);
        return -LDMSCTL_EAUTH;
    }
    *ret_ctx = ctx;
    return 0;
}

static int
close_munge(struct munge *m, struct munge_ctx *ctx, int failed, char *why, size_t size)
{
    if (failed) {
        const char *words = m->ctx_strerror(ctx);
        snprintf(why, size, "munge: %.150s", words ? words : "failed");
    }
    m->ctx_destroy(ctx);
    dlclose(m->library);
    return failed ? -LDMSCTL_EAUTH : 0;
}

int
lc_munge_encode(const char *socket, const void *payload, size_t len,
                char **ret_credential, char *ret_why, size_t why_size)
{
    struct munge m = {0};
    struct munge_ctx *ctx = NULL;
    char *credential = NULL;
    int err = open_munge(&m, &ctx, socket, ret_why, why_size);

    if (err < 0)
        return err;
    int failed = m.encode(&credential, ctx, payload, (int)len) != MUNGE_SUCCESS;
    if (failed)
        free(credential);
    else
        *ret_credential = credential;
    return close_munge(&m, ctx, failed, ret_why, why_size);
}

int
lc_munge_decode(const char *socket, const char *credential, uint32_t *ret_uid,
                uint32_t *ret_gid, char *ret_why, size_t why_size)
{
    struct munge m = {0};
    struct munge_ctx *ctx = NULL;
    void *payload = NULL;
    int len = 0;
    uid_t uid = 0;
    gid_t gid = 0;
    int err = open_munge(&m, &ctx, socket, ret_why, why_size);

    if (err < 0)
        return err;
    int failed = m.decode(credential, ctx, &payload, &len, &uid, &gid) != MUNGE_SUCCESS;
    free(payload); /* the peer's address as it sees it, which NAT may change */
    if (!failed) {
        *ret_uid = (uint32_t)uid;
        *ret_gid = (uint32_t)gid;
    }
    return close_munge(&m, ctx, failed, ret_why, why_size);
}

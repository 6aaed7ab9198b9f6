/* SPDX-License-Identifier: MIT */
/* Ways in: listeners for producers that advertise themselves, advertisers, listening
 * endpoints and authentication domains. */
#include "daemon_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The advertiser named, or NULL and the answer why not. */
static struct dm_object *
advertiser(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    struct dm_object *o = name ? dm_find(d, DM_PRDCRS, name) : NULL;
    if (name && !o)
        dm_say(r, ENOENT, "The advertiser specified does not exist.");
    return o;
}

/* Starting one that isn't there adds it. */
void
dm_advertiser_start(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o;
    if (!q->attr[LC_ATTR_NAME] || !dm_find(d, DM_PRDCRS, q->attr[LC_ATTR_NAME]))
        dm_prdcr_add(d, q, r);
    o = r->status == 0 ? advertiser(d, q, r) : NULL;
    if (o && o->running)
        dm_say(r, EBUSY, "The advertiser is already running.");
    else if (o)
        o->running = true;
}

void
dm_advertiser_stop(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = advertiser(d, q, r);
    if (o && !o->running)
        dm_say(r, EBUSY, "The advertiser is already stopped.");
    else if (o)
        o->running = false;
}

void
dm_advertiser_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = advertiser(d, q, r);
    if (o && o->running)
        dm_say(r, EBUSY, "The advertiser is in use.");
    else if (o)
        dm_remove(d, DM_PRDCRS, o->name);
}

void
dm_prdcr_listen_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    if (!name || (q->attr[LC_ATTR_REGEX] && !dm_check_regex(r, q->attr[LC_ATTR_REGEX])))
        return;
    if (!dm_make(d, DM_PRDCR_LISTENS, name, q))
        dm_say(r, EEXIST, "The prdcr listener %s already exists.", name);
}

static struct dm_object *
listener(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    struct dm_object *o = name ? dm_find(d, DM_PRDCR_LISTENS, name) : NULL;
    if (name && !o)
        dm_say(r, ENOENT, "The producer listen '%s' does not exist.\n", name);
    return o;
}

void
dm_prdcr_listen_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = listener(d, q, r);
    if (o && o->running)
        dm_say(r, EBUSY, "The producer listen '%s' is in use.\n", o->name);
    else if (o)
        dm_remove(d, DM_PRDCR_LISTENS, o->name);
}

void
dm_prdcr_listen_start(struct dm_daemon *d, const struct dm_request *q,
                      struct dm_reply *r)
{
    struct dm_object *o = listener(d, q, r);
    if (o && o->running)
        dm_say(r, EBUSY, "The producer listen '%s' is already running.\n", o->name);
    else if (o)
        o->running = true;
}

void
dm_prdcr_listen_stop(struct dm_daemon *d, const struct dm_request *q,
                     struct dm_reply *r)
{
    struct dm_object *o = listener(d, q, r);
    if (o)
        o->running = false;
}

void
dm_prdcr_listen_status(struct dm_daemon *d, const struct dm_request *q,
                       struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCR_LISTENS];
    FILE *out = dm_write(r, LC_ATTR_JSON, true);

    (void)q;
    fputc('[', out);
    for (size_t i = 0; i < all->count; i++) {
        const struct dm_object *o = all->at[i];
        fputs(i ? "," : "", out);
        dm_put(out,
               "{\"name\":~,\"state\":~,\"regex\":~,\"IP range\":~,\"quota\":~,"
               "\"rx_rate\":~,\"type\":~,\"producers\":[]}",
               o->name, o->running ? "running" : "stopped",
               dm_attr_or(o, LC_ATTR_REGEX, "-"), dm_attr_or(o, LC_ATTR_IP, "-"),
               dm_attr_or(o, LC_ATTR_QUOTA, "-1"), dm_attr_or(o, LC_ATTR_RX_RATE, "-1"),
               dm_attr_or(o, LC_ATTR_TYPE, "passive"));
    }
    fputc(']', out);
}

void
dm_auth_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    /* Whether there is such a plugin shows when somebody listens with it. */
    if (name && !dm_make(d, DM_AUTHS, name, q))
        dm_say(r, EEXIST, "Authentication domain creation failed, errno: %d", EEXIST);
}

void
dm_auth_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    if (name && !dm_find(d, DM_AUTHS, name))
        dm_say(r, ENOENT, "'%s' authentication domain not found.", name);
    else if (name)
        dm_remove(d, DM_AUTHS, name);
}

void
dm_listen(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    enum { BUSY_OR_DENIED = 8 }; /* a code of zap's, not an errno */
    const char *xprt = dm_need(q, r, LC_ATTR_XPRT, "xprt");
    const char *port = q->attr[LC_ATTR_PORT] ? q->attr[LC_ATTR_PORT] : "411";
    const char *auth = q->attr[LC_ATTR_AUTH];
    char endpoint[64], *end;

    if (!xprt)
        return;
    long number = strtol(port, &end, 10);
    if (*end || end == port || number < 1 || number > UINT16_MAX) {
        dm_say(r, EINVAL, "'%s' transport with invalid port '%s'", xprt, port);
        return;
    }
    const struct dm_object *domain = auth ? dm_find(d, DM_AUTHS, auth) : NULL;
    if (auth && !domain) {
        dm_say(r, ENOENT,
               "Listen error: authentication domain '%s' not found. Please make sure "
               "that it is created with `auth_add` config command.",
               auth);
        return;
    }
    snprintf(endpoint, sizeof(endpoint), "%s:%ld", xprt, number);
    if (dm_find(d, DM_ENDPOINTS, endpoint)) {
        dm_say(r, EEXIST, "The listening endpoint %s is already exists", endpoint);
        return;
    }
    int err = 0;
    if (d->body.listen)
        err = d->body.listen(d->body.context, (uint16_t)number,
                             domain ? dm_attr_or(domain, LC_ATTR_PLUGIN, domain->name)
                                    : NULL,
                             domain ? domain->attr[LC_ATTR_STRING] : NULL);
    if (err)
        dm_say(r, BUSY_OR_DENIED, "Failed to listen on the endpoint %s.", endpoint);
    else
        (void)dm_make(d, DM_ENDPOINTS, endpoint, q);
}

/* SPDX-License-Identifier: MIT */
/* The two publish and subscribe services: streams, and the message service. */
#include "daemon_state.h"

#include <errno.h>
#include <string.h>
#include <time.h>

static bool
streams_are_on(const struct dm_daemon *d, struct dm_reply *r)
{
    if (!d->streams_on)
        dm_say(r, ENOSYS, "The stream service is DISABLED on this system.");
    return d->streams_on;
}

/* The stream of that name, made when it is new. */
static struct dm_object *
stream(struct dm_daemon *d, const char *name)
{
    struct dm_object *o = dm_find(d, DM_STREAMS, name);
    return o ? o : dm_make(d, DM_STREAMS, name, NULL);
}

void
dm_stream_publish(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name =
        streams_are_on(d, r) ? dm_need(q, r, LC_ATTR_NAME, "name") : NULL;
    const char *data =
        q->attr[LC_ATTR_STRING] ? q->attr[LC_ATTR_STRING] : q->attr[LC_ATTR_JSON];
    struct dm_object *o = name ? stream(d, name) : NULL;

    if (!o)
        return;
    o->last_s = (int64_t)time(NULL);
    if (o->count++ == 0)
        o->first_s = o->last_s;
    o->bytes += data ? strlen(data) + 1 : 0;
    dm_say(r, 0, "ACK");
}

void
dm_stream_subscribe(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name =
        streams_are_on(d, r) ? dm_need(q, r, LC_ATTR_NAME, "name") : NULL;
    struct dm_object *o = name ? stream(d, name) : NULL;

    if (!o)
        return;
    o->running = true;
    dm_say(r, 0, "OK");
}

void
dm_stream_unsubscribe(struct dm_daemon *d, const struct dm_request *q,
                      struct dm_reply *r)
{
    const char *name =
        streams_are_on(d, r) ? dm_need(q, r, LC_ATTR_NAME, "name") : NULL;
    struct dm_object *o = name ? dm_find(d, DM_STREAMS, name) : NULL;

    if (!name)
        return;
    if (!o || !o->running) {
        dm_say(r, ENOENT, "'%s' is not subscribed to.", name);
        return;
    }
    o->running = false;
    dm_say(r, 0, "OK");
}

void
dm_stream_client_dump(struct dm_daemon *d, const struct dm_request *q,
                      struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_STREAMS];
    const char *separator = "";

    if (!streams_are_on(d, r))
        return;
    if (!q->owner) { /* asked only once the service is there */
        dm_say(r, EPERM, "Operation not permitted.");
        return;
    }
    FILE *out = dm_write(r, LC_ATTR_JSON, false);
    fputs("{\"streams\":[", out);
    for (size_t i = 0; i < all->count; i++)
        if (all->at[i]->running) {
            fputs(separator, out);
            dm_put(out, "{\"name\":~,\"clients\":[{\"cb_fn\":~,\"ctxt\":\"0x1\"}]}",
                   all->at[i]->name, "ldmsc");
            separator = ",";
        }
    fputs("]}", out);
}

static void
put_received(FILE *out, int64_t first_s, int64_t last_s, uint64_t count, uint64_t bytes)
{
    fprintf(out,
            "\"pub\":{},\"recv\":{\"first_ts\":%lld,\"last_ts\":%lld,\"count\":%llu,"
            "\"total_bytes\":%llu}",
            (long long)first_s, (long long)last_s, (unsigned long long)count,
            (unsigned long long)bytes);
}

void
dm_stream_status(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_STREAMS];
    struct dm_object sum = {0};

    if (!streams_are_on(d, r))
        return;
    FILE *out = dm_write(r, LC_ATTR_JSON, false);
    fputc('{', out);
    for (size_t i = 0; i < all->count; i++) {
        struct dm_object *o = all->at[i];
        if (o->count == 0)
            continue;
        dm_put(out, "~:{\"mode\":~,", o->name,
               o->running ? "subscribed" : "not subscribed");
        put_received(out, o->first_s, o->last_s, o->count, o->bytes);
        fputs(",\"publishers\":{}},", out);
        if (sum.count == 0 || o->first_s < sum.first_s)
            sum.first_s = o->first_s;
        if (o->last_s > sum.last_s)
            sum.last_s = o->last_s;
        sum.count += o->count;
        sum.bytes += o->bytes;
        if (dm_is_true(q->attr[LC_ATTR_RESET]))
            o->count = o->bytes = 0;
    }
    if (sum.count) {
        fputs("\"_OVERALL_\":{", out);
        put_received(out, sum.first_s, sum.last_s, sum.count, sum.bytes);
        fputc('}', out);
    }
    fputc('}', out);
}

void
dm_stream_enable(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)q;
    d->streams_on = true;
    dm_say(r, 0, "OK");
}

void
dm_stream_disable(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)q;
    d->streams_on = false;
    dm_say(r, 0, "OK");
}

void
dm_msg_stats(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    if (!d->messages_on) {
        dm_say(r, EOPNOTSUPP, "The message service is disabled.");
        return;
    }
    if (q->attr[LC_ATTR_REGEX] && !dm_is_regex(q->attr[LC_ATTR_REGEX])) {
        dm_say(r, EINVAL, "ldms_msg_stats_str() error: %d", EINVAL);
        return;
    }
    fputs("[]", dm_write(r, LC_ATTR_JSON, false)); /* nobody sends messages here */
}

void
dm_msg_client_stats(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)q;
    if (d->messages_on)
        fputs("[]", dm_write(r, LC_ATTR_JSON, false));
    else
        dm_say(r, EOPNOTSUPP, "The LDMS message service is disabled.");
}

void
dm_msg_enable(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)q;
    d->messages_on = true;
    dm_say(r, 0, "OK");
}

void
dm_msg_disable(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    (void)q;
    d->messages_on = false;
    dm_say(r, 0, "OK");
}

/* SPDX-License-Identifier: MIT */
/* A configuration put together from what the status methods tell. */
#include "dump_parts.h"
#include "handle.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DUMP_BYTES_MAX = 64 << 20 };

/* In the order in which a daemon can take what they say; a part says it of each object,
 * and where there is none, a line does when the method is not refused. */
static const struct section {
    const char *method;
    lc_dump_part *part;
    const char *line;
} sections[] = {
    {"metric_sets_default_authz", NULL, NULL},
    {"stream_status", NULL, "stream_enable\n"},
    {"msg_stats", NULL, "msg_enable\n"},
    {"plugn_sets", NULL, NULL},
    {"plugn_status", lc_dump_plugin, NULL},
    {"dir_list", lc_dump_set, NULL},
    {"prdcr_status", lc_dump_producer, NULL},
    {"prdcr_listen_status", lc_dump_listen, NULL},
    {"updtr_status", lc_dump_updater, NULL},
    {"updtr_match_list", lc_dump_updater_matches, NULL},
    {"updtr_status", lc_dump_updater_start, NULL},
    {"strgp_status", lc_dump_storage, NULL},
    {"qgroup_info", lc_dump_qgroup, NULL},
    {"log_status", lc_dump_log, NULL},
    {"failover_status", lc_dump_failover, NULL},
};

static struct lc_dump_kept *
place_of(struct lc_dump *d, const char *method)
{
    if (strcmp(method, "plugn_sets") == 0)
        return &d->sets;
    return strcmp(method, "plugn_status") == 0 ? &d->plugins : NULL;
}

/* A list of objects, or one object. */
static void
put_document(struct lc_dump *d, lc_dump_part *part, struct lc_json document)
{
    struct lc_json_walk walk = lc_json_walk(document);
    struct lc_json object;

    if (*document.at == '{')
        part(d, document);
    while (!d->text.bad && *document.at == '[' && lc_json_next(&walk, NULL, &object))
        part(d, object);
}

static int
put_section(struct lc_dump *d, const struct section *s,
            const struct ldmsctl_reply *reply)
{
    struct lc_dump_kept *kept = place_of(d, s->method);
    const char *text = reply->text;
    struct lc_json document;
    size_t fault;

    if (s->line)
        lc_cfg_put(&d->text, "%s", s->line);
    if (!text || s->line)
        return 0;
    if (!s->part && !kept) {
        lc_dump_authz(d, text);
        return 0;
    }
    if (kept) {
        free(kept->text);
        text = kept->text = strdup(text);
    }
    if (!text)
        return -ENOMEM;
    if (lc_json_check(text, kept ? strlen(text) : reply->text_len, &document, &fault) <
        0)
        return -LDMSCTL_EPROTO;
    if (kept)
        kept->document = document;
    if (s->part)
        put_document(d, s->part, document);
    return 0;
}

/* What a release lacks, or has not switched on, is nothing to make up for. */
static bool
is_nothing(const struct ldmsctl_reply *reply)
{
    return reply->status == ENOSYS || reply->status == EOPNOTSUPP;
}

static int
ask(struct ldmsctl *lc, struct lc_dump *d, const struct section *s)
{
    struct ldmsctl_reply reply;
    int err = lc_call_plain(lc, s->method, &reply);

    if (err == 0) {
        err = put_section(d, s, &reply);
        if (err == -LDMSCTL_EPROTO)
            lc_engine_say(&lc->engine, "%s: the answer to %s is not JSON",
                          lc->engine.peer, s->method);
    } else if (err == -LDMSCTL_EREFUSED) {
        if (!is_nothing(&reply))
            lc_cfg_put(&d->text, "# %s: status %d\n", s->method, (int)reply.status);
        err = 0;
    }
    return err;
}

int
ldmsctl_dump_cfg_text(struct ldmsctl *lc, char **ret_text)
{
    struct lc_dump d = {.text.q = queue_make(DUMP_BYTES_MAX)};
    char *text = NULL;
    int err = 0;

    lc_cfg_put(
        &d.text,
        "# %s, as its status methods tell. They do not tell how plugins are\n"
        "# configured, what authentication domains are, where it listens, what is\n"
        "# subscribed to, and permissions.\n",
        lc->engine.peer);
    for (size_t i = 0; err == 0 && i < sizeof(sections) / sizeof(sections[0]); i++)
        err = ask(lc, &d, &sections[i]);
    if (err == 0 && !d.text.bad)
        text = malloc(d.text.q.len + 1);
    if (text) {
        memcpy(text, queue_at(&d.text.q), d.text.q.len);
        text[d.text.q.len] = '\0';
        *ret_text = text;
    } else if (err == 0 || err == -ENOMEM) {
        err = d.text.bad ? -LDMSCTL_ETOOBIG : -ENOMEM;
        lc_engine_say(&lc->engine, "cannot dump %s: %s", lc->engine.peer,
                      ldmsctl_strerror(err));
    }
    free(d.plugins.text);
    free(d.sets.text);
    queue_free(&d.text.q);
    return err;
}

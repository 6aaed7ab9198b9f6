/* SPDX-License-Identifier: MIT */
/* Configuration from files and into files, as the daemon's `include` and `dump_cfg`. */
#include "daemon_state.h"

#include "call.h"
#include "script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool
dm_command(struct dm_daemon *d, const char *command, struct dm_reply *ret_reply)
{
    struct lc_call call = {0};
    char why[LC_CALL_WHY_BYTES];
    bool done = lc_call_line(&call, command, LDMSCTL_RELEASE_MAIN, why) == 0;

    *ret_reply = (struct dm_reply){0};
    if (!done) {
        dm_say(ret_reply, ENOSYS, "%s", why);
        dm_reply_end(ret_reply);
    }
    for (size_t i = 0; done && i < call.n_steps; i++) {
        struct dm_request q = {.id = call.steps[i].request_id, .owner = true};
        struct rd list = rd_over(call.bytes + call.steps[i].at, call.steps[i].len);
        dm_reply_free(ret_reply);
        done = dm_take_attrs(&list, false, &q);
        if (done)
            dm_answer(d, &q, ret_reply);
        done = done && ret_reply->status == 0;
    }
    lc_call_free(&call);
    return done;
}

FILE *
dm_open(const char *path, const char *mode)
{
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        errno = EINVAL;
        return NULL;
    }
    return fopen(path, mode);
}

/* A script, which is closed after it: as dm_read(). */
static int
run_script(struct dm_daemon *d, FILE *file, size_t *ret_line_no, char *ret_why,
           size_t why_size)
{
    struct script s = script_over(file);
    const char *command;
    int status = file ? 0 : errno;

    *ret_line_no = 0;
    snprintf(ret_why, why_size, "%s", strerror(status));
    if (!file)
        return status;
    while (status == 0 && (command = script_next(&s, ret_line_no))) {
        struct dm_reply r;
        if (!dm_command(d, command, &r)) {
            status = r.status;
            snprintf(ret_why, why_size, "%s", r.text ? r.text : strerror(status));
            ret_why[strcspn(ret_why, "\n")] = '\0';
        }
        dm_reply_free(&r);
    }
    if (s.failed || s.binary) {
        status = EINVAL;
        snprintf(ret_why, why_size, "%s",
                 s.failed ? strerror(errno) : "the line has a NUL byte in it");
        *ret_line_no = s.binary ? s.line_no : s.line_no + 1;
    }
    script_free(&s);
    fclose(file);
    return status;
}

int
dm_read(struct dm_daemon *d, const char *path, size_t *ret_line_no, char *ret_why,
        size_t why_size)
{
    return run_script(d, fopen(path, "re"), ret_line_no, ret_why, why_size);
}

void
dm_include(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *path = dm_need(q, r, LC_ATTR_PATH, "path");
    size_t line_no = 0;
    char why[200];
    int status = 0;

    if (!path)
        return;
    if (d->including >= 8) { /* files that include each other */
        status = ELOOP;
    } else {
        d->including++;
        status = run_script(d, dm_open(path, "re"), &line_no, why, sizeof(why));
        d->including--;
    }
    if (status)
        dm_say(r, status, "Failed to process cfg '%s' at line %zu: %s", path, line_no,
               strerror(status));
}

/* The words of an object that its command takes, by their names in the language. */
static void
put_words(FILE *out, const char *verb, const struct dm_object *o)
{
    fprintf(out, "%s", verb);
    for (uint32_t id = LC_ATTR_NAME; id < LC_ATTR_COUNT; id++)
        if (o->attr[id] && id != LC_ATTR_STRING)
            fprintf(out, " %s=%s", lc_attr_name(id), o->attr[id]);
    if (o->attr[LC_ATTR_STRING])
        fprintf(out, " %s", o->attr[LC_ATTR_STRING]);
    fputc('\n', out);
}

static void
put_shelf(FILE *out, const struct dm_daemon *d, enum dm_kind kind, const char *verb)
{
    for (size_t i = 0; i < d->shelves[kind].count; i++)
        put_words(out, verb, d->shelves[kind].at[i]);
}

static void
put_plugins(FILE *out, const struct dm_daemon *d, enum dm_kind kind)
{
    const struct dm_shelf *all = &d->shelves[kind];
    for (size_t i = 0; i < all->count; i++) {
        const struct dm_object *o = all->at[i];
        fprintf(out, "load name=%s plugin=%s\n", o->name, dm_plugin_of(o));
        if (o->attr[LC_ATTR_STRING])
            fprintf(out, "config name=%s %s\n", o->name, o->attr[LC_ATTR_STRING]);
        if (o->running)
            fprintf(out, "start name=%s interval=%lld offset=%lld\n", o->name,
                    (long long)o->interval_us, (long long)o->offset_us);
    }
}

/* What was said about updaters and storage policies after they were added. */
static void
put_policies(FILE *out, const struct dm_daemon *d, enum dm_kind kind,
             const char *prefix)
{
    const struct dm_shelf *all = &d->shelves[kind];
    for (size_t i = 0; i < all->count; i++) {
        const struct dm_object *o = all->at[i];
        for (size_t k = 0; k < o->producers.count; k++)
            fprintf(out, "%s_prdcr_add name=%s regex=%s\n", prefix, o->name,
                    o->producers.at[k]);
        for (size_t k = 0; k < o->items.count; k++) {
            const char *regex = strchr(o->items.at[k], 1);
            if (regex)
                fprintf(out, "%s_match_add name=%s match=%.*s regex=%s\n", prefix,
                        o->name, (int)(regex - o->items.at[k]), o->items.at[k],
                        regex + 1);
            else
                fprintf(out, "%s_metric_add name=%s metric=%s\n", prefix, o->name,
                        o->items.at[k]);
        }
        if (o->running)
            fprintf(out, "%s_start name=%s\n", prefix, o->name);
    }
}

/* What concerns the daemon as a whole. */
static void
put_services(FILE *out, const struct dm_daemon *d)
{
    fprintf(out, "metric_sets_default_authz uid=%s gid=%s perm=%04o\n", d->uid, d->gid,
            d->perm);
    fputs(d->streams_on ? "stream_enable\n" : "", out);
    fputs(d->messages_on ? "msg_enable\n" : "", out);
}

static void
put_groups(FILE *out, const struct dm_daemon *d)
{
    const struct dm_shelf *all = &d->shelves[DM_GROUPS];
    for (size_t i = 0; i < all->count; i++) {
        const struct dm_words *members = &all->at[i]->items;
        put_words(out, "setgroup_add", all->at[i]);
        for (size_t k = 0; k < members->count; k++)
            fprintf(out, "setgroup_ins name=%s instance=%s\n", all->at[i]->name,
                    members->at[k]);
    }
}

static void
put_started(FILE *out, const struct dm_daemon *d, enum dm_kind kind, const char *verb)
{
    for (size_t i = 0; i < d->shelves[kind].count; i++)
        if (d->shelves[kind].at[i]->running)
            fprintf(out, "%s name=%s\n", verb, d->shelves[kind].at[i]->name);
}

static void
put_quota_group(FILE *out, const struct dm_daemon *d)
{
    put_words(out, "qgroup_config", d->qgroup);
    put_shelf(out, d, DM_QMEMBERS, "qgroup_member_add");
    fputs(d->qgroup->running ? "qgroup_start\n" : "", out);
}

void
dm_dump_cfg(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *folder = dm_need(q, r, LC_ATTR_PATH, "path");
    char path[1024];

    if (!folder)
        return;
    snprintf(path, sizeof(path), "%s/%s.conf", folder, d->name);
    FILE *out = dm_open(path, "we");
    if (!out) {
        dm_say(r, EINVAL, "Unable to write configuration file at path %s.", path);
        return;
    }
    put_services(out, d);
    put_shelf(out, d, DM_AUTHS, "auth_add");
    put_plugins(out, d, DM_SAMPLERS);
    put_plugins(out, d, DM_STORES);
    put_shelf(out, d, DM_PRDCRS, "prdcr_add");
    put_started(out, d, DM_PRDCRS, "prdcr_start");
    put_shelf(out, d, DM_PRDCR_LISTENS, "prdcr_listen_add");
    put_started(out, d, DM_PRDCR_LISTENS, "prdcr_listen_start");
    put_shelf(out, d, DM_UPDTRS, "updtr_add");
    put_policies(out, d, DM_UPDTRS, "updtr");
    put_shelf(out, d, DM_STRGPS, "strgp_add");
    put_policies(out, d, DM_STRGPS, "strgp");
    put_groups(out, d);
    put_quota_group(out, d);
    if (fclose(out) != 0)
        dm_say(r, EIO, "Unable to write configuration file at path %s.", path);
}

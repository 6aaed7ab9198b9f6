/* SPDX-License-Identifier: MIT */
/* Metric sets and groups of them: the directory, who may read them, user data. */
#include "daemon_state.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Empty groups have no metrics: this is SHA-256 of nothing. */
#define DIGEST "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"

void
dm_setgroup_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = q->attr[LC_ATTR_NAME];

    if (!name)
        dm_say(r, EINVAL, "missing `name` attribute");
    else if (dm_find(d, DM_SETS, name) || !dm_make(d, DM_GROUPS, name, q))
        dm_say(r, EEXIST, "A set or a group existed with the given name.");
}

static struct dm_object *
group(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = q->attr[LC_ATTR_NAME];
    struct dm_object *o = name ? dm_find(d, DM_GROUPS, name) : NULL;

    if (!name)
        dm_say(r, EINVAL, "missing `name` attribute");
    else if (!o && dm_find(d, DM_SETS, name))
        dm_say(r, EINVAL, "Not a group");
    else if (!o)
        dm_say(r, 0, "Group get error: 0"); /* the real one's slip, known by now */
    return o;
}

void
dm_setgroup_mod(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = group(d, q, r);

    if (!o || !q->attr[LC_ATTR_INTERVAL])
        return; /* an offset alone changes nothing */
    free(o->attr[LC_ATTR_OFFSET]);
    o->attr[LC_ATTR_OFFSET] = NULL;
    dm_remember(o, q);
}

void
dm_setgroup_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = group(d, q, r);
    if (o)
        dm_remove(d, DM_GROUPS, o->name);
}

/* The members that a request names, in a comma list. */
static struct dm_words
members_of(const struct dm_request *q, struct dm_reply *r)
{
    const char *list = dm_need(q, r, LC_ATTR_INSTANCE, "instance");
    struct dm_words members = {0};

    while (list && *list) {
        size_t len = strcspn(list, ",");
        char *member = strndup(list, len);
        if (member && len > 0)
            (void)dm_words_add(&members, member);
        free(member);
        list += len + (list[len] == ',');
    }
    return members;
}

void
dm_setgroup_ins(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = group(d, q, r);
    struct dm_words members = o ? members_of(q, r) : (struct dm_words){0};

    for (size_t i = 0; i < members.count; i++)
        if (!dm_words_has(&o->items, members.at[i]))
            (void)dm_words_add(&o->items, members.at[i]);
    dm_words_free(&members);
}

void
dm_setgroup_rm(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = group(d, q, r);
    struct dm_words members = o ? members_of(q, r) : (struct dm_words){0};

    if (o)
        dm_words_remove_all(&o->items, &members);
    dm_words_free(&members);
}

void
dm_set_udata(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *set = q->attr[LC_ATTR_INSTANCE], *udata = q->attr[LC_ATTR_UDATA];
    char *end = NULL;

    if (!set || !q->attr[LC_ATTR_METRIC] || !udata) {
        dm_say(r, EINVAL, "The attribute '%s' is required.",
               !set    ? "instance"
               : udata ? "metric"
                       : "udata");
        return;
    }
    (void)strtoull(udata, &end, 0);
    if (!dm_find(d, DM_SETS, set) && !dm_find(d, DM_GROUPS, set))
        dm_say(r, ENOENT, "Set '%s' not found.", set);
    else if (end == udata || *end)
        dm_say(r, EINVAL, "User data '%s' is invalid.", udata);
}

void
dm_set_udata_regex(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *set = dm_need(q, r, LC_ATTR_INSTANCE, "instance");
    if (set && dm_need(q, r, LC_ATTR_REGEX, "regex") &&
        dm_need(q, r, LC_ATTR_BASE, "base")) {
        if (!dm_find(d, DM_SETS, set) && !dm_find(d, DM_GROUPS, set))
            dm_say(r, ENOENT, "Set '%s' not found.", set);
        else
            (void)dm_check_regex(r, q->attr[LC_ATTR_REGEX]);
    }
}

/* A number, or a name that the system knows. */
static bool
is_id(const char *text, bool of_user)
{
    char *end;
    (void)strtoul(text, &end, 10);
    if (end != text && !*end)
        return true;
    return of_user ? getpwnam(text) != NULL : getgrnam(text) != NULL;
}

/* True when uid, gid and perm of the request can be taken. */
static bool
ids_are_good(const struct dm_request *q, struct dm_reply *r)
{
    enum { SET_SEC_MOD = 0x613 };
    bool of_sets = q->id == SET_SEC_MOD; /* which has words of its own */
    const char *perm = q->attr[LC_ATTR_PERM];
    char *end = NULL;
    unsigned long bits = perm ? strtoul(perm, &end, 8) : 0;

    if (q->attr[LC_ATTR_UID] && !is_id(q->attr[LC_ATTR_UID], true))
        dm_say(r, EINVAL,
               of_sets ? "Unknown user '%s'"
                       : "uid value \"%s\" is not a valid UID or user name",
               q->attr[LC_ATTR_UID]);
    else if (q->attr[LC_ATTR_GID] && !is_id(q->attr[LC_ATTR_GID], false))
        dm_say(r, EINVAL,
               of_sets ? "Unknown group '%s'"
                       : "gid value \"%s\" is not a valid GID or user name",
               q->attr[LC_ATTR_GID]);
    else if (perm && (end == perm || *end))
        dm_say(r, EINVAL, "String to permission bits conversion failed%s",
               of_sets ? "." : "");
    else if (bits > 0777)
        dm_say(r, EINVAL, "Permissions value is out of range");
    else
        return true;
    return false;
}

static void
replace(char **text, const char *by)
{
    char *copy = by ? strdup(by) : NULL;
    if (!copy)
        return;
    free(*text);
    *text = copy;
}

void
dm_set_default_authz(struct dm_daemon *d, const struct dm_request *q,
                     struct dm_reply *r)
{
    if (!ids_are_good(q, r))
        return;
    replace(&d->uid, q->attr[LC_ATTR_UID]);
    replace(&d->gid, q->attr[LC_ATTR_GID]);
    if (q->attr[LC_ATTR_PERM])
        d->perm = (unsigned)strtoul(q->attr[LC_ATTR_PERM], NULL, 8);
    dm_say(r, 0, "defaults: uid=%s, gid=%s, perm=%o", d->uid, d->gid, d->perm);
}

void
dm_set_sec_mod(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *sets = &d->shelves[DM_SETS];
    struct dm_request change = {.attr = {[LC_ATTR_UID] = q->attr[LC_ATTR_UID],
                                         [LC_ATTR_GID] = q->attr[LC_ATTR_GID],
                                         [LC_ATTR_PERM] = q->attr[LC_ATTR_PERM]}};

    if (!q->attr[LC_ATTR_REGEX])
        dm_say(r, EINVAL, "'regex' is required.");
    if (!q->attr[LC_ATTR_REGEX] || !dm_check_regex(r, q->attr[LC_ATTR_REGEX]) ||
        !ids_are_good(q, r))
        return;
    for (size_t i = 0; i < sets->count; i++)
        if (dm_matches(q->attr[LC_ATTR_REGEX], sets->at[i]->name))
            dm_remember(sets->at[i], &change);
}

void
dm_set_stats(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    FILE *out = dm_write(r, LC_ATTR_JSON, false);
    fprintf(out, "{ \"active_count\": %zu,\n \"deleting_count\": 0,\n",
            d->shelves[DM_SETS].count + d->shelves[DM_GROUPS].count);
    if (dm_is_true(q->attr[LC_ATTR_SUMMARY]))
        fputs(" \"summary\": \"true\",\n", out);
    else
        fputs(" \"mem_total_kb\": 65536,\n \"mem_free_kb\": 65536,\n"
              " \"mem_used_kb\": 0,\n \"set_load\": 0,\n",
              out);
    fputs(" \"compute_time\": 0\n}", out);
}

/* "-r--r-----" of 0440. */
static void
put_perm(FILE *out, unsigned perm)
{
    fputs("\"perm\":\"-", out);
    for (int bit = 8; bit >= 0; bit--)
        fputc(perm >> bit & 1 ? "xwr"[bit % 3] : '-', out);
    fputc('"', out);
}

/* Its members, the newest first, and how often it is to be updated. */
static void
put_info(FILE *out, const struct dm_object *o, const struct dm_object *sampler,
         bool is_group)
{
    const char *interval = is_group ? o->attr[LC_ATTR_INTERVAL] : NULL;
    const char *offset = o->attr[LC_ATTR_OFFSET], *separator = "";

    for (size_t i = o->items.count; is_group && i-- > 0; separator = ",") {
        char key[600];
        snprintf(key, sizeof(key), "    grp_member: %s", o->items.at[i]);
        fputs(separator, out);
        dm_put(out, "{\"key\":~,\"value\":\"-\"}", key);
    }
    if (interval) /* in microseconds: the daemon reads no further than the digits */
        fprintf(out, "%s{\"key\":\"updt_hint_us\",\"value\":\"%lld:", separator,
                strtoll(interval, NULL, 10));
    if (interval && offset)
        fprintf(out, "%lld", strtoll(offset, NULL, 10));
    if (interval)
        fputs("\"}", out);
    if (sampler && sampler->interval_us)
        fprintf(out, "{\"key\":\"updt_hint_us\",\"value\":\"%lld:%lld\"}",
                (long long)sampler->interval_us, (long long)sampler->offset_us);
}

static void
put_set(FILE *out, const struct dm_daemon *d, const struct dm_object *o, bool is_group)
{
    const struct dm_object *sampler =
        is_group ? NULL : dm_find(d, DM_SAMPLERS, dm_attr_or(o, LC_ATTR_PLUGIN, ""));
    const char *perm = is_group ? NULL : o->attr[LC_ATTR_PERM];
    unsigned bits = perm ? (unsigned)strtoul(perm, NULL, 8) : d->perm;
    bool sampled = sampler && sampler->running;

    dm_put(out, "{\"name\":~,\"schema\":~,\"digest\":~,", o->name,
           is_group ? "ldmsd_grp_schema" : dm_attr_or(o, LC_ATTR_SCHEMA, ""), DIGEST);
    fprintf(out,
            "\"flags\":\"%cL \",\"meta_size\":200,\"data_size\":96,\"heap_size\":0,"
            "\"uid\":%lu,\"gid\":%lu,",
            sampled ? 'C' : ' ', strtoul(d->uid, NULL, 10), strtoul(d->gid, NULL, 10));
    put_perm(out, bits);
    fprintf(out,
            ",\"card\":%d,\"array_card\":1,\"meta_gn\":1,\"data_gn\":1,"
            "\"timestamp\":{\"sec\":%lld,\"usec\":0},\"duration\":{\"sec\":0,"
            "\"usec\":0},\"info\":[",
            is_group ? 0 : 6, sampled ? (long long)time(NULL) : 0LL);
    put_info(out, o, sampler, is_group);
    fputs("]}", out);
}

/* Set or group number i, or NULL past the last. */
static const struct dm_object *
entry(const struct dm_daemon *d, size_t i, bool *ret_is_group)
{
    const struct dm_shelf *sets = &d->shelves[DM_SETS],
                          *groups = &d->shelves[DM_GROUPS];
    *ret_is_group = i >= sets->count;
    if (!*ret_is_group)
        return sets->at[i];
    return i - sets->count < groups->count ? groups->at[i - sets->count] : NULL;
}

char *
dm_directory(struct dm_daemon *d, bool owner, size_t *at, size_t most, size_t *ret_len)
{
    enum { FULL_BYTES = 1000000 }; /* leaves room for one entry more in a message */
    const char *separator = "";
    const struct dm_object *o;
    char *text = NULL;
    bool is_group;
    size_t put = 0;
    FILE *out = open_memstream(&text, ret_len);

    if (!out)
        return NULL;
    fputs("{ \"directory\" : [ ", out);
    for (; (o = entry(d, *at, &is_group)); ++*at) {
        const char *perm = is_group ? NULL : o->attr[LC_ATTR_PERM];
        unsigned bits = perm ? (unsigned)strtoul(perm, NULL, 8) : d->perm;
        if (!owner && !(bits & 4))
            continue; /* not for everybody's eyes */
        if (put == most || ftell(out) > FULL_BYTES)
            break;
        fputs(separator, out);
        put_set(out, d, o, is_group);
        separator = ",";
        put++;
    }
    if (!o)
        *at = 0;
    fputs("]}", out);
    return fclose(out) == 0 ? text : NULL;
}

/* SPDX-License-Identifier: MIT */
/* Updaters: which producers' sets are read, how often, and which of them. */
#include "daemon_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEFAULT_INTERVAL_US = 1000000 };

/* Interval and offset of a request into the object. */
static bool
take_times(const struct dm_request *q, struct dm_reply *r, int64_t *interval_us,
           int64_t *offset_us)
{
    const char *interval = q->attr[LC_ATTR_INTERVAL], *offset = q->attr[LC_ATTR_OFFSET];

    if (interval && (!dm_take_us(interval, interval_us))) {
        dm_say(r, EINVAL, "The given update interval value (%s) is invalid.", interval);
        return false;
    }
    if (*interval_us <= 0) {
        dm_say(r, EINVAL, "The update interval value must be larger than 0.");
        return false;
    }
    if (offset && !dm_take_us(offset, offset_us)) {
        dm_say(r, EINVAL, "The given update offset value (%s) is invalid.", offset);
        return false;
    }
    if (llabs(*offset_us) > *interval_us / 2) {
        dm_say(r, EINVAL,
               "The absolute value of the offset value must not be larger than the "
               "half of the update interval.");
        return false;
    }
    return true;
}

static bool
modes_are_good(const struct dm_request *q, struct dm_reply *r)
{
    const char *automatic = q->attr[LC_ATTR_AUTO_INTERVAL],
               *push = q->attr[LC_ATTR_PUSH];

    if (automatic && strcasecmp(automatic, "true") != 0 &&
        strcasecmp(automatic, "false") != 0)
        dm_say(r, EINVAL,
               "The auto_interval option requires either 'true', or 'false'\n");
    else if (dm_is_true(automatic) && push)
        dm_say(r, EINVAL, "auto_interval and push are incompatible options");
    else if (push && strcasecmp(push, "onchange") != 0 &&
             strcasecmp(push, "true") != 0 && strcasecmp(push, "yes") != 0)
        dm_say(r, EINVAL,
               "The valud push options are \"onchange\", \"true\" or \"yes\"\n");
    else
        return true;
    return false;
}

void
dm_updtr_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = q->attr[LC_ATTR_NAME];
    int64_t interval_us = DEFAULT_INTERVAL_US, offset_us = 0;

    if (!name)
        dm_say(r, EINVAL, "The attribute 'name' is required.");
    else if (!q->attr[LC_ATTR_INTERVAL])
        dm_say(r, EINVAL, "The 'interval' attribute is required.");
    if (!name || !q->attr[LC_ATTR_INTERVAL] ||
        !take_times(q, r, &interval_us, &offset_us) || !modes_are_good(q, r))
        return;
    struct dm_object *o = dm_make(d, DM_UPDTRS, name, q);
    if (!o) {
        dm_say(r, EEXIST, "The updtr %s already exists.", name);
        return;
    }
    o->interval_us = interval_us;
    o->offset_us = offset_us;
}

/* The updater named, or NULL and the answer why not. */
static struct dm_object *
named(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    struct dm_object *o = name ? dm_find(d, DM_UPDTRS, name) : NULL;
    if (name && !o)
        dm_say(r, ENOENT, "The updater specified does not exist.");
    return o;
}

/* And one that may be changed, that is, does not run. */
static struct dm_object *
at_rest(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    enum { PRDCR_DEL = 0x306 };
    struct dm_object *o = named(d, q, r);
    if (o && o->running) {
        dm_say(r, EBUSY,
               "Configuration changes cannot be made while the updater is running%s",
               q->id == PRDCR_DEL ? "," : "."); /* as the real one writes it */
        return NULL;
    }
    return o;
}

void
dm_updtr_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = named(d, q, r);
    if (o && o->running)
        dm_say(r, EBUSY, "The updater is in use.");
    else if (o)
        dm_remove(d, DM_UPDTRS, o->name);
}

/* Interval and offset that an updater is to start with, as far as they are given: in
 * words of their own. */
static bool
take_new_times(const struct dm_request *q, struct dm_reply *r, int64_t *interval_us,
               int64_t *offset_us)
{
    const char *interval = q->attr[LC_ATTR_INTERVAL], *offset = q->attr[LC_ATTR_OFFSET];

    if (offset && !dm_take_us(offset, offset_us))
        dm_say(r, EINVAL, "The given update offset value (%s) is invalid.", offset);
    else if (interval && !dm_take_us(interval, interval_us))
        dm_say(r, EINVAL, "The given update interval value (%s) is invalid.", interval);
    else if (interval && *interval_us <= 0)
        dm_say(r, EINVAL, "The update interval must be a positive interval. (%lld)",
               (long long)*interval_us);
    else if (interval && offset && llabs(*offset_us) > *interval_us / 2)
        dm_say(r, EINVAL,
               "The absolute value of the offset value must not be larger than the "
               "half of the update interval. (i=%lld,o=%lld)",
               (long long)*interval_us, (long long)*offset_us);
    else
        return true;
    return false;
}

void
dm_updtr_start(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    bool has_interval = q->attr[LC_ATTR_INTERVAL], has_offset = q->attr[LC_ATTR_OFFSET];
    int64_t interval_us = 0, offset_us = 0;
    struct dm_object *o =
        take_new_times(q, r, &interval_us, &offset_us) ? named(d, q, r) : NULL;

    if (!o)
        return;
    if (o->running) {
        dm_say(r, EBUSY, "The updater is already running.");
        return;
    }
    if (!has_interval)
        interval_us = o->interval_us;
    if (!has_interval && !has_offset)
        offset_us = o->offset_us;
    if (llabs(offset_us) > interval_us / 2) {
        dm_say(r, EINVAL, "Error %d EINVAL", EINVAL);
        return;
    }
    o->interval_us = interval_us;
    o->offset_us = offset_us;
    if (has_interval || has_offset)
        o->without_offset = !has_offset;
    dm_remember(o, q);
    o->running = true;
}

void
dm_updtr_stop(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = named(d, q, r);
    if (o)
        o->running = false;
}

void
dm_updtr_prdcr_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    const char *regex = dm_need(q, r, LC_ATTR_REGEX, "regex");
    struct dm_object *o = regex ? at_rest(d, q, r) : NULL;
    if (!o)
        return;
    if (!dm_is_regex(regex)) {
        dm_say(r, EINVAL, "Error %d EINVAL", EINVAL);
        return;
    }
    if (!dm_words_has(&o->producers, regex))
        (void)dm_words_add(&o->producers, regex);
    for (size_t i = 0; i < all->count; i++) /* those to come have to be added again */
        if (dm_matches(regex, all->at[i]->name) &&
            !dm_words_has(&o->members, all->at[i]->name))
            (void)dm_words_add(&o->members, all->at[i]->name);
    if (!d->is_main)
        dm_say(r, 0, "0\n");
}

void
dm_updtr_prdcr_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    const char *regex = dm_need(q, r, LC_ATTR_REGEX, "regex");

    if (regex && !dm_is_regex(regex))
        dm_say(r, EINVAL, "Error %d EINVAL", EINVAL);
    struct dm_object *o = regex && r->status == 0 ? at_rest(d, q, r) : NULL;
    if (!o)
        return;
    (void)dm_words_remove(&o->producers, regex);
    for (size_t i = 0; i < all->count; i++)
        if (dm_matches(regex, all->at[i]->name))
            (void)dm_words_remove(&o->members, all->at[i]->name);
}

/* "selector\1regex"; the caller frees. NULL after an answer. */
static char *
match_of(const struct dm_request *q, struct dm_reply *r)
{
    const char *regex = dm_need(q, r, LC_ATTR_REGEX, "regex");
    const char *match = q->attr[LC_ATTR_MATCH] ? q->attr[LC_ATTR_MATCH] : "inst";
    enum { MATCH_DEL = 0x308 };
    char *both = NULL;
    size_t len;

    if (!regex)
        return NULL;
    if (strcmp(match, "schema") != 0 && strcmp(match, "inst") != 0) {
        dm_say(r, EINVAL,
               q->id == MATCH_DEL ? "Unrecognized match type '%s'"
                                  : "The value '%s' for match= is invalid.",
               match);
        return NULL;
    }
    if (q->id != MATCH_DEL && !dm_is_regex(regex)) {
        dm_say(r, EINVAL, "The regex value '%s' is invalid.", regex);
        return NULL;
    }
    FILE *out = open_memstream(&both, &len);
    if (!out)
        return NULL;
    fprintf(out, "%s\1%s", match, regex);
    return fclose(out) == 0 ? both : NULL;
}

void
dm_updtr_match_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = at_rest(d, q, r);
    char *match = o ? match_of(q, r) : NULL;
    if (match)
        (void)dm_words_add(&o->items, match); /* which may be there already */
    free(match);
}

void
dm_updtr_match_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    char *match = match_of(q, r); /* here the match is looked at first */
    struct dm_object *o = match ? at_rest(d, q, r) : NULL;
    if (o && !dm_words_remove(&o->items, match))
        dm_say(r, ENOENT, "The specified regex does not match any condition.");
    free(match);
}

/* What an updater does, for each one asked for: those of one name, or all. */
typedef void put_updater(FILE *out, const struct dm_daemon *d, struct dm_object *o);

static void
put_each(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r,
         const char *lacking, put_updater *put)
{
    const struct dm_shelf *all = &d->shelves[DM_UPDTRS];
    const char *name = q->attr[LC_ATTR_NAME], *separator = "";

    if (name && !dm_find(d, DM_UPDTRS, name)) {
        dm_say(r, ENOENT, "updtr '%s' %s", name, lacking);
        return;
    }
    FILE *out = dm_write(r, LC_ATTR_JSON, true);
    fputc('[', out);
    for (size_t i = 0; i < all->count; i++)
        if (!name || strcmp(name, all->at[i]->name) == 0) {
            fputs(separator, out);
            put(out, d, all->at[i]);
            separator = ",\n";
        }
    fputc(']', out);
}

static const char *
mode_of(const struct dm_object *o)
{
    const char *push = o->attr[LC_ATTR_PUSH];
    if (!push)
        return "Pull";
    return strcasecmp(push, "onchange") == 0 ? "Push on Change" : "Push on Request";
}

static void
put_status(FILE *out, const struct dm_daemon *d, struct dm_object *o)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    const char *separator = "";

    dm_put(out, "{\"name\":~,", o->name);
    fprintf(out,
            "\"interval\":\"%lld\",\"offset\":\"%lld\",\"sync\":\"%s\","
            "\"mode\":\"%s\",\"auto\":\"%s\",\"state\":\"%s\",\"producers\":[",
            (long long)o->interval_us, (long long)o->offset_us,
            o->without_offset ? "false" : "true", mode_of(o),
            dm_is_true(o->attr[LC_ATTR_AUTO_INTERVAL]) ? "true" : "false",
            o->running ? "RUNNING" : "STOPPED");
    for (size_t i = 0; i < all->count; i++) {
        const struct dm_object *p = all->at[i];
        if (!dm_words_has(&o->members, p->name))
            continue;
        fputs(separator, out);
        dm_put(out, "{\"name\":~,\"host\":~,", p->name,
               dm_attr_or(p, LC_ATTR_HOST, ""));
        fprintf(out, "\"port\":%ld,", dm_prdcr_port(p));
        dm_put(out, "\"transport\":~,\"state\":~}", dm_attr_or(p, LC_ATTR_XPRT, ""),
               dm_prdcr_state(p));
        separator = ",\n";
    }
    fputs("]}", out);
}

void
dm_updtr_status(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    put_each(d, q, r, "doesn't exist.", put_status);
}

static void
put_matches(FILE *out, const struct dm_daemon *d, struct dm_object *o)
{
    const char *separator = "";

    (void)d;
    dm_put(out, "{\"name\":~,\"match\":[", o->name);
    for (size_t i = o->items.count; i-- > 0; separator = ",") { /* the newest first */
        const char *both = o->items.at[i];
        const char *regex = strchr(both, 1) + 1;
        fputs(separator, out);
        dm_put(out, "{\"regex\":~,\"selector\":~}", regex,
               strncmp(both, "inst\1", 5) == 0 ? "inst" : "schema");
    }
    fputs("]}", out);
}

void
dm_updtr_match_list(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    put_each(d, q, r, "does not exist.", put_matches);
}

static void
put_tasks(FILE *out, const struct dm_daemon *d, struct dm_object *o)
{
    (void)d;
    dm_put(out, "{\"name\":~,\"tasks\":[", o->name);
    fprintf(out, "{\"interval_us\":\"%lld\",\"offset_us\":\"",
            (long long)o->interval_us);
    if (o->without_offset)
        fputs("None", out);
    else
        fprintf(out, "%lld", (long long)o->offset_us);
    fputs("\",\"default_task\":\"true\"}]}", out);
}

void
dm_updtr_task(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    put_each(d, q, r, "not found", put_tasks);
}

/* Is the imagined set of one of its producers one that this updater reads? */
static bool
reads(const struct dm_object *o, const char *set)
{
    bool chosen = o->items.count == 0;

    for (size_t i = 0; i < o->items.count && !chosen; i++) {
        const char *both = o->items.at[i];
        bool by_instance = strncmp(both, "inst\1", 5) == 0;
        chosen =
            dm_matches(strchr(both, 1) + 1, by_instance ? set : DM_SCHEMA_OF_PRODUCERS);
    }
    return chosen;
}

static void
put_times(FILE *out, const struct dm_daemon *d, struct dm_object *o)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    const char *separator = "";

    dm_put(out, "~:{", o->name);
    if (d->is_main) {
        fputs("\"histogram\":{\"n_warmup\":10,\"warmup_count\":0,"
              "\"warmup_in_progress\":true}",
              out);
        separator = ",";
    }
    for (size_t i = 0; i < all->count; i++) {
        char *set = dm_set_of_producer(all->at[i]);
        if (!set || !dm_words_has(&o->members, all->at[i]->name)) {
            free(set);
            continue;
        }
        fputs(separator, out);
        dm_put(out, "~:{", all->at[i]->name);
        if (o->running && reads(o, set))
            dm_put(out,
                   "~:{\"min\":0.000000,\"max\":0.000000,\"avg\":0.000000,"
                   "\"cnt\":0,\"skipped_cnt\":0,\"oversampled_cnt\":0}",
                   set);
        fputc('}', out);
        separator = ",";
        free(set);
    }
    fputc('}', out);
}

void
dm_update_time_stats(struct dm_daemon *d, const struct dm_request *q,
                     struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_UPDTRS];
    const char *name = q->attr[LC_ATTR_NAME], *separator = "";

    if (name && !dm_find(d, DM_UPDTRS, name)) {
        dm_say(r, ENOENT, "updtr '%s' doesn't exist.", name);
        return;
    }
    FILE *out = dm_write(r, LC_ATTR_STRING, false); /* JSON all the same */
    fputc('{', out);
    for (size_t i = 0; i < all->count; i++)
        if (!name || strcmp(name, all->at[i]->name) == 0) {
            fputs(separator, out);
            put_times(out, d, all->at[i]);
            separator = ",";
        }
    fputc('}', out);
}

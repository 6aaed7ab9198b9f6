/* SPDX-License-Identifier: MIT */
/* Storage policies: which producers' sets go into which container of which store. */
#include "daemon_state.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Metrics that the set of an imagined producer has. */
static const char *const imagined_metrics[] = {
    "component_id", "job_id", "app_id", "MemTotal", "MemFree", "MemAvailable"};

/* Does the policy store this producer's imagined set? */
static bool
stores(const struct dm_object *o, const struct dm_object *prdcr)
{
    const char *schema = o->attr[LC_ATTR_SCHEMA];
    if (schema ? strcmp(schema, DM_SCHEMA_OF_PRODUCERS) != 0
               : !dm_matches(dm_attr_or(o, LC_ATTR_REGEX, ""), DM_SCHEMA_OF_PRODUCERS))
        return false;
    return o->producers.count == 0 || dm_any_regex(&o->producers, prdcr->name);
}

/* Without a choice of its own, a policy takes on the metrics of what it stores. */
static bool
has_stored(const struct dm_daemon *d, const struct dm_object *o)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    bool stored = false;
    for (size_t i = 0; i < all->count && !stored; i++) {
        char *set = dm_set_of_producer(all->at[i]);
        stored = o->running && set && stores(o, all->at[i]);
        free(set);
    }
    return stored;
}

enum { IMAGINED = sizeof(imagined_metrics) / sizeof(imagined_metrics[0]) };

/* They stay its own when it stops. */
static void
adopt_metrics(const struct dm_daemon *d, struct dm_object *o)
{
    bool stored = o->items.count == 0 && has_stored(d, o);
    for (size_t i = 0; stored && i < IMAGINED; i++)
        (void)dm_words_add(&o->items, imagined_metrics[i]);
}

/* Seconds or less: here the daemon knows no larger units. */
static bool
take_flush(const char *text, int64_t *ret_us)
{
    char unit = text[0] ? text[strlen(text) - 1] : '\0';
    bool is_small = isdigit((unsigned char)unit) || unit == 's';
    return is_small && dm_take_us(text, ret_us) && *ret_us >= 0;
}

void
dm_strgp_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    const char *plugin = name ? dm_need(q, r, LC_ATTR_PLUGIN, "plugin") : NULL;
    const char *schema = q->attr[LC_ATTR_SCHEMA], *regex = q->attr[LC_ATTR_REGEX];
    int64_t flush_us = 0;

    if (!plugin || !dm_need(q, r, LC_ATTR_CONTAINER, "container"))
        return;
    if (schema && regex)
        dm_say(r, EINVAL,
               "The attributes 'schema' and 'regex' are mutually exclusive.");
    else if (regex && !q->attr[LC_ATTR_DECOMP])
        dm_say(r, EINVAL,
               "The attributes 'decomposition' is required when 'regex' is used.");
    else if (!schema && !regex)
        dm_say(r, EINVAL,
               "The attribute 'schema' or 'regex' is required by strgp_add.");
    else if (q->attr[LC_ATTR_INTERVAL] &&
             !take_flush(q->attr[LC_ATTR_INTERVAL], &flush_us))
        dm_say(r, ENOENT, "The specified flush interval, \"%s\", is invalid.",
               q->attr[LC_ATTR_INTERVAL]);
    else if (!dm_find(d, DM_STORES, plugin))
        dm_say(r, ENOENT, "The plugin %s does not exist. Forgot load?\n", plugin);
    else if (regex && !dm_check_regex(r, regex))
        return;
    else {
        struct dm_object *o = dm_make(d, DM_STRGPS, name, q);
        if (o)
            o->interval_us = flush_us;
        else
            dm_say(r, EEXIST, "The strgp %s already exists.", name);
    }
}

/* The policy named, or NULL and the answer why not. */
static struct dm_object *
named(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r,
      const char *lacking)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    struct dm_object *o = name ? dm_find(d, DM_STRGPS, name) : NULL;
    if (name && !o)
        dm_say(r, ENOENT, "The storage policy %s.", lacking);
    return o;
}

/* And one that may be changed, that is, does not run. */
static struct dm_object *
at_rest(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = named(d, q, r, "specified does not exist");
    if (o && o->running) {
        dm_say(r, EBUSY,
               "Configuration changes cannot be made while the storage policy is "
               "running.");
        return NULL;
    }
    return o;
}

void
dm_strgp_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = named(d, q, r, "specified does not exist");
    if (o && o->running)
        dm_say(r, EBUSY, "The storage policy is in use.");
    else if (o)
        dm_remove(d, DM_STRGPS, o->name);
}

void
dm_strgp_start(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = named(d, q, r, "does not exist");
    if (o && o->running)
        dm_say(r, EBUSY, "The storage policy is already running.");
    else if (o)
        o->running = true;
}

void
dm_strgp_stop(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = named(d, q, r, "does not exist");
    if (o && !o->running)
        dm_say(r, EBUSY, "The storage policy is not running.");
    else if (o) {
        adopt_metrics(d, o);
        o->running = false;
    }
}

void
dm_strgp_prdcr_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *regex = dm_need(q, r, LC_ATTR_REGEX, "regex");
    struct dm_object *o = regex ? at_rest(d, q, r) : NULL;
    if (o && !dm_is_regex(regex)) /* regcomp's code is taken for an errno */
        dm_say(r, EACCES, "Permission denied.");
    else if (o)
        (void)dm_words_add(&o->producers, regex);
}

void
dm_strgp_prdcr_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *regex = dm_need(q, r, LC_ATTR_REGEX, "regex");
    struct dm_object *o = regex ? at_rest(d, q, r) : NULL;
    if (o && !dm_words_remove(&o->producers, regex))
        dm_say(r, ENOENT, "The specified regex does not match any condition.");
}

void
dm_strgp_metric_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *metric = dm_need(q, r, LC_ATTR_METRIC, "metric");
    struct dm_object *o = metric ? at_rest(d, q, r) : NULL;
    if (o && dm_words_has(&o->items, metric))
        dm_say(r, EEXIST, "The specified metric is already present.");
    else if (o)
        (void)dm_words_add(&o->items, metric);
}

void
dm_strgp_metric_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *metric = dm_need(q, r, LC_ATTR_METRIC, "metric");
    struct dm_object *o = metric ? at_rest(d, q, r) : NULL;
    if (o && !dm_words_remove(&o->items, metric))
        dm_say(r, ENOENT, "The specified metric was not found.");
}

static void
put_words(FILE *out, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        dm_put(out, i ? ",~" : "~", words[i]);
}

/* The plugin behind the instance that the policy names. */
static const char *
store_of(const struct dm_daemon *d, const struct dm_object *o)
{
    const char *name = dm_attr_or(o, LC_ATTR_PLUGIN, "");
    const struct dm_object *store = dm_find(d, DM_STORES, name);
    return store ? dm_plugin_of(store) : name;
}

static void
put_status(FILE *out, const struct dm_daemon *d, const struct dm_object *o)
{
    dm_put(out, "{\"name\":~,\"container\":~,\"schema\":~,\"regex\":~,\"plugin\":~,",
           o->name, dm_attr_or(o, LC_ATTR_CONTAINER, ""),
           dm_attr_or(o, LC_ATTR_SCHEMA, "-"), dm_attr_or(o, LC_ATTR_REGEX, "-"),
           store_of(d, o));
    fprintf(out, "\"flush\":\"%f\",\"state\":\"%s\",", (double)o->interval_us / 1e6,
            o->running ? "RUNNING" : "STOPPED");
    dm_put(out, "\"decomp\":~,\"producers\":[", dm_attr_or(o, LC_ATTR_DECOMP, "-"));
    for (size_t i = o->producers.count; i-- > 0;) /* the newest first */
        dm_put(out, i > 0 ? "~," : "~", o->producers.at[i]);
    fputs("],\"metrics\":[", out);
    if (o->items.count == 0 && has_stored(d, o))
        put_words(out, imagined_metrics, IMAGINED);
    else
        put_words(out, (const char *const *)o->items.at, o->items.count);
    fputs("]}", out);
}

void
dm_strgp_status(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_STRGPS];
    const char *name = q->attr[LC_ATTR_NAME], *separator = "";

    if (name && !dm_find(d, DM_STRGPS, name)) {
        dm_say(r, ENOENT, "strgp '%s' doesn't exist.", name);
        return;
    }
    FILE *out = dm_write(r, LC_ATTR_JSON, true);
    fputc('[', out);
    for (size_t i = 0; i < all->count; i++)
        if (!name || strcmp(name, all->at[i]->name) == 0) {
            fputs(separator, out);
            put_status(out, d, all->at[i]);
            separator = ",\n";
        }
    fputc(']', out);
}

/* One measure of how long storing took: of nothing stored yet. */
static void
put_measure(FILE *out)
{
    fputs("{\"avg\":0.000000,\"count\":0,\"end_ts\":0.000000,\"max\":0.000000,"
          "\"max_ts\":0.000000,\"min\":0.000000,\"min_ts\":0.000000,"
          "\"start_ts\":0.000000}",
          out);
}

static void
put_stages(FILE *out)
{
    static const char *const stages[] = {"commit", "decomp", "io_thread", "queue",
                                         "wait"};
    fputs("\"stage_stats\":{", out);
    for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
        dm_put(out, i ? ",~:" : "~:", stages[i]);
        put_measure(out);
    }
    fputs("},", out);
}

static void
put_times(FILE *out, const struct dm_daemon *d, const struct dm_object *o)
{
    const struct dm_shelf *all = &d->shelves[DM_PRDCRS];
    bool stored = has_stored(d, o);
    const char *separator = "";

    dm_put(out, "~:{", o->name);
    if (d->is_main)
        fputs("\"hist_store_time\":{\"n_warmup\":200,\"warmup_count\":0,"
              "\"warmup_in_progress\":true},",
              out);
    fputs("\"producers\":{", out);
    for (size_t i = 0; stored && i < all->count; i++)
        if (all->at[i]->running && stores(o, all->at[i])) {
            fputs(separator, out);
            dm_put(out, "~:{}", all->at[i]->name);
            separator = ",";
        }
    fputs("},\"sets\":{", out);
    separator = "";
    for (size_t i = 0; stored && i < all->count; i++) {
        char *set = dm_set_of_producer(all->at[i]);
        if (set && stores(o, all->at[i])) {
            fputs(separator, out);
            dm_put(out, "~:{", set);
            if (d->is_main)
                put_stages(out);
            fputs("\"stats\":", out);
            put_measure(out);
            dm_put(out, ",\"producer\":~,\"thread_id\":\"1\",\"schema\":~}",
                   all->at[i]->name, DM_SCHEMA_OF_PRODUCERS);
            separator = ",";
        }
        free(set);
    }
    fprintf(out, "},\"threads\":{%s},\"schemas\":{%s}}", stored ? "\"1\":{}" : "",
            stored ? "\"" DM_SCHEMA_OF_PRODUCERS "\":{}" : "");
}

void
dm_store_time_stats(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_STRGPS];
    const char *name = q->attr[LC_ATTR_NAME], *separator = "";

    if (name && !dm_find(d, DM_STRGPS, name)) {
        dm_say(r, ENOENT, "strgp '%s' doesn't exist.", name);
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

/* What a store tells of itself, and one alone does: nothing was sent to Kafka yet. */
void
dm_strgp_pi_stats(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = q->attr[LC_ATTR_NAME];
    const struct dm_object *o = name ? dm_find(d, DM_STRGPS, name) : NULL;

    if (!name)
        dm_say(r, EINVAL, "The 'name' parameter is required.");
    else if (!o)
        dm_say(r, ENOENT, "strgp '%s' doesn't exist.", name);
    else if (strcmp(store_of(d, o), "store_avro_kafka") == 0)
        dm_say(r, 0, "{}");
    else
        dm_say(r, EOPNOTSUPP, "strgp's plugin '%s' doesn't provide statistics.",
               store_of(d, o));
}

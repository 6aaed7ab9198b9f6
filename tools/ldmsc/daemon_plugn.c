/* SPDX-License-Identifier: MIT */
/* Plugins: samplers, which have sets, and stores. Nothing is loaded; the stand-in knows
 * the names of the daemon's own plugins, and a configured sampler has a set. */
#include "daemon_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LIBDIR "/usr/lib/ovis-ldms"

/* '*' marks those that can be loaded several times. */
static const char *const known[] = {
    "aries_mmr",
    "blob_stream",
    "clock",
    "coretemp",
    "cray_sampler",
    "*cxi_sampler",
    "dcgm_sampler",
    "dstat",
    "*app_sampler",
    "*filesingle",
    "fptrans",
    "grptest",
    "hello_sampler",
    "hello_stream",
    "ibmad_sampler",
    "ibnet",
    "job_info",
    "*json_stream_sampler",
    "kgnilnd",
    "linux_proc_sampler",
    "lnet_stats",
    "loadavg",
    "lustre_client",
    "lustre_mdt",
    "lustre_ost",
    "*meminfo",
    "msr_interlagos",
    "opa2",
    "papi_sampler",
    "perfevent",
    "procdiskstats",
    "procinterrupts",
    "procnet",
    "procnetdev",
    "*procnetdev2",
    "procnfs",
    "procstat",
    "procstat2",
    "rapl",
    "rdc_sampler",
    "shm_sampler",
    "slingshot_info",
    "slingshot_metrics",
    "slurm_sampler",
    "syspapi_sampler",
    "*test_sampler",
    "tx2mon",
    "variable",
    "vmstat",
    "zfs_zpool",
    "*store_avro_kafka",
    "store_amqp",
    "*store_csv",
    "store_flatfile",
    "store_function_csv",
    "store_influx",
    "store_kafka",
    "store_none",
    "store_papi",
    "store_rabbitkw",
    "store_rabbitv3",
    "store_slurm",
    "*store_sos",
    "*stream_dump",
    "stream_csv_store",
    "store_darshan",
};

static bool
is_known(const char *plugin, bool *ret_many)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        *ret_many = known[i][0] == '*';
        if (strcmp(known[i] + *ret_many, plugin) == 0)
            return true;
    }
    *ret_many = false;
    return false;
}

const char *
dm_plugin_of(const struct dm_object *o)
{
    return dm_attr_or(o, LC_ATTR_PLUGIN, o->name);
}

/* Samplers and stores have names of their own. */
static enum dm_kind
kind_of(const char *plugin)
{
    bool stores = strncmp(plugin, "store_", 6) == 0 || strstr(plugin, "_store") ||
                  strcmp(plugin, "stream_dump") == 0;
    return stores ? DM_STORES : DM_SAMPLERS;
}

static const char *
kind_word(enum dm_kind kind)
{
    return kind == DM_STORES ? "store" : "sampler";
}

/* The sampler of that name, or else the store. */
static struct dm_object *
find_plugin(const struct dm_daemon *d, const char *name, enum dm_kind *ret_kind)
{
    struct dm_object *sampler = dm_find(d, DM_SAMPLERS, name);
    *ret_kind = sampler ? DM_SAMPLERS : DM_STORES;
    return sampler ? sampler : dm_find(d, DM_STORES, name);
}

/* Is there an instance of it? */
static bool
is_loaded(const struct dm_daemon *d, const char *plugin)
{
    const struct dm_shelf *all = &d->shelves[kind_of(plugin)];
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(dm_plugin_of(all->at[i]), plugin) == 0)
            return true;
    return false;
}

void
dm_plugn_load(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    const char *plugin = q->attr[LC_ATTR_PLUGIN] ? q->attr[LC_ATTR_PLUGIN] : name;
    bool many;

    if (!name)
        return;
    if (!is_known(plugin, &many))
        dm_say(r, ENOENT,
               "Error %d plugin '%s': failed to load the plugin, dlerror: %s/lib%s.so: "
               "cannot open shared object file: No such file or directory\n",
               ENOENT, plugin, LIBDIR, plugin);
    else if (!many && is_loaded(d, plugin))
        return; /* nothing comes of it, and the daemon says nothing */
    else if (!dm_make(d, kind_of(plugin), name, q))
        dm_say(r, EEXIST, "Error %d adding %s named '%s' with plugin '%s'\n", EEXIST,
               kind_word(kind_of(plugin)), name, plugin);
}

/* The sets of a plugin go with it. */
static void
remove_sets(struct dm_daemon *d, const char *plugin)
{
    struct dm_shelf *sets = &d->shelves[DM_SETS];
    for (size_t i = sets->count; i-- > 0;)
        if (strcmp(dm_attr_or(sets->at[i], LC_ATTR_PLUGIN, ""), plugin) == 0)
            dm_remove(d, DM_SETS, sets->at[i]->name);
}

/* Does a storage policy store with it? */
static bool
is_stored_with(const struct dm_daemon *d, const struct dm_object *store)
{
    const struct dm_shelf *all = &d->shelves[DM_STRGPS];
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(dm_attr_or(all->at[i], LC_ATTR_PLUGIN, ""), store->name) == 0)
            return true;
    return false;
}

void
dm_plugn_term(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    enum dm_kind kind;
    struct dm_object *o = name ? find_plugin(d, name, &kind) : NULL;

    if (name && !o)
        dm_say(r, ENOENT, "plugin instance '%s' not found.", name);
    else if (o && (o->running || (kind == DM_STORES && is_stored_with(d, o))))
        dm_say(r, EBUSY,
               d->is_main
                   ? "The plugin instance '%s' is running. The instance needs to "
                     "be stopped before being terminated."
                   : "Failed to terminate the plugin instance '%s'.",
               name);
    else if (o) {
        if (kind == DM_SAMPLERS)
            remove_sets(d, name);
        dm_remove(d, kind, name);
    }
}

/* The value of KEY=value in a text of such words; the caller frees. */
static char *
word_of(const char *text, const char *key)
{
    size_t len = strlen(key);
    while (*text) {
        size_t blank = strspn(text, " \t\n"), word = strcspn(text + blank, " \t\n");
        text += blank;
        if (word > len && strncmp(text, key, len) == 0 && text[len] == '=')
            return strndup(text + len + 1, word - len - 1);
        text += word;
    }
    return NULL;
}

/* A sampler's set: instance=, else producer= and the plugin. 0, or the status. */
static int
make_set(struct dm_daemon *d, const struct dm_object *o, const char *config)
{
    struct dm_request as = {.attr = {[LC_ATTR_PLUGIN] = o->name}};
    char *instance = word_of(config, "instance"), *schema = word_of(config, "schema");
    char *producer = word_of(config, "producer"), *perm = word_of(config, "perm");
    int status = EINVAL; /* neither is given */

    if (!instance && producer) {
        size_t size = strlen(producer) + strlen(dm_plugin_of(o)) + 2;
        instance = malloc(size);
        if (instance)
            snprintf(instance, size, "%s/%s", producer, dm_plugin_of(o));
    }
    as.attr[LC_ATTR_SCHEMA] = schema ? schema : dm_plugin_of(o);
    as.attr[LC_ATTR_PRODUCER] = producer;
    as.attr[LC_ATTR_PERM] = perm;
    if (instance)
        status = dm_make(d, DM_SETS, instance, &as) ? 0 : EBUSY;
    free(instance);
    free(schema);
    free(producer);
    free(perm);
    return status;
}

void
dm_plugn_config(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    const char *config = q->attr[LC_ATTR_STRING] ? q->attr[LC_ATTR_STRING] : "";
    enum dm_kind kind;
    struct dm_object *o = name ? find_plugin(d, name, &kind) : NULL;
    bool many;

    if (!name)
        return;
    if (!o) {
        dm_say(r, ENOENT, "The specified plugin instance '%s' does not exist.", name);
        return;
    }
    if (!config[0]) {
        dm_say(r, EINVAL, "No config attributes are provided.");
        return;
    }
    (void)is_known(dm_plugin_of(o), &many);
    bool again = o->attr[LC_ATTR_STRING] != NULL;
    if (again && !many) {
        dm_say(r, EINVAL, "The %s '%s' does not support multiple configurations.\n",
               kind_word(kind), name);
        return;
    }
    int status = again ? EINVAL : 0;
    if (kind == DM_SAMPLERS)
        status = make_set(d, o, config);
    if (status)
        dm_say(r, status, "Error %d configuring plugin instance '%s'.", status, name);
    else
        dm_remember(o, &(struct dm_request){.attr = {[LC_ATTR_STRING] = config}});
}

void
dm_plugn_start(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    const char *interval = name ? dm_need(q, r, LC_ATTR_INTERVAL, "interval") : NULL;
    struct dm_object *o = interval ? dm_find(d, DM_SAMPLERS, name) : NULL;
    int64_t interval_us = 0, offset_us = 0;

    if (!interval)
        return;
    if (!o)
        dm_say(r, ENOENT, "Sampler instance '%s' not found.", name);
    else if (!dm_take_us(interval, &interval_us) || interval_us <= 0)
        dm_say(r, EINVAL, "interval '%s' invalid", interval);
    else if (q->attr[LC_ATTR_OFFSET] &&
             !dm_take_us(q->attr[LC_ATTR_OFFSET], &offset_us))
        dm_say(r, EDOM, "The given 'offset' (%s) is invalid.", q->attr[LC_ATTR_OFFSET]);
    else if (o->running)
        dm_say(r, EBUSY, "Sampler instance '%s' is already running.", name);
    else {
        o->running = true;
        o->interval_us = interval_us;
        o->offset_us = offset_us;
    }
}

void
dm_plugn_stop(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    struct dm_object *o = name ? dm_find(d, DM_SAMPLERS, name) : NULL;

    if (name && !o)
        dm_say(r, ENOENT, "Sampler instance '%s' not found.", name);
    else if (o && !o->running)
        dm_say(r, EINVAL, "The sampler instance '%s' is not running.", name);
    else if (o)
        o->running = false;
}

static void
put_plugin(FILE *out, const struct dm_object *o, enum dm_kind kind)
{
    const char *plugin = dm_plugin_of(o);
    char path[512];
    bool many;

    (void)is_known(plugin, &many);
    snprintf(path, sizeof(path), LIBDIR "/lib%s.so", plugin);
    dm_put(out, "{\"name\":~,\"plugin\":~,", o->name, plugin);
    fprintf(out, "\"type\":\"%s[%c]\",", kind_word(kind), many ? 'M' : 'S');
    dm_put(out, "\"libpath\":~}", path);
}

void
dm_plugn_status(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    FILE *out = dm_write(r, LC_ATTR_JSON, true);
    const char *separator = "";

    (void)q; /* the daemon takes a name and answers with all of them */
    fputc('[', out);
    for (enum dm_kind kind = DM_SAMPLERS; kind <= DM_STORES; kind++)
        for (size_t i = 0; i < d->shelves[kind].count; i++) {
            fputs(separator, out);
            put_plugin(out, d->shelves[kind].at[i], kind);
            separator = ",\n";
        }
    fputc(']', out);
}

void
dm_plugn_sets(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const struct dm_shelf *all = &d->shelves[DM_SAMPLERS], *sets = &d->shelves[DM_SETS];
    const char *name = q->attr[LC_ATTR_NAME], *separator = "";
    FILE *out = dm_write(r, LC_ATTR_JSON, true);

    fputc('[', out);
    for (size_t i = 0; i < all->count; i++) {
        const char *within = "";
        if (name && strcmp(name, all->at[i]->name) != 0)
            continue;
        fputs(separator, out);
        dm_put(out, "{\"plugin\":~,\"sets\":[", all->at[i]->name);
        for (size_t k = 0; k < sets->count; k++)
            if (strcmp(dm_attr_or(sets->at[k], LC_ATTR_PLUGIN, ""), all->at[i]->name) ==
                0) {
                fputs(within, out);
                dm_put(out, "~", sets->at[k]->name);
                within = ",";
            }
        fputs("]}", out);
        separator = ",";
    }
    fputc(']', out);
}

void
dm_plugn_usage(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = q->attr[LC_ATTR_NAME];
    enum dm_kind kind;

    if (name && !find_plugin(d, name, &kind)) {
        dm_say(r, ENOENT, "Plugin '%s' not loaded.", name);
        return;
    }
    for (kind = DM_SAMPLERS; kind <= DM_STORES; kind++)
        for (size_t i = 0; i < d->shelves[kind].count; i++) {
            const struct dm_object *o = d->shelves[kind].at[i];
            if (!name || strcmp(name, o->name) == 0)
                dm_say(r, 0,
                       "%s\nconfig name=%s producer=<name> instance=<name> "
                       "[schema=<name>] [perm=<octal>]\n",
                       o->name, dm_plugin_of(o));
        }
    r->without_nul = true;
}

void
dm_oneshot(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    const char *when = name ? dm_need(q, r, LC_ATTR_TIME, "time") : NULL;
    const struct dm_object *o = when ? dm_find(d, DM_SAMPLERS, name) : NULL;
    time_t now = time(NULL);

    if (!when)
        return;
    if (!o)
        dm_say(r, ENOENT, "Sampler not found.");
    else if (strncmp(when, "now", 3) != 0 && strtoll(when, NULL, 10) < now)
        dm_say(r, EINVAL, "The schedule time '%s' is ahead of the current time %lld",
               when, (long long)now);
    else if (!o->running)
        dm_say(r, EPERM, "Sampler '%s' not started yet.", name);
}

/* SPDX-License-Identifier: MIT */
/* The stand-in daemon's logs, of which it writes none: their names, and the level of each. */
#include "daemon_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char dm_first_log_level[] = "INFO,WARNING,ERROR,CRITICAL";

#define OVIS     "auth.ovis"    /* where that authentication is used */
#define POLICIES "ldmsd_smplrp" /* of the development branch */

static const struct {
    const char *name, *about;
} logs[] = {
    {OVIS, "Messages for ldms_auth_ovis"},
    {"config", "Messages for the configuration infrastructure"},
    {"failover", "Messages for the failover infrastructure"},
    {"ldms.msg", "LDMS Message Service Library"},
    {POLICIES, "LDMSD Sampler Policy"},
    {"producer", "Messages for the producer infrastructure"},
    {"sampler", "Messages for the common sampler infrastructure"},
    {"store", "Messages for the common storage infrastructure"},
    {"stream", "Messages for the stream infrastructure"},
    {"updater", "Messages for the updater infrastructure"},
    {"xprt.ldms", "Messages for ldms"},
    {"xprt.zap", "Messages for Zap"},
    {"xprt.zap.sock", "Messages for zap_sock"},
};
enum { LOGS = sizeof(logs) / sizeof(logs[0]) };

static const char *
about_of(const char *name)
{
    for (size_t i = 0; i < LOGS; i++)
        if (strcmp(name, logs[i].name) == 0)
            return logs[i].about;
    return name[1] == 'a' ? "Sampler plugin log file." : "Store plugin log file.";
}

static bool
uses_ovis(const struct dm_daemon *d)
{
    const struct dm_shelf *all = &d->shelves[DM_AUTHS];
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(dm_attr_or(all->at[i], LC_ATTR_PLUGIN, ""), "ovis") == 0)
            return true;
    return false;
}

static int
compare(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

/* The names of those there are now, in order: each plugin's instance has one. */
static struct dm_words
names_of(const struct dm_daemon *d)
{
    struct dm_words names = {0};
    char name[512];

    for (size_t i = 0; i < LOGS; i++)
        if ((strcmp(logs[i].name, OVIS) != 0 || uses_ovis(d)) &&
            (strcmp(logs[i].name, POLICIES) != 0 || d->is_main))
            (void)dm_words_add(&names, logs[i].name);
    for (enum dm_kind kind = DM_SAMPLERS; kind <= DM_STORES; kind++)
        for (size_t i = 0; i < d->shelves[kind].count; i++) {
            const struct dm_object *o = d->shelves[kind].at[i];
            snprintf(name, sizeof(name), "%s.%s.%s",
                     kind == DM_STORES ? "store" : "sampler", dm_plugin_of(o), o->name);
            (void)dm_words_add(&names, name);
        }
    if (names.count > 0)
        qsort(names.at, names.count, sizeof(*names.at), compare);
    return names;
}

/* The levels from this one up, as log_status shows them; NULL when it is no level. */
static const char *
levels_from(const char *level)
{
    static const struct {
        const char *name, *levels;
    } known[] = {{"DEBUG", "DEBUG,INFO,WARNING,ERROR,CRITICAL"},
                 {"INFO", "INFO,WARNING,ERROR,CRITICAL"},
                 {"WARNING", "WARNING,ERROR,CRITICAL"},
                 {"ERROR", "ERROR,CRITICAL"},
                 {"CRITICAL", "CRITICAL"},
                 {"QUIET", ""},
                 {"default", "default"},
                 {"reset", "default"}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcasecmp(level, known[i].name) == 0)
            return known[i].levels;
    return NULL;
}

/* The level of one log, kept under its name. */
static void
set_level(struct dm_daemon *d, const char *log, const char *levels)
{
    struct dm_object *o = dm_find(d, DM_LOGS, log);
    if (!o)
        o = dm_make(d, DM_LOGS, log, NULL);
    if (o)
        dm_remember(o, &(struct dm_request){.attr = {[LC_ATTR_LEVEL] = levels}});
}

void
dm_log_level(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *level = q->attr[LC_ATTR_LEVEL], *name = q->attr[LC_ATTR_NAME];
    const char *regex = q->attr[LC_ATTR_REGEX];
    const char *levels = level ? levels_from(level) : NULL;
    bool found = false;

    if (!level)
        dm_say(r, EINVAL, "The attribute 'level' is required.");
    else if (!levels)
        dm_say(r, EINVAL, "The given level %s is invalid.", level);
    if (!levels)
        return;
    if (regex && !dm_is_regex(regex)) {
        dm_say(r, EINVAL, "The regular expression '%s' is invalid.", regex);
        return;
    }
    if (!name && !regex) {
        bool is_default = strcmp(levels, "default") == 0;
        d->log_level = is_default ? dm_first_log_level : levels;
        return;
    }
    struct dm_words names = names_of(d);
    for (size_t i = 0; i < names.count; i++) /* of both, the expression counts */
        if (regex ? dm_matches(regex, names.at[i]) : strcmp(name, names.at[i]) == 0) {
            set_level(d, names.at[i], levels);
            found = true;
        }
    dm_words_free(&names);
    if (!found && regex)
        dm_say(r, ENOENT, "The regular expression doesn't match any logs.");
    else if (!found)
        dm_say(r, ENOENT, "The given log %s does not exist.", name);
}

void
dm_log_status(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = q->attr[LC_ATTR_NAME];
    struct dm_words names = names_of(d);

    if (name && !dm_words_has(&names, name)) {
        dm_words_free(&names);
        dm_say(r, ENOENT, "Failed to get the list of log information.");
        return;
    }
    FILE *out = dm_write(r, LC_ATTR_JSON, true);
    dm_put(out, "[{\"name\":~,\"desc\":~,\"level\":~}", "ldmsd (default)",
           "The default log subsystem", d->log_level);
    for (size_t i = 0; i < names.count; i++) {
        const struct dm_object *o = dm_find(d, DM_LOGS, names.at[i]);
        if (!name || strcmp(name, names.at[i]) == 0)
            dm_put(out, ",{\"name\":~,\"desc\":~,\"level\":~}", names.at[i],
                   about_of(names.at[i]),
                   o ? dm_attr_or(o, LC_ATTR_LEVEL, "default") : "default");
    }
    fputc(']', out);
    dm_words_free(&names);
}

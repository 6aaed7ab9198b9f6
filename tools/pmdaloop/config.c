/* SPDX-License-Identifier: MIT */
/* What a ready agent's configuration declares. */
#include "config.h"

#include <cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool __attribute__((format(printf, 2, 3)))
wrong(struct config *c, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(c->why, sizeof(c->why), format, args);
    va_end(args);
    return false;
}

static char *
text_of(const cJSON *object, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, key));
    return text ? strdup(text) : NULL;
}

static char *
labels_of(const cJSON *object)
{
    const cJSON *labels = cJSON_GetObjectItem(object, "labels");
    return cJSON_IsObject(labels) ? cJSON_PrintUnformatted(labels) : NULL;
}

/* The place of a word in a list that ends with NULL; negative for none. */
static int
place_of(const char *word, const char *const *list)
{
    for (int i = 0; list[i]; i++)
        if (strcmp(word, list[i]) == 0)
            return i;
    return -1;
}

/* ---- units: "Kbyte / sec", "count x 10^6" is not among them ---- */

/* One word, such as "Kbyte" or "sec^2", with its sign into the three dimensions. */
static bool
take_unit(const char *word, int sign, int dims[3], int scales[3])
{
    static const char *const space[] = {"byte",  "Kbyte", "Mbyte", "Gbyte",
                                        "Tbyte", "Pbyte", "Ebyte", NULL};
    static const char *const time[] = {"nanosec", "microsec", "millisec", "sec",
                                       "min",     "hour",     NULL};
    static const char *const count[] = {"count", NULL};
    static const char *const *const lists[] = {space, time, count};
    char name[32];
    int power = 1;

    if (sscanf(word, "%31[^^]^%1d", name, &power) < 1 || power < 1 || power > 7)
        return false;
    for (int i = 0; i < 3; i++) {
        int scale = place_of(name, lists[i]);
        if (scale >= 0 && dims[i] == 0) {
            dims[i] = sign * power;
            scales[i] = scale;
            return true;
        }
    }
    return false;
}

static bool
take_units(const char *text, uint32_t *ret)
{
    int dims[3] = {0}, scales[3] = {0}, sign = 1;
    char copy[128], *rest = NULL;

    if (strlen(text) >= sizeof(copy))
        return false;
    snprintf(copy, sizeof(copy), "%s", strcmp(text, "none") == 0 ? "" : text);
    for (char *w = strtok_r(copy, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
        if (strcmp(w, "/") == 0 && sign > 0)
            sign = -1;
        else if (!take_unit(w, sign, dims, scales))
            return false;
    }
    *ret = PMDALOOP_UNITS(dims[0], dims[1], dims[2], scales[0], scales[1], scales[2]);
    return true;
}

/* ---- the parts ---- */

static bool
take_indoms(struct config *c, const cJSON *list)
{
    const cJSON *one;
    int n = cJSON_GetArraySize(list);

    c->indoms = calloc((size_t)n + 1, sizeof(*c->indoms));
    c->indom_names = calloc((size_t)n + 1, sizeof(*c->indom_names));
    if (!c->indoms || !c->indom_names)
        return wrong(c, "no memory");
    cJSON_ArrayForEach(one, list)
    {
        size_t i = c->n_indoms++;
        c->indom_names[i] = text_of(one, "name");
        if (!c->indom_names[i])
            return wrong(c, "instance domain %zu has no name", i);
        c->indoms[i] = (struct pmdaloop_indom){.serial = (uint32_t)i,
                                               .help = text_of(one, "help"),
                                               .text = text_of(one, "text"),
                                               .labels = labels_of(one)};
    }
    return true;
}

static bool
take_metric(struct config *c, const cJSON *one)
{
    static const char *const types[] = {"32",    "u32",    "64",     "u64",
                                        "float", "double", "string", NULL};
    static const char *const sems[] = {"", "counter", "", "instant", "discrete", NULL};
    size_t i = c->n_metrics++;
    struct pmdaloop_metric *m = &c->metrics[i];
    const char *type = cJSON_GetStringValue(cJSON_GetObjectItem(one, "type"));
    const char *sem = cJSON_GetStringValue(cJSON_GetObjectItem(one, "semantics"));
    const char *units = cJSON_GetStringValue(cJSON_GetObjectItem(one, "units"));
    const char *indom = cJSON_GetStringValue(cJSON_GetObjectItem(one, "indom"));

    *m = (struct pmdaloop_metric){.cluster = 1 + (uint32_t)(i >> 10),
                                  .item = (uint32_t)(i & 1023),
                                  .name = text_of(one, "name"),
                                  .help = text_of(one, "help"),
                                  .text = text_of(one, "text"),
                                  .labels = labels_of(one),
                                  .user = &c->cells[i]};
    if (!m->name || !*m->name)
        return wrong(c, "metric %zu has no name", i);
    m->type = type ? place_of(type, types) : PMDALOOP_DOUBLE;
    m->sem = sem && *sem ? place_of(sem, sems) : PMDALOOP_INSTANT;
    if (m->type < 0)
        return wrong(c, "'%.80s': its type is no word that is known", m->name);
    if (m->sem < 0)
        return wrong(c, "'%.80s': semantics are counter, instant or discrete", m->name);
    if (units && !take_units(units, &m->units))
        return wrong(c, "'%.80s': no units '%.40s'", m->name, units);
    for (size_t k = 0; indom && k < c->n_indoms; k++)
        if (c->indom_names[k] && strcmp(c->indom_names[k], indom) == 0)
            m->indom = &c->indoms[k];
    if (indom && !m->indom)
        return wrong(c, "'%.80s': no instance domain '%.40s'", m->name, indom);
    return true;
}

/* Metrics of the agent's own: what it has been fed. */
static bool
add_counter(struct config *c, const char *what, const char *help, const uint64_t *count)
{
    size_t room = strlen(c->name) + strlen(what) + 2;
    char *name = malloc(room);
    struct pmdaloop_metric *m = &c->metrics[c->n_metrics];

    if (!name)
        return wrong(c, "no memory");
    snprintf(name, room, "%s.%s", c->name, what);
    *m = (struct pmdaloop_metric){.item = (uint32_t)(count == &c->bad_lines),
                                  .name = name,
                                  .type = PMDALOOP_U64,
                                  .sem = PMDALOOP_COUNTER,
                                  .units = PMDALOOP_UNITS(0, 0, 1, 0, 0, 0),
                                  .help = strdup(help),
                                  .user = count};
    c->n_metrics++;
    return true;
}

static bool
take_metrics(struct config *c, const cJSON *list)
{
    enum { MOST = 1 << 18 };
    size_t n = (size_t)cJSON_GetArraySize(list);
    const cJSON *one;

    if (n == 0 || n > MOST)
        return wrong(c, "metrics: a list of 1 to %d", MOST);
    c->metrics = calloc(n + 2, sizeof(*c->metrics));
    c->cells = calloc(n, sizeof(*c->cells));
    if (!c->metrics || !c->cells)
        return wrong(c, "no memory");
    cJSON_ArrayForEach(one, list) if (!take_metric(c, one)) return false;
    return add_counter(c, "feed.lines", "lines of values taken", &c->lines) &&
           add_counter(c, "feed.bad_lines", "lines of values refused", &c->bad_lines);
}

static bool
take_commands(struct config *c, const cJSON *list)
{
    const cJSON *one;

    c->commands = calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof(*c->commands));
    if (!c->commands)
        return wrong(c, "no memory");
    cJSON_ArrayForEach(one, list)
    {
        const cJSON *every = cJSON_GetObjectItem(one, "every_s");
        struct config_command *command = &c->commands[c->n_commands++];
        command->words = text_of(one, "command");
        if (!command->words)
            return wrong(c, "a command without a command");
        if (!cJSON_IsNumber(every) || !(every->valuedouble >= 0.01) ||
            every->valuedouble > 1e7)
            return wrong(c, "'%.80s': every_s is 0.01 or more", command->words);
        command->every_ms = (uint64_t)(every->valuedouble * 1000);
    }
    return true;
}

bool
config_parse(struct config *c, const char *text, size_t len)
{
    const char *end = NULL;

    *c = (struct config){.name = NULL};
    cJSON *root = cJSON_ParseWithLengthOpts(text, len, &end, 0);
    if (!cJSON_IsObject(root)) {
        cJSON_Delete(root);
        return wrong(c, "not a JSON object, at byte %zu",
                     end ? (size_t)(end - text) : (size_t)0);
    }
    const cJSON *domain = cJSON_GetObjectItem(root, "domain");
    bool done =
        cJSON_IsNumber(domain) && domain->valueint >= 1 && domain->valueint <= 510;
    c->name = text_of(root, "name");
    c->labels = labels_of(root);
    c->input = text_of(root, "input");
    if (!done)
        (void)wrong(c, "domain: a number from 1 to 510");
    else if (!c->name || !*c->name)
        done = wrong(c, "name: what the agent is called");
    else
        c->domain = (uint32_t)domain->valueint;
    done = done && take_indoms(c, cJSON_GetObjectItem(root, "indoms")) &&
           take_metrics(c, cJSON_GetObjectItem(root, "metrics")) &&
           take_commands(c, cJSON_GetObjectItem(root, "commands"));
    cJSON_Delete(root);
    return done;
}

static void
drop(const char *text)
{
    free((void *)(uintptr_t)text);
}

void
config_free(struct config *c)
{
    for (size_t i = 0; i < c->n_metrics; i++) {
        drop(c->metrics[i].name);
        drop(c->metrics[i].help);
        drop(c->metrics[i].text);
        drop(c->metrics[i].labels);
        if (!c->metrics[i].cluster)
            continue; /* a counter has no cells */
        for (size_t k = 0; k < c->cells[i].n; k++)
            free(c->cells[i].values[k].text);
        free(c->cells[i].values);
    }
    for (size_t i = 0; i < c->n_indoms; i++) {
        free(c->indom_names[i]);
        drop(c->indoms[i].help);
        drop(c->indoms[i].text);
        drop(c->indoms[i].labels);
    }
    for (size_t i = 0; i < c->n_commands; i++)
        free(c->commands[i].words);
    free(c->commands);
    free(c->metrics);
    free(c->cells);
    free(c->indoms);
    free(c->indom_names);
    free(c->name);
    free(c->labels);
    free(c->input);
    *c = (struct config){.name = NULL};
}

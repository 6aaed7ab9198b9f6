/* SPDX-License-Identifier: MIT */
/* What a ready agent's configuration declares. A key that means nothing is refused, since
 * it may be a slip of one that does. */
#include "members.h"
#include "units.h"
#include "values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The serial of the commands' own instance domain. */
enum { OWN_SERIAL = 0x3ffffe };

/* ---- instance domains ---- */

static bool
take_indom(struct config *c, const cJSON *one)
{
    static const char *const keys[] = {"name",   "serial",   "help", "text",
                                       "labels", "expire_s", NULL};
    size_t i = c->n_indoms++;
    struct config_indom *x = &c->indoms[i];
    struct pmdaloop_indom *decl = &c->decls[i];

    if (!member_object(c, one, "an instance domain", keys) ||
        !member_text(c, one, "name", &x->name))
        return false;
    if (!x->name || !*x->name)
        return config_wrong(c, "instance domain %zu has no name", i);
    if (!member_number(c, one, "serial", OWN_SERIAL - 1, (uint32_t)i, &decl->serial) ||
        !member_seconds(c, one, "expire_s", 0, &x->expire_ms) ||
        !member_explanations(c, one, &decl->help, &decl->text, &decl->labels))
        return config_within(c, x->name);
    for (size_t k = 0; k < i; k++)
        if (strcmp(c->indoms[k].name, x->name) == 0)
            return config_wrong(c, "two instance domains '%.80s'", x->name);
    return true;
}

static bool
take_indoms(struct config *c, const cJSON *root)
{
    const cJSON *list, *one;
    size_t n;

    if (!member_list(c, root, "indoms", &n, &list))
        return false;
    c->decls = calloc(n + 1, sizeof(*c->decls));
    c->indoms = calloc(n + 1, sizeof(*c->indoms));
    if (!c->decls || !c->indoms)
        return config_wrong(c, "no memory");
    cJSON_ArrayForEach(one, list) if (!take_indom(c, one)) return false;
    return true;
}

/* ---- metrics ---- */

static bool
set_indom(struct config *c, const cJSON *one, struct pmdaloop_metric *m,
          struct config_cells *cells)
{
    char *name;

    if (!member_text(c, one, "indom", &name))
        return false;
    for (size_t i = 0; name && i < c->n_indoms; i++)
        if (strcmp(c->indoms[i].name, name) == 0) {
            cells->indom = &c->indoms[i];
            cells->indom->n_cells++;
            m->indom = &c->decls[i];
        }
    bool done =
        !name || cells->indom || config_wrong(c, "no instance domain '%.40s'", name);
    free(name);
    return done;
}

static bool
set_units(struct config *c, const cJSON *one, struct pmdaloop_metric *m)
{
    char *units;

    if (!member_text(c, one, "units", &units))
        return false;
    bool done = !units || units_parse(units, &m->units) ||
                config_wrong(c, "no units '%.40s'", units);
    free(units);
    return done;
}

/* Its number within the agent: its own, or its place in the list. */
static bool
set_number(struct config *c, const cJSON *one, size_t place, struct pmdaloop_metric *m)
{
    bool has_item = cJSON_HasObjectItem(one, "item");

    if (place > 0 && has_item != cJSON_HasObjectItem(c->first_metric, "item"))
        return config_wrong(c, "item: all metrics have one, or none");
    if (!has_item && cJSON_HasObjectItem(one, "cluster"))
        return config_wrong(c, "cluster: without an item");
    if (!member_number(c, one, "cluster", 4095,
                       has_item ? 1 : 1 + (uint32_t)(place >> 10), &m->cluster) ||
        !member_number(c, one, "item", 1023, (uint32_t)(place & 1023), &m->item))
        return false;
    return m->cluster > 0 || config_wrong(c, "cluster: 0 is the agent's own");
}

/* What it is before it is fed. */
static bool
set_value(struct config *c, const cJSON *one, const struct pmdaloop_metric *m,
          struct config_cells *cells)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(one, "value");
    struct pmdaloop_value v;

    if (!value)
        return true;
    if (cells->indom)
        return config_wrong(c, "value: it has instances");
    if (!value_take(value, m->type, &v))
        return config_wrong(c, "value: not of its type");
    return config_put(c, cells, 0, &v) || config_wrong(c, "no memory");
}

static bool
take_metric(struct config *c, const cJSON *one)
{
    static const char *const keys[] = {
        "name",   "type",    "semantics", "units",    "indom",    "help",  "text",
        "labels", "cluster", "item",      "expire_s", "writable", "value", NULL};
    static const char *const types[] = {"32",    "u32",    "64",     "u64",
                                        "float", "double", "string", NULL};
    static const char *const sems[] = {"", "counter", "", "instant", "discrete", NULL};
    size_t i = c->n_metrics++;
    struct pmdaloop_metric *m = &c->metrics[i];
    struct config_cells *cells = &c->cells[c->n_cells++];

    m->user = cells;
    if (!member_object(c, one, "a metric", keys) ||
        !member_words(c, one, "name", &m->name))
        return false;
    if (!m->name || !*m->name)
        return config_wrong(c, "metric %zu has no name", i);
    if (!member_choice(c, one, "type", types, PMDALOOP_DOUBLE, &m->type) ||
        !member_choice(c, one, "semantics", sems, PMDALOOP_INSTANT, &m->sem) ||
        !set_units(c, one, m) || !set_indom(c, one, m, cells) ||
        !set_number(c, one, i, m) ||
        !member_explanations(c, one, &m->help, &m->text, &m->labels) ||
        !member_seconds(c, one, "expire_s", c->expire_ms, &cells->expire_ms) ||
        !member_flag(c, one, "writable", &cells->is_writable) ||
        !set_value(c, one, m, cells))
        return config_within(c, m->name);
    for (size_t k = 0; k < c->n_indoms; k++)
        if (strcmp(c->indoms[k].name, m->name) == 0)
            return config_wrong(c, "'%.80s' is a metric and an instance domain",
                                m->name);
    return true;
}

static int
by_name(const void *a, const void *b)
{
    const struct pmdaloop_metric *const *x = a, *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

/* Each instance domain knows its metrics' values. */
static bool
index_metrics(struct config *c)
{
    c->by_name = calloc(c->n_cells, sizeof(*c->by_name));
    for (size_t i = 0; c->by_name && i < c->n_cells; i++)
        c->by_name[i] = &c->metrics[i];
    if (c->by_name)
        qsort(c->by_name, c->n_cells, sizeof(*c->by_name), by_name);
    for (size_t i = 0; c->by_name && i < c->n_indoms; i++) {
        struct config_indom *x = &c->indoms[i];
        x->cells = calloc(x->n_cells + 1, sizeof(*x->cells));
        if (!x->cells)
            return config_wrong(c, "no memory");
        x->n_cells = 0;
    }
    for (size_t i = 0; c->by_name && i < c->n_cells; i++) {
        struct config_indom *x = c->cells[i].indom;
        if (x)
            x->cells[x->n_cells++] = &c->cells[i];
    }
    return c->by_name || config_wrong(c, "no memory");
}

static bool
take_metrics(struct config *c, const cJSON *root)
{
    enum { MOST = 1 << 18 };
    const cJSON *list, *one;
    size_t n;

    if (!member_list(c, root, "metrics", &n, &list))
        return false;
    if (n == 0 || n > MOST)
        return config_wrong(c, "metrics: a list of 1 to %d", MOST);
    c->metrics = calloc(n + CONFIG_OWN_METRICS, sizeof(*c->metrics));
    c->cells = calloc(n, sizeof(*c->cells));
    if (!c->metrics || !c->cells)
        return config_wrong(c, "no memory");
    c->first_metric = list->child;
    cJSON_ArrayForEach(one, list) if (!take_metric(c, one)) return false;
    return index_metrics(c);
}

/* ---- the agent's own: what it has been fed ---- */

static bool
add_own(struct config *c, int item, const char *name, const char *help,
        const struct pmdaloop_metric *like)
{
    size_t room = strlen(c->name) + strlen(name) + 2;
    char *whole = malloc(room), *words = strdup(help);
    struct pmdaloop_metric *m = &c->metrics[c->n_metrics];

    *m = *like;
    m->item = (uint32_t)item;
    m->name = whole;
    m->help = words;
    c->n_metrics++;
    if (!whole || !words)
        return config_wrong(c, "no memory");
    snprintf(whole, room, "%s.%s", c->name, name);
    return true;
}

static bool
add_own_metrics(struct config *c)
{
    const struct pmdaloop_indom *runs = c->n_commands ? &c->decls[c->n_indoms] : NULL;
    const struct pmdaloop_metric count = {.type = PMDALOOP_U64,
                                          .sem = PMDALOOP_COUNTER,
                                          .units = PMDALOOP_UNITS(0, 0, 1, 0, 0, 0)};
    const struct pmdaloop_metric each = {.type = PMDALOOP_U64,
                                         .sem = PMDALOOP_COUNTER,
                                         .units = PMDALOOP_UNITS(0, 0, 1, 0, 0, 0),
                                         .indom = runs};
    const struct pmdaloop_metric status = {
        .type = PMDALOOP_32, .sem = PMDALOOP_DISCRETE, .indom = runs};
    const struct pmdaloop_metric seconds = {
        .type = PMDALOOP_DOUBLE,
        .sem = PMDALOOP_INSTANT,
        .units = PMDALOOP_UNITS(0, 1, 0, 0, PMDALOOP_SEC, 0),
        .indom = runs};

    if (!add_own(c, CONFIG_LINES, "feed.lines", "lines of values taken", &count) ||
        !add_own(c, CONFIG_BAD_LINES, "feed.bad_lines", "lines of values refused",
                 &count))
        return false;
    return !runs ||
           (add_own(c, CONFIG_RUNS, "feed.command.runs", "starts of each command",
                    &each) &&
            add_own(c, CONFIG_FAILURES, "feed.command.failures",
                    "runs that could not start, or ended badly", &each) &&
            add_own(c, CONFIG_STATUS, "feed.command.status",
                    "status of the last run; 128 and more: a signal", &status) &&
            add_own(c, CONFIG_SECONDS, "feed.command.seconds",
                    "how long the last run has taken", &seconds));
}

/* ---- feeds ---- */

static bool
take_command(struct config *c, const cJSON *one)
{
    enum { RESTART_MS = 10000 };
    static const char *const keys[] = {"command",   "name",   "every_s", "restart_s",
                                       "timeout_s", "stores", NULL};
    size_t i = c->n_commands++;
    struct config_command *command = &c->commands[i];

    if (!member_object(c, one, "a command", keys) ||
        !member_text(c, one, "command", &command->words))
        return false;
    if (!command->words || !*command->words)
        return config_wrong(c, "command %zu without a command", i);
    if (!member_text(c, one, "name", &command->name) ||
        !member_seconds(c, one, "every_s", 0, &command->every_ms) ||
        !member_seconds(c, one, "restart_s", RESTART_MS, &command->restart_ms) ||
        !member_seconds(c, one, "timeout_s", 0, &command->timeout_ms) ||
        !member_flag(c, one, "stores", &command->wants_stores))
        return config_within(c, command->words);
    if (command->every_ms &&
        (cJSON_HasObjectItem(one, "restart_s") || command->wants_stores))
        return config_wrong(c, "'%.80s': every_s, or restart_s and stores",
                            command->words);
    c->command_instances[i] = (struct pmdaloop_instance){
        .inst = (int32_t)i, .name = command->name ? command->name : command->words};
    for (size_t k = 0; k < i; k++)
        if (strcmp(c->command_instances[k].name, c->command_instances[i].name) == 0)
            return config_wrong(c, "two commands '%.80s': give each a name",
                                c->command_instances[i].name);
    return true;
}

static bool
take_commands(struct config *c, const cJSON *root)
{
    enum { MOST = 1000 };
    const cJSON *list, *one;
    size_t n;

    if (!member_list(c, root, "commands", &n, &list))
        return false;
    if (n > MOST)
        return config_wrong(c, "more than %d commands", MOST);
    c->commands = calloc(n + 1, sizeof(*c->commands));
    c->command_instances = calloc(n + 1, sizeof(*c->command_instances));
    if (!c->commands || !c->command_instances)
        return config_wrong(c, "no memory");
    cJSON_ArrayForEach(one, list) if (!take_command(c, one)) return false;
    c->decls[c->n_indoms] =
        (struct pmdaloop_indom){.serial = OWN_SERIAL,
                                .instances = c->command_instances,
                                .n_instances = c->n_commands,
                                .help = strdup("commands that feed this agent")};
    return true;
}

static bool
take_input(struct config *c, const cJSON *one)
{
    if (!cJSON_IsString(one) || !*one->valuestring)
        return config_wrong(c, "input: a path, or a list of them");
    if (c->n_inputs == MAX_INPUTS)
        return config_wrong(c, "input: more than %d", MAX_INPUTS);
    c->inputs[c->n_inputs] = strdup(one->valuestring);
    return c->inputs[c->n_inputs++] || config_wrong(c, "no memory");
}

static bool
take_inputs(struct config *c, const cJSON *root)
{
    const cJSON *input = cJSON_GetObjectItemCaseSensitive(root, "input"), *one;

    if (!input)
        return true;
    if (!cJSON_IsArray(input))
        return take_input(c, input);
    cJSON_ArrayForEach(one, input) if (!take_input(c, one)) return false;
    return true;
}

/* ---- all of it ---- */

static bool
take_agent(struct config *c, const cJSON *root)
{
    static const char *const keys[] = {"name",     "domain", "labels",   "metrics",
                                       "indoms",   "input",  "commands", "state",
                                       "expire_s", NULL};

    if (!member_object(c, root, "the configuration", keys) ||
        !member_text(c, root, "name", &c->name) ||
        !member_number(c, root, "domain", 510, 0, &c->domain) ||
        !member_labels(c, root, &c->labels) ||
        !member_text(c, root, "state", &c->state) ||
        !member_seconds(c, root, "expire_s", 0, &c->expire_ms))
        return false;
    if (c->domain == 0)
        return config_wrong(c, "domain: a number from 1 to 510");
    if (!c->name || !*c->name)
        return config_wrong(c, "name: what the agent is called");
    return take_indoms(c, root) && take_commands(c, root) && take_metrics(c, root) &&
           add_own_metrics(c) && take_inputs(c, root);
}

/* A fault of the text itself, and where, as editors count. */
static bool
not_json(struct config *c, const char *what, const char *text, const char *at)
{
    unsigned line = 1, column = 1;

    for (; at && text < at; text++) {
        column = *text == '\n' ? 1 : column + 1;
        line += *text == '\n';
    }
    return config_wrong(c, "%s, at line %u, column %u", what, line, column);
}

bool
config_parse(struct config *c, const char *text, size_t len)
{
    const char *end = NULL;

    *c = (struct config){.name = NULL};
    cJSON *root = cJSON_ParseWithLengthOpts(text, len, &end, 0);
    while (root && end < text + len && memchr(" \t\r\n", *end, 4))
        end++;
    bool done = !root               ? not_json(c, "not JSON", text, end)
                : end != text + len ? not_json(c, "more behind its end", text, end)
                                    : take_agent(c, root);
    c->first_metric = NULL;
    cJSON_Delete(root);
    return done;
}

struct pmdaloop_table
config_table(const struct config *c)
{
    return (struct pmdaloop_table){.size = sizeof(struct pmdaloop_table),
                                   .metrics = c->metrics,
                                   .n_metrics = c->n_metrics,
                                   .indoms = c->decls,
                                   .n_indoms = c->n_indoms + (c->n_commands > 0),
                                   .labels = c->labels,
                                   .fetch = config_fetch,
                                   .refresh = config_refresh,
                                   .store = config_store,
                                   .label = config_label};
}

static void
drop(const char *text)
{
    free((void *)(uintptr_t)text);
}

static void
free_cells(struct config_cells *cells)
{
    for (size_t i = 0; i < cells->n; i++)
        free(cells->values[i].text);
    free(cells->values);
}

void
config_free(struct config *c)
{
    for (size_t i = 0; i < c->n_metrics; i++) {
        drop(c->metrics[i].name);
        drop(c->metrics[i].help);
        drop(c->metrics[i].text);
        drop(c->metrics[i].labels);
    }
    for (size_t i = 0; i < c->n_cells; i++)
        free_cells(&c->cells[i]);
    for (size_t i = 0; c->decls && i <= c->n_indoms; i++) {
        drop(c->decls[i].help);
        drop(c->decls[i].text);
        drop(c->decls[i].labels);
    }
    for (size_t i = 0; i < c->n_indoms; i++) {
        free(c->indoms[i].name);
        free(c->indoms[i].cells);
        instances_free(&c->indoms[i].instances);
    }
    for (size_t i = 0; i < c->n_commands; i++) {
        free(c->commands[i].words);
        free(c->commands[i].name);
    }
    for (size_t i = 0; i < c->n_inputs; i++)
        free(c->inputs[i]);
    free(c->commands);
    free(c->command_instances);
    free(c->metrics);
    free(c->cells);
    free(c->by_name);
    free(c->decls);
    free(c->indoms);
    free(c->name);
    free(c->labels);
    free(c->state);
    *c = (struct config){.name = NULL};
}

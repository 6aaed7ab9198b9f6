/* SPDX-License-Identifier: MIT */
/* Which metrics an agent has, by what the agent itself or a PMNS file says. */
#include "names.h"

#include <pcp/pmapi.h>
#include <string.h>

static int
lost(const struct session *s)
{
    cli_say("%s", s->why);
    return CLI_LOST;
}

static int
no_memory(void)
{
    cli_say("no memory for the names of metrics");
    return CLI_FAILED;
}

/* Names below `node` as the agent has them, still without numbers. *ret_code is the
 * agent's, when it refuses. */
static int
traverse(struct session *s, const char *node, struct pmns *ret, int *ret_code)
{
    const struct pmdaloop_probe_event *event;

    *ret_code = 0;
    if (session_await(s, pmdaloop_probe_traverse_start(s->probe, node), &event) < 0)
        return lost(s);
    *ret_code = event->err ? event->err : event->code;
    for (size_t i = 0; *ret_code == 0 && i < event->n_items; i++)
        if (!pmns_add(ret, event->items[i].name, event->items[i].name_len, 0, false))
            return no_memory();
    return CLI_DONE;
}

/* The number of a metric, or the agent's code. */
static int
ask_pmid(struct session *s, const char *name, uint32_t *ret_pmid, int *ret_code)
{
    const struct pmdaloop_probe_event *event;

    if (session_await(s, pmdaloop_probe_pmid_start(s->probe, name), &event) < 0)
        return lost(s);
    *ret_code = event->err ? event->err : event->code;
    if (*ret_code == 0 && event->n_items == 1)
        *ret_pmid = event->items[0].pmid;
    else if (*ret_code == 0)
        *ret_code = PMDALOOP_PM_NAME;
    return CLI_DONE;
}

/* All metrics below a node of the agent's own names, each with its number. */
static int
add_below(struct session *s, const char *node, struct pmns *ret, int *ret_code)
{
    struct pmns found = {.n = 0};
    int code = traverse(s, node, &found, ret_code);

    for (size_t i = 0; code == CLI_DONE && i < found.n; i++) {
        const char *name = found.names[i].name;
        uint32_t pmid;
        int refusal;
        code = ask_pmid(s, name, &pmid, &refusal);
        if (code != CLI_DONE)
            break;
        if (refusal)
            cli_say("the agent lists '%s', but has no number for it: %s", name,
                    pmErrStr(refusal));
        else if (!pmns_add(ret, name, strlen(name), pmid, false))
            code = no_memory();
    }
    pmns_free(&found);
    return code;
}

/* ---- one metric, as the command line has it ---- */

static bool
take_pmid(const char *text, uint32_t *ret_pmid)
{
    unsigned domain, cluster, item;
    int end = 0;

    if (sscanf(text, "%3u.%4u.%4u%n", &domain, &cluster, &item, &end) != 3 ||
        text[end] || domain > 511 || cluster > 4095 || item > 1023)
        return false;
    *ret_pmid = PMDALOOP_PMID(domain, cluster, item);
    return true;
}

/* A metric by number, with its name if somebody knows it. */
static int
add_number(struct session *s, const struct pmns *file, const char *text, uint32_t pmid,
           struct pmns *ret)
{
    const struct pmdaloop_probe_event *event;

    for (size_t i = 0; i < file->n; i++)
        if (!file->names[i].is_dynamic && file->names[i].pmid == pmid) {
            const char *name = file->names[i].name;
            return pmns_add(ret, name, strlen(name), pmid, false) ? CLI_DONE
                                                                  : no_memory();
        }
    if (session_await(s, pmdaloop_probe_names_start(s->probe, pmid), &event) < 0)
        return lost(s);
    if (event->err == 0 && event->code == 0 && event->n_items > 0 &&
        event->items[0].name_len > 0)
        text = event->items[0].name;
    return pmns_add(ret, text, strlen(text), pmid, false) ? CLI_DONE : no_memory();
}

static bool
is_at_or_below(const char *name, const char *node)
{
    size_t len = strlen(node);
    return strncmp(name, node, len) == 0 && (name[len] == '\0' || name[len] == '.');
}

/* From the file: the metric of that name, or those below it; of what is dynamic there,
 * what the agent says. Node NULL: all. */
static int
add_from_file(struct session *s, const struct pmns *file, const char *node,
              struct pmns *ret)
{
    for (size_t i = 0; i < file->n; i++) {
        const struct pmns_name *n = &file->names[i];
        bool inside = !node || is_at_or_below(n->name, node);
        if (n->is_dynamic && (inside || is_at_or_below(node, n->name))) {
            int refusal;
            int code = add_below(s, inside ? n->name : node, ret, &refusal);
            if (code != CLI_DONE)
                return code;
            if (refusal)
                cli_say("the agent has no names below '%s': %s", n->name,
                        pmErrStr(refusal));
        } else if (inside && !n->is_dynamic &&
                   !pmns_add(ret, n->name, strlen(n->name), n->pmid, false)) {
            return no_memory();
        }
    }
    return CLI_DONE;
}

static int
add_wanted(struct session *s, const struct pmns *file, const char *wanted,
           struct pmns *ret)
{
    uint32_t pmid;
    int refusal = 0;
    size_t before = ret->n;

    if (take_pmid(wanted, &pmid))
        return add_number(s, file, wanted, pmid, ret);
    int code = add_from_file(s, file, wanted, ret);
    if (code != CLI_DONE || ret->n > before)
        return code;
    code = ask_pmid(s, wanted, &pmid, &refusal);
    if (code != CLI_DONE)
        return code;
    if (refusal == 0)
        return pmns_add(ret, wanted, strlen(wanted), pmid, false) ? CLI_DONE
                                                                  : no_memory();
    code = add_below(s, wanted, ret, &refusal);
    if (code != CLI_DONE || ret->n > before)
        return code;
    cli_say("no metric '%s': %s%s", wanted, pmErrStr(refusal ? refusal : PM_ERR_NAME),
            file->n ? ""
                    : "; --pmns names a file of names that the agent does not know");
    return CLI_FAILED;
}

/* ---- all of them ---- */

static int
add_all(struct session *s, struct pmns *ret)
{
    int refusal;
    int code = add_below(s, "", ret, &refusal);

    if (code != CLI_DONE || ret->n > 0)
        return code;
    cli_say(
        "the agent does not tell the names of its metrics (%s): give a file of names "
        "with --pmns FILE, the beginning of its names with --metric NAME, or a metric "
        "by number with --metric DOMAIN.CLUSTER.ITEM",
        refusal ? pmErrStr(refusal) : "it lists none");
    return CLI_FAILED;
}

int
names_find(struct session *s, const struct options *o, struct pmns *ret_names)
{
    struct pmns file = {.n = 0};
    int code = CLI_DONE;

    *ret_names = (struct pmns){.n = 0};
    if (o->pmns && !pmns_read(&file, o->pmns, o->domain)) {
        cli_say("%s%s", file.why,
                o->domain ? ""
                          : " (--domain N stands for symbols that are not defined)");
        pmns_free(&file);
        return CLI_FAILED;
    }
    for (size_t i = 0; code == CLI_DONE && i < o->n_wanted; i++)
        code = add_wanted(s, &file, o->wanted[i], ret_names);
    if (code == CLI_DONE && o->n_wanted == 0)
        code =
            o->pmns ? add_from_file(s, &file, NULL, ret_names) : add_all(s, ret_names);
    pmns_free(&file);
    return code;
}

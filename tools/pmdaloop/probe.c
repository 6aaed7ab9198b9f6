/* SPDX-License-Identifier: MIT */
/* pmdaloop probe: start an agent as pmcd would, and show its metrics. */
#include "commands.h"
#include "names.h"
#include "show.h"

/* One metric after another. The exit code; *metrics collects what is shown at the end. */
static int
show_all(struct session *s, const struct pmns *names, enum cli_format format,
         cJSON *metrics)
{
    int code = CLI_FAILED; /* where the agent describes none of them */

    for (size_t i = 0; i < names->n; i++) {
        struct reading r;
        int err = reading_take(s, names->names[i].name, names->names[i].pmid, &r);
        if (err < 0)
            cli_say("asking for '%s': %s", names->names[i].name, s->why);
        else if (format == CLI_TEXT)
            show_text(&r, stdout);
        else if (format == CLI_JSONL)
            json_put_line(stdout, show_json(&r));
        else
            cJSON_AddItemToArray(metrics, show_json(&r));
        if (err == 0 && r.desc_code == 0)
            code = CLI_DONE;
        reading_free(&r);
        if (err < 0)
            return CLI_LOST;
    }
    return code;
}

static int
probe(struct session *s, const struct options *o)
{
    struct pmns names;
    int code = names_find(s, o, &names);

    if (code == CLI_DONE) {
        cJSON *metrics = cJSON_CreateArray();
        code = show_all(s, &names, o->format, metrics);
        if (o->format == CLI_JSON && code != CLI_LOST) {
            cJSON *document = cJSON_CreateObject();
            cJSON_AddItemToObject(document, "metrics", metrics);
            json_put_document(stdout, document);
        } else {
            cJSON_Delete(metrics);
        }
    }
    pmns_free(&names);
    return code;
}

int
probe_command(int argc, char **argv)
{
    static const struct option longs[] = {OPTIONS_LONG, {NULL, 0, NULL, 0}};
    struct options o;
    struct session s;

    if (!options_read(&o, argc, argv, ":" OPTIONS_SHORT, longs, NULL, NULL))
        return CLI_MISUSED;
    int code = CLI_LOST;
    if (session_open(&s, &o) < 0)
        cli_say("%s", s.why);
    else
        code = probe(&s, &o);
    session_close(&s);
    return code;
}

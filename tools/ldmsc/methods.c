/* SPDX-License-Identifier: MIT */
/* The table of methods, for reading and for completion. */
#include "commands.h"
#include "../json.h"
#include "../table.h"

#include <string.h>

static const char *const releases[] = {"4.5", "main"};

static const char *
type_name(enum ldmsctl_param_type type)
{
    static const char *const names[] = {
        [LDMSCTL_PARAM_TEXT] = "text",       [LDMSCTL_PARAM_INTEGER] = "integer",
        [LDMSCTL_PARAM_BOOLEAN] = "boolean", [LDMSCTL_PARAM_INTERVAL] = "interval",
        [LDMSCTL_PARAM_SIZE] = "size",       [LDMSCTL_PARAM_PERM] = "perm",
        [LDMSCTL_PARAM_REGEX] = "regex",     [LDMSCTL_PARAM_PATH] = "path",
        [LDMSCTL_PARAM_WORDS] = "words",
    };
    size_t i = (size_t)type;
    return i < sizeof(names) / sizeof(names[0]) && names[i] ? names[i] : "text";
}

static const char *
kind_name(enum ldmsctl_reply_kind kind)
{
    static const char *const names[] = {
        [LDMSCTL_REPLY_NONE] = "nothing",     [LDMSCTL_REPLY_TEXT] = "text",
        [LDMSCTL_REPLY_JSON] = "JSON",        [LDMSCTL_REPLY_ATTRS] = "attributes",
        [LDMSCTL_REPLY_SETS] = "metric sets",
    };
    size_t i = (size_t)kind;
    return i < sizeof(names) / sizeof(names[0]) ? names[i] : "text";
}

/* The words "name=… [other=…]" of a method. */
static void
put_synopsis(FILE *f, const struct ldmsctl_method *m)
{
    const struct ldmsctl_param *p;
    for (size_t i = 0; (p = ldmsctl_param_at(m, i)); i++)
        fprintf(f, p->required ? " %s=%s" : " [%s=%s]", p->name, type_name(p->type));
}

static void
put_param(struct table *t, const struct ldmsctl_param *p)
{
    table_addf(t, "  %s=", p->name);
    table_addf(t, "%s", type_name(p->type));
    table_addf(t, "%s%s%s%s%s", ldmsctl_param_help(p), p->required ? "; needed" : "",
               p->fallback ? "; if not given, " : "", p->fallback ? p->fallback : "",
               p->since == LDMSCTL_RELEASE_MAIN ? "; from main on" : "");
}

/* What a word of configuration files goes with; false when it is none. */
static bool
put_verb(const char *before, const char *name)
{
    const char *required, *optional;

    if (ldmsctl_get_cmd_attr_list(name, &required, &optional) < 0)
        return false;
    printf("%s%s; it needs: %s; it takes: %s\n", before, name,
           required[0] ? required : "nothing", optional[0] ? optional : "nothing");
    return true;
}

/* A word that is no method. */
static bool
put_verb_help(const char *name)
{
    const char *required, *optional;

    if (ldmsctl_get_cmd_attr_list(name, &required, &optional) < 0)
        return false;
    printf("usage: ldmsc [OPTION]... %s [NAME=VALUE]...\n", name);
    return put_verb("a word of configuration files: ", name);
}

bool
methods_help(const char *name)
{
    const struct ldmsctl_method *m = ldmsctl_method_find(name);
    const struct ldmsctl_param *p;

    if (!m)
        return put_verb_help(name);
    printf("usage: ldmsc [OPTION]... %s", name);
    put_synopsis(stdout, m);
    printf("\n%s\n", m->help);
    if (ldmsctl_param_at(m, 0)) {
        struct table *t = table_new("lll");
        for (size_t i = 0; t && (p = ldmsctl_param_at(m, i)); i++)
            put_param(t, p);
        putchar('\n');
        if (t)
            table_print(t, stdout, false);
        table_free(t);
    }
    printf("\nanswers %s; %s", kind_name(m->reply), m->function);
    if (m->request_id)
        printf(", request 0x%03x", m->request_id);
    if (m->since != LDMSCTL_RELEASE_4_5)
        printf("; from %s on", releases[m->since]);
    if (m->until != LDMSCTL_RELEASE_MAIN)
        printf("; until %s", releases[m->until]);
    putchar('\n');
    if (m->verb)
        put_verb("in configuration files, and in the shell: ", m->verb);
    return true;
}

static void
put_string(const char *key, const char *text, const char *after)
{
    printf("\"%s\":", key);
    if (text)
        json_put_string(stdout, text, strlen(text));
    else
        fputs("null", stdout);
    fputs(after, stdout);
}

static void
put_method_json(const struct ldmsctl_method *m)
{
    const struct ldmsctl_param *p;

    putchar('{');
    put_string("name", m->name, ",");
    put_string("function", m->function, ",");
    put_string("verb", m->verb, ",");
    printf("\"request_id\":%u,", m->request_id);
    put_string("reply", kind_name(m->reply), ",");
    put_string("since", releases[m->since], ",");
    put_string("until", releases[m->until], ",");
    put_string("group", m->group, ",");
    put_string("help", m->help, ",");
    fputs("\"arguments\":[", stdout);
    for (size_t i = 0; (p = ldmsctl_param_at(m, i)); i++) {
        fputs(i ? ",{" : "{", stdout);
        put_string("name", p->name, ",");
        put_string("attribute", ldmsctl_attr_name(p->attribute_id), ",");
        printf("\"attribute_id\":%u,", p->attribute_id);
        put_string("type", type_name(p->type), ",");
        printf("\"required\":%s,", p->required ? "true" : "false");
        put_string("fallback", p->fallback, ",");
        put_string("since", releases[p->since], ",");
        put_string("help", ldmsctl_param_help(p), "}");
    }
    fputs("]}", stdout);
}

/* Words with blanks between, a line each. */
static void
put_words(const char *words)
{
    while (*words) {
        size_t len = strcspn(words, " ");
        printf("%.*s=\n", (int)len, words);
        words += len + strspn(words + len, " ");
    }
}

/* For completion: the methods, or the arguments of one, a line each; those of a word of
 * configuration files, too. */
static int
put_names(const struct options *o)
{
    const struct ldmsctl_method *m;
    const struct ldmsctl_param *p;
    const char *required, *optional;

    if (o->n_words < 2) {
        for (size_t i = 0; (m = ldmsctl_method_at(i)); i++)
            puts(m->name);
        return CLI_DONE;
    }
    m = ldmsctl_method_find(o->words[1]);
    for (size_t i = 0; m && (p = ldmsctl_param_at(m, i)); i++)
        printf("%s=\n", p->name);
    if (m)
        return CLI_DONE;
    if (ldmsctl_get_cmd_attr_list(o->words[1], &required, &optional) < 0)
        return CLI_FAILED;
    put_words(required);
    put_words(optional);
    return CLI_DONE;
}

static void
put_table(void)
{
    const struct ldmsctl_method *m;
    struct table *t = table_new("lll");

    if (!t)
        return;
    table_addf(t, "METHOD");
    table_addf(t, "ABOUT");
    table_addf(t, "DOES");
    for (size_t i = 0; (m = ldmsctl_method_at(i)); i++) {
        table_addf(t, "%s", m->name);
        table_addf(t, "%s", m->group);
        table_addf(t, "%s", m->help);
    }
    table_print(t, stdout, true);
    table_free(t);
}

int
methods(const struct options *o)
{
    const struct ldmsctl_method *m;
    bool lines = o->format == CLI_JSONL;

    if (o->names)
        return put_names(o);
    if (o->n_words > 2)
        return cli_misused("methods takes one method, not '%s' too", o->words[2]);
    m = o->n_words == 2 ? ldmsctl_method_find(o->words[1]) : NULL;
    if (m && o->format != CLI_TEXT) {
        put_method_json(m);
        putchar('\n');
        return CLI_DONE;
    }
    if (o->n_words == 2)
        return methods_help(o->words[1]) ? CLI_DONE
                                         : cli_misused("no method '%s'", o->words[1]);
    if (o->format == CLI_TEXT) {
        put_table();
        return CLI_DONE;
    }
    fputs(lines ? "" : "[", stdout);
    for (size_t i = 0; (m = ldmsctl_method_at(i)); i++) {
        fputs(i == 0 ? "" : lines ? "\n" : ",\n", stdout);
        put_method_json(m);
    }
    fputs(lines ? "\n" : "]\n", stdout);
    return CLI_DONE;
}

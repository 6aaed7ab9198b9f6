/* SPDX-License-Identifier: MIT */
/* An answer for people, or as JSON. Whatever a daemon says is foreign text. */
#include "answer.h"
#include "../json.h"
#include "../table.h"
#include "../../libldmsctl/src/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* May these bytes go to a terminal as they are? Line ends and tabs may. */
static bool
is_clean(const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)text[i];
        size_t n = json_utf8_len(text + i, len - i);
        bool c1 = n == 2 && c == 0xc2 && (unsigned char)text[i + 1] < 0xa0;
        if (n == 0 || c1 || c == 0x7f || (c < 0x20 && c != '\n' && c != '\t'))
            return false;
        i += n;
    }
    return true;
}

/* A document without blanks between its tokens, digits as they came; the caller frees.
 * NULL when it is none: cJSON alone is content with numbers such as 007. */
static char *
minified(const char *text, size_t len)
{
    struct lc_json document;
    size_t fault;

    if (lc_json_check(text, len, &document, &fault) < 0 ||
        (*document.at != '{' && *document.at != '['))
        return NULL;
    char *copy = malloc(len + 1);
    if (!copy)
        return NULL;
    memcpy(copy, text, len);
    copy[len] = '\0';
    cJSON_Minify(copy); /* keeps every digit, which a double would not */
    if (is_clean(copy, strlen(copy)))
        return copy;
    free(copy);
    return NULL;
}

/* A document with a member a line. The text is minified. */
static void
put_indented(FILE *f, const char *json)
{
    int depth = 0;
    bool in_string = false;

    for (const char *p = json; *p; p++) {
        bool opens = !in_string && (*p == '{' || *p == '[');
        bool closes = !in_string && (*p == '}' || *p == ']');
        bool empty = opens && (p[1] == '}' || p[1] == ']');

        if (closes)
            fprintf(f, "\n%*s", 2 * --depth, "");
        fputc(*p, f);
        if (*p == '"')
            in_string = !in_string;
        else if (in_string && *p == '\\')
            fputc(*++p, f);
        else if (empty)
            fputc(*++p, f);
        else if (opens)
            fprintf(f, "\n%*s", 2 * ++depth, "");
        else if (!in_string && *p == ',')
            fprintf(f, "\n%*s", 2 * depth, "");
        else if (!in_string && *p == ':')
            fputc(' ', f);
    }
}

static void
put_safe_lines(FILE *f, const char *text, size_t len)
{
    while (len > 0) {
        const char *end = memchr(text, '\n', len);
        size_t line = end ? (size_t)(end - text) : len;
        cli_put_safe(f, text, line);
        fputc('\n', f);
        text += line + (end ? 1 : 0);
        len -= line + (end ? 1 : 0);
    }
}

static void
put_text(FILE *f, const char *text, size_t len)
{
    char *json = cli_is_terminal(f) ? minified(text, len) : NULL;

    if (json) {
        put_indented(f, json);
        fputc('\n', f);
    } else if (is_clean(text, len)) {
        fwrite(text, 1, len, f);
        if (len > 0 && text[len - 1] != '\n')
            fputc('\n', f);
    } else {
        put_safe_lines(f, text, len);
    }
    free(json);
}

static void
put_sets(FILE *f, const struct ldmsctl_reply *r)
{
    struct table *t = table_new("lllrr");
    static const char *const heads[] = {"SET", "SCHEMA", "FLAGS", "METRICS", "BYTES"};

    if (!t || r->n_sets == 0) {
        table_free(t);
        return;
    }
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        table_add(t, heads[i], strlen(heads[i]));
    for (size_t i = 0; i < r->n_sets; i++) {
        const struct ldmsctl_set *s = &r->sets[i];
        table_add(t, s->name, strlen(s->name));
        table_add(t, s->schema, strlen(s->schema));
        table_add(t, s->flags, strlen(s->flags));
        uint64_t size_bytes =
            s->meta_size_bytes + s->data_size_bytes + s->heap_size_bytes;
        table_addf(t, "%" PRIu64, s->card);
        table_addf(t, "%" PRIu64, size_bytes);
    }
    table_print(t, f, true);
    table_free(t);
}

/* The value of an attribute without the NUL that ends it. */
static size_t
value_len(const struct ldmsctl_attr *a)
{
    size_t len = a->len;
    while (len > 0 && ((const char *)a->value)[len - 1] == '\0')
        len--;
    return len;
}

void
answer_put_text(FILE *f, const struct answer *a)
{
    const struct ldmsctl_reply *r = a->reply;

    if (r->kind == LDMSCTL_REPLY_SETS)
        put_sets(f, r);
    else if (r->kind == LDMSCTL_REPLY_ATTRS)
        for (size_t i = 0; i < r->n_attrs; i++)
            put_text(f, r->attrs[i].value, value_len(&r->attrs[i]));
    else if (r->text)
        put_text(f, r->text, r->text_len);
}

static void
put_set_json(FILE *f, const struct ldmsctl_set *s)
{
    const struct {
        const char *key, *text;
    } texts[] = {{"name", s->name},
                 {"schema", s->schema},
                 {"digest", s->digest},
                 {"flags", s->flags},
                 {"perm", s->perm}};
    const struct {
        const char *key;
        uint64_t value;
    } numbers[] = {{"meta_size_bytes", s->meta_size_bytes},
                   {"data_size_bytes", s->data_size_bytes},
                   {"heap_size_bytes", s->heap_size_bytes},
                   {"uid", s->uid},
                   {"gid", s->gid},
                   {"card", s->card},
                   {"array_card", s->array_card},
                   {"meta_gn", s->meta_gn},
                   {"data_gn", s->data_gn},
                   {"timestamp_unix_us", s->timestamp_unix_us},
                   {"duration_us", s->duration_us}};
    char *info = minified(s->info, strlen(s->info));

    fputc('{', f);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        fprintf(f, "\"%s\":", texts[i].key);
        json_put_string(f, texts[i].text, strlen(texts[i].text));
        fputc(',', f);
    }
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        fprintf(f, "\"%s\":%" PRIu64 ",", numbers[i].key, numbers[i].value);
    fprintf(f, "\"info\":%s}", info ? info : "[]");
    free(info);
}

/* The daemon's own JSON where it is some, else its text. */
static void
put_data(FILE *f, const char *text, size_t len)
{
    char *json = minified(text, len);
    if (json)
        fputs(json, f);
    else
        json_put_string(f, text, len);
    free(json);
}

static void
put_reply_json(FILE *f, const struct ldmsctl_reply *r)
{
    const char *separator = "";

    if (r->kind == LDMSCTL_REPLY_SETS) {
        fputc('[', f);
        for (size_t i = 0; i < r->n_sets; i++) {
            fputs(i ? "," : "", f);
            put_set_json(f, &r->sets[i]);
        }
        fputc(']', f);
    } else if (r->kind == LDMSCTL_REPLY_ATTRS && r->n_attrs != 1) {
        fputc('[', f);
        for (size_t i = 0; i < r->n_attrs; i++) {
            fputs(separator, f);
            put_data(f, r->attrs[i].value, value_len(&r->attrs[i]));
            separator = ",";
        }
        fputc(']', f);
    } else if (r->kind == LDMSCTL_REPLY_ATTRS) {
        put_data(f, r->attrs[0].value, value_len(&r->attrs[0]));
    } else if (r->text) {
        put_data(f, r->text, r->text_len);
    } else {
        fputs("null", f);
    }
}

void
answer_put_json(FILE *f, const struct answer *a)
{
    const struct ldmsctl_reply *r = a->reply;
    bool refused = a->err == -LDMSCTL_EREFUSED;

    fputs("{\"host\":", f);
    json_put_string(f, a->host, strlen(a->host));
    fprintf(f, ",\"port\":%u,\"method\":", a->port);
    json_put_string(f, a->method, strlen(a->method));
    fputs(",\"status\":", f);
    if (a->err == 0 || refused)
        fprintf(f, "%ld", (long)r->status);
    else
        fputs("null", f); /* there was no answer */
    fputs(",\"message\":", f);
    if (refused && r->text)
        json_put_string(f, r->text, r->text_len);
    else if (a->err)
        json_put_string(f, a->errmsg, strlen(a->errmsg));
    else
        fputs("null", f);
    fputs(",\"data\":", f);
    if (a->err == 0)
        put_reply_json(f, r);
    else
        fputs("null", f);
    fputc('}', f);
}

void
answer_put_line(FILE *f, const struct answer *a)
{
    char *text = NULL;
    size_t len = 0;

    if (a->err) {
        fputs(a->errmsg, f); /* which is safe already */
        return;
    }
    FILE *whole = open_memstream(&text, &len);
    if (!whole)
        return;
    if (a->reply->kind == LDMSCTL_REPLY_SETS)
        fprintf(whole, "%zu sets", a->reply->n_sets);
    else
        answer_put_text(whole, a);
    if (fclose(whole) == 0) {
        while (len > 0 && text[len - 1] == '\n')
            len--;
        char *json = minified(text, len);
        if (json)
            fputs(json, f);
        else if (is_clean(text, len) && !memchr(text, '\n', len))
            fwrite(text, 1, len, f);
        else
            cli_put_safe(f, text, len);
        free(json);
    }
    free(text);
}

void
answer_put(enum cli_format format, const struct answer *a)
{
    if (format != CLI_TEXT) {
        answer_put_json(stdout, a);
        fputc('\n', stdout);
    } else if (a->err) {
        cli_say("%s", a->errmsg);
    } else {
        answer_put_text(stdout, a);
    }
}

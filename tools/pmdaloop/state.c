/* SPDX-License-Identifier: MIT */
/* The numbers of a ready agent's instances, from one life to the next: a file of
 * {"instance domain": {"instance": number}}. */
#include "config.h"

#include "file.h"
#include "json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
wrong(struct config *c, const char *what, int err)
{
    snprintf(c->why, sizeof(c->why), "%s '%.150s': %s", what, c->state, strerror(err));
    return false;
}

static void
recall_all(struct instances *all, const cJSON *numbers)
{
    const cJSON *one;

    cJSON_ArrayForEach(one, numbers)
    {
        double number = cJSON_IsNumber(one) ? one->valuedouble : -1;
        if (*one->string && number >= 0 && number < MAX_INSTANCES)
            (void)instances_recall(all, one->string, (size_t)number);
    }
    all->is_changed = false;
}

bool
config_recall(struct config *c)
{
    enum { MOST = 64 << 20 };
    size_t len;
    char *text = c->state ? file_read(c->state, MOST, &len) : NULL;

    if (!text)
        return !c->state || errno == ENOENT || wrong(c, "cannot read", errno);
    cJSON *json = cJSON_ParseWithLength(text, len);
    bool done = cJSON_IsObject(json);
    for (size_t i = 0; done && i < c->n_indoms; i++) {
        struct config_indom *x = &c->indoms[i];
        recall_all(&x->instances, cJSON_GetObjectItemCaseSensitive(json, x->name));
    }
    if (!done)
        snprintf(c->why, sizeof(c->why), "'%.150s' is not JSON", c->state);
    cJSON_Delete(json);
    free(text);
    return done;
}

static void
put_all(FILE *f, const struct instances *all)
{
    const char *comma = "";

    for (size_t i = 0; i < all->n; i++) {
        const char *name = all->list[i].name;
        if (!name)
            continue;
        fprintf(f, "%s\n    ", comma);
        json_put_string(f, name, strlen(name));
        fprintf(f, ": %zu", i);
        comma = ",";
    }
}

static void
put_indoms(FILE *f, const struct config *c)
{
    fputc('{', f);
    for (size_t i = 0; i < c->n_indoms; i++) {
        fputs(i > 0 ? ",\n  " : "\n  ", f);
        json_put_string(f, c->indoms[i].name, strlen(c->indoms[i].name));
        fputs(": {", f);
        put_all(f, &c->indoms[i].instances);
        fputc('}', f);
    }
    fputs("\n}\n", f);
}

bool
config_is_changed(const struct config *c)
{
    for (size_t i = 0; c->state && i < c->n_indoms; i++)
        if (c->indoms[i].instances.is_changed)
            return true;
    return false;
}

/* All of it into a file. 0, or the errno. */
static int
write_to(const struct config *c, const char *path)
{
    FILE *f = fopen(path, "w");

    if (!f)
        return errno;
    put_indoms(f, c);
    bool is_whole = fflush(f) == 0 && !ferror(f);
    int err = is_whole ? 0 : errno ? errno : EIO;
    return fclose(f) == 0 || err ? err : errno;
}

/* Beside the file, then in its place: there is a whole one at each moment. */
bool
config_remember(struct config *c)
{
    char path[4096];

    if ((size_t)snprintf(path, sizeof(path), "%s.new", c->state) >= sizeof(path))
        return wrong(c, "cannot write", ENAMETOOLONG);
    int err = write_to(c, path);
    if (!err && rename(path, c->state) < 0)
        err = errno;
    if (err) {
        (void)unlink(path);
        return wrong(c, "cannot write", err);
    }
    for (size_t i = 0; i < c->n_indoms; i++)
        c->indoms[i].instances.is_changed = false;
    return true;
}

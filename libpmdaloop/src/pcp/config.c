/* SPDX-License-Identifier: MIT */
/* The settings in pcp.conf, lines of NAME=value; the environment wins. */
#include <pcp/pmapi.h>

#include <pthread.h>

struct setting {
    struct setting *next;
    char *value;
    char name[];
};

static struct setting *settings;
static int is_read;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct setting *
find(const char *name)
{
    struct setting *s = settings;

    while (s && strcmp(s->name, name) != 0)
        s = s->next;
    return s;
}

static struct setting *
add(const char *name, size_t name_len, const char *value)
{
    struct setting *s = malloc(sizeof(*s) + name_len + 1);

    if (!s)
        return NULL;
    memcpy(s->name, name, name_len);
    s->name[name_len] = '\0';
    if ((s->value = strdup(value)) == NULL) {
        free(s);
        return NULL;
    }
    s->next = settings;
    settings = s;
    return s;
}

/* Quotes around the whole of a value go. */
static void
read_line(char *line)
{
    char *equals = strchr(line, '=');

    if (line[0] == '#' || !equals || equals == line)
        return;
    char *value = equals + 1;
    value[strcspn(value, "\n")] = '\0';
    size_t len = strlen(value);
    if (len >= 2 && (*value == '"' || *value == '\'') && value[len - 1] == *value) {
        value[len - 1] = '\0';
        value++;
    }
    *equals = '\0';
    if (!find(line))
        (void)add(line, (size_t)(equals - line), value);
}

/* No file is as good as an empty one: an agent can do without. */
static void
read_file(void)
{
    char path[MAXPATHLEN], *line = NULL;
    size_t room = 0;
    const char *conf = getenv("PCP_CONF"), *dir = getenv("PCP_DIR");

    is_read = 1;
    if (conf)
        snprintf(path, sizeof(path), "%s", conf);
    else
        snprintf(path, sizeof(path), "%s/etc/pcp.conf", dir ? dir : "");
    FILE *f = fopen(path, "r");
    if (!f)
        return;
    while (getline(&line, &room, f) >= 0)
        read_line(line);
    free(line);
    fclose(f);
}

char *
pmGetOptionalConfig(const char *name)
{
    const char *env = getenv(name);

    pthread_mutex_lock(&lock);
    if (!is_read)
        read_file();
    struct setting *s = find(name);
    if (env && !s) {
        s = add(name, strlen(name), env);
    } else if (env && strcmp(s->value, env) != 0) {
        /* what was handed out before stays valid: it is not freed */
        s = add(name, strlen(name), env);
    }
    pthread_mutex_unlock(&lock);
    return s ? s->value : NULL;
}

char *
pmGetConfig(const char *name)
{
    static char none[1];
    char *value = pmGetOptionalConfig(name);

    return value ? value : none;
}

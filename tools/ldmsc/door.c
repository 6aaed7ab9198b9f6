/* SPDX-License-Identifier: MIT */
/* How one listening port of the stand-in daemon lets people in. */
#include "peer.h"
#include "secret.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"none", "naive", "ovis", "munge"};

const char *
auth_name(enum auth_kind auth)
{
    return names[auth];
}

static bool
take_id(const char *text, uint32_t *ret_id)
{
    char *end;
    errno = 0;
    unsigned long id = strtoul(text, &end, 10);

    *ret_id = (uint32_t)id;
    return isdigit((unsigned char)*text) && *end == '\0' && errno == 0 &&
           id <= UINT32_MAX;
}

/* One NAME=VALUE word of the options. False for what is no user or group. */
static bool
take_word(struct door *d, char *word, const char **ret_conf)
{
    char *value = strchr(word, '=');

    if (!value) {
        *ret_conf = word; /* a word alone is the secret's file */
        return true;
    }
    *value++ = '\0';
    if (strcmp(word, "uid") == 0)
        return take_id(value, &d->uid);
    if (strcmp(word, "gid") == 0)
        return take_id(value, &d->gid);
    if (strcmp(word, "conf") == 0) {
        *ret_conf = value;
    } else if (strcmp(word, "socket") == 0) {
        free(d->munge_socket);
        d->munge_socket = strdup(value);
    }
    return true;
}

int
door_make(struct door *ret_door, const char *auth, const char *options, char *ret_why,
          size_t why_size)
{
    enum { NOBODY = 65534 };
    struct door d = {.uid = NOBODY, .gid = NOBODY};
    char *text = strdup(options ? options : ""), *save = NULL;
    const char *conf = NULL;
    size_t kind = 0;
    int err = 0;

    while (kind < 4 && strcmp(names[kind], auth) != 0)
        kind++;
    if (kind == 4) {
        snprintf(ret_why, why_size, "there is no authentication '%s'", auth);
        err = -EINVAL;
    }
    d.auth = kind < 4 ? (enum auth_kind)kind : AUTH_NONE;
    for (char *word = text ? strtok_r(text, " ", &save) : NULL; word;
         word = strtok_r(NULL, " ", &save))
        if (!take_word(&d, word, &conf) && err == 0) {
            snprintf(ret_why, why_size, "uid= and gid= take numbers");
            err = -EINVAL;
        }
    if (err == 0 && d.auth == AUTH_OVIS)
        err = lc_secret_read(conf, d.secret, ret_why, why_size);
    free(text);
    *ret_door = d;
    return err;
}

void
door_free(struct door *door)
{
    free(door->munge_socket);
    *door = (struct door){0};
}

/* SPDX-License-Identifier: MIT */
/* How one listening port of the stand-in daemon lets people in. */
#include "peer.h"
#include "secret.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"none", "naive", "ovis", "munge"};

const char *
auth_name(enum auth_kind auth)
{
    return names[auth];
}

/* One NAME=VALUE word of the options. */
static void
take_word(struct door *d, char *word, const char **ret_conf)
{
    char *value = strchr(word, '=');

    if (!value) {
        *ret_conf = word; /* a word alone is the secret's file */
        return;
    }
    *value++ = '\0';
    if (strcmp(word, "uid") == 0)
        d->uid = (uint32_t)strtoul(value, NULL, 10);
    else if (strcmp(word, "gid") == 0)
        d->gid = (uint32_t)strtoul(value, NULL, 10);
    else if (strcmp(word, "conf") == 0)
        *ret_conf = value;
    else if (strcmp(word, "socket") == 0) {
        free(d->munge_socket);
        d->munge_socket = strdup(value);
    }
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
        take_word(&d, word, &conf);
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

/* SPDX-License-Identifier: MIT */
/* Sampler policies, of the development branch: what is to be sampled while jobs run. The
 * stand-in has no jobs, so it reads what a policy says, and keeps whether it runs. */
#include "daemon_state.h"

#include "json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { POLICY_BYTES_MAX = 1 << 20 };

/* What is wrong with a policy's text: 0 for nothing. */
static int
check_policy(const char *text)
{
    cJSON *policy = cJSON_ParseWithOpts(text, NULL, 1);
    int status = EINVAL;

    if (cJSON_IsObject(policy) && !cJSON_GetObjectItem(policy, "component_id"))
        status = ENOENT;
    else if (cJSON_IsArray(cJSON_GetObjectItem(policy, "job_event_actions")))
        status = 0;
    cJSON_Delete(policy);
    return status;
}

static int
check_file(FILE *file)
{
    char *text = calloc(1, POLICY_BYTES_MAX + 1);
    size_t len = text ? fread(text, 1, POLICY_BYTES_MAX, file) : 0;
    int status = len ? check_policy(text) : EINVAL;

    free(text);
    return status;
}

void
dm_smplrp_add(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    const char *path = name ? dm_need(q, r, LC_ATTR_PATH, "path") : NULL;
    FILE *file = path ? dm_open(path, "re") : NULL;
    int status = 0;

    if (!path)
        return;
    if (!file) {
        status = errno;
        dm_say(r, status, "%s error %d when open file %s\n", q->method, status, path);
        return;
    }
    if (dm_find(d, DM_SAMPLER_POLICIES, name))
        status = EEXIST;
    else
        status = check_file(file);
    fclose(file);
    if (status == 0)
        (void)dm_make(d, DM_SAMPLER_POLICIES, name, q);
    else
        dm_say(r, status, "%s, ldmsd_smplrp_new() error: %d\n", q->method, status);
}

/* The policy that a request names, if it is in that state; else it is answered. */
static struct dm_object *
policy(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r,
       bool is_running)
{
    const char *name = dm_need(q, r, LC_ATTR_NAME, "name");
    struct dm_object *o = name ? dm_find(d, DM_SAMPLER_POLICIES, name) : NULL;
    int status = o ? EBUSY : ENOENT;

    if (o && o->running == is_running)
        return o;
    if (name)
        dm_say(r, status, "%s error: %d\n", q->method, status);
    return NULL;
}

void
dm_smplrp_del(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = policy(d, q, r, false);
    if (o)
        dm_remove(d, DM_SAMPLER_POLICIES, o->name);
}

void
dm_smplrp_start(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = policy(d, q, r, false);
    if (o)
        o->running = true;
}

void
dm_smplrp_stop(struct dm_daemon *d, const struct dm_request *q, struct dm_reply *r)
{
    struct dm_object *o = policy(d, q, r, true);
    if (o)
        o->running = false;
}

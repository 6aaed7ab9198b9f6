/* SPDX-License-Identifier: MIT */
/*
 * __pmAcc*() of users and groups. Where neither list has an entry all is allowed. Once a
 * list has one, whoever has no entry of his own in it is what "*" is; and as long as that
 * was not said, nothing is allowed to him.
 */
#include "pcp/access.h"

#include <grp.h>
#include <pwd.h>

pthread_mutex_t pl_access_lock = PTHREAD_MUTEX_INITIALIZER;

static unsigned int ops;

int
__pmAccAddOp(unsigned int op)
{
    int err = 0;

    pthread_mutex_lock(&pl_access_lock);
    if (op == 0 || (op & (op - 1)) != 0 || (op & ops) != 0)
        err = -EINVAL; /* not one bit, or one that is known */
    else
        ops |= op;
    pthread_mutex_unlock(&pl_access_lock);
    return err;
}

unsigned int
pl_access_all(void)
{
    return ops;
}

int
pl_access_check(const char *name, const struct pl_access *said)
{
    return !name || !*name || said->max < 0 || (said->specified & ~ops) != 0 ? -EINVAL
                                                                             : 0;
}

int
pl_access_add(struct pl_access *known, const struct pl_access *said, const char *what,
              const char *name)
{
    unsigned int both = known->specified & said->specified;

    if ((both & (known->denied ^ said->denied)) != 0 ||
        (known->max && said->max && known->max != said->max)) {
        pmNotifyErr(LOG_ERR, "Permission clash for %s%s with earlier statement", what,
                    name);
        return -EINVAL;
    }
    known->specified |= said->specified;
    known->denied |= said->denied & said->specified;
    if (said->max)
        known->max = said->max;
    return 0;
}

struct account {
    struct account *next;
    char *name;
    unsigned int id;
    struct pl_access access;
};

/* Users, or groups. */
struct list {
    const char *what;
    struct account *first;
    bool others_said; /* by "*" */
    struct pl_access others;
};

static struct list users = {.what = "user"}, groups = {.what = "group"};

static bool
is_empty(const struct list *list)
{
    return !list->first && !list->others_said;
}

/* The number of a user or group. 0, or a negative code. */
static int
find_id(const struct list *list, const char *name, unsigned int *ret_id)
{
    char buf[8192];
    struct passwd pw, *user = NULL;
    struct group gr, *group = NULL;
    int err = list == &users ? getpwnam_r(name, &pw, buf, sizeof(buf), &user)
                             : getgrnam_r(name, &gr, buf, sizeof(buf), &group);

    if (!user && !group)
        return err ? -err : -ENOENT;
    *ret_id = user ? user->pw_uid : group->gr_gid;
    return 0;
}

static int
add_account(struct list *list, const char *name, const struct pl_access *said)
{
    unsigned int id = 0;
    int err = find_id(list, name, &id);

    if (err < 0) {
        pmNotifyErr(LOG_ERR, "Failed to lookup %s \"%s\": %s", list->what, name,
                    pmErrStr(err));
        return -EINVAL;
    }
    struct account *a = list->first;
    while (a && a->id != id)
        a = a->next;
    if (a) {
        char what[16];
        snprintf(what, sizeof(what), "%s ", list->what);
        return pl_access_add(&a->access, said, what, name);
    }
    if ((a = calloc(1, sizeof(*a))) == NULL || (a->name = strdup(name)) == NULL) {
        free(a);
        return -ENOMEM;
    }
    a->id = id;
    a->access = *said;
    a->access.denied &= said->specified;
    a->next = list->first;
    list->first = a;
    return 0;
}

static int
add(struct list *list, const char *name, const struct pl_access *said)
{
    pthread_mutex_lock(&pl_access_lock);
    int err = pl_access_check(name, said);
    if (err == 0 && strcmp(name, "*") == 0) {
        list->others_said = true;
        list->others = *said;
        list->others.denied &= said->specified;
    } else if (err == 0) {
        err = add_account(list, name, said);
    }
    pthread_mutex_unlock(&pl_access_lock);
    return err;
}

int
__pmAccAddUser(const char *name, unsigned int specified, unsigned int denied,
               int max_connections)
{
    return add(&users, name, &(struct pl_access){specified, denied, max_connections});
}

int
__pmAccAddGroup(const char *name, unsigned int specified, unsigned int denied,
                int max_connections)
{
    return add(&groups, name, &(struct pl_access){specified, denied, max_connections});
}

/* A number, and nothing else. */
static bool
read_id(const char *text, unsigned int *ret_id)
{
    char *end;
    unsigned long id = strtoul(text, &end, 10);

    *ret_id = (unsigned int)id;
    return *text >= '0' && *text <= '9' && *end == '\0' && id < UINT_MAX;
}

static bool
is_member(unsigned int uid, unsigned int gid)
{
    char user_buf[8192], group_buf[8192];
    struct passwd pw, *user = NULL;
    struct group gr, *group = NULL;

    getpwuid_r(uid, &pw, user_buf, sizeof(user_buf), &user);
    getgrgid_r(gid, &gr, group_buf, sizeof(group_buf), &group);
    if (!user)
        return false;
    for (char **m = group ? group->gr_mem : NULL; m && *m; m++)
        if (strcmp(*m, user->pw_name) == 0)
            return true;
    return user->pw_gid == gid;
}

/* What a list denies somebody: what the entries say that are his, or else "*". */
static unsigned int
denied_by(const struct list *list, unsigned int uid, unsigned int gid)
{
    unsigned int denied = 0;
    bool known = false;

    if (is_empty(list))
        return 0;
    for (const struct account *a = list->first; a; a = a->next) {
        if (list == &users ? a->id == uid : a->id == gid || is_member(uid, a->id)) {
            denied |= a->access.denied;
            known = true;
        }
    }
    return known ? denied : list->others_said ? list->others.denied : ops;
}

int
__pmAccAddAccount(const char *uid, const char *gid, unsigned int *ret_denied)
{
    unsigned int user, group;
    int err = 1; /* somebody who may do something */

    pthread_mutex_lock(&pl_access_lock);
    *ret_denied = 0;
    if (is_empty(&users) && is_empty(&groups)) {
        err = uid || gid;
    } else {
        *ret_denied = ops;
        if (uid && gid && read_id(uid, &user) && read_id(gid, &group))
            *ret_denied =
                denied_by(&users, user, group) | denied_by(&groups, user, group);
        if (*ret_denied == ops)
            err = PM_ERR_PERMISSION;
    }
    pthread_mutex_unlock(&pl_access_lock);
    return err;
}

static void
dump(FILE *f, const struct list *list, const char *what)
{
    if (is_empty(list)) {
        fprintf(f, "%s access list empty: access control turned off\n", what);
        return;
    }
    fprintf(f, "%s access list:\n", what);
    for (const struct account *a = list->first; a; a = a->next)
        fprintf(f, "  %s (%u): specified %#x denied %#x\n", a->name, a->id,
                a->access.specified, a->access.denied);
    fprintf(f, "  *: specified %#x denied %#x\n",
            list->others_said ? list->others.specified : ops,
            list->others_said ? list->others.denied : ops);
}

void
__pmAccDumpUsers(FILE *f)
{
    dump(f, &users, "User");
}

void
__pmAccDumpGroups(FILE *f)
{
    dump(f, &groups, "Group");
}

void
__pmAccDumpLists(FILE *f)
{
    __pmAccDumpHosts(f);
    __pmAccDumpUsers(f);
    __pmAccDumpGroups(f);
}

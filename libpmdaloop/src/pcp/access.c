/* SPDX-License-Identifier: MIT */
/*
 * __pmAcc*(): who may do what. Each of users, groups and hosts has a list of entries, and
 * an entry says of some operations whether they are denied. What no entry speaks of is
 * allowed; the entry "*" speaks for everybody who has none.
 */
#include <pcp/libpcp.h>

#include <fnmatch.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>

struct rule {
    struct rule *next;
    char *name;
    unsigned int specified, denied;
    int max, connections; /* max 0: any number */
};

enum { USERS, GROUPS, HOSTS, N_LISTS };

static struct rule *lists[N_LISTS];
static unsigned int ops;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int
__pmAccAddOp(unsigned int op)
{
    if (op == 0 || (op & (op - 1)) != 0)
        return -EINVAL; /* not one bit */
    ops |= op;
    return 0;
}

static int
add_rule(int list, const char *name, unsigned int specified, unsigned int denied,
         int max)
{
    int err = 0;

    if (!name || !*name || max < 0 || (specified & ~ops) != 0)
        return -EINVAL;
    pthread_mutex_lock(&lock);
    struct rule *r = lists[list];
    while (r && strcmp(r->name, name) != 0)
        r = r->next;
    if (!r && (r = calloc(1, sizeof(*r))) != NULL) {
        if ((r->name = strdup(name)) != NULL) {
            r->next = lists[list];
            lists[list] = r;
        } else {
            free(r);
            r = NULL;
        }
    } else if (r && ((r->specified & specified) & (r->denied ^ denied)) != 0) {
        err = -EINVAL; /* allowed in one line, denied in another */
    }
    if (!r)
        err = -ENOMEM;
    if (err == 0) {
        r->specified |= specified;
        r->denied |= denied & specified;
        r->max = max;
    }
    pthread_mutex_unlock(&lock);
    return err;
}

int
__pmAccAddUser(const char *name, unsigned int specified, unsigned int denied,
               int max_connections)
{
    return add_rule(USERS, name, specified, denied, max_connections);
}

int
__pmAccAddGroup(const char *name, unsigned int specified, unsigned int denied,
                int max_connections)
{
    return add_rule(GROUPS, name, specified, denied, max_connections);
}

int
__pmAccAddHost(const char *name, unsigned int specified, unsigned int denied,
               int max_connections)
{
    return add_rule(HOSTS, name, specified, denied, max_connections);
}

/* What a list says of somebody, known by one name or another; may be NULL. */
static struct rule *
rule_for(int list, const char *name, const char *other)
{
    struct rule *everybody = NULL;

    for (struct rule *r = lists[list]; r; r = r->next) {
        if (strcmp(r->name, "*") == 0)
            everybody = r;
        else if ((name && fnmatch(r->name, name, 0) == 0) ||
                 (other && fnmatch(r->name, other, 0) == 0))
            return r;
    }
    return everybody;
}

int
__pmAccAddAccount(const char *uid, const char *gid, unsigned int *ret_denied)
{
    struct passwd pw, *user = NULL;
    struct group gr, *group = NULL;
    char user_buf[8192], group_buf[8192];

    if (uid)
        getpwuid_r((uid_t)strtoul(uid, NULL, 10), &pw, user_buf, sizeof(user_buf),
                   &user);
    if (gid)
        getgrgid_r((gid_t)strtoul(gid, NULL, 10), &gr, group_buf, sizeof(group_buf),
                   &group);
    pthread_mutex_lock(&lock);
    const struct rule *u = rule_for(USERS, user ? user->pw_name : NULL, uid);
    const struct rule *g = rule_for(GROUPS, group ? group->gr_name : NULL, gid);
    *ret_denied = (u ? u->denied : 0) | (g ? g->denied : 0);
    pthread_mutex_unlock(&lock);
    return 0;
}

int
__pmAccAddClient(__pmSockAddr *addr, unsigned int *ret_denied)
{
    int err = 0;
    char *digits = __pmSockAddrToString(addr);

    pthread_mutex_lock(&lock);
    struct rule *r = rule_for(HOSTS, digits,
                              __pmSockAddrIsUnix(addr)       ? "unix:"
                              : __pmSockAddrIsLoopBack(addr) ? "localhost"
                                                             : NULL);
    *ret_denied = r ? r->denied : 0;
    if (r && r->max > 0 && r->connections >= r->max)
        err = PM_ERR_CONNLIMIT;
    else if (r && ops != 0 && (r->denied & ops) == ops)
        err = PM_ERR_PERMISSION;
    else if (r)
        r->connections++;
    pthread_mutex_unlock(&lock);
    free(digits);
    return err;
}

void
__pmAccDelClient(__pmSockAddr *addr)
{
    char *digits = __pmSockAddrToString(addr);

    pthread_mutex_lock(&lock);
    struct rule *r = rule_for(HOSTS, digits,
                              __pmSockAddrIsUnix(addr)       ? "unix:"
                              : __pmSockAddrIsLoopBack(addr) ? "localhost"
                                                             : NULL);
    if (r && r->connections > 0)
        r->connections--;
    pthread_mutex_unlock(&lock);
    free(digits);
}

static void
dump(FILE *f, int list, const char *what)
{
    if (!lists[list]) {
        fprintf(f, "%s access list empty: access control turned off\n", what);
        return;
    }
    fprintf(f, "%s access list:\n", what);
    for (const struct rule *r = lists[list]; r; r = r->next)
        fprintf(f, "  %s: specified %#x denied %#x connections %d of %d\n", r->name,
                r->specified, r->denied, r->connections, r->max);
}

void
__pmAccDumpUsers(FILE *f)
{
    dump(f, USERS, "User");
}

void
__pmAccDumpGroups(FILE *f)
{
    dump(f, GROUPS, "Group");
}

void
__pmAccDumpHosts(FILE *f)
{
    dump(f, HOSTS, "Host");
}

void
__pmAccDumpLists(FILE *f)
{
    __pmAccDumpHosts(f);
    __pmAccDumpUsers(f);
    __pmAccDumpGroups(f);
}

/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* getifaddrs */
/*
 * __pmAcc*() of hosts. A host is its address, and an address is parts: four bytes, eight
 * words of 16 bits, or a path. An entry is the first few of them, so that many entries may
 * fit one host: each says what it says after those that are less exact. What no entry
 * speaks of is allowed.
 */
#include "pcp/access.h"
#include "pcp/sockaddr.h"

#include <ifaddrs.h>
#include <strings.h>

enum { INET_PARTS = 4, INET6_PARTS = 8, MOST_PARTS = INET6_PARTS };

struct place {
    int family;
    size_t n; /* parts, or bytes of the path */
    unsigned int parts[MOST_PARTS];
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

struct host {
    struct host *next; /* in the order of n */
    struct place place;
    struct pl_access access;
    int connections;
    char name[];
};

static struct host *hosts;

static void
place_of(const __pmSockAddr *addr, struct place *ret)
{
    *ret = (struct place){.family = __pmSockAddrGetFamily(addr)};
    if (ret->family == AF_INET) {
        ret->n = INET_PARTS;
        for (int i = 0; i < INET_PARTS; i++)
            ret->parts[i] = ((const uint8_t *)&addr->u.inet.sin_addr)[i];
    } else if (ret->family == AF_INET6) {
        const uint8_t *bytes = addr->u.inet6.sin6_addr.s6_addr;
        ret->n = INET6_PARTS;
        for (int i = 0; i < INET6_PARTS; i++)
            ret->parts[i] = (unsigned)bytes[i * 2] << 8 | bytes[i * 2 + 1];
    } else {
        pmstrncpy(ret->path, sizeof(ret->path), addr->u.local.sun_path);
        ret->n = strlen(ret->path);
    }
}

/* Is it there, or below? An entry for a path is that path, unless it ends in a '*'. */
static bool
fits(const struct place *entry, const struct place *place)
{
    if (entry->family != place->family || entry->n > place->n)
        return false;
    if (entry->family == AF_UNIX)
        return strncmp(entry->path, place->path, entry->n) == 0 &&
               (entry->path[entry->n] == '*' || entry->n == place->n);
    return memcmp(entry->parts, place->parts, entry->n * sizeof(entry->parts[0])) == 0;
}

static bool
is_same(const struct place *a, const struct place *b)
{
    return a->family == b->family && a->n == b->n &&
           memcmp(a->parts, b->parts, sizeof(a->parts)) == 0 &&
           strcmp(a->path, b->path) == 0;
}

static int
add_place(const struct place *place, const char *name, const struct pl_access *said)
{
    struct host **at = &hosts;

    while (*at && (*at)->place.n <= place->n && !is_same(&(*at)->place, place))
        at = &(*at)->next;
    if (*at && is_same(&(*at)->place, place))
        return pl_access_add(&(*at)->access, said, "", name);
    struct host *h = calloc(1, sizeof(*h) + strlen(name) + 1);
    if (!h)
        return -ENOMEM;
    memcpy(h->name, name, strlen(name) + 1);
    h->place = *place;
    h->access = *said;
    h->access.denied &= said->specified;
    h->next = *at;
    *at = h;
    return 0;
}

/* "10.1.*" or "fe80:*"; ".*" and ":*" are all addresses of a kind. */
static int
add_wildcard(const char *name, const struct pl_access *said)
{
    bool v6 = strchr(name, ':') != NULL;
    struct place place = {.family = v6 ? AF_INET6 : AF_INET};
    const char *at = name + (name[1] == '*'), *dot = v6 ? ":" : ".";

    while (*at != '*') {
        char *end;
        unsigned long part = strtoul(at, &end, v6 ? 16 : 10);
        if (end == at || *end != *dot || part > (v6 ? 0xffff : 0xff) ||
            place.n == (v6 ? INET6_PARTS : INET_PARTS) - 1) {
            pmNotifyErr(LOG_ERR, "Bad IP address wildcard, %s", name);
            return -EINVAL;
        }
        place.parts[place.n++] = (unsigned)part;
        at = end + 1;
    }
    return add_place(&place, name, said);
}

static int
add_path(const char *path, const char *name, const struct pl_access *said)
{
    struct place place = {.family = AF_UNIX};

    if (pmstrncpy(place.path, sizeof(place.path), *path ? path : "*") < 0)
        return -E2BIG;
    place.n = strcspn(place.path, "*");
    return add_place(&place, name, said);
}

static int
add_addresses(const char *name, const struct pl_access *said)
{
    void *at = NULL;
    int err = 0, known = 0;
    __pmSockAddr *addr;
    __pmHostEnt *host = __pmGetAddrInfo(name, &err);

    if (!host)
        return err;
    while ((addr = __pmHostEntGetSockAddr(host, &at)) != NULL) {
        struct place place;
        place_of(addr, &place);
        __pmSockAddrFree(addr);
        if ((err = add_place(&place, name, said)) == 0)
            known++;
    }
    __pmHostEntFree(host);
    return known ? 0 : err;
}

/* This host is its interfaces' addresses, and what loops back to it. */
static int
add_localhost(const struct pl_access *said)
{
    static const struct place loops[] = {
        {.family = AF_INET, .n = 1, .parts = {127}},
        {.family = AF_INET6, .n = INET6_PARTS, .parts = {[INET6_PARTS - 1] = 1}}};
    struct ifaddrs *all = NULL;
    int err = add_place(&loops[0], "localhost", said);

    if (err == 0)
        err = add_place(&loops[1], "localhost", said);
    if (err < 0 || getifaddrs(&all) != 0)
        return err;
    for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
        int family = i->ifa_addr ? i->ifa_addr->sa_family : AF_UNSPEC;
        __pmSockAddr addr = {.u.any.sa_family = AF_UNSPEC};
        struct place place;
        if (family != AF_INET && family != AF_INET6)
            continue;
        memcpy(&addr.u, i->ifa_addr,
               family == AF_INET ? sizeof(addr.u.inet) : sizeof(addr.u.inet6));
        place_of(&addr, &place);
        (void)add_place(&place, "localhost", said); /* what clashes was logged */
    }
    freeifaddrs(all);
    return 0;
}

static int
add_name(const char *name, const struct pl_access *said)
{
    const char *star = strchr(name, '*');
    bool local = strncmp(name, "local:", 6) == 0;
    char self[MAXHOSTNAMELEN + 1] = "";
    int err;

    (void)gethostname(self, sizeof(self) - 1);
    if (strcmp(name, "*") == 0) {
        if ((err = add_wildcard(".*", said)) == 0 &&
            (err = add_wildcard(":*", said)) == 0)
            err = add_path("*", name, said);
        return err;
    }
    if (star && star[1] != '\0') {
        pmNotifyErr(LOG_ERR, "Wildcard in host pattern \"%s\" is not at the end", name);
        return -EINVAL;
    }
    if (local || strncmp(name, "unix:", 5) == 0) {
        err = add_path(strchr(name, ':') + 1, name, said);
        return err < 0 || !local ? err : add_localhost(said);
    }
    if (star)
        return add_wildcard(name, said);
    if (strcasecmp(name, "localhost") == 0 || strcasecmp(name, self) == 0)
        return add_localhost(said);
    return add_addresses(name, said);
}

int
__pmAccAddHost(const char *name, unsigned int specified, unsigned int denied,
               int max_connections)
{
    const struct pl_access said = {specified, denied, max_connections};

    pthread_mutex_lock(&pl_access_lock);
    int err = pl_access_check(name, &said);
    if (err == 0)
        err = add_name(name, &said);
    pthread_mutex_unlock(&pl_access_lock);
    return err;
}

/* Every entry that fits counts the client. */
static void
count(const struct place *place, int more)
{
    for (struct host *h = hosts; h; h = h->next)
        if (fits(&h->place, place) && h->connections + more >= 0)
            h->connections += more;
}

int
__pmAccAddClient(__pmSockAddr *addr, unsigned int *ret_denied)
{
    const struct host *exact = NULL;
    struct place place;
    int err = 0;

    place_of(addr, &place);
    pthread_mutex_lock(&pl_access_lock);
    *ret_denied = 0;
    for (const struct host *h = hosts; h; h = h->next) {
        if (!fits(&h->place, &place))
            continue;
        *ret_denied = (*ret_denied & ~h->access.specified) | h->access.denied;
        exact = h;
    }
    if (exact && *ret_denied == pl_access_all()) {
        err = PM_ERR_PERMISSION;
    } else if (exact && exact->access.max && exact->connections >= exact->access.max) {
        *ret_denied = pl_access_all();
        err = PM_ERR_CONNLIMIT;
    } else {
        count(&place, 1);
    }
    pthread_mutex_unlock(&pl_access_lock);
    return err;
}

void
__pmAccDelClient(__pmSockAddr *addr)
{
    struct place place;

    place_of(addr, &place);
    pthread_mutex_lock(&pl_access_lock);
    count(&place, -1);
    pthread_mutex_unlock(&pl_access_lock);
}

void
__pmAccDumpHosts(FILE *f)
{
    if (!hosts)
        fprintf(f, "Host access list empty: access control turned off\n");
    else
        fprintf(f, "Host access list:\n");
    for (const struct host *h = hosts; h; h = h->next)
        fprintf(f, "  %s: specified %#x denied %#x connections %d of %d\n", h->name,
                h->access.specified, h->access.denied, h->connections, h->access.max);
}

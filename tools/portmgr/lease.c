/* SPDX-License-Identifier: MIT */
/* Ports for services, all or none, and their being held. */
#include "lease.h"
#include "json.h"
#include "moment.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>

enum {
    GRACE_MS = 1000, /* for a manager that is being started at this moment */
    RETRY_MS = 20,
};

bool
lease_services(struct lease *lease, int count, char *const *services)
{
    if (count < 1 || count > SERVICES_MAX) {
        (void)cli_misused("from 1 to %d services are to be named, not %d", SERVICES_MAX,
                          count);
        return false;
    }
    for (int i = 0; i < count; i++) {
        if (!options_is_name(services[i])) {
            (void)cli_misused("a service has 1 to 255 bytes, none of them a control "
                              "byte: not '%s'",
                              services[i]);
            return false;
        }
    }
    lease->services = services;
    lease->count = (size_t)count;
    return true;
}

static const char *
host_of(const struct options *o)
{
    return o->host_count ? o->hosts[0] : NULL;
}

/* The allocations of one service by one user (NULL: any), by a connection of their own,
 * since a failure would cost the ports held by this one. */
static int
find_all(const struct options *o, struct portmgr_criteria criteria, bool own,
         struct portmgr_list **ret_list)
{
    struct portmgr *pm;
    int err = options_connect(o, host_of(o), o->timeout_ms, &pm);

    criteria.size = sizeof(criteria);
    criteria.user = own && pm ? portmgr_get_user(pm) : o->user;
    err = err ? err : portmgr_find(pm, &criteria, ret_list);
    int code = err ? options_failed(pm, err) : CLI_DONE;
    portmgr_free(pm);
    return code;
}

/* Another one beside `own_port`, which is 0 before ours is there. Of several that ask at
 * the same moment each sees the others afterwards: all of them may give up, but never do
 * two go on. */
static int
refuse_another(const struct options *o, const char *service, uint16_t own_port)
{
    struct portmgr_list *list = NULL;
    int code =
        find_all(o, (struct portmgr_criteria){.instances_of = service}, true, &list);

    for (size_t i = 0; list && i < list->count; i++)
        if (list->rows[i].port != own_port) {
            cli_say("'%s' of %s is there already, on port %" PRIu16, service,
                    list->rows[i].user, list->rows[i].port);
            code = CLI_FAILED;
        }
    portmgr_list_free(list);
    return code;
}

/* True and the port, where the service is there. */
static bool
is_found(const struct options *o, const char *service, uint16_t *ret_port,
         int *ret_code)
{
    struct portmgr_list *list = NULL;
    bool found = false;

    *ret_code =
        find_all(o, (struct portmgr_criteria){.service = service}, false, &list);
    if (list && list->count) {
        *ret_port = list->rows[0].port;
        found = true;
    }
    portmgr_list_free(list);
    return found;
}

static int
connect_in_grace(struct lease *lease, const struct options *o, const char *service,
                 uint16_t *ret_port)
{
    int err = 0;

    for (int waited = 0;; waited += RETRY_MS) {
        err = lease->pm ? 0 : options_connect(o, host_of(o), o->timeout_ms, &lease->pm);
        err = err ? err : portmgr_allocate(lease->pm, service, ret_port);
        if (err != -ECONNREFUSED || waited >= GRACE_MS)
            break;
        portmgr_free(lease->pm);
        lease->pm = NULL;
        moment_sleep(RETRY_MS);
    }
    return err ? options_failed(lease->pm, err) : CLI_DONE;
}

static int
take_one(struct lease *lease, const struct options *o, size_t i)
{
    const char *service = lease->services[i];
    int code = CLI_DONE;

    if (lease->or_find && is_found(o, service, &lease->ports[i], &code))
        return CLI_DONE;
    if (code == CLI_DONE && lease->unique)
        code = refuse_another(o, service, 0);
    if (code == CLI_DONE)
        code = connect_in_grace(lease, o, service, &lease->ports[i]);
    if (code == CLI_DONE && lease->unique)
        code = refuse_another(o, service, lease->ports[i]);
    return code;
}

int
lease_take(struct lease *lease, const struct options *o)
{
    for (size_t i = 0; i < lease->count; i++) {
        int code = take_one(lease, o, i);
        if (code != CLI_DONE) { /* all or none */
            lease_drop(lease);
            return code;
        }
    }
    return CLI_DONE;
}

void
lease_drop(struct lease *lease)
{
    portmgr_free(lease->pm);
    lease->pm = NULL;
}

int
lease_put(const struct lease *lease, enum cli_format format)
{
    fputs(format == CLI_JSON ? "[" : "", stdout);
    for (size_t i = 0; i < lease->count; i++) {
        if (format == CLI_TEXT) {
            printf("%" PRIu16 "\n", lease->ports[i]);
            continue;
        }
        printf("%s{\"port\":%" PRIu16 ",\"service\":",
               format == CLI_JSON && i ? "," : "", lease->ports[i]);
        json_put_string(stdout, lease->services[i], strlen(lease->services[i]));
        fputs(format == CLI_JSON ? "}" : "}\n", stdout);
    }
    fputs(format == CLI_JSON ? "]\n" : "", stdout);
    return cli_flush() ? CLI_DONE : CLI_FAILED;
}

int
lease_wait(const struct lease *lease, int fd, int timeout_ms)
{
    for (;;) {
        struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = -1}};
        int ms = timeout_ms;
        if (lease->pm) {
            fds[1].fd = portmgr_get_fd(lease->pm);
            fds[1].events = (short)portmgr_get_events(lease->pm);
            int own_ms = portmgr_get_timeout_ms(lease->pm);
            ms = own_ms >= 0 && (ms < 0 || own_ms < ms) ? own_ms : ms;
        }
        int ready = poll(fds, 2, ms);
        if (ready < 0 && errno != EINTR)
            return -errno;
        if (ready > 0 && fds[0].revents)
            return 1;
        int err = lease->pm ? portmgr_process(lease->pm) : 0;
        if (err < 0)
            return err;
        if (ready == 0 && ms == timeout_ms)
            return 0;
    }
}

int
lease_lost(const struct lease *lease, int err)
{
    for (size_t i = 0; i < lease->count; i++)
        cli_say("port %" PRIu16 " of '%s' is lost", lease->ports[i],
                lease->services[i]);
    (void)options_failed(lease->pm, err);
    return CLI_LOST;
}

/* SPDX-License-Identifier: MIT */
/* pmdaConnect(): a channel to pmcd, and the versions exchanged on it. */
#include "pcp/agent.h"
#include "pcp/stream.h"

#include <pwd.h>
#include <sys/un.h>

/* Without a channel there is nothing to be an agent for. */
static _Noreturn void
give_up(const pmdaExt *ext, const char *what, const char *which)
{
    pmNotifyErr(LOG_CRIT, "pmdaConnect: PMDA %s: cannot %s %s: %s", ext->e_name, what,
                which, strerror(errno));
    exit(1);
}

/* The first who connects is pmcd; then nobody listens any more. */
static void
accept_one(pmdaExt *ext, int listener, const char *where)
{
    int fd;

    if (listen(listener, 5) != 0)
        give_up(ext, "listen on", where);
    do {
        fd = accept(listener, NULL, NULL);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0)
        give_up(ext, "accept a connection to", where);
    close(listener);
    ext->e_infd = ext->e_outfd = fd;
}

static uint16_t
port_of(const pmdaExt *ext)
{
    const struct servent *service;

    if (!ext->e_sockname)
        return htons((uint16_t)ext->e_port);
    service = getservbyname(ext->e_sockname, NULL);
    if (!service) {
        errno = EINVAL;
        give_up(ext, "find the port of service", ext->e_sockname);
    }
    return (uint16_t)service->s_port;
}

static void
connect_inet(pmdaExt *ext, int family)
{
    struct sockaddr_in inet = {.sin_family = AF_INET,
                               .sin_port = port_of(ext),
                               .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in6 inet6 = {.sin6_family = AF_INET6,
                                 .sin6_port = inet.sin_port,
                                 .sin6_addr = in6addr_loopback};
    char where[32];
    int on = 1;

    snprintf(where, sizeof(where), "port %d", ntohs(inet.sin_port));
    int fd = socket(family, SOCK_STREAM, 0);
    if (fd < 0)
        give_up(ext, "make a socket for", where);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd,
             family == AF_INET ? (struct sockaddr *)&inet : (struct sockaddr *)&inet6,
             family == AF_INET ? sizeof(inet) : sizeof(inet6)) != 0)
        give_up(ext, "bind to", where);
    accept_one(ext, fd, where);
    setsockopt(ext->e_infd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static void
connect_unix(pmdaExt *ext)
{
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    struct passwd pw, *user = NULL;
    char buf[8192], *name;

    if (!ext->e_sockname ||
        pmstrncpy(addr.sun_path, sizeof(addr.sun_path), ext->e_sockname) < 0) {
        errno = EINVAL;
        give_up(ext, "use the socket",
                ext->e_sockname ? ext->e_sockname : "without name");
    }
    if (unlink(addr.sun_path) == 0)
        pmNotifyErr(LOG_WARNING, "pmdaConnect: PMDA %s: removed the old socket %s",
                    ext->e_name, addr.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0)
        give_up(ext, "make a socket for", addr.sun_path);
    if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) != 0)
        give_up(ext, "bind to", addr.sun_path);
    if (chmod(addr.sun_path, 0660) != 0)
        pmNotifyErr(LOG_WARNING,
                    "pmdaConnect: PMDA %s: cannot change the mode of %s: %s",
                    ext->e_name, addr.sun_path, strerror(errno));
    (void)pmGetUsername(&name);
    if (getpwnam_r(name, &pw, buf, sizeof(buf), &user) == 0 && user)
        if (chown(addr.sun_path, pw.pw_uid, pw.pw_gid) != 0 && geteuid() == 0)
            pmNotifyErr(LOG_WARNING, "pmdaConnect: PMDA %s: cannot give %s to %s: %s",
                        ext->e_name, addr.sun_path, name, strerror(errno));
    accept_one(ext, fd, addr.sun_path);
}

static bool
refuse(pmdaInterface *dispatch)
{
    dispatch->status = PM_ERR_GENERIC;
    return false;
}

static bool
may_connect(pmdaInterface *dispatch)
{
    if (!pl_has_ext((int)dispatch->comm.pmda_interface)) {
        pmNotifyErr(LOG_CRIT,
                    "pmdaConnect: PMDA interface version %u not supported (domain=%d)",
                    dispatch->comm.pmda_interface, dispatch->domain);
        return refuse(dispatch);
    }
    const pmdaExt *ext = dispatch->version.any.ext;
    if (!ext || !(ext->e_flags & PMDA_EXT_SETUPDONE)) {
        pmNotifyErr(LOG_CRIT,
                    "pmdaConnect: need to call pmdaDaemon() or pmdaDSO() first");
        return refuse(dispatch);
    }
    if (ext->e_flags & PMDA_EXT_CONNECTED) {
        pmNotifyErr(LOG_CRIT, "pmdaConnect: called more than once");
        return refuse(dispatch);
    }
    return true;
}

/* Somebody typed the agent's name and waits for something to happen. By now stderr may be
 * the log. */
static void
greet_terminal(const pmdaExt *ext)
{
    if (isatty(0) && isatty(1))
        dprintf(isatty(2) ? 2 : 1,
                "%s: this is an agent that pmcd(1) starts; what is typed here is not "
                "what it expects to read (try --help)\n",
                ext->e_name);
}

void
pmdaConnect(pmdaInterface *dispatch)
{
    if (!may_connect(dispatch))
        return;
    pmdaExt *ext = dispatch->version.any.ext;

    switch (ext->e_io) {
    case pmdaPipe:
    case pmdaUnknown:
        ext->e_infd = 0;
        ext->e_outfd = 1;
        greet_terminal(ext);
        break;
    case pmdaInet:
        connect_inet(ext, AF_INET);
        break;
    case pmdaIPv6:
        connect_inet(ext, AF_INET6);
        break;
    case pmdaUnix:
        connect_unix(ext);
        break;
    default:
        pmNotifyErr(LOG_CRIT, "pmdaConnect: PMDA %s: Illegal iotype: %d", ext->e_name,
                    ext->e_io);
        exit(1);
    }
    struct pl_stream *stream = &pl_agent_of(ext)->stream;
    stream->in = ext->e_infd;
    stream->out = ext->e_outfd;
    int err = pl_stream_exchange_versions(stream, ext->e_name, dispatch->comm.flags);
    if (err < 0) {
        dispatch->status = err;
        return;
    }
    dispatch->comm.pmapi_version = PMAPI_VERSION_2;
    ext->e_flags |= PMDA_EXT_CONNECTED;
}

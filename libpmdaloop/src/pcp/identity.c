/* SPDX-License-Identifier: MIT */
/* Whom an agent runs as. */
#define _DEFAULT_SOURCE /* initgroups */
#include <pcp/pmapi.h>

#include <grp.h>
#include <pwd.h>

/* Agents give up root for this account. */
#define DEFAULT_USER "pcp"

int
pmGetUsername(char **ret_name)
{
    static char default_user[] = DEFAULT_USER;
    char *user = pmGetOptionalConfig("PCP_USER");

    if (user && *user) {
        *ret_name = user;
        return 1;
    }
    *ret_name = default_user;
    return 0;
}

static void
refuse(const char *what, const char *name)
{
    pmNotifyErr(LOG_CRIT, "cannot %s \"%s\": %s", what, name, strerror(errno));
    exit(1);
}

int
pmSetProcessIdentity(const char *name)
{
    struct passwd pw, *found = NULL;
    char buf[16384];
    int err = getpwnam_r(name, &pw, buf, sizeof(buf), &found);

    if (err != 0 || !found) {
        errno = err ? err : ENOENT;
        refuse("find the user", name);
        return -1;
    }
    if (getuid() == pw.pw_uid && geteuid() == pw.pw_uid)
        return 0;
    if (setgid(pw.pw_gid) != 0)
        refuse("take the group of", name);
    if (initgroups(name, pw.pw_gid) != 0)
        refuse("take the groups of", name);
    if (setuid(pw.pw_uid) != 0)
        refuse("become", name);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* A handle for the options of the command line. */
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

int
client_code(int err)
{
    switch (-err) {
    case 0:
        return CLI_DONE;
    case LDMSCTL_EREFUSED:
    case ENOMEM:
        return CLI_FAILED;
    case LDMSCTL_EUNKNOWN:
    case EINVAL:
    case EPROTONOSUPPORT:
        return CLI_MISUSED;
    default:
        return CLI_LOST;
    }
}

struct ldmsctl *
client_new(const struct options *o, int *ret_code)
{
    struct ldmsctl_options options = {.size = sizeof(options),
                                      .xprt = o->xprt,
                                      .auth = o->auth,
                                      .auth_opt = o->auth_opt,
                                      .connect_timeout_ms = (uint32_t)o->timeout_ms,
                                      .reply_timeout_ms = (uint32_t)o->timeout_ms,
                                      .release = o->release};
    struct ldmsctl *lc = NULL;
    int err = ldmsctl_new(&lc, &options);

    if (err == 0)
        return lc;
    *ret_code = client_code(err);
    if (err == -EPROTONOSUPPORT)
        (void)cli_misused("no transport '%s': ldmsc speaks sock", o->xprt);
    else if (err == -EINVAL)
        (void)cli_misused("cannot use authentication '%s' with '%s'", o->auth,
                          o->auth_opt ? o->auth_opt : "");
    else
        cli_say("cannot begin: %s", ldmsctl_strerror(err));
    return NULL;
}

struct ldmsctl *
client_open(const struct options *o, int *ret_code)
{
    struct ldmsctl *lc = client_new(o, ret_code);
    int err = lc ? ldmsctl_connect(lc, o->host, (uint16_t)o->port) : 0;

    if (err == 0)
        return lc;
    cli_say("%s", ldmsctl_errmsg(lc));
    *ret_code = client_code(err);
    ldmsctl_free(lc);
    return NULL;
}

struct ldmsctl_arg *
client_args(char **words, int n_words)
{
    struct ldmsctl_arg *args = calloc((size_t)n_words + 1, sizeof(*args));

    for (int i = 0; args && i < n_words; i++) {
        char *equals = strchr(words[i], '=');
        if (!equals || equals == words[i]) {
            (void)cli_misused("an argument is NAME=VALUE, not '%s'", words[i]);
            free(args);
            return NULL;
        }
        *equals = '\0';
        args[i] = (struct ldmsctl_arg){.name = words[i], .value = equals + 1};
    }
    return args;
}

bool
client_is_line(const char *word)
{
    const char *required, *optional;
    return !ldmsctl_method_find(word) &&
           ldmsctl_get_cmd_attr_list(word, &required, &optional) == 0;
}

char *
client_line(char **words, int n_words)
{
    char *line = NULL;
    size_t len;
    FILE *out = open_memstream(&line, &len);

    if (!out)
        return NULL;
    for (int i = 0; i < n_words; i++)
        fprintf(out, "%s%s", i ? " " : "", words[i]);
    return fclose(out) == 0 ? line : NULL;
}

void
client_allow_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* SPDX-License-Identifier: MIT */
/* A handle for the options of the command line. */
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

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
    /* The longest that a handle takes is 24 days. */
    uint32_t timeout_ms =
        o->timeout_ms < INT32_MAX ? (uint32_t)o->timeout_ms : INT32_MAX;
    struct ldmsctl_options options = {.size = sizeof(options),
                                      .xprt = o->xprt,
                                      .auth = o->auth,
                                      .auth_opt = o->auth_opt,
                                      .connect_timeout_ms = timeout_ms,
                                      .reply_timeout_ms = timeout_ms,
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

/* NAME=VALUE words as arguments, which point into them: their '=' become NUL. NULL after
 * a sentence. */
static struct ldmsctl_arg *
take_args(char **words, int n_words)
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

/* A word of a line: a value with blanks in it goes between quotation marks. */
static void
put_word(FILE *out, const char *word)
{
    const char *value = strchr(word, '=');

    if (value && value[1] != '"' && value[1 + strcspn(value + 1, " \t\r\n")])
        fprintf(out, "%.*s\"%s\"", (int)(value + 1 - word), word, value + 1);
    else
        fputs(word, out);
}

/* The words with one blank between. */
static char *
join(char **words, int n_words)
{
    char *line = NULL;
    size_t len;
    FILE *out = open_memstream(&line, &len);

    if (!out)
        return NULL;
    for (int i = 0; i < n_words; i++) {
        fputs(i ? " " : "", out);
        put_word(out, words[i]);
    }
    return fclose(out) == 0 ? line : NULL;
}

int
client_request_make(struct client_request *ret_request, char **words, int n_words)
{
    struct client_request q = {.method = ldmsctl_method_find(words[0])};

    if (q.method) {
        q.args = take_args(words + 1, n_words - 1);
        q.n_args = (size_t)n_words - 1;
    } else {
        q.line = join(words, n_words);
    }
    *ret_request = q;
    return q.args || q.line ? CLI_DONE : CLI_MISUSED;
}

void
client_request_free(struct client_request *q)
{
    free(q->args);
    free(q->line);
    *q = (struct client_request){0};
}

int
client_start(struct ldmsctl *lc, const char *host, uint16_t port,
             const struct client_request *q)
{
    uint32_t number;
    int err = ldmsctl_connect_start(lc, host, port);

    if (err)
        return err;
    return q->method
               ? ldmsctl_call_start(lc, q->method->name, q->args, q->n_args, &number)
               : ldmsctl_command_start(lc, q->line, &number);
}

uint64_t
client_now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

size_t
client_allow_files(void)
{
    struct rlimit limit = {.rlim_cur = 256, .rlim_max = 256};

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        rlim_t before = limit.rlim_cur;
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
            limit.rlim_cur = before;
    }
    return limit.rlim_cur < SIZE_MAX ? (size_t)limit.rlim_cur : SIZE_MAX;
}

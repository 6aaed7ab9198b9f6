/* SPDX-License-Identifier: MIT */
/* A configuration script against one daemon. Commands that only add things, each of its
 * own, need not wait for one another; all others go one by one. */
#include "answer.h"
#include "client.h"
#include "commands.h"
#include "script.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Daemons take 3 MiB for each request that waits. */
enum { WINDOW = 64 };

/* A command on its way. */
struct sent {
    uint32_t request;
    size_t line_no;
};

struct run {
    const struct options *o;
    const char *path;
    bool
        is_whole; /* a file: no line is yet to come from somebody who takes their time */
    struct ldmsctl *lc;
    struct sent window[WINDOW]; /* in the order they were sent */
    size_t first, count;
    char verb[32]; /* of those on their way */
    size_t done, failed;
    int code; /* of the first failure */
};

/* Commands whose order among themselves can't matter. */
static bool
only_adds(const char *verb)
{
    static const char *const verbs[] = {"load",        "prdcr_add", "updtr_add",
                                        "strgp_add",   "auth_add",  "prdcr_listen_add",
                                        "setgroup_add"};
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(verb, verbs[i]) == 0)
            return true;
    return false;
}

/* What came of a command of that verb. */
static void
put_answer(const struct run *r, const char *verb, int err, const char *why,
           const struct ldmsctl_reply *reply)
{
    answer_put(r->o->format, &(struct answer){.host = r->o->host,
                                              .port = (uint16_t)r->o->port,
                                              .method = verb,
                                              .err = err,
                                              .errmsg = why,
                                              .reply = reply});
}

static void
fail(struct run *r, size_t line_no, int err, const char *why)
{
    int code = client_code(err);

    r->failed++;
    if (r->code == CLI_DONE)
        r->code = code == CLI_MISUSED ? CLI_FAILED : code;
    cli_say("%s:%zu: %s", r->path, line_no, why);
}

/* What daemons say to some commands, and nothing to others, when all is well. */
static bool
is_acknowledgement(const struct ldmsctl_reply *r)
{
    static const char *const words[] = {"0\n", "OK", "ACK"};
    for (size_t i = 0; r->text && i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(r->text, words[i]) == 0)
            return true;
    return false;
}

/* Wait for the oldest; false when the script is to end. */
static bool
take_one(struct run *r)
{
    struct sent s = r->window[r->first];
    struct ldmsctl_reply reply = {0};
    int err = ldmsctl_finish(r->lc, s.request, &reply);

    r->first = (r->first + 1) % WINDOW;
    r->count--;
    const char *why = ldmsctl_errmsg(r->lc);
    if (r->o->format != CLI_TEXT || (!err && !is_acknowledgement(&reply)))
        put_answer(r, r->verb, err, why, &reply);
    if (err)
        fail(r, s.line_no, err, why);
    else
        r->done++;
    if (!r->is_whole)
        fflush(stdout); /* whoever writes the lines may wait for it */
    return err == 0 || (r->o->keep_going && client_code(err) != CLI_LOST);
}

/* Wait until no more than `left` are on their way. */
static bool
drain(struct run *r, size_t left)
{
    bool goes_on = true;
    while (goes_on && r->count > left)
        goes_on = take_one(r);
    return goes_on;
}

static bool
send_one(struct run *r, const char *command, size_t line_no)
{
    char verb[sizeof(r->verb)];
    uint32_t request;

    snprintf(verb, sizeof(verb), "%.*s", (int)strcspn(command, " \t"), command);
    bool waits = !r->is_whole || !only_adds(verb); /* for its answer, before the next */
    if (!drain(r, !waits && strcmp(verb, r->verb) == 0 ? WINDOW - 1 : 0))
        return false;
    memcpy(r->verb, verb, sizeof(verb));
    int err = ldmsctl_command_start(r->lc, command, &request);
    if (err) {
        /* What is before it comes first. */
        char why[512];
        snprintf(why, sizeof(why), "%s", ldmsctl_errmsg(r->lc));
        if (!drain(r, 0))
            return false;
        if (r->o->format != CLI_TEXT)
            put_answer(r, verb, err, why, NULL);
        fail(r, line_no, err, why);
        return r->o->keep_going && client_code(err) != CLI_LOST;
    }
    r->window[(r->first + r->count++) % WINDOW] =
        (struct sent){.request = request, .line_no = line_no};
    return waits ? drain(r, 0) : true;
}

static void
run_script(struct run *r, FILE *file)
{
    struct script s = script_over(file);
    const char *command;
    size_t line_no = 0;
    bool goes_on = true;

    while (goes_on && (command = script_next(&s, &line_no))) {
        char *expanded = script_expand(command);
        if (!expanded) {
            fail(r, line_no, -ENOMEM, "out of memory");
            break;
        }
        script_take_env(expanded);
        goes_on = send_one(r, expanded, line_no);
        free(expanded);
    }
    int why = errno; /* of reading, before others have theirs */
    if (goes_on)
        goes_on = drain(r, 0);
    if (goes_on && s.binary)
        fail(r, s.line_no, -EINVAL, "the line has a NUL byte in it");
    else if (goes_on && s.failed)
        fail(r, s.line_no + 1, -ENOMEM, strerror(why));
    if (!goes_on && r->count > 0)
        cli_say("%s: %zu more of these had been sent", r->path, r->count);
    script_free(&s);
}

int
source(const struct options *o)
{
    struct run r = {.o = o, .path = o->n_words > 1 ? o->words[1] : NULL};
    int code = CLI_DONE;

    if (o->n_words != 2)
        return cli_misused("source takes one file; '-' is standard input");
    bool is_stdin = strcmp(r.path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(r.path, "re");
    if (!file) {
        cli_say("cannot open %s: %s", r.path, strerror(errno));
        return CLI_FAILED;
    }
    struct stat status;
    r.is_whole = fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode);
    r.lc = client_open(o, &code);
    if (r.lc) {
        run_script(&r, file);
        code = r.code;
    }
    if (r.failed > 1)
        cli_say("%s: %zu commands failed, %zu done", r.path, r.failed, r.done);
    ldmsctl_free(r.lc);
    if (!is_stdin)
        fclose(file);
    return code;
}

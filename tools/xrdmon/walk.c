/* SPDX-License-Identifier: MIT */
/* Every datagram of every file that the command line names. */
#include "walk.h"
#include "../cli.h"
#include "progress.h"
#include "stop.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void
flush_all(void *arg)
{
    if (arg)
        out_flush((struct out *)arg);
    fflush(stdout);
}

static int
walk_one(const struct settings *s, const char *path, struct out *out,
         struct progress *progress,
         bool (*take)(void *arg, const struct datagram *datagram), void *arg,
         bool *ret_goes_on)
{
    struct input_options options = {
        .port = s->capture_port, .before_wait = flush_all, .before_wait_arg = out};
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path, *why;
    struct datagram datagram;
    struct input *in;
    int err = input_open(&in, path, &options, &why);

    if (err < 0) {
        progress_clear(progress);
        if (err == -EILSEQ)
            cli_say("%s: not understood: %s", name, why);
        else
            cli_say("%s: cannot read it: %s", name, strerror(-err));
        return CLI_FAILED;
    }
    while (*ret_goes_on && input_next(in, &datagram)) {
        progress_at(progress, in, name);
        *ret_goes_on = take(arg, &datagram);
    }
    progress_clear(progress);
    bool is_damaged = input_say_troubles(in, path);
    input_close(in);
    return is_damaged ? CLI_FAILED : CLI_DONE;
}

int
walk(const struct settings *s, struct out *out,
     bool (*take)(void *arg, const struct datagram *datagram), void *arg)
{
    static char dash[] = "-", *only_stdin[] = {dash, NULL};
    char **paths = s->paths[0] ? s->paths : only_stdin;
    struct progress progress;
    bool goes_on = true;
    int code = CLI_DONE;

    if (!s->paths[0] && isatty(0))
        return cli_misused("no FILE, and standard input is a terminal");
    progress_start(&progress, s->is_quiet);
    for (; *paths && goes_on && !stop_came(); paths++)
        if (walk_one(s, *paths, out, &progress, take, arg, &goes_on) != CLI_DONE)
            code = CLI_FAILED;
    return code;
}

/* SPDX-License-Identifier: MIT */
/* ldmsc: command LDMS daemons. */
#include "client.h"
#include "commands.h"

#include <string.h>

static const struct command {
    const char *name, *synopsis, *help;
    int (*run)(const struct options *o);
} commands[] = {
    {"source", "FILE", "a configuration script, line by line", source},
    {"shell", "", "ask again and again, with history and completion", shell},
    {"dump", "", "the daemon's configuration, as a script", dump},
    {"methods", "[METHOD]", "the methods and their arguments", methods},
    {"serve", "--listen PORT [--fault NAME]", "be a daemon, for trials and tests",
     serve},
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static int
put_help(void)
{
    printf("usage: ldmsc [OPTION]... METHOD [NAME=VALUE]...\n"
           "       ldmsc [OPTION]... COMMAND [ARGUMENT]...\n"
           "command LDMS daemons\n\n"
           "METHOD is one of 'ldmsc methods'; 'ldmsc METHOD --help' tells its "
           "arguments.\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %s%s%s\n      %s\n", commands[i].name,
               commands[i].synopsis[0] ? " " : "", commands[i].synopsis,
               commands[i].help);
    printf("\n%s  --help\n  --version\n", options_help);
    return CLI_DONE;
}

static int
run(const struct options *o)
{
    if (o->version) {
        printf("ldmsc %s\n", LABWIRE_VERSION);
        return CLI_DONE;
    }
    if (o->n_words == 0)
        return o->help ? put_help() : cli_misused("no method and no command");
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(o->words[0], commands[i].name) == 0) {
            if (o->hosts && !o->help)
                return cli_misused("--hosts goes with a method, not with %s",
                                   o->words[0]);
            return o->help ? put_help() : commands[i].run(o);
        }
    if (o->help && methods_help(o->words[0]))
        return CLI_DONE;
    if (!ldmsctl_method_find(o->words[0]) && !client_is_line(o->words[0]))
        return cli_misused("no method and no command '%s'", o->words[0]);
    return o->hosts ? fleet(o) : ask(o);
}

int
main(int argc, char **argv)
{
    struct options o;

    cli_begin("ldmsc");
    int code = options_take(&o, argc, argv);
    if (code == CLI_DONE)
        code = run(&o);
    options_free(&o);
    return cli_end(code);
}

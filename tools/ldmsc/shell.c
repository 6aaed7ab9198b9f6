/* SPDX-License-Identifier: MIT */
/* Ask again and again. */
#include "answer.h"
#include "client.h"
#include "commands.h"
#include "prompt.h"
#include "script.h"

#include <stdlib.h>
#include <string.h>

struct session {
    const struct options *o;
    struct ldmsctl *lc;
    bool lost; /* connect again before the next command */
    int code;  /* of the last command */
};

static void
put_help(void)
{
    puts("A command is a word of configuration files or a method, and NAME=VALUE "
         "words.\n"
         "  help METHOD   its arguments\n"
         "  methods       all there are\n"
         "  quit          leave; the daemon goes on (daemon_exit ends it)");
}

/* The words that are the shell's own. */
static bool
do_here(struct session *s, const char *line)
{
    struct options all = *s->o;

    if (strcmp(line, "help") == 0 || strcmp(line, "?") == 0) {
        put_help();
    } else if (strncmp(line, "help ", 5) == 0) {
        if (!methods_help(line + 5 + strspn(line + 5, " ")))
            cli_say("no method '%s'", line + 5);
    } else if (strcmp(line, "methods") == 0) {
        all.n_words = 1;
        all.format = CLI_TEXT;
        (void)methods(&all);
    } else {
        return false;
    }
    return true;
}

static void
do_command(struct session *s, const char *line)
{
    struct ldmsctl_reply reply = {0};
    char *expanded = script_expand(line), word[64];

    if (!expanded)
        return;
    snprintf(word, sizeof(word), "%.*s", (int)strcspn(expanded, " \t"), expanded);
    int err = s->lost ? ldmsctl_reconnect(s->lc) : 0;
    if (err == 0)
        err = ldmsctl_command(s->lc, expanded, &reply);
    if (err == 0)
        script_take_env(expanded);
    s->code = client_code(err);
    s->lost = s->code == CLI_LOST;
    answer_put(s->o->format, &(struct answer){.host = s->o->host,
                                              .port = (uint16_t)s->o->port,
                                              .method = word,
                                              .err = err,
                                              .errmsg = ldmsctl_errmsg(s->lc),
                                              .reply = &reply});
    free(expanded);
}

/* Without comment, and blanks around. */
static char *
trimmed(char *line)
{
    line += strspn(line, " \t");
    if (line[0] == '#')
        line[0] = '\0';
    size_t len = strlen(line);
    while (len > 0 && strchr(" \t\r\n", line[len - 1]))
        line[--len] = '\0';
    return line;
}

static bool
is_leaving(const char *line)
{
    /* In configuration files `exit` ends the daemon, which nobody means who types it. */
    return strcmp(line, "quit") == 0 || strcmp(line, "exit") == 0 ||
           strcmp(line, "q") == 0;
}

int
shell(const struct options *o)
{
    struct session s = {.o = o};
    char prompt[320], *line;

    if (o->n_words > 1)
        return cli_misused("shell takes no '%s'", o->words[1]);
    s.lc = client_open(o, &s.code);
    if (!s.lc)
        return s.code;
    snprintf(prompt, sizeof(prompt), "%.255s:%u> ", o->host, (unsigned)o->port);
    prompt_begin();
    while ((line = prompt_take(prompt))) {
        char *command = trimmed(line);
        bool leaving = is_leaving(command);
        if (command[0] && !leaving) {
            prompt_remember(command);
            if (!do_here(&s, command))
                do_command(&s, command);
        }
        fflush(stdout);
        free(line);
        if (leaving)
            break;
    }
    ldmsctl_free(s.lc);
    return s.code;
}

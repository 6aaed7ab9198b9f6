/* SPDX-License-Identifier: MIT */
/* Lines from a person. libedit is opened when there is a terminal to edit on: whoever asks
 * one thing need not load it. */
#include "prompt.h"
#include "cli.h"
#include "ldmsctl.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What we use of libedit's editline/readline.h, which is its ABI. */
typedef char *completion(const char *text, int state);
static struct {
    void *library;
    char *(*readline)(const char *);
    int (*add_history)(const char *);
    int (*read_history)(const char *);
    int (*write_history)(const char *);
    int (*stifle_history)(int);
    char **(*completion_matches)(const char *, completion *);
    char **line;
    int *append; /* after what was completed */
} edit;

static char history_path[1024];

enum {
    HISTORY_LINES = 1000,
    HISTORY_LINE_BYTES = 4096, /* what was pasted by mistake is not to be kept */
};

static const char *const own_words[] = {"help", "methods", "quit"};
enum { OWN_WORDS = sizeof(own_words) / sizeof(own_words[0]) };

/* dlsym() hands out functions as data. */
static bool
find(const char *name, void *ret_function)
{
    void *symbol = dlsym(edit.library, name);
    memcpy(ret_function, &symbol, sizeof(symbol));
    return symbol != NULL;
}

/* The words that can begin a command, by number; NULL past the last. */
static const char *
command_word(size_t i)
{
    const struct ldmsctl_method *m;
    size_t verbs = 0;
    const char *verb;

    if (i < OWN_WORDS)
        return own_words[i];
    i -= OWN_WORDS;
    for (; (verb = ldmsctl_verb_at(verbs)); verbs++)
        if (verbs == i)
            return verb;
    m = ldmsctl_method_at(i - verbs);
    return m ? m->name : NULL;
}

/* libedit asks with state 0, then until NULL. */
static char *
complete_command(const char *text, int state)
{
    static size_t at;
    const char *word;

    if (state == 0)
        at = 0;
    while ((word = command_word(at))) {
        bool twice = false;
        for (size_t i = 0; i < at && !twice; i++)
            twice = strcmp(command_word(i), word) == 0;
        at++;
        if (!twice && strncmp(word, text, strlen(text)) == 0)
            return strdup(word);
    }
    return NULL;
}

/* The argument by number of what a line begins with: of a word of configuration files, or
 * else of a method. Its length in *ret_len; NULL past the last. */
static const char *
argument(const char *line, size_t i, size_t *ret_len)
{
    const struct ldmsctl_param *p;
    const char *lists[2];
    char verb[64];

    line += strspn(line, " ");
    snprintf(verb, sizeof(verb), "%.*s", (int)strcspn(line, " "), line);
    const struct ldmsctl_method *m = ldmsctl_method_find(verb);
    if (ldmsctl_get_cmd_attr_list(verb, &lists[0], &lists[1]) < 0) {
        p = m ? ldmsctl_param_at(m, i) : NULL;
        *ret_len = p ? strlen(p->name) : 0;
        return p ? p->name : NULL;
    }
    for (size_t k = 0; k < 2; k++)
        for (const char *at = lists[k]; *at;
             at += *ret_len + strspn(at + *ret_len, " ")) {
            *ret_len = strcspn(at, " ");
            if (i-- == 0)
                return at;
        }
    return NULL;
}

static char *
complete_argument(const char *text, int state)
{
    static size_t at;
    const char *name;
    size_t len;

    if (state == 0)
        at = 0;
    while ((name = argument(*edit.line, at, &len))) {
        at++;
        if (strlen(text) <= len && strncmp(name, text, strlen(text)) == 0) {
            char *found = malloc(len + 2);
            if (found)
                snprintf(found, len + 2, "%.*s=", (int)len, name);
            return found;
        }
    }
    return NULL;
}

static char **
complete(const char *text, int start, int end)
{
    (void)end;
    bool of_command = start == 0 || strncmp(*edit.line, "help ", 5) == 0;
    *edit.append = of_command ? ' ' : 0; /* the value follows its '=' */
    return edit.completion_matches(text,
                                   of_command ? complete_command : complete_argument);
}

static void
find_history(void)
{
    const char *path = getenv("LDMSC_HISTORY"), *home = getenv("HOME");
    if (path)
        snprintf(history_path, sizeof(history_path), "%s", path);
    else if (home && home[0])
        snprintf(history_path, sizeof(history_path), "%s/.ldmsc_history", home);
    struct stat info;
    if (stat(history_path, &info) == 0 && !S_ISREG(info.st_mode))
        history_path[0] = '\0'; /* a pipe or a device would be read for ever */
}

void
prompt_begin(void)
{
    char **(**hook)(const char *, int, int) = NULL;

    if (!cli_is_terminal(stdin) || !cli_is_terminal(stdout))
        return;
    edit.library = dlopen("libedit.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!edit.library)
        edit.library = dlopen("libedit.so.0", RTLD_NOW | RTLD_LOCAL);
    if (!edit.library)
        return;
    bool whole = find("readline", &edit.readline) &&
                 find("add_history", &edit.add_history) &&
                 find("read_history", &edit.read_history) &&
                 find("write_history", &edit.write_history) &&
                 find("stifle_history", &edit.stifle_history) &&
                 find("rl_completion_matches", &edit.completion_matches) &&
                 find("rl_line_buffer", &edit.line) &&
                 find("rl_completion_append_character", &edit.append) &&
                 find("rl_attempted_completion_function", &hook);
    if (!whole) {
        edit.readline = NULL;
        return;
    }
    *hook = complete;
    (void)edit.stifle_history(HISTORY_LINES);
    find_history();
    if (history_path[0])
        (void)edit.read_history(history_path);
}

/* Without libedit: a line of a pipe, or of a plain terminal. */
static char *
take_plainly(const char *prompt)
{
    char *line = NULL;
    size_t room = 0;

    if (cli_is_terminal(stdin)) {
        fputs(prompt, stdout);
        fflush(stdout);
    }
    if (getline(&line, &room, stdin) >= 0)
        return line;
    free(line);
    return NULL;
}

char *
prompt_take(const char *prompt)
{
    return edit.readline ? edit.readline(prompt) : take_plainly(prompt);
}

/* At each line: a shell may end by ^C. */
void
prompt_remember(const char *line)
{
    if (!edit.readline || strlen(line) > HISTORY_LINE_BYTES)
        return;
    (void)edit.add_history(line);
    if (history_path[0]) {
        mode_t old = umask(077); /* commands may name secrets */
        (void)edit.write_history(history_path);
        (void)umask(old);
    }
}

/* SPDX-License-Identifier: MIT */
/* Configuration scripts: text into commands. */
#include "script.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct script
script_over(FILE *file)
{
    return (struct script){.file = file};
}

void
script_free(struct script *s)
{
    free(s->line);
    free(s->command);
    *s = (struct script){0};
}

static bool
is_blank(char c)
{
    return isspace((unsigned char)c) != 0;
}

/* Where its comment begins, or its end. */
static size_t
len_without_comment(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (line[i] == '#' && (i == 0 || is_blank(line[i - 1])))
            return i;
    return len;
}

/* One more line of the file without comment and outer blanks: its start and length. False
 * at the end. */
static bool
take_line(struct script *s, const char **ret_at, size_t *ret_len)
{
    errno = 0;
    ssize_t got = getline(&s->line, &s->line_room, s->file);
    if (got < 0) {
        s->failed = ferror(s->file) != 0 || errno == ENOMEM;
        return false;
    }
    s->line_no++;
    size_t len = (size_t)got;
    const char *at = s->line;
    if (s->line_no == 1 && strncmp(at, "\xef\xbb\xbf", 3) == 0) {
        at += 3; /* how some editors begin a file in UTF-8 */
        len -= 3;
    }
    if (memchr(at, '\0', len)) {
        s->binary = true;
        return false;
    }
    len = len_without_comment(at, len);
    while (len > 0 && is_blank(at[len - 1]))
        len--;
    while (len > 0 && is_blank(*at)) {
        at++;
        len--;
    }
    *ret_at = at;
    *ret_len = len;
    return true;
}

/* Add to the command, of which there are `have` bytes. */
static bool
append(struct script *s, size_t have, const char *text, size_t len)
{
    if (have + len + 1 > s->command_room) {
        size_t room = (have + len + 1) * 2;
        char *command = realloc(s->command, room);
        if (!command) {
            s->failed = true;
            errno = ENOMEM;
            return false;
        }
        s->command = command;
        s->command_room = room;
    }
    memcpy(s->command + have, text, len);
    s->command[have + len] = '\0';
    return true;
}

/* The command of `have` bytes without the blanks of a join at its end; NULL when nothing
 * is left, since it was backslashes alone. */
static const char *
finished(struct script *s, size_t have)
{
    while (have > 0 && s->command[have - 1] == ' ')
        s->command[--have] = '\0';
    return have > 0 ? s->command : NULL;
}

const char *
script_next(struct script *s, size_t *ret_line_no)
{
    size_t have = 0, len = 0;
    const char *at = NULL;
    bool goes_on = false;

    while (take_line(s, &at, &len)) {
        if (have == 0)
            *ret_line_no = s->line_no;
        goes_on = len > 0 && at[len - 1] == '\\';
        if (!append(s, have, at, len))
            return NULL;
        have += len;
        if (goes_on) {
            s->command[have - 1] = ' ';
            continue;
        }
        if (finished(s, have))
            return s->command;
        have = 0;
    }
    return goes_on && !s->failed && !s->binary ? finished(s, have) : NULL;
}

/* The length of ${NAME} at the start of the text, and the value NAME has; 0 when it is
 * none, or has none. */
static size_t
variable_at(const char *text, const char **ret_value)
{
    size_t len = 0;
    if (text[0] != '$' || text[1] != '{')
        return 0;
    while (isalnum((unsigned char)text[2 + len]) || text[2 + len] == '_')
        len++;
    if (len == 0 || text[2 + len] != '}')
        return 0;
    char *name = strndup(text + 2, len);
    *ret_value = name ? getenv(name) : NULL;
    free(name);
    return *ret_value ? len + 3 : 0;
}

char *
script_expand(const char *command)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (!out)
        return NULL;
    while (*command) {
        const char *value = NULL;
        size_t taken = variable_at(command, &value);
        if (taken > 0)
            fputs(value, out);
        else
            fputc(*command, out);
        command += taken > 0 ? taken : 1;
    }
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

void
script_take_env(const char *command)
{
    size_t verb = strcspn(command, " \t");
    if (verb != 3 || strncmp(command, "env", 3) != 0)
        return;
    for (const char *at = command + verb; *at;) {
        at += strspn(at, " \t");
        size_t len = strcspn(at, " \t");
        char *word = strndup(at, len);
        char *equals = word ? strchr(word, '=') : NULL;
        if (equals && equals > word) {
            *equals = '\0';
            (void)setenv(word, equals + 1, 1);
        }
        free(word);
        at += len;
    }
}

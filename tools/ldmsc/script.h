/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_H
#define SCRIPT_H

/* Configuration scripts: text into commands, a line each. A `#` at the start of a word
 * begins a comment; a backslash at the end of a line joins the next one to it. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct script {
    FILE *file;
    char *line, *command; /* the last line read; the last command made of such */
    size_t line_room, command_room;
    size_t line_no; /* of the last line read */
    bool failed;    /* reading failed: errno says why */
    bool binary;    /* a line has a NUL byte in it */
};

/* Over an open file, which stays the caller's. */
struct script script_over(FILE *file);
void script_free(struct script *s);

/* The next command, without comments, outer blanks and line ends, and the line that it
 * begins on; NULL at the end, and where `failed` or `binary` is set. Valid until the next
 * call. */
const char *script_next(struct script *s, size_t *ret_line_no);

/* ${NAME} replaced where the environment has a NAME; others are left to the daemon. The
 * caller frees; NULL without memory. */
char *script_expand(const char *command);

/* `env NAME=VALUE...`: into our environment too, for the commands after it. */
void script_take_env(const char *command);

#endif

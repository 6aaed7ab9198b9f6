/* SPDX-License-Identifier: MIT */
#ifndef CLI_H
#define CLI_H

/* What the tools have in common on the command line: options, exit codes, words on
 * stderr, and text from strangers made safe for a terminal. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Exit codes. */
enum {
    CLI_DONE = 0,
    CLI_FAILED = 1,  /* the peer refused, or the work failed */
    CLI_MISUSED = 2, /* used wrongly */
    CLI_LOST = 3,    /* could not connect, timed out, lost it, or protocol broken */
};

enum cli_format { CLI_TEXT, CLI_JSON, CLI_JSONL };

/* One word of a tool: `portmgr list`. */
struct cli_command {
    const char *name;
    const char *synopsis;              /* its arguments */
    const char *help;                  /* one line */
    int (*run)(int argc, char **argv); /* argv[0] is the word; gives the exit code */
};

/* The whole of main(): --help, --version, the command that argv names, and its --help.
 * Options may precede the command; they are handed on to it. `options_with_value` lists
 * the short options that take one, as getopt would, so that a command is found behind
 * them.
 * `commands` ends with a NULL name. Standard output is flushed and checked at the end. */
int cli_main(const char *tool, const char *about, const char *options_help,
             const char *short_options_with_value,
             const char *const *long_options_with_value,
             const struct cli_command *commands, int argc, char **argv);

/* The frame of cli_main() alone, for a tool whose words are no fixed table: its name for
 * what is said on stderr, and no standard descriptor that a file could get; at the end,
 * the check of standard output. */
void cli_begin(const char *tool);
int cli_end(int code);
/* Flushes standard output; false once anything could not be written, which cli_end()
 * tells. For commands that go on for long after they have said something. */
bool cli_flush(void);

/* "<tool>: what, on what, why" on stderr; control characters escaped. */
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* cli_say, then "try '<tool> --help'"; gives CLI_MISUSED. */
int cli_misused(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Option values. False after a sentence on stderr that names the option. */
bool cli_take_uint(const char *option, const char *text, uint64_t min, uint64_t max,
                   uint64_t *ret_value);
/* Seconds with a fraction, above 0 and at most ten years, as milliseconds. */
bool cli_take_seconds(const char *option, const char *text, uint64_t *ret_ms);
bool cli_take_format(const char *text, enum cli_format *ret_format);

/* A terminal that may be drawn on, and one that may be coloured (NO_COLOR, TERM=dumb). */
bool cli_is_terminal(FILE *f);
bool cli_wants_colour(FILE *f);

/* Text from a stranger: control characters, what turns the direction of text or is not
 * seen, invalid UTF-8 and backslashes come out as \xHH, \n, \t, \\ ...; everything else
 * as it is. */
void cli_put_safe(FILE *f, const char *text, size_t len);

#endif
